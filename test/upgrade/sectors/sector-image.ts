/** A disk in memory as writes make it, with writes laid over it that may not be on it: a state costs what differs. */

import { SECTOR } from './layout.ts';
import type { Write } from './write-log.ts';

/** What a file system is read from: bytes of a part of a disk. */
export type ReadBytes = (offset: number, length: number) => Buffer;

/** A disk. */
export class SectorImage {
  readonly #content: Buffer;
  readonly #over = new Map<number, Buffer>();

  /** @param content changed by `write` */
  constructor(content: Buffer) {
    this.#content = content;
  }

  /** Writes for good. */
  write({ sector, data }: Write): void {
    data.copy(this.#content, sector * SECTOR);
  }

  /** Lays some sectors of a write over it, from one to another; all unless told. */
  lay({ sector, data }: Write, from = 0, to = data.length / SECTOR): void {
    for (let at = from; at < to; at++)
      this.#over.set(sector + at, data.subarray(at * SECTOR, (at + 1) * SECTOR));
  }

  /** Takes away what was laid over it. */
  lift(): void {
    this.#over.clear();
  }

  /** What a reader sees of a part that begins at a sector. */
  reader(start: number): ReadBytes {
    return (offset, length) => {
      const first = start * SECTOR + offset;
      if (this.#over.size === 0) return this.#content.subarray(first, first + length);
      const bytes = Buffer.from(this.#content.subarray(first, first + length));
      const last = Math.floor((first + length - 1) / SECTOR);
      for (let sector = Math.floor(first / SECTOR); sector <= last; sector++) {
        const over = this.#over.get(sector);
        if (!over) continue;
        const at = sector * SECTOR - first;
        over.copy(bytes, Math.max(0, at), Math.max(0, -at), Math.min(SECTOR, length - at));
      }
      return bytes;
    };
  }
}
