/** Making a folder with those above it. Node's own recursive mkdir never returns where the kernel makes no folders (/proc). */

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and the missing ones above it, with a mode; one that is there is left as it is. Throws the system's error:
 * EEXIST or ENOTDIR where something else is in the way.
 */
export function makeFolder(path: string, mode = 0o700): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isFolder(path)) return;
    const above = dirname(path);
    // /proc and /dev/fd say of a new name that it does not exist, although the folder that it would be in does.
    if (code !== 'ENOENT' || above === path || isFolder(above)) throw error;
    makeFolder(above, mode);
    mkdirSync(path, { mode });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
