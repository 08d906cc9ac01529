/** Certificates and keys out of PEM texts of several parts. */

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Failure } from '../proto/failure.ts';
import { certificateTexts, isCutShort, keyPart } from './pem-text.ts';

/** A bundle of ours holds at most a few certificates; what is longer is not read. */
const MAX_CHARACTERS = 256 * 1024;

/** All certificates of a text, in order. Throws BAD_CERTIFICATE where one cannot be read or was cut short. */
export function certificatesOf(text: string): X509Certificate[] {
  if (text.length > MAX_CHARACTERS) throw new Failure('BAD_CERTIFICATE', 'the PEM text is too long');
  if (isCutShort(text)) throw new Failure('BAD_CERTIFICATE', 'a certificate of the PEM text was cut short');
  return certificateTexts(text).map((one, index) => {
    try {
      return new X509Certificate(one);
    } catch (cause) {
      throw new Failure('BAD_CERTIFICATE', `certificate ${index + 1} of the PEM text cannot be read`, {
        cause,
      });
    }
  });
}

/** The first private key of a text. Throws BAD_CERTIFICATE where there is none that can be read. */
export function privateKeyOf(text: string): KeyObject {
  const key = keyPart(text);
  if (key === '') throw new Failure('BAD_CERTIFICATE', 'the PEM text holds no private key');
  try {
    return createPrivateKey(key);
  } catch (cause) {
    throw new Failure('BAD_CERTIFICATE', 'the private key cannot be read', { cause });
  }
}
