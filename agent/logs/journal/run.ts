/** One read of the journal: which journalctl is run, what is done with its entries, and what when it ends too early. */

import { type Backoff, backoffDelay } from '../../../proto/backoff.ts';
import { Failure } from '../../../proto/failure.ts';
import { sleep } from '../../../proto/sleep.ts';
import { type JournalPlace, readJournal } from '../../host/journalctl.ts';
import type { RunningCommand } from '../../host/run-command.ts';
import { TICK_MS, yieldTurn } from '../files/wait.ts';
import { Selection } from '../selection.ts';
import type { LogEvent, ReadOptions } from '../types.ts';
import { BehindWatch } from './behind.ts';
import { noSuchBoot } from './boots.ts';
import { BulkRead } from './bulk.ts';
import { Delivery, FLUSH_MS } from './delivery.ts';
import { ExportParser, type JournalEntry } from './export.ts';
import {
  type Begin,
  broken,
  checkRequest,
  type Ended,
  isComplete,
  NO_BOOT,
  unreadableRecords,
} from './outcome.ts';
import { Puller } from './pull.ts';
import { conditionArgs, type JournalPosition, journalCursor, preselection } from './query.ts';
import { goneRecord, isContinuous, Resumption } from './resume.ts';
import { JournalSink } from './sink.ts';
import { findTail } from './tail.ts';

/** journald tells readers of new entries at most every 250 ms: watermarks stay behind by twice that. */
const LAG_USEC = 500_000;
/** Pauses before journalctl is started again. */
const RESTART: Backoff = { firstMs: 200, longestMs: 5_000 };
/** So many starts without a single entry between them, and the read fails. */
const MAX_RESTARTS = 8;
/** A cursor's record that was not found within so long is gone. */
const FIND_MS = 1_000;

/** One read. */
export class JournalRun {
  readonly #place: JournalPlace;
  readonly #options: ReadOptions;
  readonly #signal: AbortSignal;
  readonly #sink: JournalSink;
  readonly #delivery: Delivery;
  readonly #unfiltered: boolean;
  /** Where missing numbers say nothing. */
  readonly #behind: BehindWatch | undefined;
  #preselect: string[];
  #resumption: Resumption | undefined;
  /** Whether entries are only passed, to know where the newest is. */
  #silent = false;

  constructor(place: JournalPlace, options: ReadOptions, signal: AbortSignal) {
    this.#place = place;
    this.#options = options;
    this.#signal = signal;
    this.#preselect = preselection(options.matcher?.required);
    const { unit, boot, kernel, priorityMask, fields } = options;
    this.#unfiltered = unit === '' && boot === '' && !kernel && priorityMask === 0;
    const seesAll = this.#unfiltered && this.#preselect.length === 0;
    if (options.follow && !seesAll) this.#behind = new BehindWatch(place, signal);
    this.#sink = new JournalSink(new Selection(options), fields, seesAll, options.kernel);
    this.#delivery = new Delivery(this.#sink);
  }

  /** The events, from behind a position or from where the options say. */
  async *events(from: JournalPosition | undefined): AsyncGenerator<LogEvent> {
    const { follow } = this.#options;
    checkRequest(this.#options);
    const started = Date.now();
    if (from !== undefined) this.#sink.startAt(from);
    // First what there is. `journalctl --follow` shows the running boot only, so it takes over where that has ended.
    const bulk = new BulkRead(this.#place, this.#options, this.#signal, this.#delivery);
    const read = yield* bulk.events(from);
    yield* this.#delivery.flush();
    if (!read) {
      const { position } = this.#sink;
      const filtered = !this.#unfiltered || this.#preselect.length > 0;
      if (from !== undefined && position?.seqnum === from.seqnum && filtered) {
        if (!(await isContinuous(this.#place, from, this.#signal)))
          yield { event: 'gap', gap: goneRecord(-1) };
      }
      yield* this.#attempts(await this.#beginning(), false);
    }
    if (follow && !this.#signal.aborted) {
      // What was written since then is still to come.
      yield this.#delivery.watermark(started * 1000 - LAG_USEC);
      yield* this.#attempts({}, true);
    }
    if (this.#signal.aborted) return;
    yield { event: 'end', end: { records: this.#sink.records, cursor: this.#sink.cursor } };
  }

  /** Runs journalctl until it has given everything, and again from where it broke off. */
  async *#attempts(first: Begin, follow: boolean): AsyncGenerator<LogEvent> {
    let begin = first;
    for (let [failures, pauses] = [0, 0]; !this.#signal.aborted; ) {
      const passed = this.#sink.position;
      if (passed !== undefined) begin = { after: passed };
      if (follow) yield* this.#gapBehind();
      const ended = yield* this.#run(begin, follow);
      if (this.#signal.aborted || (!follow && isComplete(ended, this.#preselect.length > 0))) return;
      await this.#refuse(ended);
      failures = this.#sink.position?.seqnum === passed?.seqnum ? failures + 1 : 0;
      pauses = failures === 0 ? 1 : pauses + 1;
      // A journal without any entry yet is not followed by journalctl, but it may get one.
      const waits = follow && passed === undefined && NO_BOOT.test(ended.stderr);
      if (failures > (follow ? MAX_RESTARTS : 1) && !waits) throw broken(ended);
      // Its own search may have given up (a limit of PCRE2's): from now on ours alone.
      this.#preselect = [];
      yield* this.#delivery.flush();
      if (follow) yield this.#delivery.watermark();
      await sleep(backoffDelay(RESTART, pauses, Math.random()), this.#signal);
    }
  }

  /** Throws for what will not be better when tried again. */
  async #refuse({ error, stderr, code }: Ended): Promise<void> {
    if (error !== undefined) {
      throw new Failure('SOURCE_UNAVAILABLE', `journalctl could not be started: ${error.message}`, {
        hint: 'install systemd’s journalctl, or read another source: nodectl logs --list',
      });
    }
    const { boot } = this.#options;
    if (code !== 0 && NO_BOOT.test(stderr) && boot !== '') throw await noSuchBoot(this.#place, boot);
  }

  /** Where to begin without a cursor. */
  async #beginning(): Promise<Begin> {
    const { tail, matcher, sinceUsec, untilUsec } = this.#options;
    if (tail === undefined) return {};
    if (tail === 0) return { lines: 1, silent: true };
    // journalctl takes the first N behind a time to begin at, and those of the newest N that are before a time to end at.
    const newest = matcher === undefined && sinceUsec === 0 && untilUsec === 0;
    return newest
      ? { lines: tail }
      : await findTail(this.#place, this.#options, tail, this.#preselect, this.#signal);
  }

  async #rest(): Promise<void> {
    if (this.#options.matcher?.tired !== true) return;
    await yieldTurn();
    this.#options.matcher.rested();
  }

  #args(begin: Begin, follow: boolean): string[] {
    const place = begin.after ?? begin.at;
    // journalctl refuses a time beside a place, and beside a number it would take the first.
    const sinceUsec = place !== undefined || begin.lines !== undefined ? 0 : this.#options.sinceUsec;
    const args = [...conditionArgs({ ...this.#options, sinceUsec }), ...this.#preselect];
    if (follow) args.push('--follow', '--no-tail');
    if (begin.lines !== undefined) args.push(`--lines=${begin.lines}`);
    if (place !== undefined) args.push(`--cursor=${journalCursor(place)}`);
    return args;
  }

  /** Runs journalctl once and hands on what it gives. */
  async *#run(begin: Begin, follow: boolean): AsyncGenerator<LogEvent, Ended> {
    const journal = readJournal(this.#place, this.#args(begin, follow));
    const parser = new ExportParser(this.#options.fields.length > 0);
    if (begin.after !== undefined) {
      this.#sink.startAt(begin.after);
      this.#resumption = new Resumption(begin.after, this.#unfiltered && this.#preselect.length === 0);
    }
    try {
      this.#silent = begin.silent === true;
      return yield* this.#read(journal, parser, follow);
    } finally {
      await journal.stop();
    }
  }

  async *#read(
    journal: RunningCommand,
    parser: ExportParser,
    follow: boolean,
  ): AsyncGenerator<LogEvent, Ended> {
    const started = Date.now();
    const output = new Puller(journal.stdout, this.#signal);
    for (;;) {
      const wait = this.#sink.empty ? TICK_MS : FLUSH_MS;
      const chunk = await output.next(wait);
      if (chunk === 'end') break;
      if (chunk === 'idle') {
        if (follow && this.#resumption?.done !== false) this.#behind?.atEnd(this.#sink.position);
      } else {
        if (follow) yield* this.#gapBehind();
        parser.push(chunk);
        for (let entry = parser.next(); entry !== undefined; entry = parser.next()) {
          if (parser.skipped > 0) yield* this.#tellSkipped(parser);
          yield* this.#entry(entry);
        }
        await this.#rest();
      }
      if (chunk === 'idle' && follow && this.#resumption?.done === false && Date.now() - started > FIND_MS) {
        yield* this.#giveUp();
      }
      if (chunk === 'idle' || this.#delivery.isFlushDue) yield* this.#delivery.flush();
      if (this.#delivery.isWatermarkDue && this.#resumption?.done !== false) {
        yield this.#delivery.watermark(chunk === 'idle' && follow ? Date.now() * 1000 - LAG_USEC : 0);
      }
    }
    if (this.#signal.aborted) return { code: 0, stderr: '' };
    const ended = await journal.ended;
    if (ended.code === 0 && this.#resumption?.done === false) yield* this.#giveUp();
    yield* this.#delivery.flush();
    return ended;
  }

  async *#gapBehind(): AsyncGenerator<LogEvent> {
    const gap = await this.#behind?.gapBehind(this.#sink.position);
    if (gap === undefined) return;
    yield* this.#delivery.flush();
    yield { event: 'gap', gap };
  }

  /** Entries that the parser left out. Where all come by their numbers are missed. */
  *#tellSkipped(parser: ExportParser): Generator<LogEvent> {
    const { skipped } = parser;
    parser.skipped = 0;
    if (this.#sink.seesAll) return;
    yield* this.#delivery.flush();
    yield unreadableRecords(this.#options.matcher === undefined ? skipped : -1);
  }

  *#giveUp(): Generator<LogEvent> {
    this.#resumption?.giveUp(-1);
    yield* this.#deliverHeld();
  }

  /** What was held back while the cursor's record was looked for, behind the gap that says that it is gone. */
  *#deliverHeld(): Generator<LogEvent> {
    const resumption = this.#resumption;
    this.#resumption = undefined;
    if (resumption?.gap !== undefined) {
      yield* this.#delivery.flush();
      yield { event: 'gap', gap: resumption.gap };
    }
    for (const bytes of resumption?.held ?? []) {
      const parser = new ExportParser(this.#options.fields.length > 0);
      parser.push(bytes);
      const entry = parser.next();
      if (entry !== undefined) yield* this.#keep(entry, false);
    }
  }

  *#entry(entry: JournalEntry): Generator<LogEvent> {
    if (entry.seqnumId < 0) return;
    const resumption = this.#resumption;
    if (resumption === undefined) {
      yield* this.#keep(entry, true);
      return;
    }
    const verdict = resumption.judge(entry);
    if (verdict === 'deliver') {
      yield* this.#deliverHeld();
      yield* this.#keep(entry, false);
    }
    if (resumption.done) this.#resumption = undefined;
  }

  *#keep(entry: JournalEntry, count: boolean): Generator<LogEvent> {
    const missing = count ? this.#sink.missingBefore(entry) : 0;
    if (missing > 0) yield* this.#delivery.missing(missing);
    if (this.#sink.full || this.#sink.isOther(entry)) yield* this.#delivery.flush();
    this.#sink.add(entry, !this.#silent);
  }
}
