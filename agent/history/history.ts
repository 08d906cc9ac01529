/**
 * The history of a node: samples what the rooms call worth a past on a slow tick, keeps it in a ring on disk, and gives the
 * view of it. A tick that fails costs that tick; what keeps failing is told among the node's warnings.
 */

import { unavailable } from '../diagnostics/fact.ts';
import type { Machine } from '../host/machine.ts';
import { type EventSource, EventStore } from './events.ts';
import { nowOf } from './moment.ts';
import type { RingSource } from './reading.ts';
import type { RingLimits } from './retention.ts';
import { Ring } from './ring.ts';
import { RingView } from './ring-view.ts';
import type { Sample, Sampler } from './sample.ts';
import type { Now } from './timeline.ts';

/** What a history is made of. */
export interface HistoryOptions {
  /** The folder of the ring. */
  readonly folder: string;
  readonly machine: Machine;
  /** Loaded with the first tick. */
  readonly samplers: () => Promise<readonly Sampler[]>;
  /** Opens the kernel's log, to count what is recognised in it; loaded with the first tick. @throws Unavailable */
  readonly events?: () => Promise<EventSource>;
  readonly everyMs: number;
  readonly limits: RingLimits;
  /** Called after every tick with what it has left in memory: the first one and some others leave more than young garbage. */
  readonly settle?: (left: 'much' | 'little') => void;
}

/** Samplers that have not answered by then are left behind, in ms. */
const SAMPLE_LIMIT_MS = 10_000;

/** Ticks from one collection of garbage (15 ms) to the next. The first tick loads all that samples. */
const SETTLE_EVERY = 5;

/** Samples a machine. */
export class History {
  readonly view: RingView;
  /** Where its rows are read. */
  readonly source: RingSource;
  readonly #options: HistoryOptions;
  readonly #now: () => Now;
  /** Samplers that have not ended yet: one that hangs is not asked again before it does. */
  readonly #busy = new Set<Sampler>();
  #ring: Ring | undefined;
  #events: EventSource | undefined;
  #store: EventStore | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #paused = '';
  #sampledAt: number | undefined;
  #ticks = 0;
  #lost = '';

  constructor(options: HistoryOptions) {
    const { machine, folder } = options;
    this.#options = options;
    this.#now = clockOf(machine);
    this.source = {
      ...{ folder, now: this.#now },
      broken: (file, why) => void this.#ring?.setAside(file, why).catch(() => undefined),
    };
    this.view = new RingView(this.source);
  }

  /** What an operator should know, a sentence each. */
  get warnings(): string[] {
    return [
      ...(this.#paused ? [`the history pauses: ${this.#paused}`] : []),
      ...(this.#lost ? [`not sampled for the history: ${this.#lost}`] : []),
      ...(this.#ring?.left ? [`the history keeps no more series: ${this.#ring.left} were left out`] : []),
      ...(this.#store?.problem ? [this.#store.problem] : []),
      ...(this.#ring?.warnings ?? []),
    ];
  }

  /** When the newest row was written, ms since the epoch; undefined where none was since the start. */
  get sampledAt(): number | undefined {
    return this.#sampledAt;
  }

  /** Samples from now on. The timer keeps no process alive. */
  start(): void {
    const { everyMs } = this.#options;
    // On multiples of the monotonic clock, which all processes of a machine share, so that whoever else ticks by the minute
    // wakes the processor at the same moment.
    const next = everyMs - (Number(process.hrtime.bigint() / 1_000_000n) % everyMs);
    this.#timer = setTimeout(() => {
      void this.tick();
      this.start();
    }, next).unref();
  }

  /** Samples once. A tick that comes while one runs is that one. Never throws. */
  tick(): Promise<void> {
    this.#running ??= this.#tick().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Stops sampling, and waits for a row that is being written. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    await this.#ring?.close();
    this.#events?.close();
  }

  async #tick(): Promise<void> {
    const { folder, limits } = this.#options;
    const { wall, boot } = this.#now();
    if (!boot) return;
    const samples = await this.#sample();
    try {
      this.#ring ??= await Ring.open(folder, limits, boot.id);
      await this.#ring.append({ boot: boot.id, sinceBoot: boot.sinceBoot, wall }, samples);
      this.#paused = '';
      this.#sampledAt = wall;
      await this.#countEvents({ wall, boot });
    } catch (error) {
      this.#paused = (error as Error).message;
    }
    this.view.forget();
    this.#options.settle?.(this.#ticks++ % SETTLE_EVERY === 0 ? 'much' : 'little');
  }

  /** Counts what came in the kernel's log. @throws the system's error */
  async #countEvents(now: Required<Now>): Promise<void> {
    try {
      if (!this.#events) {
        this.#events = await this.#options.events?.();
        if (!this.#events) return;
        this.#store ??= new EventStore(this.#options.folder);
        this.#store.reopened();
      }
      this.#store?.add(await this.#events.next(), now);
    } catch (error) {
      const { kind, message } = unavailable(error);
      if (kind !== 'absent')
        this.#lost = [this.#lost, `the kernel's log (${message})`].filter(Boolean).join(', ');
      this.#events?.close();
      this.#events = undefined;
    }
    await this.#store?.save();
  }

  async #sample(): Promise<Sample[]> {
    const { machine } = this.#options;
    const samplers = await this.#options.samplers();
    const over = new AbortController();
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => {
      late.resolve('late');
      over.abort();
    }, SAMPLE_LIMIT_MS).unref();
    const lost: string[] = [];
    const parts = await Promise.all(
      samplers.map(async (sampler): Promise<readonly Sample[]> => {
        if (this.#busy.has(sampler)) {
          lost.push(`${sampler.id} (it still hangs)`);
          return [];
        }
        this.#busy.add(sampler);
        const reading = (async () => sampler.read(machine, over.signal))().finally(() =>
          this.#busy.delete(sampler),
        );
        try {
          const read = await Promise.race([reading, late.promise]);
          if (read !== 'late') return read;
          lost.push(`${sampler.id} (no answer within ${SAMPLE_LIMIT_MS / 1_000} s)`);
        } catch (error) {
          const { kind, message } = unavailable(error);
          if (kind !== 'absent' && kind !== 'missing-tool') lost.push(`${sampler.id} (${message})`);
        }
        reading.catch(() => undefined);
        return [];
      }),
    );
    clearTimeout(timer);
    this.#lost = lost.sort().join(', ');
    return parts.flat();
  }
}

/** Now on a machine. One that does not tell its boot counts as booted when this process began to look. */
function clockOf(machine: Machine): () => Now {
  const id = crypto.randomUUID().replaceAll('-', '');
  const began = performance.now();
  return () => {
    const now = nowOf(machine);
    return now.boot ? now : { ...now, boot: { id, sinceBoot: Math.round(performance.now() - began) } };
  };
}
