/**
 * What every resource was before a document first decided on it. A resource that a later document no longer names gets that
 * back, so that taking a line out of a document undoes it.
 */

import { existsSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { asidePath, DamagedFile, readKept, setAside, writeKept } from '../kept-json.ts';
import type { Resource, Snapshot } from '../resource.ts';

/** The originals in a file. It may hold secrets of the machine, and nobody else may read it. */
export class Originals {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether they were damaged since the last document was applied: its lines can no longer be undone by taking them out. */
  get lost(): boolean {
    return existsSync(asidePath(this.#path));
  }

  /** Forgets those that were set aside: another document was applied since, and nobody looks for them any more. */
  forgetAside(): void {
    rmSync(asidePath(this.#path), { force: true });
  }

  /** By id of the resource. A damaged file is set aside: that what was before is lost must not keep the node from its next document. */
  read(): Map<string, Snapshot> {
    try {
      return new Map(Object.entries((readKept(this.#path) ?? {}) as object));
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      setAside(this.#path);
      return new Map();
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
    if (!isDeepStrictEqual(next, Object.fromEntries(kept))) writeKept(this.#path, next);
  }
}

/** A resource that the document no longer names: it should be what it was before. */
export function dropped(resource: Resource, original: Snapshot): Resource {
  const same = resource.same ?? isDeepStrictEqual;
  return {
    ...resource,
    // Those that are dropped come in an order of their own: a unit is stopped before its file goes.
    after: [],
    compare: (snapshot) =>
      same(snapshot, original) ? [] : [{ field: 'managed', from: 'yes', to: 'as it was before' }],
    apply: (host) => resource.restore(host, original),
    observe: (host) => resource.observe(host),
    restore: (host, snapshot) => resource.restore(host, snapshot),
  };
}
