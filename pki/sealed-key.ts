/**
 * Private keys at rest: as PEM with mode 0600, or sealed under a passphrase. Sealing uses argon2id with the parameters that
 * RFC 9106 section 4 gives for machines with little memory (64 MiB, three passes, four lanes) and AES-256-GCM. Node's own
 * encrypted PKCS #8 is not used: its key derivation is 2,048 rounds of PBKDF2, which a graphics card tries by the million.
 */

import {
  argon2Sync,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { Failure } from '../proto/failure.ts';
import { keyPem } from './csr.ts';

const KDF = { memoryKiB: 65_536, passes: 3, lanes: 4 } as const;
/** Bounds on what a file may ask for: a hostile one must not take all memory. */
const MOST = { memoryKiB: 1_048_576, passes: 16, lanes: 16 } as const;

/** The whole tag of GCM: a shorter one would be easier to forge. */
const TAG_BYTES = 16;

/** The shortest passphrase for a key that can mint admins. */
export const MIN_PASSPHRASE = 10;

/** A sealed key as it stands in its file. */
export interface Sealed {
  version: 1;
  cipher: 'aes-256-gcm';
  kdf: 'argon2id';
  memoryKiB: number;
  passes: number;
  lanes: number;
  salt: string;
  nonce: string;
  key: string;
}

type Parameters = Pick<Sealed, 'memoryKiB' | 'passes' | 'lanes' | 'salt'>;

function derive(passphrase: string, { memoryKiB, passes, lanes, salt }: Parameters): Buffer {
  return argon2Sync('argon2id', {
    message: Buffer.from(passphrase.normalize('NFC')),
    nonce: Buffer.from(salt, 'base64'),
    parallelism: lanes,
    memory: memoryKiB,
    passes,
    tagLength: 32,
  });
}

/** Everything but the ciphertext, in one order, bound to it so that weaker parameters cannot be put in. */
function associated({ version, cipher, kdf, memoryKiB, passes, lanes, salt, nonce }: Sealed): Buffer {
  return Buffer.from(JSON.stringify({ version, cipher, kdf, memoryKiB, passes, lanes, salt, nonce }));
}

/** A key sealed under a passphrase, as JSON text. Throws BAD_ARGUMENT where the passphrase is too short. */
export function sealKey(key: KeyObject, passphrase: string): string {
  if (passphrase.length < MIN_PASSPHRASE)
    throw new Failure('BAD_ARGUMENT', `the passphrase has fewer than ${MIN_PASSPHRASE} characters`, {
      hint: 'take a longer one: four random words are good',
    });
  const sealed: Sealed = {
    version: 1,
    cipher: 'aes-256-gcm',
    kdf: 'argon2id',
    ...KDF,
    salt: randomBytes(16).toString('base64'),
    nonce: randomBytes(12).toString('base64'),
    key: '',
  };
  const cipher = createCipheriv(
    'aes-256-gcm',
    derive(passphrase, sealed),
    Buffer.from(sealed.nonce, 'base64'),
  );
  cipher.setAAD(associated(sealed));
  const bytes = Buffer.concat([cipher.update(keyPem(key)), cipher.final(), cipher.getAuthTag()]);
  return `${JSON.stringify({ ...sealed, key: bytes.toString('base64') }, null, 2)}\n`;
}

/** Whether a text is a sealed key. */
export function isSealed(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/**
 * Opens a sealed key. Throws BAD_PASSPHRASE where the passphrase is wrong or the file was changed, BAD_CERTIFICATE where it is no
 * sealed key.
 */
export function openKey(text: string, passphrase: string): KeyObject {
  const sealed = parseSealed(text);
  const all = Buffer.from(sealed.key, 'base64');
  const tagAt = all.length - TAG_BYTES;
  let wrapping: Buffer;
  try {
    wrapping = derive(passphrase, sealed);
  } catch (cause) {
    throw new Failure('BAD_CERTIFICATE', 'the passphrase cannot be put through argon2id', {
      hint: `is there memory of ${sealed.memoryKiB} KiB? if so, the file is damaged: take it from your backup`,
      cause,
    });
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrapping, Buffer.from(sealed.nonce, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(associated(sealed));
    decipher.setAuthTag(all.subarray(tagAt));
    const pem = Buffer.concat([decipher.update(all.subarray(0, tagAt)), decipher.final()]);
    return createPrivateKey(pem);
  } catch {
    throw new Failure('BAD_PASSPHRASE', 'the passphrase does not open the key', {
      hint: 'if you are sure of it, the file may be damaged: take it from your backup',
    });
  }
}

/** The parts of a sealed key. Throws BAD_CERTIFICATE where the text is none, or asks for more than is bearable. */
export function parseSealed(text: string): Sealed {
  try {
    const sealed = JSON.parse(text) as Sealed;
    const known = sealed.version === 1 && sealed.cipher === 'aes-256-gcm' && sealed.kdf === 'argon2id';
    const bounded = (['memoryKiB', 'passes', 'lanes'] as const).every(
      (name) => Number.isInteger(sealed[name]) && sealed[name] > 0 && sealed[name] <= MOST[name],
    );
    const whole = [sealed.salt, sealed.nonce, sealed.key].every((part) => typeof part === 'string');
    if (known && bounded && whole && sealed.key.length > TAG_BYTES * 2) return sealed;
  } catch {
    // Told below like every other defect of the file.
  }
  throw new Failure('BAD_CERTIFICATE', 'the sealed key file is damaged or of an unknown version', {
    hint: 'take it from your backup',
  });
}
