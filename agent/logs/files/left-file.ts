/** The file that was left last, while it is watched: a writer that took no notice of the rotation may go on in it. */

import type { LogFile } from '../../host/log-file.ts';
import type { LogGap } from '../types.ts';

/** How long it is watched. */
const LEFT_MS = 10 * 60_000;

/** A file that was read to its end and left, still open. */
export class LeftFile {
  readonly #file: LogFile;
  readonly #until = Date.now() + LEFT_MS;
  #size: number;

  /** @param size how much of it was read */
  constructor(file: LogFile, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Whether it was watched for long enough. */
  get isOver(): boolean {
    return Date.now() >= this.#until;
  }

  /** The gap for what was appended since the last look, which nobody will read. */
  async appended(): Promise<LogGap | undefined> {
    const { size } = await this.#file.stat();
    const bytes = size - this.#size;
    if (bytes <= 0) return undefined;
    this.#size = size;
    const detail = `a writer went on in ${this.#file.path} after its successor had been begun`;
    return { records: -1, bytes, cause: 'ROTATED', detail };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
