/** The key to which secrets for this node are sealed. It is made on the node when it is first needed and never leaves it. */

import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import type { Document } from '../../proto/config/document.ts';
import { openSealKey, openValue, type SealKey, sealIdOf } from '../../proto/config/seal.ts';
import { Failure } from '../../proto/failure.ts';

/** Opens a sealed value of a document at its place, a JSON Pointer. @throws Failure SEAL_NOT_OPENED, BAD_DOCUMENT */
export type Unseal = (sealed: string, place: string) => Buffer;

/** Data keys that were opened are kept, since every plan needs them: as many as documents have. */
const MAX_KEPT = 256;

/** The key of a node, in a file that only the agent reads. */
export class NodeSealKey {
  readonly #path: string;
  readonly #node: string;
  readonly #opened = new Map<string, SealKey>();

  constructor(path: string, node: string) {
    this.#path = path;
    this.#node = node;
  }

  /** The age recipient to which secrets for this node are sealed. */
  async recipient(): Promise<string> {
    const { identityToRecipient } = await import('age-encryption');
    return identityToRecipient(await this.#identity(true));
  }

  /** What opens the values of a document. Its data keys are opened now. Throws SEAL_NOT_OPENED. */
  async unsealer({ seals = {} }: Document): Promise<Unseal> {
    const keys = new Map<string, SealKey>();
    for (const [id, wrapped] of Object.entries(seals)) keys.set(id, await this.#open(id, wrapped));
    return (sealed, place) => {
      const id = sealIdOf(sealed, place);
      const key = keys.get(id);
      if (key) return openValue(key, place, sealed);
      throw new Failure('SEAL_NOT_OPENED', `the document has no data key ${id} for the value at ${place}`, {
        hint: 'copy its line of "seals" along with the value, or seal the value again',
      });
    };
  }

  async #open(id: string, wrapped: string): Promise<SealKey> {
    const known = this.#opened.get(wrapped);
    if (known?.id === id) return known;
    const key = await openSealKey(id, wrapped, [await this.#identity(false)]);
    if (!key.nodes.includes(this.#node))
      throw new Failure('SEAL_NOT_OPENED', `the data key ${id} is not for this node`, {
        hint: 'seal the values again for it: nodectl config reseal',
      });
    if (this.#opened.size >= MAX_KEPT) this.#opened.clear();
    this.#opened.set(wrapped, key);
    return key;
  }

  async #identity(make: boolean): Promise<string> {
    try {
      return readFileSync(this.#path, 'utf8').trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    if (!make)
      throw new Failure(
        'SEAL_NOT_OPENED',
        'the document has sealed values, and this node has no key to open them yet',
        {
          hint: 'nodectl config seal fetches the node’s key and seals to it',
        },
      );
    const { generateX25519Identity } = await import('age-encryption');
    const identity = await generateX25519Identity();
    writeFileAtomic(this.#path, `${identity}\n`);
    return identity;
  }
}
