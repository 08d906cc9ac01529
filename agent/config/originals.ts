/**
 * What every resource was before a document first decided on it. A resource that a later document no longer names gets that
 * back, so that taking a line out of a document undoes it.
 */

import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import type { Resource, Snapshot } from './resource.ts';

/** The originals in a file. It may hold secrets of the machine, and nobody else may read it. */
export class Originals {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** By id of the resource. */
  read(): Map<string, Snapshot> {
    try {
      return new Map(Object.entries(JSON.parse(readFileSync(this.#path, 'utf8')) as object));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
      throw error;
    }
  }

  /** Keeps those of some resources: of new ones what they are now, of old ones what is kept already. On disk when it returns. */
  keep(ids: Iterable<string>, now: ReadonlyMap<string, Snapshot>): void {
    const kept = this.read();
    const next: Record<string, Snapshot> = {};
    for (const id of ids) {
      if (kept.has(id)) next[id] = kept.get(id);
      else if (now.has(id)) next[id] = now.get(id);
    }
    if (!isDeepStrictEqual(next, Object.fromEntries(kept))) writeFileAtomic(this.#path, JSON.stringify(next));
  }
}

/** A resource that the document no longer names: it should be what it was before. */
export function dropped(resource: Resource, original: Snapshot): Resource {
  return {
    ...resource,
    compare: (snapshot) =>
      isDeepStrictEqual(snapshot, original)
        ? []
        : [{ field: 'managed', from: 'yes', to: 'as it was before' }],
    apply: (host) => resource.restore(host, original),
    observe: (host) => resource.observe(host),
    restore: (host, snapshot) => resource.restore(host, snapshot),
  };
}
