/** `nodectl image keygen`. */

import { generateKeyPairSync } from 'node:crypto';
import { statSync } from 'node:fs';
import { writeFileAtomic } from '../../../pki/atomic-file.ts';
import { Failure } from '../../../proto/failure.ts';
import { keyIdOf } from '../../../proto/image/key-id.ts';
import { notWritten } from '../../not-written.ts';
import { flag, type Session } from '../../session.ts';
import { newPassphrase } from '../pki/folder.ts';

export async function run(session: Session): Promise<void> {
  const [name = ''] = session.args;
  const [secret, shared] = [`${name}.key`, `${name}.pub.pem`];
  // A key that signed images must not be lost under a new one.
  for (const path of [secret, shared])
    if (statSync(path, { throwIfNoEntry: false }))
      throw new Failure('BAD_ARGUMENT', `${path} is there already`, { hint: 'name another file' });
  const phrase = flag(session, 'plainKeys')
    ? undefined
    : await newPassphrase(session, `A passphrase for ${secret}`);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const sealing = phrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase: phrase };
  try {
    writeFileAtomic(secret, privateKey.export({ format: 'pem', type: 'pkcs8', ...sealing }).toString());
    writeFileAtomic(shared, publicKey.export({ format: 'pem', type: 'spki' }).toString(), 0o644);
  } catch (cause) {
    throw notWritten(`the key ${(cause as NodeJS.ErrnoException).path ?? secret}`, cause);
  }
  session.terminal.note(`${secret} signs images, and is a secret. ${shared} is what nodes trust.`);
  await session.terminal.line(keyIdOf(publicKey));
}
