/** One read of the journal: which journalctl is run, what is done with its entries, and what when it ends too early. */

import { type Backoff, backoffDelay } from '../../../proto/backoff.ts';
import { Failure } from '../../../proto/failure.ts';
import { sleep } from '../../../proto/sleep.ts';
import type { JournalReader } from '../../host/journal-files/journal-reader.ts';
import { type JournalPlace, readJournal } from '../../host/journalctl.ts';
import type { RunningCommand } from '../../host/run-command.ts';
import { TICK_MS, yieldTurn } from '../files/wait.ts';
import { Selection } from '../selection.ts';
import type { LogEvent, ReadOptions } from '../types.ts';
import { isBulk, openBulk } from './bulk.ts';
import { ExportParser, type JournalEntry } from './export.ts';
import {
  type Begin,
  broken,
  checkRequest,
  type Ended,
  isComplete,
  missingRecords,
  NO_BOOT,
} from './outcome.ts';
import { Puller } from './pull.ts';
import { conditionArgs, type JournalPosition, journalCursor, preselection } from './query.ts';
import { goneRecord, isContinuous, Resumption } from './resume.ts';
import { JournalSink } from './sink.ts';
import { findTail } from './tail.ts';

/** While records are wanted but few, they are passed on at the latest after this time. */
const FLUSH_MS = 40;
/** journald tells readers of new entries at most every 250 ms: watermarks stay behind by twice that. */
const LAG_USEC = 500_000;
/** Pauses before journalctl is started again. */
const RESTART: Backoff = { firstMs: 200, longestMs: 5_000 };
/** So many starts without a single entry between them, and the read fails. */
const MAX_RESTARTS = 8;
/** A cursor's record that was not found within so long is gone. */
const FIND_MS = 1_000;

/** So many holes in the numbers are looked into. */
const MAX_HOLES = 4;
/** After so many entries of the journal's files others have their turn. */
const SLICE = 4096;

/** One read. */
export class JournalRun {
  readonly #place: JournalPlace;
  readonly #options: ReadOptions;
  readonly #signal: AbortSignal;
  readonly #selection: Selection;
  readonly #sink: JournalSink;
  readonly #unfiltered: boolean;
  #preselect: string[];
  #resumption: Resumption | undefined;
  /** Whether entries are only passed, to know where the newest is. */
  #silent = false;
  #holes = 0;
  /** How many entries came from files. */
  #passed = 0;
  #lastFlush = Date.now();
  #lastWatermark = Date.now();

  constructor(place: JournalPlace, options: ReadOptions, signal: AbortSignal) {
    this.#place = place;
    this.#options = options;
    this.#signal = signal;
    this.#selection = new Selection(options);
    this.#preselect = preselection(options.matcher?.required);
    const { unit, boot, priorityMask } = options;
    this.#unfiltered = unit === '' && boot === '' && priorityMask === 0;
    this.#sink = this.#newSink();
  }

  #newSink(): JournalSink {
    return new JournalSink(
      this.#selection,
      this.#options.fields,
      this.#unfiltered && this.#preselect.length === 0,
    );
  }

  /** The events, from behind a position or from where the options say. */
  async *events(from: JournalPosition | undefined): AsyncGenerator<LogEvent> {
    const { follow } = this.#options;
    checkRequest(this.#options);
    const started = Date.now();
    if (from !== undefined) this.#sink.startAt(from);
    // First what there is. `journalctl --follow` shows the running boot only, so it takes over where that has ended.
    const read = yield* this.#bulk(from);
    yield* this.#flush();
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
      yield this.#watermark(started * 1000 - LAG_USEC);
      yield* this.#attempts({}, true);
    }
    if (this.#signal.aborted) return;
    yield { event: 'end', end: { records: this.#sink.records, cursor: this.#sink.cursor } };
  }

  /** Reads the journal's files directly. False when journalctl must go on: from the last entry that was passed. */
  async *#bulk(from: JournalPosition | undefined): AsyncGenerator<LogEvent, boolean> {
    // A program that was told stands for the whole journal.
    if (this.#place.program !== undefined || !isBulk(this.#options)) return false;
    const reader = await openBulk(this.#place, this.#options, from);
    if (reader === undefined) return false;
    try {
      for (;;) {
        const more = await reader.more();
        // Damaged, or rotated meanwhile: journalctl knows what can still be read, and where it is now.
        if (reader.damage.length > 0) return false;
        if (!more || this.#signal.aborted) return true;
        if (!(yield* this.#fromFiles(reader))) return false;
      }
    } finally {
      await reader.close();
    }
  }

  /** Takes the entries that are in memory. False when one of them can only be read by journalctl. */
  async *#fromFiles(reader: JournalReader): AsyncGenerator<LogEvent, boolean> {
    const sink = this.#sink;
    while (!this.#signal.aborted && reader.next()) {
      const { entry, seqnumId } = reader;
      // A value that is too large, or a file that is damaged or was rotated meanwhile.
      if ((entry.incomplete && !entry.has(0)) || reader.damage.length > 0) return false;
      const missing = sink.missingFrom(entry.seqnum, seqnumId);
      if (missing > 0) {
        yield* this.#flush();
        if (await this.#isElsewhere()) return false;
        yield missingRecords(missing);
      }
      if (sink.full || sink.isOtherFrom(seqnumId)) yield* this.#flush();
      sink.addFrom(entry, seqnumId);
      if (++this.#passed % SLICE !== 0 && this.#options.matcher?.tired !== true) continue;
      await yieldTurn();
      this.#options.matcher?.rested();
      const now = Date.now();
      if (now - this.#lastFlush >= FLUSH_MS) yield* this.#flush();
      if (now - this.#lastWatermark >= TICK_MS) yield this.#watermark(0);
    }
    return true;
  }

  /** Whether journalctl finds the records that are missing behind the last one: the files were rotated meanwhile. */
  async #isElsewhere(): Promise<boolean> {
    const { position } = this.#sink;
    // Rotation meanwhile is rare: a journal with many holes is not asked about each of them.
    if (position === undefined || ++this.#holes > MAX_HOLES) return false;
    return await isContinuous(this.#place, position, this.#signal);
  }

  /** Runs journalctl until it has given everything, and again from where it broke off. */
  async *#attempts(first: Begin, follow: boolean): AsyncGenerator<LogEvent> {
    let begin = first;
    for (let [failures, pauses] = [0, 0]; !this.#signal.aborted; ) {
      const passed = this.#sink.position;
      if (passed !== undefined) begin = { after: passed };
      const ended = yield* this.#run(begin, follow);
      if (this.#signal.aborted || (!follow && isComplete(ended, this.#preselect.length > 0))) return;
      this.#refuse(ended);
      failures = this.#sink.position?.seqnum === passed?.seqnum ? failures + 1 : 0;
      pauses = failures === 0 ? 1 : pauses + 1;
      // A journal without any entry yet is not followed by journalctl, but it may get one.
      const waits = follow && passed === undefined && NO_BOOT.test(ended.stderr);
      if (failures > (follow ? MAX_RESTARTS : 1) && !waits) throw broken(ended);
      // Its own search may have given up (a limit of PCRE2's): from now on ours alone.
      this.#preselect = [];
      yield* this.#flush();
      if (follow) yield this.#watermark(0);
      await sleep(backoffDelay(RESTART, pauses, Math.random()), this.#signal);
    }
  }

  /** Throws for what will not be better when tried again. */
  #refuse({ error, stderr, code }: Ended): void {
    if (error !== undefined) {
      throw new Failure('SOURCE_UNAVAILABLE', `journalctl could not be started: ${error.message}`, {
        hint: 'install systemd’s journalctl, or read another source: nodectl logs --list',
      });
    }
    if (code !== 0 && NO_BOOT.test(stderr) && this.#options.boot !== '') {
      throw new Failure('BAD_ARGUMENT', `the journal has nothing of the boot "${this.#options.boot}"`, {
        hint: 'the journal may not be kept over boots; ask for this boot, or for none',
      });
    }
  }

  /** Where to begin without a cursor. */
  async #beginning(): Promise<Begin> {
    const { tail, matcher } = this.#options;
    if (tail === undefined) return {};
    if (tail === 0) return { lines: 1, silent: true };
    return matcher === undefined
      ? { lines: tail }
      : await findTail(this.#place, this.#options, tail, this.#preselect, this.#signal);
  }

  async #rest(): Promise<void> {
    if (this.#options.matcher?.tired !== true) return;
    await yieldTurn();
    this.#options.matcher.rested();
  }

  #args(begin: Begin, follow: boolean): string[] {
    const args = [...conditionArgs(this.#options), ...this.#preselect];
    if (follow) args.push('--follow', '--no-tail');
    if (begin.lines !== undefined) args.push(`--lines=${begin.lines}`);
    const place = begin.after ?? begin.at;
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
      if (chunk !== 'idle') {
        parser.push(chunk);
        for (let entry = parser.next(); entry !== undefined; entry = parser.next()) yield* this.#entry(entry);
        await this.#rest();
      } else if (follow && this.#resumption?.done === false && Date.now() - started > FIND_MS) {
        yield* this.#giveUp();
      }
      const now = Date.now();
      if (chunk === 'idle' || now - this.#lastFlush >= FLUSH_MS) yield* this.#flush();
      if (now - this.#lastWatermark >= TICK_MS - 10 && this.#resumption?.done !== false) {
        yield this.#watermark(chunk === 'idle' && follow ? now * 1000 - LAG_USEC : 0);
      }
    }
    if (this.#signal.aborted) return { code: 0, stderr: '' };
    const ended = await journal.ended;
    if (ended.code === 0 && this.#resumption?.done === false) yield* this.#giveUp();
    yield* this.#flush();
    return ended;
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
      yield* this.#flush();
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
    if (missing > 0) {
      yield* this.#flush();
      yield missingRecords(missing);
    }
    if (this.#sink.full || this.#sink.isOther(entry)) yield* this.#flush();
    this.#sink.add(entry, !this.#silent);
  }

  *#flush(): Generator<LogEvent> {
    const batch = this.#sink.take();
    if (batch === undefined) return;
    this.#lastFlush = this.#lastWatermark = Date.now();
    yield { event: 'batch', batch };
  }

  #watermark(timeUsec: number): LogEvent {
    this.#lastWatermark = Date.now();
    // While old records are still being read, the last one passed says how far the time has come.
    const time = timeUsec > 0 ? timeUsec : (this.#sink.position?.usec ?? 0);
    return { event: 'watermark', watermark: { timeUsec: time, cursor: this.#sink.cursor } };
  }
}
