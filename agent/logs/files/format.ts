/**
 * The forms of log files: how records stand in lines. A form turns whole lines into records, keeps what goes over the
 * edges of chunks, and can be asked for the place where records begin, so that a read may start in the middle.
 */

import type { LogFile } from '../../host/log-file.ts';
import type { BatchBuilder } from '../batch-builder.ts';
import type { LogBatch } from '../types.ts';

/** Whole lines of one file. */
export interface Lines {
  chunk: Buffer;
  /** Where the chunk begins and ends in the file. */
  start: number;
  end: number;
  prefix: string;
  /** The chunk is one line, of which only the beginning is here. */
  cut: boolean;
  /** When the file was last changed, ms since the epoch. */
  mtimeMs: number;
}

/** A form of log files, with the state of one read. */
export interface LineFormat {
  /** Looks at what stands before the offset, as far as records behind it depend on it. */
  begin(file: LogFile, offset: number): Promise<void>;
  /**
   * Adds the wanted records of the lines to the builder, up to where it is full.
   * @returns where to go on: the chunk's length when all was taken; less when the builder is full or when it took so
   *   long that others should have their turn
   */
  take(lines: Lines, from: number, builder: BatchBuilder): number;
  /** The lines as one batch, when all of them are wanted and need no work; undefined to take them by `take`. */
  whole(lines: Lines): LogBatch | undefined;
  /**
   * Where wanted records begin in the lines, as offsets in the chunk, in order. For reading backwards.
   * @param beforeUsec what `timeBefore` gives for where the lines begin
   */
  starts(lines: Lines, beforeUsec: number): number[];
  /** The time that a line at the offset has where it has none of its own, µs since the epoch; 0 where no condition is on times. */
  timeBefore(file: LogFile, offset: number): Promise<number>;
  /** The first place in the chunk at or after `from` where no record is under way, or -1. `from` is the start of a line. */
  align(chunk: Buffer, from: number): number;
  /** The time of the last line that was looked at, µs since the epoch, or 0. */
  readonly lastUsec: number;
}
