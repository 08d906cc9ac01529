/**
 * Sealed values: secrets in a document that only the named nodes and recovery keys can open.
 *
 * A data key seals values: `sealed:v1:ID:BASE64URL` is a nonce, AES-256-GCM's output and its tag, with the value's place in the
 * document as additional data, so that a value which is moved to another place does not open. The data key itself stands in
 * the document under `seals.ID`: an age file (age-encryption.org/v1) to the nodes' keys and to recovery keys, which also says
 * for which nodes it is, so that a node whose key was added by somebody else's hand does not use it.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Failure } from '../failure.ts';

/** A data key. */
export interface SealKey {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly key: Buffer;
  /** The nodes that may use it. */
  readonly nodes: readonly string[];
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VALUE = /^sealed:v1:([0-9a-f]{16}):([A-Za-z0-9_-]{38,})$/;
/** An age file to 1,000 nodes is 200 kB; anything longer is none of ours. */
const MAX_WRAPPED = 1 << 20;

/** A new data key for some nodes. */
export function newSealKey(nodes: readonly string[]): SealKey {
  return { id: randomBytes(8).toString('hex'), key: randomBytes(32), nodes: [...nodes].sort() };
}

/** A data key for `seals.ID`, to age recipients. Throws BAD_ARGUMENT for what is none. */
export async function wrapSealKey(key: SealKey, recipients: readonly string[]): Promise<string> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of new Set(recipients)) {
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new Failure('BAD_ARGUMENT', `"${recipient.slice(0, 80)}" is no age recipient`, {
        hint: 'it begins with age1; age-keygen -y prints that of a key',
        cause,
      });
    }
  }
  const { id, nodes } = key;
  const plain = JSON.stringify({ id, key: key.key.toString('base64'), nodes });
  return Buffer.from(await encrypter.encrypt(plain)).toString('base64');
}

/** Opens `seals.ID` with age identities. Throws SEAL_NOT_OPENED. */
export async function openSealKey(
  id: string,
  wrapped: string,
  identities: readonly string[],
): Promise<SealKey> {
  const closed = (why: string, cause?: unknown) =>
    new Failure('SEAL_NOT_OPENED', `the data key ${id} of the document does not open: ${why}`, {
      hint: 'seal the values again for this node: nodectl config reseal',
      ...(cause === undefined ? {} : { cause }),
    });
  if (wrapped.length > MAX_WRAPPED) throw closed('it is too long to be one');
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  let content: { id?: unknown; key?: unknown; nodes?: unknown };
  try {
    content = JSON.parse(await decrypter.decrypt(Buffer.from(wrapped, 'base64'), 'text')) as typeof content;
  } catch (cause) {
    // The library's own words may quote what it read.
    throw closed('it is not sealed to this key, or is damaged', cause);
  }
  const key = Buffer.from(String(content.key), 'base64');
  if (content.id !== id || key.length !== 32 || !Array.isArray(content.nodes))
    throw closed('it belongs elsewhere');
  return { id, key, nodes: content.nodes.map(String) };
}

/** Seals a value for a place in a document, a JSON Pointer (RFC 6901). */
export function sealValue(key: SealKey, place: string, value: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.key, nonce);
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  return `sealed:v1:${key.id}:${sealed.toString('base64url')}`;
}

/** The id of the data key of a sealed value. Throws BAD_DOCUMENT where it is none. */
export function sealIdOf(sealed: string, place: string): string {
  const id = VALUE.exec(sealed)?.[1];
  if (id) return id;
  throw new Failure('BAD_DOCUMENT', `${place} is no sealed value`, { hint: 'nodectl config seal makes one' });
}

/** Opens a value at its place. Throws SEAL_NOT_OPENED, also where it was sealed for another place. */
export function openValue(key: SealKey, place: string, sealed: string): Buffer {
  const bytes = Buffer.from(VALUE.exec(sealed)?.[2] ?? '', 'base64url');
  const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(-TAG_BYTES)];
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, nonce);
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new Failure('SEAL_NOT_OPENED', `the sealed value at ${place} does not open`, {
      hint: 'it is damaged, or was moved from another place of the document: seal it again',
      cause,
    });
  }
}

/** A JSON Pointer of keys. */
export function pointerOf(...keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
