/**
 * Writing the ring (files.ts). A head that is full becomes a segment of the same number: written beside, renamed, and only
 * then is the head removed. So a kill at any moment leaves one of them or both, and both are the same rows. Rows go to the
 * kernel at once and to the disk when it sees fit: a killed agent loses nothing, a power cut half a minute.
 *
 * Nothing here waits for the disk but in the background, since a sick one may never answer.
 */

import { mkdir, readFile, rename, rm, statfs, truncate } from 'node:fs/promises';
import { block, KIND } from './blocks.ts';
import { chunkPayload, type Table } from './chunk.ts';
import { listRing, type RingFile, readTable, ringFile } from './files.ts';
import { readHead } from './head.ts';
import { Retention, type RingLimits } from './retention.ts';
import { namesKey, namesPayload, rowPayload } from './rows.ts';
import type { Sample } from './sample.ts';
import { type SeriesList, valuesOf } from './values.ts';
import { AppendedFile, writeBeside } from './write.ts';

/** Rows of a head before it becomes a segment. */
const CHUNK_ROWS = 120;
/** A head with less rows becomes one too when it has this part of all bytes that the ring may have. */
const HEAD_PART = 8;
/** So much of a file system is left to others: 64 MiB, or a twentieth where that is less. */
const RESERVE_BYTES = 64 << 20;
const RESERVE_PART = 20;
/** Rows from one look at the room to the next: they are some kilobytes each. */
const CHECK_EVERY = 10;
/** Differences of wall clock and time since boot below this are jitter, in ms: kept out, they cost nothing. */
const JITTER_MS = 500;

/** When something is sampled. */
export interface Moment {
  /** The running boot: 32 hexadecimal digits. */
  readonly boot: string;
  /** ms since it. */
  readonly sinceBoot: number;
  /** ms since the epoch, as the machine's clock has it. */
  readonly wall: number;
}

/** The head that is written. */
interface Open extends SeriesList {
  readonly file: AppendedFile;
  readonly boot: string;
  rows: number;
  offset: number;
  lastSinceBoot: number;
}

/** Writes a ring. Calls must follow one another. */
export class Ring {
  readonly folder: string;
  /** What was found broken or cannot be done, in sentences; the newest 20. */
  readonly warnings: string[] = [];
  readonly #limits: RingLimits;
  readonly #retention: Retention;
  #next = 1;
  #open: Open | undefined;
  /** Rows that may still be written before it is looked whether there is room. */
  #unchecked = 0;

  private constructor(folder: string, limits: RingLimits) {
    this.folder = folder;
    this.#limits = limits;
    this.#retention = new Retention(folder, limits, (file, why) => this.#rename(file, why));
  }

  /** Makes a ring ready, and mends what a killed writer left. @throws the system's error */
  static async open(folder: string, limits: RingLimits, boot: string): Promise<Ring> {
    const ring = new Ring(folder, limits);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { files, strays } = listRing(folder);
    for (const path of strays) await rm(path, { force: true });
    ring.#next = (files.at(-1)?.sequence ?? 0) + 1;
    const heads = files.filter(({ kind }) => kind === 'head');
    for (const head of heads) {
      const segment = files.find(({ sequence, kind }) => kind === 'seg' && sequence === head.sequence);
      if (segment && (await ring.#isWhole(segment))) await rm(head.path, { force: true });
      else await ring.#recover(head, head === heads.at(-1) ? boot : undefined);
    }
    return ring;
  }

  /** The time and values of one tick. @throws the system's error, where nothing was written */
  async append({ boot, sinceBoot, wall }: Moment, samples: readonly Sample[]): Promise<void> {
    if (this.#unchecked-- <= 0) await this.#checkSpace();
    const head = await this.#head(boot, sinceBoot, samples.length);
    // A tick that comes twice is one.
    if (sinceBoot <= head.lastSinceBoot) return;
    const offset = wall - sinceBoot;
    if (!(Math.abs(offset - head.offset) < JITTER_MS)) head.offset = offset;
    const values = valuesOf(head, samples);
    const names = head.key === undefined ? namesPayload({ boot, names: [...head.names.keys()] }) : undefined;
    if (names) head.key = namesKey(names);
    const time = { sinceBoot, wall: sinceBoot + head.offset };
    const row = block(KIND.row, rowPayload(head.key ?? 0, time, values));
    // Names stand on both sides of the row, so that damage to one of them costs no more than a row.
    const parts = names ? [block(KIND.names, names), row, block(KIND.names, names)] : [row];
    const bytes = Buffer.concat(parts);
    try {
      await head.file.append(bytes);
    } catch (error) {
      // What is in the file now is found out when it is needed: the next row begins another one.
      await this.close();
      this.#unchecked = 0;
      throw error;
    }
    head.rows++;
    head.lastSinceBoot = sinceBoot;
  }

  /** How many samples of the newest row were not kept, since there are more series than there is room for. */
  get left(): number {
    return this.#open?.left ?? 0;
  }

  /** Closes the head. Whoever appends after that begins another. */
  async close(): Promise<void> {
    const head = this.#open;
    this.#open = undefined;
    await head?.file.close();
  }

  /** Tells that a file turned out to be broken: it is set aside, and what can be saved of it is. */
  async setAside(file: RingFile, why: string): Promise<void> {
    await this.#rename(file, why);
    await this.#retention.enforce();
  }

  async #rename(file: RingFile, why: string): Promise<void> {
    await rename(file.path, ringFile(this.folder, file.sequence, 'damaged').path);
    this.#warn(`${file.path} is damaged (${why}) and was set aside`);
  }

  #warn(text: string): void {
    this.warnings.push(text);
    if (this.warnings.length > 20) this.warnings.shift();
  }

  /** The head to append to. Whatever other heads there are become segments before a new one is begun. */
  async #head(boot: string, sinceBoot: number, series: number): Promise<Open> {
    const running = this.#open;
    // A machine that was set back to a snapshot goes on in the same boot at an earlier time.
    const goesOn = running?.boot === boot && sinceBoot >= running.lastSinceBoot;
    if (goesOn && !this.#isFull(running, series)) return running;
    await this.close();
    for (const file of listRing(this.folder).files) if (file.kind === 'head') await this.#recover(file);
    const { path } = ringFile(this.folder, this.#next++, 'head');
    const head: Open = {
      ...{ file: await AppendedFile.open(path, 0), boot },
      ...{ names: new Map<string, number>(), key: undefined, left: 0, rows: 0 },
      ...{ offset: Number.NaN, lastSinceBoot: -1 },
    };
    this.#open = head;
    return head;
  }

  #isFull({ rows, file, names }: Open, series: number): boolean {
    // Where devices come and go, most names of a head are of some that are gone.
    const stale = names.size > 2 * series + 100;
    return stale || rows >= CHUNK_ROWS || file.length >= this.#limits.maxBytes / HEAD_PART;
  }

  async #isWhole(file: RingFile): Promise<boolean> {
    try {
      return readTable(file) !== undefined;
    } catch (error) {
      await this.setAside(file, (error as Error).message);
      return false;
    }
  }

  /** Makes a segment of a head, or, where a boot is given and the head is of it, goes on with it. */
  async #recover(file: RingFile, boot?: string): Promise<void> {
    const bytes = await readFile(file.path);
    const head = readHead(bytes);
    if (head.damaged || head.otherVersion) {
      if (head.table) await this.#writeSegment(file.sequence, head.table);
      const why = head.otherVersion ? 'another version of the agent wrote it' : 'broken blocks';
      return this.setAside(file, why);
    }
    const { table, last } = head;
    if (!table || !last) return rm(file.path, { force: true });
    if (table.boot !== boot) {
      await this.#writeSegment(file.sequence, table);
      await rm(file.path, { force: true });
      return this.#retention.enforce();
    }
    if (head.end < bytes.length) await truncate(file.path, head.end);
    this.#open = {
      ...{ file: await AppendedFile.open(file.path, head.end), boot, rows: table.sinceBoot.length },
      ...{ names: new Map(last.names.names.map((name, at) => [name, at])), key: last.key, left: 0 },
      ...{ offset: table.offsets.at(-1) ?? Number.NaN, lastSinceBoot: table.sinceBoot.at(-1) ?? -1 },
    };
  }

  async #writeSegment(sequence: number, table: Table): Promise<void> {
    await writeBeside(ringFile(this.folder, sequence, 'seg').path, block(KIND.chunk, chunkPayload(table)));
  }

  async #checkSpace(): Promise<void> {
    const { bavail, blocks, bsize } = await statfs(this.folder);
    const reserve = Math.min(RESERVE_BYTES, (blocks * bsize) / RESERVE_PART);
    if (bavail * bsize < reserve)
      throw new Error(
        `only ${Math.floor((bavail * bsize) / 1024)} KiB are left on the file system of ${this.folder}`,
      );
    this.#unchecked = CHECK_EVERY;
  }
}
