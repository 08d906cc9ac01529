/**
 * One log stream of one node, kept alive. It opens, reads, and when the connection breaks opens again behind the last
 * record that came, so that its reader sees every record once. States: opening -> reading -> (lost -> opening)* -> ended.
 */

import { Failure } from '../../proto/failure.ts';
import { sleep } from '../../proto/sleep.ts';
import { notReached } from '../fleet/not-reached.ts';
import { decodeEvent, type LogEvent } from './events.ts';
import { mayPass, retryDelay } from './retry.ts';

/** What is asked of one stream: the fields of nodectl.v1.ReadLogsRequest. */
export interface LogRequest {
  source: string;
  sinceUsec: number;
  untilUsec: number;
  boot: string;
  grep: string;
  grepIgnoreCase: boolean;
  priorities: number[];
  /** Only the newest N; undefined for all. */
  tail: number | undefined;
  follow: boolean;
  cursor: string;
  fields: string[];
}

/** Opens the stream on the node and gives its messages. Throws a Failure, at once or from the iteration. */
export type StreamOpener = (request: LogRequest, signal: AbortSignal) => AsyncIterable<Buffer>;

/** What passes besides the node's own events. */
export type StreamEvent =
  | LogEvent
  /** The connection broke; it will be tried again. */
  | { kind: 'lost'; failure: Failure }
  /** It is back, and goes on where it broke off. */
  | { kind: 'back'; afterMs: number };

/** Time and chance, replaced in tests. */
export interface StreamClock {
  /** Milliseconds from any zero, never going back. */
  now(): number;
  /** Waits; ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

/** The machine's own clock. */
const SYSTEM_CLOCK: StreamClock = {
  now: () => performance.now(),
  sleep,
  random: Math.random,
};

/** A stream that was open for this long counts as back, also where nothing was written meanwhile. */
const STEADY_MS = 5_000;

/**
 * Where nothing from before a read began tells where to go on, no more than so many records: lines without times are all as old as
 * their file, which would come whole.
 */
const MOST_SINCE = 10_000;

/** What a stream needs. */
export interface StreamOptions {
  open: StreamOpener;
  request: LogRequest;
  /** How long a broken stream is tried again before it is given up, in milliseconds. */
  retryForMs: number;
  /** Whether a node that is not reached at first is tried again as one that was lost. Default: it is given up at once. */
  patient?: boolean;
  /** Whether there is a newer credential than the stream was opened with. Default: there never is. */
  renewed?: () => boolean;
  signal: AbortSignal;
  clock?: StreamClock;
  /** When the read began, in µs since the epoch; now unless told. From then on a follower wants everything. */
  begunUsec?: number;
}

/**
 * The events of a stream across broken connections. It ends after the node's `end` event or when the signal is aborted.
 * @throws Failure when the stream could not be opened at first and is not to be waited for, fails for a reason that does not pass, or stays away
 */
export async function* resumedStream(options: StreamOptions): AsyncGenerator<StreamEvent, void, undefined> {
  const { open, signal, retryForMs, patient = false, renewed = () => false, clock = SYSTEM_CLOCK } = options;
  const place = new Place(options.request, options.begunUsec ?? Date.now() * 1_000);
  let opened = false;
  /** Whether the node ever sent more than that it begins. */
  let delivered = false;
  let lostAt: number | undefined;
  let attempt = 0;
  while (!signal.aborted) {
    let failure: Failure;
    let openSince: number | undefined;
    try {
      let tailEnded = false;
      for await (const bytes of open(place.request, signal)) {
        const event = decodeEvent(bytes);
        if (signal.aborted) return;
        if (openSince === undefined) {
          openSince = clock.now();
          opened = true;
          if (lostAt !== undefined) yield { kind: 'back', afterMs: openSince - lostAt };
        }
        if (!event) continue;
        // Of the end of what came before the read began a reader need not know: more follows.
        if (place.isTail && event.kind === 'watermark') continue;
        tailEnded = place.isTail && event.kind === 'end';
        if (tailEnded) break;
        place.pass(event);
        // It is read for its place alone.
        if (place.isTail && options.request.tail === 0 && event.kind === 'batch') continue;
        yield event;
        if (event.kind === 'end') return;
        // A peer that takes calls and drops them at once has not come back: only what it sends ends the waiting.
        if (event.kind !== 'start') {
          delivered = true;
          lostAt = undefined;
          attempt = 0;
        }
      }
      if (tailEnded) {
        place.behindTail();
        continue;
      }
      failure = new Failure('CONNECTION_LOST', 'the stream ended before the node said that it was complete');
    } catch (error) {
      failure = Failure.from(error);
    }
    if (signal.aborted) return;
    if (place.isTail && failure.reason === 'SOURCE_UNAVAILABLE') {
      // A file that is not there has no tail either, and may come to be: only a follower waits for it.
      place.behindTail();
      continue;
    }
    const now = clock.now();
    if (openSince !== undefined && now - openSince >= STEADY_MS) {
      lostAt = undefined;
      attempt = 0;
    }
    attempt += 1;
    // The source was never there: a log file that does not exist, a kernel's log that may not be read. Nothing broke.
    if (failure.reason === 'SOURCE_UNAVAILABLE' && !delivered && lostAt === undefined) throw failure;
    const passes = mayPass(failure, attempt) || (failure.reason === 'CERTIFICATE_EXPIRED' && renewed());
    if (!passes || (!opened && !(patient && notReached(failure)))) throw failure;
    if (lostAt === undefined || openSince !== undefined) yield { kind: 'lost', failure };
    lostAt ??= now;
    place.late();
    if (now - lostAt >= retryForMs) throw failure;
    await clock.sleep(retryDelay(attempt, clock.random()), signal);
  }
}

/** How far a stream was read: from which request it goes on. */
class Place {
  #request: LogRequest;
  #records = false;
  readonly #begunUsec: number;
  /** What is asked for behind the tail, where that is asked for by itself. */
  #next: LogRequest | undefined;

  /** @param begunUsec when the read began, in µs since the epoch */
  constructor(request: LogRequest, begunUsec: number) {
    this.#request = request;
    this.#begunUsec = begunUsec;
  }

  /** Whether the newest records from before the read began are asked for, and none since. */
  get isTail(): boolean {
    return this.#next !== undefined;
  }

  /**
   * The node was not there when the read began. A follower's tail is counted back from then, and all that was written since comes
   * too: counted from when the node is reached, the tail would leave out what was written meanwhile, without a word.
   */
  late(): void {
    const { tail, follow, cursor, sinceUsec } = this.#request;
    if (tail === undefined || !follow || cursor !== '') return;
    const since = {
      ...this.#request,
      tail: MOST_SINCE,
      sinceUsec: Math.max(sinceUsec, this.#begunUsec),
    };
    if (sinceUsec >= this.#begunUsec) this.#request = since;
    else {
      this.#next = since;
      // Of an empty tail the last record still tells where the rest begins.
      const before = { tail: Math.max(1, tail), follow: false, untilUsec: this.#begunUsec };
      this.#request = { ...this.#request, ...before };
    }
  }

  /** The tail has come: everything behind its last record is next. */
  behindTail(): void {
    if (this.#next) this.#request = { ...this.#next, cursor: this.#request.cursor };
    this.#next = undefined;
  }

  /** What to ask for so that the next event is the one behind the last that passed. */
  get request(): LogRequest {
    return this.#request;
  }

  pass(event: LogEvent): void {
    if (event.kind === 'batch' && event.batch.count > 0) {
      this.#records = true;
      this.#resume(event.batch.cursor(event.batch.count - 1));
    }
    if (event.kind !== 'watermark') return;
    if (event.cursor) this.#resume(event.cursor);
    // Nothing came yet and the node promises that nothing older will: `tail` would skip what is written meanwhile.
    else if (!this.#records && !this.#request.cursor && event.timeUsec > this.#request.sinceUsec)
      this.#request = { ...this.#request, sinceUsec: event.timeUsec, tail: undefined };
  }

  #resume(cursor: string): void {
    this.#request = { ...this.#request, cursor };
  }
}
