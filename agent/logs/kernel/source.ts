/**
 * The kernel's ring buffer. A record's position is its sequence number, so it is known exactly how many were overwritten
 * before they were read. Times come from a clock that stands still while the machine is suspended: records from before a
 * suspend appear later than they were, by the time it lasted, but never later than now.
 */

import { Failure } from '../../../proto/failure.ts';
import { sleep } from '../../../proto/sleep.ts';
import { facilityName } from '../../../proto/syslog.ts';
import { bootId } from '../../host/boot-id.ts';
import { bootTimeUsec, type KmsgReader, openKmsg } from '../../host/kmsg.ts';
import { BatchBuilder } from '../batch-builder.ts';
import { formatCursor, prefixParts } from '../cursor.ts';
import { TICK_MS, yieldTurn } from '../files/wait.ts';
import { Selection } from '../selection.ts';
import type { LogEvent, LogFields, LogGap, LogSource, ReadOptions, SourceInfo } from '../types.ts';
import { type KernelRecord, kernelFields, parseKernelRecord } from './record.ts';

/** Nothing new: asked again after this, and then ever later up to the second figure. Only while somebody follows. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 200;
/** After so many records others have their turn. */
const SLICE = 512;
/** A base measured anew that differs by less is measuring error: records keep their times over several reads. */
const BASE_JITTER_USEC = 5_000;

/** What stands in for the machine in tests. */
export interface KernelParts {
  open: () => KmsgReader;
  bootId: () => string;
  /** Real time at which the kernel's clock was 0, in µs since the epoch. */
  bootTimeUsec: () => number;
}

/** The parts of the real machine. */
export function realKernel(options: { path?: string; bootIdPath?: string } = {}): KernelParts {
  return { open: () => openKmsg(options.path), bootId: () => bootId(options.bootIdPath), bootTimeUsec };
}

/** The source "kernel". */
export class KernelSource implements LogSource {
  readonly name = 'kernel';
  readonly kind = 'KERNEL';
  readonly #parts: KernelParts;
  #base = 0;

  constructor(parts: KernelParts) {
    this.#parts = parts;
  }

  async inspect(): Promise<SourceInfo> {
    let unavailable = '';
    try {
      this.#parts.open().close();
    } catch (error) {
      unavailable = Failure.from(error).message;
    }
    const description = 'the kernel’s ring buffer of the running boot, /dev/kmsg';
    return { name: this.name, kind: this.kind, description, unavailable, incomplete: '', bytes: 0 };
  }

  /** Real time of the kernel clock's 0; the same over reads as long as neither clock was set. */
  #baseUsec(): number {
    const measured = this.#parts.bootTimeUsec();
    if (Math.abs(measured - this.#base) > BASE_JITTER_USEC) this.#base = measured;
    return this.#base;
  }

  /** Whether a boot, as `ReadOptions` has it, is the one that the ring buffer holds. */
  holds(boot: string): boolean {
    return ['', '0', 'this'].includes(boot) || boot === this.#parts.bootId();
  }

  async *read(options: ReadOptions, signal: AbortSignal): AsyncGenerator<LogEvent> {
    const boot = this.#parts.bootId();
    if (!this.holds(options.boot)) {
      throw new Failure(
        'BAD_ARGUMENT',
        `the kernel’s ring buffer holds the running boot only, not boot ${options.boot}`,
        {
          hint: 'the journal may have that one, but this agent is not to read it (logs.journal of its configuration)',
        },
      );
    }
    const reader = this.#parts.open();
    try {
      yield* new KernelRun(reader, boot, this.#baseUsec(), options, signal).events();
    } finally {
      reader.close();
    }
  }
}

/** One read. */
class KernelRun {
  readonly #reader: KmsgReader;
  readonly #prefix: string;
  readonly #base: number;
  readonly #options: ReadOptions;
  readonly #signal: AbortSignal;
  readonly #selection: Selection;
  readonly #builder = new BatchBuilder();
  /** The newest records while only a tail is wanted; undefined otherwise. */
  #tail: KernelRecord[] | undefined;
  /** The sequence number of the last record that was passed, or -1. */
  #passed = -1;
  #gaps: LogGap[] = [];
  /** A gap that waits for what was collected before it, and the record behind it. */
  #late: { gap: LogGap; record: KernelRecord } | undefined;
  #records = 0;

  constructor(reader: KmsgReader, boot: string, base: number, options: ReadOptions, signal: AbortSignal) {
    this.#reader = reader;
    this.#prefix = `k.${boot}`;
    this.#base = base;
    this.#options = options;
    this.#signal = signal;
    this.#selection = new Selection(options);
    if (options.cursor === undefined) {
      if (options.tail !== undefined) this.#tail = [];
    } else if (prefixParts(options.cursor, 1)[0] === boot) {
      this.#passed = options.cursor.position;
    } else {
      const detail = 'the node was booted since the cursor’s record; what that boot wrote last is not here';
      this.#gaps.push({ records: -1, bytes: 0, cause: 'REBOOT', detail });
    }
  }

  async *events(): AsyncGenerator<LogEvent> {
    let pause = FIRST_PAUSE_MS;
    let lastWatermark = 0; // The first one is due as soon as everything was read.
    while (!this.#signal.aborted) {
      const state = this.#readSlice();
      if (state === 'empty') this.#takeTail();
      yield* this.#flush();
      if (state !== 'empty') {
        pause = FIRST_PAUSE_MS;
        await yieldTurn();
        this.#selection.matcher?.rested();
        continue;
      }
      if (!this.#options.follow) {
        if (!this.#signal.aborted)
          yield { event: 'end', end: { records: this.#records, cursor: this.#cursor } };
        return;
      }
      const now = Date.now();
      if (now - lastWatermark >= TICK_MS) {
        lastWatermark = now;
        const timeUsec = (now - LONGEST_PAUSE_MS) * 1000;
        yield { event: 'watermark', watermark: { timeUsec, cursor: this.#cursor } };
      }
      await sleep(pause, this.#signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  get #cursor(): string {
    return this.#passed < 0 ? '' : formatCursor(this.#prefix, this.#passed);
  }

  /** Reads some records into the builder. A gap ends the slice, so that it is said in its place. */
  #readSlice(): 'more' | 'empty' {
    for (let i = 0; i < SLICE && !this.#builder.full; i++) {
      const bytes = this.#reader.next();
      if (bytes === 'empty') return 'empty';
      // How many were overwritten is seen by the next record's number.
      if (bytes === 'overrun') continue;
      const record = parseKernelRecord(bytes);
      if (record === undefined || record.sequence <= this.#passed) continue;
      const lost = this.#passed < 0 ? 0 : record.sequence - this.#passed - 1;
      this.#passed = record.sequence;
      if (lost > 0) {
        const detail = `the kernel’s ring buffer was overwritten before ${lost} records were read`;
        const gap: LogGap = { records: lost, bytes: 0, cause: 'OVERRUN', detail };
        if (this.#builder.count > 0) {
          // What was collected stands before the gap, this record behind it.
          this.#late = { gap, record };
          return 'more';
        }
        this.#gaps.push(gap);
      }
      this.#take(record);
      if (this.#selection.matcher?.tired) return 'more';
    }
    return 'more';
  }

  #take(record: KernelRecord): void {
    const { text, level } = record;
    if (!this.#selection.admits(this.#timeOf(record), level & 7)) return;
    if (!this.#selection.matches(text, 0, text.length)) return;
    if (this.#tail === undefined) {
      this.#add(record);
      return;
    }
    // The ring buffer bounds this: it holds a few megabytes.
    this.#tail.push({ ...record, text: Buffer.from(text) });
    if (this.#tail.length > 2 * (this.#options.tail ?? 0) + 64) this.#trimTail();
  }

  #trimTail(): void {
    const wanted = this.#options.tail ?? 0;
    if (this.#tail !== undefined) this.#tail = wanted === 0 ? [] : this.#tail.slice(-wanted);
  }

  #takeTail(): void {
    this.#trimTail();
    for (const record of this.#tail ?? []) this.#add(record);
    this.#tail = undefined;
  }

  #timeOf(record: KernelRecord): number {
    return Math.min(this.#base + record.usec, Date.now() * 1000);
  }

  #add(record: KernelRecord): void {
    const { text, level, sequence } = record;
    const identifier = facilityName(level >> 3);
    const origin = this.#builder.origin(identifier, () => ({ identifier, unit: '', pid: 0 }));
    this.#builder.add(text, 0, text.length, this.#timeOf(record), sequence, level & 7, origin);
    if (this.#options.fields.length === 0) return;
    const values: LogFields['values'] = {};
    for (const [name, value] of kernelFields(record)) {
      if (this.#options.fields.includes('*') || this.#options.fields.includes(name)) values[name] = value;
    }
    this.#builder.addFields(values);
  }

  *#flush(): Generator<LogEvent> {
    for (const gap of this.#gaps.splice(0)) yield { event: 'gap', gap };
    if (this.#builder.count > 0) {
      const batch = this.#builder.take(this.#prefix);
      this.#records += batch.count;
      yield { event: 'batch', batch };
    }
    const late = this.#late;
    this.#late = undefined;
    if (late === undefined) return;
    yield { event: 'gap', gap: late.gap };
    this.#take(late.record);
  }
}
