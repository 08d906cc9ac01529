/**
 * How a ring stays within its bounds: the oldest files are thinned out to a row every five minutes, then to one every half hour,
 * and then go. What counts as old is how much was sampled since, and never what a clock says: one that is set to 2040 for a
 * minute must not cost a node its past.
 */

import { readFile, rm, stat } from 'node:fs/promises';
import { block, KIND, scan } from './blocks.ts';
import { BadBytes } from './bytes.ts';
import { chunkPayload, parseChunkHead, thinned } from './chunk.ts';
import { listRing, type RingFile, readTable } from './files.ts';
import { writeBeside } from './write.ts';

/** The bounds of a ring. */
export interface RingLimits {
  /** Bytes of all its files. */
  readonly maxBytes: number;
  /** How much sampled time is kept, in ms. */
  readonly keepMs: number;
}

/** The steps that rows are thinned out to, in ms. */
const STEPS = [5 * 60_000, 30 * 60_000] as const;
/** So much sampled time, the newest, is not thinned out. */
const WHOLE_MS = 24 * 3_600_000;
/** Files with damage that are kept for whoever wants to look into it. */
const MAX_DAMAGED = 3;
/** More files than these are not kept: a machine that boots every minute makes one each time. */
const MAX_FILES = 1_000;
/** What the head and the segment that it becomes may need comes off the bytes of the segments. */
const SEGMENTS_PART = 0.75;

/** What is known of a file without unpacking it. */
interface Known {
  readonly file: RingFile;
  bytes: number;
  rows: number;
  readonly spanMs: number;
}

/** Keeps one ring within its bounds. */
export class Retention {
  readonly #folder: string;
  readonly #limits: RingLimits;
  readonly #setAside: (file: RingFile, why: string) => Promise<void>;
  readonly #known = new Map<string, Known>();

  /** @param setAside called for a file that turns out to be broken: it renames it */
  constructor(folder: string, limits: RingLimits, setAside: (file: RingFile, why: string) => Promise<void>) {
    this.#folder = folder;
    this.#limits = limits;
    this.#setAside = setAside;
  }

  /** Thins out and removes what is too much. @throws the system's error */
  async enforce(): Promise<void> {
    const budget = this.#limits.maxBytes * SEGMENTS_PART;
    const kept = await this.#segments();
    const total = () => kept.reduce((sum, { bytes }) => sum + bytes, 0);
    const removeOldest = async () => {
      const oldest = kept.shift();
      if (!oldest) return;
      this.#known.delete(oldest.file.path);
      await rm(oldest.file.path, { force: true });
    };
    const damaged = await this.#damaged(budget - total());
    while (kept.length > MAX_FILES || spanFrom(kept, 1) > this.#limits.keepMs) await removeOldest();
    for (const step of STEPS)
      for (const one of kept.filter((_, at) => spanFrom(kept, at + 1) > WHOLE_MS))
        if (total() + damaged > budget && one.rows > one.spanMs / step + 3) await this.#thin(one, step);
    while (total() + damaged > budget && kept.length > 1) await removeOldest();
  }

  /** The segments, oldest first; each is looked at once. */
  async #segments(): Promise<Known[]> {
    const found: Known[] = [];
    for (const file of listRing(this.#folder).files) {
      if (file.kind !== 'seg') continue;
      const known = this.#known.get(file.path) ?? (await this.#look(file));
      if (known) found.push(known);
    }
    return found;
  }

  /** Removes damaged files but the newest few, and these too where they have more bytes than are free. Gives their bytes. */
  async #damaged(free: number): Promise<number> {
    let bytes = 0;
    const files = listRing(this.#folder).files.filter(({ kind }) => kind === 'damaged');
    for (const [at, { path }] of files.toReversed().entries()) {
      const { size } = await stat(path);
      if (at >= MAX_DAMAGED || bytes + size > free) await rm(path, { force: true });
      else bytes += size;
    }
    return bytes;
  }

  async #look(file: RingFile): Promise<Known | undefined> {
    const bytes = await readFile(file.path);
    const chunk = scan(bytes).blocks.find(({ kind }) => kind === KIND.chunk);
    try {
      if (!chunk) throw new BadBytes('its checksum is wrong');
      const { rows, firstSinceBoot, lastSinceBoot } = parseChunkHead(chunk.payload);
      const known = { file, bytes: bytes.length, rows, spanMs: lastSinceBoot - firstSinceBoot };
      this.#known.set(file.path, known);
      return known;
    } catch (error) {
      await this.#setAside(file, (error as Error).message);
      return undefined;
    }
  }

  async #thin(one: Known, step: number): Promise<void> {
    try {
      const table = readTable(one.file);
      if (!table) return;
      const thin = thinned(table, step);
      const bytes = block(KIND.chunk, chunkPayload(thin));
      await writeBeside(one.file.path, bytes);
      one.bytes = bytes.length;
      one.rows = thin.sinceBoot.length;
    } catch (error) {
      if (!(error instanceof BadBytes)) throw error;
      this.#known.delete(one.file.path);
      one.bytes = 0;
      await this.#setAside(one.file, error.message);
    }
  }
}

/** How much was sampled in the files from one on, in ms. */
function spanFrom(kept: readonly Known[], from: number): number {
  return kept.slice(from).reduce((sum, { spanMs }) => sum + spanMs, 0);
}
