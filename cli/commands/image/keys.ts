/** Keys that images are signed with and trusted by, read from the files that options name. */

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import { type Keyring, readKeyring } from '../../../proto/image/keyring.ts';
import { MAX_KEYS } from '../../../proto/image/limits.ts';
import { readNamedFile } from '../../context/named-file.ts';
import { whyNotRead } from '../../not-read.ts';
import { list, type Session } from '../../session.ts';
import { passphrase } from '../pki/folder.ts';

const MAX_PEM_BYTES = 64 << 10;

/** The keyring of --keys, or undefined where it was not given. @throws Failure IMAGE_KEYRING_INVALID, BAD_ARGUMENT */
export function trustedKeys(session: Session): Keyring | undefined {
  const paths = list(session, 'keys').flatMap(filesOf);
  if (list(session, 'keys').length === 0) return undefined;
  return readKeyring(paths.map((path) => ({ name: basename(path), text: readPem(path) })));
}

/** The private keys of --key. A sealed one has its passphrase asked for. @throws Failure BAD_ARGUMENT, BAD_PASSPHRASE */
export async function signingKeys(session: Session): Promise<KeyObject[]> {
  const keys: KeyObject[] = [];
  for (const path of list(session, 'key')) keys.push(await signingKey(session, path));
  return keys;
}

async function signingKey(session: Session, path: string): Promise<KeyObject> {
  const pem = readPem(path);
  const isSealed = /ENCRYPTED/.test(pem);
  const phrase = isSealed ? await passphrase(session, `The passphrase of ${path}`) : undefined;
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, ...(phrase === undefined ? {} : { passphrase: phrase }) });
  } catch (cause) {
    if (isSealed) throw new Failure('BAD_PASSPHRASE', `the passphrase does not open ${path}`, { cause });
    throw new Failure('BAD_ARGUMENT', `${path} holds no private key in PEM`, {
      hint: 'nodectl image keygen makes one',
      cause,
    });
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Failure(
      'BAD_ARGUMENT',
      `${path} holds a key of the type ${key.asymmetricKeyType}, and images are signed by Ed25519`,
      {
        hint: 'nodectl image keygen makes one',
      },
    );
  return key;
}

function filesOf(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path)
    .filter((name) => name.endsWith('.pem'))
    .sort();
  if (names.length > MAX_KEYS)
    throw new Failure('IMAGE_KEYRING_INVALID', `${path} holds more than ${MAX_KEYS} keys`);
  return names.map((name) => join(path, name));
}

/** The text of a PEM file. @throws Failure BAD_ARGUMENT */
export function readPem(path: string): string {
  try {
    return readNamedFile(path, MAX_PEM_BYTES, 'a key in PEM');
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `the key ${path} cannot be read: ${whyNotRead(cause)}`, {
      cause,
      hint: 'nodectl image keygen makes a pair: NAME.key signs, NAME.pub.pem is trusted',
    });
  }
}
