/** A source that reads a chain of files: declared log files and containers' logs. */

import { Failure } from '../../../proto/failure.ts';
import { fileState, LogFile } from '../../host/log-file.ts';
import { BatchBuilder } from '../batch-builder.ts';
import { formatCursor } from '../cursor.ts';
import { Selection } from '../selection.ts';
import type { LogBatch, LogEvent, LogGap, LogSource, ReadOptions, SourceInfo, SourceKind } from '../types.ts';
import type { LogChain } from './chain.ts';
import type { LineFormat, Lines } from './format.ts';
import { planRead } from './plan.ts';
import { ChainReader } from './reader.ts';
import { TICK_MS, yieldTurn } from './wait.ts';

/** Records are passed on at the latest after this time, also while more is being read. */
const FLUSH_MS = 50;
/** How much later than its time a line may be written by a program that is not slow: watermarks stay behind by this. */
const LAG_USEC = 250_000;

/** What makes a source of files. */
export interface FileSourceParts {
  name: string;
  kind: SourceKind;
  description: string;
  chain: LogChain;
  /** A new form for one read. */
  format: (selection: Selection, options: ReadOptions) => LineFormat;
  /** What to say when there is no file at all. */
  missing: string;
}

/** A source over a chain of files. */
export class FileSource implements LogSource {
  readonly name: string;
  readonly kind: SourceKind;
  readonly #parts: FileSourceParts;

  constructor(parts: FileSourceParts) {
    this.name = parts.name;
    this.kind = parts.kind;
    this.#parts = parts;
  }

  async inspect(): Promise<SourceInfo> {
    const { name, kind, description, chain, missing } = this.#parts;
    const info: SourceInfo = { name, kind, description, unavailable: '', incomplete: '', bytes: 0 };
    try {
      const list = await chain.list();
      const newest = await chain.newest();
      info.bytes = list.reduce((sum, state) => sum + state.size, 0);
      const file = newest === undefined ? undefined : await LogFile.open(newest.path);
      await file?.close();
      if (file === undefined && list.length === 0) info.unavailable = await this.#whyMissing(missing);
    } catch (error) {
      info.unavailable = Failure.from(error).message;
    }
    return info;
  }

  /** Nothing is listed: either nothing is there, or what is there may not be read. */
  async #whyMissing(missing: string): Promise<string> {
    const path = this.#parts.description;
    if (!path.startsWith('/') || (await fileState(path)) !== undefined) return missing;
    const file = await LogFile.open(path);
    await file?.close();
    return missing;
  }

  async *read(options: ReadOptions, signal: AbortSignal): AsyncGenerator<LogEvent> {
    const { chain, kind, missing, name } = this.#parts;
    if (options.boot !== '') {
      throw new Failure('BAD_ARGUMENT', `the boot was given, but ${name} does not know boots`, {
        hint: 'give a time with --since, or read the journal',
      });
    }
    const selection = new Selection(options);
    const format = this.#parts.format(selection, options);
    const { plan, gaps } = await planRead(chain, options, format, signal);
    if (plan.file === undefined && !options.follow && options.cursor === undefined) {
      const why = await this.#whyMissing(missing);
      throw new Failure('SOURCE_UNAVAILABLE', `${name} cannot be read: ${why}`, {
        hint: 'follow it to wait until it is there',
      });
    }
    const reader = new ChainReader(chain, kind, plan, signal);
    const run = new FileRun(reader, format, selection, signal);
    for (const gap of gaps) yield { event: 'gap', gap };
    // Behind a cursor there may be few lines, or one at a time: they say nothing of the source.
    let mayTell = options.cursor === undefined;
    for await (const event of run.events(plan.offset)) {
      if (mayTell && run.caughtUp) {
        this.#refuseUnranked(selection);
        mayTell = false;
      }
      yield event;
    }
    if (mayTell && !signal.aborted) this.#refuseUnranked(selection);
    if (!signal.aborted && !options.follow)
      yield { event: 'end', end: { records: run.records, cursor: run.cursor } };
  }

  /** Throws where priorities are asked for that no line has: to show nothing would look as if there were no trouble. */
  #refuseUnranked(selection: Selection): void {
    if (!selection.isWithoutPriorities) return;
    const { name } = this.#parts;
    throw new Failure('BAD_ARGUMENT', `a priority was given, but no line of ${name} that was read has one`, {
      hint: 'leave the priority out, choose by --grep, or read the journal or the kernel',
    });
  }
}

/** A compressed file that is there only as far as it could be unpacked. */
function damaged(path: string, why: string): LogGap {
  const detail = `${path} cannot be unpacked as a whole: ${why}`;
  return { records: -1, bytes: 0, cause: 'TRUNCATED', detail };
}

/** One read: pieces in, events out. */
class FileRun {
  readonly #reader: ChainReader;
  readonly #format: LineFormat;
  readonly #selection: Selection;
  readonly #signal: AbortSignal;
  readonly #builder = new BatchBuilder();
  #prefix = '';
  #position = 0;
  #lastFlush = Date.now();
  #lastWatermark = Date.now();
  /** Whether everything that was there had been read once: a follower is told so at once. */
  caughtUp = false;
  records = 0;

  constructor(reader: ChainReader, format: LineFormat, selection: Selection, signal: AbortSignal) {
    this.#reader = reader;
    this.#format = format;
    this.#selection = selection;
    this.#signal = signal;
  }

  /** The cursor of the last line that was passed, wanted or not; empty before the first. */
  get cursor(): string {
    return this.#prefix === '' ? '' : formatCursor(this.#prefix, this.#position);
  }

  async *events(offset: number): AsyncGenerator<LogEvent> {
    this.#position = offset;
    for await (const piece of this.#reader.pieces()) {
      if (piece.kind === 'lines') yield* this.#lines(piece);
      else if (piece.kind === 'file') {
        yield* this.#flush();
        this.#prefix = this.#reader.prefix;
        this.#position = piece.offset;
        await this.#format.begin(piece.file, piece.offset);
        const { damage, path } = piece.file;
        if (damage !== '') yield { event: 'gap', gap: damaged(path, damage) };
      } else if (piece.kind === 'gap') {
        yield* this.#flush();
        yield { event: 'gap', gap: piece.gap };
      } else {
        yield* this.#flush();
        if (!this.caughtUp || Date.now() - this.#lastWatermark >= TICK_MS - 50) {
          this.caughtUp = true;
          yield this.#watermark(Date.now() * 1000 - LAG_USEC);
        }
      }
    }
    yield* this.#flush();
  }

  async *#lines(lines: Lines): AsyncGenerator<LogEvent> {
    const whole = this.#selection.everything ? this.#format.whole(lines) : undefined;
    if (whole !== undefined) {
      // A line that was cut, and what else came one by one, may wait there still.
      yield* this.#flush();
      this.#passed(lines);
      yield this.#batch(whole);
      return;
    }
    if (lines.prefix !== this.#prefix) yield* this.#flush();
    this.#prefix = lines.prefix;
    for (let from = 0; from < lines.chunk.length && !this.#signal.aborted; ) {
      from = this.#format.take(lines, from, this.#builder);
      if (this.#builder.full) yield* this.#flush();
      if (from >= lines.chunk.length) break;
      await yieldTurn();
      this.#selection.matcher?.rested();
    }
    this.#passed(lines);
    const now = Date.now();
    if (now - this.#lastFlush < FLUSH_MS) return;
    yield* this.#flush();
    this.#lastFlush = now;
    // Nothing wanted for a while: say how far the search has come.
    if (now - this.#lastWatermark >= TICK_MS) yield this.#watermark(this.#format.lastUsec - LAG_USEC);
    await yieldTurn();
    this.#selection.matcher?.rested();
  }

  #passed(lines: Lines): void {
    this.#prefix = lines.prefix;
    this.#position = lines.end;
  }

  *#flush(): Generator<LogEvent> {
    if (this.#builder.count === 0) return;
    yield this.#batch(this.#builder.take(this.#prefix));
  }

  #batch(batch: LogBatch): LogEvent {
    this.records += batch.count;
    this.#lastFlush = this.#lastWatermark = Date.now();
    return { event: 'batch', batch };
  }

  #watermark(timeUsec: number): LogEvent {
    this.#lastWatermark = Date.now();
    return {
      event: 'watermark',
      watermark: { timeUsec: Math.max(0, Math.round(timeUsec)), cursor: this.cursor },
    };
  }
}
