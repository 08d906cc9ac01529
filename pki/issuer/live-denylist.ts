/**
 * The denylist of an issuer that runs. It is changed beside it, by `nodectl pki deny` and `allow` on the same machine, and
 * holds from the next call on.
 */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { Log } from '../../proto/serve/log.ts';
import { Denylist } from '../denylist.ts';
import type { Identity } from '../identity.ts';

/** Where an issuer's denylist is, below its state folder. */
export function denylistOf(stateFolder: string): string {
  return join(stateFolder, 'denylist.json');
}

/** Reads the list again whenever the file is another one. */
export class LiveDenylist {
  readonly #path: string;
  readonly #log: Log;
  #list: Denylist;
  #version: string;

  /** Throws BAD_CONFIG where there is a list that cannot be read: who is on it must not be let in. */
  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
    this.#version = version(path);
    this.#list = this.#open();
  }

  /** Why an identity is denied now, or undefined where it is not. A file that is damaged meanwhile leaves the list as it was. */
  reasonFor(identity: Pick<Identity, 'uri' | 'serial'>): string | undefined {
    const found = version(this.#path);
    if (found !== this.#version) {
      this.#version = found;
      try {
        this.#list = this.#open();
      } catch (error) {
        this.#log.error({ err: Failure.from(error) }, 'the denylist cannot be read; the last good one stays');
      }
    }
    return this.#list.reasonFor(identity);
  }

  #open(): Denylist {
    const list = Denylist.open(this.#path);
    if (list.problem) this.#log.error({ why: list.problem.message }, 'the denylist was not whole');
    return list;
  }
}

/** What tells one content of the file from the next: it is replaced as a whole, never written over. */
function version(path: string): string {
  const state = statSync(path, { throwIfNoEntry: false });
  return state ? `${state.ino}.${state.mtimeMs}.${state.size}` : '';
}
