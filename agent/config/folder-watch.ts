/** Watches files by the folders that they stand in, also when such a folder is moved, removed and made again. */

import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** More folders than these are not watched: inotify's watches are few, and all users of the machine share them. */
const MAX_WATCHED = 256;

interface Watched {
  readonly watcher: FSWatcher;
  /** Device and inode: another folder of the same name is another folder. */
  readonly identity: string;
}

/** Tells when something happens to files. What it misses a slow comparison finds. */
export class FolderWatch {
  readonly #changed: () => void;
  #watched = new Map<string, Watched>();
  /** Names of files by the folder in which they are, or would be. */
  #wanted = new Map<string, Set<string>>();

  /** Names that count by the folder that is watched; undefined where all do. */
  #heard = new Map<string, ReadonlySet<string> | undefined>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches these files, absolute paths, and no others any more. */
  watch(paths: readonly string[]): void {
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched = new Map();
    this.#wanted = new Map();
    for (const path of paths) {
      const folder = dirname(path);
      const names = this.#wanted.get(folder) ?? new Set();
      this.#wanted.set(folder, names.add(basename(path)));
    }
    this.refresh();
  }

  /** Watches folders that are there now and were not before, or are others. */
  refresh(): void {
    this.#heard = new Map([...this.#wanted].slice(0, MAX_WATCHED));
    // A folder that is made again, or moved, is seen from the nearest one above that is there; of that one everything counts.
    for (const folder of [...this.#heard.keys()]) {
      let above = folder;
      while (identityOf(above) === undefined && above !== dirname(above)) above = dirname(above);
      if (above !== folder) this.#heard.set(above, undefined);
    }
    for (const [folder, { watcher, identity }] of this.#watched)
      if (!this.#heard.has(folder) || identityOf(folder) !== identity) {
        watcher.close();
        this.#watched.delete(folder);
      }
    for (const folder of this.#heard.keys()) if (!this.#watched.has(folder)) this.#open(folder);
  }

  #open(folder: string): void {
    const identity = identityOf(folder);
    if (identity === undefined) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        const names = this.#heard.get(folder);
        // The folder's own name is told when it is moved or removed itself.
        if (names === undefined || name === null || names.has(name) || name === basename(folder))
          this.#changed();
      });
      watcher.on('error', () => watcher.close());
      this.#watched.set(folder, { watcher, identity });
    } catch {
      // There may be no more watches, or no permission: the slow comparison is left.
    }
  }
}

function identityOf(folder: string): string | undefined {
  try {
    const { dev, ino } = statSync(folder);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
