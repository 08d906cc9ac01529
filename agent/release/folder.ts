/**
 * The folder with the releases of the agent, <state>/agent. Each of its names replaces another in one step, so a kill at any
 * moment leaves the old or the new. The launcher and the guard (packaging/*.sh) read it, too, by the same rules:
 *
 * - `<sha256>/`: a release, named by its manifest's digest; under this name it is whole. With SHA256SUMS for the launcher, and
 *   IMAGE: the digest of the agent of the image for which it was taken into use. Under another image that one's agent runs.
 * - `current`, `previous`: links to such a name, or to "baked" for the agent that came with the node's image. No link is "baked".
 * - `trial`: lines "release X", "before Y", "seconds N". The release X is on trial where `current` names it. A rename of this
 *   file to `confirmed` is its confirmation, a rename to `reverting` its end: one of the two wins.
 * - `reverting`: the guard goes back to what stands behind "before", and says in `reverted` that and why.
 * - `confirmed`: `previous` and `floor` are not written yet.
 * - `floor`: the highest serial number that was confirmed.
 */

import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeFileAtomic } from '../../pki/atomic-file.ts';
import { makeFolder } from '../../proto/make-folder.ts';

/** The agent that came with the node's image. */
export const BAKED = 'baked';

/** A release that is tried, was confirmed, or is being left. */
export interface TrialRecord {
  /** The release. */
  readonly release: string;
  /** What ran before it. */
  readonly before: string;
  /** How long it has to be confirmed. */
  readonly seconds: number;
}

/** A release that was left. */
export interface Reverted {
  readonly release: string;
  readonly before: string;
  /** Why, as a clause. */
  readonly why: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** How far a trial is. */
export type RecordName = 'trial' | 'confirmed' | 'reverting';

const NAME = /^[0-9a-f]{64}$/;
/** No file of lines here is longer. */
const MAX_TEXT = 4_096;

/** The names in the folder. Every method that changes something has it on disk when it returns. */
export class ReleaseFolder {
  readonly path: string;
  readonly #step: (name: string) => void;

  /** @param step called between any two writes, for tests that kill there */
  constructor(path: string, step: (name: string) => void = () => undefined) {
    this.path = path;
    this.#step = step;
    makeFolder(path);
  }

  /** The folder of a release. */
  of(release: string, ...inner: string[]): string {
    return join(this.path, release, ...inner);
  }

  /** Whether a release is there. */
  has(release: string): boolean {
    return NAME.test(release) && existsSync(this.of(release));
  }

  /** All releases that are there. */
  all(): string[] {
    return readdirSync(this.path).filter((name) => NAME.test(name));
  }

  /** What a link names: a release, or "baked". */
  link(name: 'current' | 'previous'): string {
    try {
      const target = readlinkSync(join(this.path, name));
      return NAME.test(target) ? target : BAKED;
    } catch {
      return BAKED;
    }
  }

  /** Lets a link name another release. */
  point(name: 'current' | 'previous', release: string): void {
    const fresh = join(this.path, `${name}.new`);
    rmSync(fresh, { force: true });
    symlinkSync(release, fresh);
    this.#step(`${name}.new`);
    renameSync(fresh, join(this.path, name));
    syncFolder(this.path);
    this.#step(name);
  }

  /** A record, or undefined where there is none. */
  record(name: RecordName): TrialRecord | undefined {
    const lines = this.#lines(name);
    if (!lines) return undefined;
    const { release = '', before = BAKED, seconds } = lines;
    return { release, before: NAME.test(before) ? before : BAKED, seconds: Number(seconds) || 0 };
  }

  /** The image for which a release was taken into use, or empty. */
  imageOf(release: string): string {
    return this.#text(join(release, 'IMAGE'))?.trim() ?? '';
  }

  /** Notes for which image a release is taken into use. */
  setImage(release: string, image: string): void {
    writeFileAtomic(this.of(release, 'IMAGE'), `${image}\n`);
    this.#step('image');
  }

  /** Writes a record. */
  write(name: RecordName, { release, before, seconds }: TrialRecord): void {
    this.put(name, `release ${release}\nbefore ${before}\nseconds ${seconds}\n`);
  }

  /** Writes a small file. */
  put(name: string, text: string): void {
    writeFileAtomic(join(this.path, name), text);
    this.#step(name);
  }

  /** Makes one record another. Says whether it was there: of two that try one wins. */
  move(from: RecordName, to: RecordName): boolean {
    try {
      renameSync(join(this.path, from), join(this.path, to));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    syncFolder(this.path);
    this.#step(`${from} to ${to}`);
    return true;
  }

  /** Removes a small file. */
  drop(name: string): void {
    rmSync(join(this.path, name), { force: true });
    syncFolder(this.path);
    this.#step(`no ${name}`);
  }

  /** Takes a folder that is whole and flushed under a release's name. */
  adopt(from: string, release: string): void {
    renameSync(join(this.path, from), this.of(release));
    syncFolder(this.path);
    this.#step('adopted');
  }

  /** The release that was left last, or undefined. */
  reverted(): Reverted | undefined {
    const lines = this.#lines('reverted');
    if (!lines) return undefined;
    const { release = '', before = BAKED, why = '', time } = lines;
    return { release, before, why, time: Number(time) || 0 };
  }

  /** The highest serial number that was confirmed; 0 where none was. */
  floor(): number {
    const floor = Number(this.#text('floor'));
    return Number.isSafeInteger(floor) && floor > 0 ? floor : 0;
  }

  #lines(name: string): Record<string, string> | undefined {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    return Object.fromEntries(
      text.split('\n').flatMap((line) => {
        const [, key, value] = /^([a-z]+) (.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value]];
      }),
    );
  }

  #text(name: string): string | undefined {
    try {
      return readFileSync(join(this.path, name), 'utf8').slice(0, MAX_TEXT);
    } catch {
      return undefined;
    }
  }
}
