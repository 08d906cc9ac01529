/** Sealed values in a document's file: put in, and sealed again for other nodes. Comments and everything else stay. */

import { readFileSync, statSync } from 'node:fs';
import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import {
  newSealKey,
  openSealKey,
  pointerOf,
  sealIdOf,
  sealValue,
  wrapSealKey,
} from '../../proto/config/seal.ts';
import { Failure } from '../../proto/failure.ts';
import { readNamedFile } from '../context/named-file.ts';
import { readDocumentFile } from './document-file.ts';

/** For whom values are sealed. */
export interface SealRecipients {
  /** Names of nodes. */
  readonly nodes: readonly string[];
  /** Age recipients of the nodes and of recovery keys. */
  readonly recipients: readonly string[];
}

/** Seals a value and puts it where the keys lead to in a document or layer. Data keys that nothing uses any more are taken out. */
export async function sealInto(
  path: string,
  keys: readonly string[],
  value: Uint8Array,
  to: SealRecipients,
): Promise<void> {
  const document = read(path);
  const key = newSealKey(to.nodes);
  const parent = keys.slice(0, -1);
  for (let length = 1; length <= parent.length; length++)
    if (!isMap(document.getIn(parent.slice(0, length), true)))
      document.setIn(parent.slice(0, length), document.createNode({}));
  // What stood there in clear must not stay beside it.
  for (const clear of ['content', 'contentBase64', 'absent']) document.deleteIn([...parent, clear]);
  document.setIn(keys, sealValue(key, pointerOf(...keys), value));
  document.setIn(['seals', key.id], await wrapSealKey(key, to.recipients));
  write(path, document);
}

/** Wraps every data key of a file anew for nodes and recovery keys; the values stay as they are. Gives how many there were. */
export async function resealFile(
  path: string,
  identities: readonly string[],
  to: SealRecipients,
): Promise<number> {
  const document = read(path);
  const seals = document.get('seals', true);
  if (!isMap(seals)) return 0;
  let count = 0;
  for (const { key, value } of [...seals.items]) {
    const id = String(isScalar(key) ? key.value : key);
    const opened = await openSealKey(id, String(isScalar(value) ? value.value : ''), identities);
    document.setIn(
      ['seals', id],
      await wrapSealKey({ ...opened, nodes: [...to.nodes].sort() }, to.recipients),
    );
    count++;
  }
  write(path, document);
  return count;
}

/** The identities of an age key file: its lines that begin with AGE-SECRET-KEY. Throws BAD_ARGUMENT where it has none. */
export function readIdentities(path: string): string[] {
  const lines = readNamedFile(path, 64 << 10, 'an age key file')
    .split('\n')
    .map((line) => line.trim());
  const identities = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (identities.length > 0) return identities;
  throw new Failure('BAD_ARGUMENT', `${path} has no age identity`, { hint: 'age-keygen makes one' });
}

function read(path: string): Document {
  const document = parseDocument(readDocumentFile(path));
  const [wrong] = document.errors;
  if (wrong) throw new Failure('BAD_DOCUMENT', `${path}: ${wrong.message}`);
  if (document.contents === null) document.contents = document.createNode({}) as unknown as null;
  return document;
}

function write(path: string, document: Document): void {
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.startsWith('sealed:v1:')) used.add(sealIdOf(value, path));
    else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) visit(inner);
  };
  const { seals = {}, ...rest } = document.toJS() as { seals?: Record<string, string> };
  visit(rest);
  for (const id of Object.keys(seals)) if (!used.has(id)) document.deleteIn(['seals', id]);
  writeFileAtomic(path, document.toString({ lineWidth: 0 }), statSync(path).mode & 0o777);
}

/** The secret: a file's bytes, or all of standard input. Throws BAD_ARGUMENT where that is empty. */
export function readSecret(path: string | undefined): Buffer {
  const secret = path === undefined ? readFileSync(0) : readFileSync(path);
  if (secret.length > 0) return secret;
  throw new Failure('BAD_ARGUMENT', 'there is no secret to seal: the input is empty', {
    hint: 'write --value-file FILE, or pipe it in',
  });
}
