/** Files by their paths, over any file system that can list a folder and read a file by a handle. */

import type { FileView } from '../boot-models.ts';

/** An entry of a folder. */
export interface Entry<H> {
  readonly name: string;
  readonly folder: boolean;
  readonly handle: H;
}

/** A view of a file system. `fold` makes names alike that are the same there. */
export function treeView<H>(
  root: H,
  list: (folder: H) => Entry<H>[],
  read: (file: H) => Buffer | undefined,
  fold: (name: string) => string,
): FileView {
  const find = (path: string): Entry<H> | undefined => {
    let here: Entry<H> | undefined = { name: '', folder: true, handle: root };
    for (const part of path === '' ? [] : path.split('/'))
      here = here?.folder ? list(here.handle).find(({ name }) => fold(name) === fold(part)) : undefined;
    return here;
  };
  return {
    read: (path) => {
      const found = find(path);
      return found && !found.folder ? read(found.handle) : undefined;
    },
    list: (path) => {
      const found = find(path);
      return found?.folder ? list(found.handle).map(({ name }) => name) : [];
    },
  };
}
