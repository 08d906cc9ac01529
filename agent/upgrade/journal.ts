/**
 * The journal of the upgrade that runs: one file, replaced in one step and on disk when `write` returns. While it is there
 * an upgrade is under way; what it is about (the manifest and its signatures) stands in a folder beside it that is written
 * once, before the journal is.
 */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeFileAtomic } from '../../pki/atomic-file.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import { asidePath, DamagedFile, readKept, setAside, writeKept } from '../config/kept-json.ts';
import { onDisk } from './on-disk.ts';
import { STATES, type Upgrade } from './state.ts';

/** Files that go with an upgrade. */
export type KeptFile = 'manifest' | 'head' | 'index';

/** The journal in a folder, which is made where it is not there. */
export class UpgradeJournal {
  readonly #file: string;
  readonly #kept: string;

  constructor(folder: string) {
    makeFolder(folder);
    this.#file = join(folder, 'upgrade.json');
    this.#kept = join(folder, 'upgrade');
  }

  /** Whether a journal was found damaged and was set aside: what it was about is lost, and the boot loader's word counts. */
  get lost(): boolean {
    return existsSync(asidePath(this.#file));
  }

  /** The upgrade that is under way, or undefined. One whose journal is damaged is set aside. Throws the system's error. */
  read(): Upgrade | undefined {
    try {
      const found = readKept(this.#file) as Upgrade | undefined;
      if (found && !STATES.includes(found.state)) throw new DamagedFile(this.#file);
      return found;
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      setAside(this.#file);
      return undefined;
    }
  }

  /** Puts it on the disk. @throws Failure UPGRADE_STATE_UNWRITABLE */
  write(upgrade: Upgrade): void {
    onDisk(() => writeKept(this.#file, upgrade));
  }

  /** Removes the journal and, before that, what goes with it. Throws the system's error. */
  remove(): void {
    rmSync(this.#kept, { recursive: true, force: true });
    rmSync(this.#file, { force: true });
    syncFolder(join(this.#file, '..'));
  }

  /** Forgets that a journal was damaged. */
  forgetLost(): void {
    rmSync(asidePath(this.#file), { force: true });
  }

  /** Keeps a file with the upgrade; on disk when it returns. @throws Failure UPGRADE_STATE_UNWRITABLE */
  keep(name: KeptFile, content: Uint8Array): void {
    onDisk(() => {
      makeFolder(this.#kept);
      writeFileAtomic(join(this.#kept, name), content);
      syncFolder(join(this.#kept, '..'));
    });
  }

  /** Whether a file was kept. */
  hasKept(name: KeptFile): boolean {
    return existsSync(join(this.#kept, name));
  }

  /** Where files are that go with the upgrade; it is there. */
  keptFolder(): string {
    makeFolder(this.#kept);
    return this.#kept;
  }

  /** A file that was kept, or undefined. */
  kept(name: KeptFile): Buffer | undefined {
    const path = join(this.#kept, name);
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  /** Removes what an upgrade left that was killed before its journal was written. */
  sweep(): void {
    if (!existsSync(this.#file) && existsSync(this.#kept) && readdirSync(this.#kept).length > 0)
      rmSync(this.#kept, { recursive: true, force: true });
  }
}
