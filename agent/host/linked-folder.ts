/** A folder in which links may lead out of it, to files of this machine that are not to be read for those of the captured one. */

import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** A folder; paths are relative to it. */
export class LinkedFolder {
  readonly #root: string;
  /** Folders that are within it. */
  readonly #folders = new Set<string>();

  /** @param root its path, without links */
  constructor(root: string) {
    this.#root = root;
  }

  /** Whether something is at a path and is within the folder. @param has whether something is there, where its links cannot be followed */
  holds(path: string, has: () => boolean): boolean {
    // Of a folder that is within it all files are that are no links.
    const folder = dirname(path);
    if (this.#folders.has(folder) && this.#isPlain(path)) return true;
    const inside = this.#followed(path) ?? has();
    if (inside && !this.#folders.has(folder) && this.#followed(folder) === true) this.#folders.add(folder);
    return inside;
  }

  /** Whether something is at a path and is no link. */
  #isPlain(path: string): boolean {
    try {
      return lstatSync(join(this.#root, path)).isSymbolicLink() === false;
    } catch {
      // What is not there may be found under another name.
      return false;
    }
  }

  /** Whether a path leads out of it. */
  leadsOut(folder: string): boolean {
    return this.#followed(folder) === false;
  }

  /** Whether a path is in the folder when its links are followed. Undefined where it is not there or cannot be followed. */
  #followed(path: string): boolean | undefined {
    try {
      const within = relative(this.#root, realpathSync(join(this.#root, path)));
      return within !== '..' && !within.startsWith(`..${sep}`);
    } catch {
      // Which of the two is what reading it finds out; a dangling link leads nowhere.
      return undefined;
    }
  }
}
