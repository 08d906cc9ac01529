/** PEM texts of several parts: a key, a leaf, an intermediate, roots. */

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Failure } from '../proto/failure.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const BEGIN_CERTIFICATE = /-----BEGIN CERTIFICATE-----/g;
const KEY = /-----BEGIN (?:EC )?PRIVATE KEY-----[^-]+-----END (?:EC )?PRIVATE KEY-----/;
/** A bundle of ours holds at most a few certificates; what is longer is not read. */
const MAX_CHARACTERS = 256 * 1024;

/** All certificates of a text, in order. Throws BAD_CERTIFICATE where one cannot be read or was cut short. */
export function certificatesOf(text: string): X509Certificate[] {
  if (text.length > MAX_CHARACTERS) throw new Failure('BAD_CERTIFICATE', 'the PEM text is too long');
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length !== (text.match(BEGIN_CERTIFICATE) ?? []).length)
    throw new Failure('BAD_CERTIFICATE', 'a certificate of the PEM text was cut short');
  return found.map((one, index) => {
    try {
      return new X509Certificate(one);
    } catch (cause) {
      throw new Failure('BAD_CERTIFICATE', `certificate ${index + 1} of the PEM text cannot be read`, {
        cause,
      });
    }
  });
}

/** The certificates of a text as PEM without anything around them. */
export function certificatePart(text: string): string {
  return (text.match(CERTIFICATE) ?? []).map((one) => `${one}\n`).join('');
}

/** The first private key of a text, as PEM. Throws BAD_CERTIFICATE where there is none. */
export function keyPart(text: string): string {
  const key = KEY.exec(text)?.[0];
  if (!key) throw new Failure('BAD_CERTIFICATE', 'the PEM text holds no private key');
  return `${key}\n`;
}

/** The first private key of a text. Throws BAD_CERTIFICATE where there is none that can be read. */
export function privateKeyOf(text: string): KeyObject {
  const key = keyPart(text);
  try {
    return createPrivateKey(key);
  } catch (cause) {
    throw new Failure('BAD_CERTIFICATE', 'the private key cannot be read', { cause });
  }
}
