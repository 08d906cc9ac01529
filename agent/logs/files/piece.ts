/** What a walk along a chain of files is given and gives. */

import type { LogFile } from '../../host/log-file.ts';
import type { LogGap } from '../types.ts';

/** How much is read at a time: also the size of a batch of lines that go out as they are. */
export const CHUNK_BYTES = 256 * 1024;

/** What a read of a chain gives. */
export type Piece =
  /** A file is begun at an offset. */
  | { kind: 'file'; file: LogFile; offset: number }
  /**
   * Whole lines, each with its newline; in the file they stand from `start` to `end`. The chunk is overwritten when the next
   * piece is asked for.
   */
  | {
      kind: 'lines';
      chunk: Buffer;
      start: number;
      end: number;
      prefix: string;
      cut: boolean;
      mtimeMs: number;
    }
  | { kind: 'gap'; gap: LogGap }
  /** Everything up to now was read. */
  | { kind: 'idle' };

/** Where a read begins, and where it ends when it does not follow. */
export interface ReadPlan {
  /** The first file and the offset in it; undefined when there is no file yet. */
  file: LogFile | undefined;
  offset: number;
  /** The file's first bytes, when it is known what they must be. */
  first?: Buffer | undefined;
  follow: boolean;
  /** The newest file and its size when the read was planned: a read that does not follow ends there. */
  until: { key: string; size: number } | undefined;
}
