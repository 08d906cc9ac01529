/** `nodectl image sign`. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Failure } from '../../../proto/failure.ts';
import {
  type ImageSignature,
  parseEnvelope,
  signedBytes,
  signManifest,
  verifyManifest,
} from '../../../proto/image/envelope.ts';
import { keyIdOf } from '../../../proto/image/key-id.ts';
import { readKeyring } from '../../../proto/image/keyring.ts';
import { resignArchive } from '../../image/build/resign.ts';
import { openImageFile } from '../../image/open.ts';
import { whyNotRead } from '../../not-read.ts';
import { flag, type Session, text } from '../../session.ts';
import { readPem, signingKeys } from './keys.ts';

export async function run(session: Session): Promise<void> {
  const [path = ''] = session.args;
  const image = await openImageFile(path);
  try {
    const manifest = image.manifestBytes;
    if (flag(session, 'printSignedBytes')) return await session.terminal.write(signedBytes(manifest));
    const fresh = [
      ...(await signingKeys(session)).map((key) => signManifest(manifest, key)),
      ...made(session, manifest),
    ];
    if (fresh.length === 0)
      throw new Failure('BAD_ARGUMENT', 'nothing signs: --key and --signature are both missing', {
        hint: 'name a key: --key release.key',
      });
    const all = new Map([...parseEnvelope(image.envelopeBytes), ...fresh].map((one) => [one.keyId, one]));
    const digest = await resignArchive(path, image, [...all.values()]);
    session.terminal.note(`${path} has ${all.size} signatures.`);
    await session.terminal.line(digest);
  } finally {
    await image.close();
  }
}

/** The signature that was made elsewhere, once it has been seen to hold. */
function made(session: Session, manifest: Buffer): ImageSignature[] {
  const [file, publicKey] = [text(session, 'signature'), text(session, 'publicKey')];
  if (file === undefined && publicKey === undefined) return [];
  if (file === undefined || publicKey === undefined)
    throw new Failure('BAD_ARGUMENT', '--signature and --public-key belong together', {
      hint: 'name the signature and the key that it is of',
    });
  const pem = readPem(publicKey);
  const keyring = readKeyring([{ name: publicKey, text: pem }]);
  const key: KeyObject = createPublicKey(pem);
  const signature = { keyId: keyIdOf(key), signature: readSignature(file) };
  verifyManifest(manifest, [signature], keyring);
  return [signature];
}

function readSignature(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `the signature ${file} cannot be read: ${whyNotRead(cause)}`, {
      cause,
    });
  }
}
