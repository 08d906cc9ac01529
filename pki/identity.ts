/** Who a certificate speaks for. Runs on every connection of the agent and of nodectl, so it loads nothing but node:crypto. */

import { X509Certificate } from 'node:crypto';
import { Failure } from '../proto/failure.ts';
import { parseSubjectUri, type Subject } from './names.ts';

/** Who a certificate speaks for, and for how long. */
export interface Identity extends Subject {
  /** The URI in the certificate, for example "nodectl://node/web-1". */
  uri: string;
  /** The certificate's serial number in lower-case hexadecimal. */
  serial: string;
  /** Validity in milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
}

/**
 * The identity in a certificate, given as such or as bytes in DER or PEM. Throws WRONG_ISSUER where there is none of ours or
 * more than one, and BAD_CERTIFICATE where the bytes are no certificate.
 */
export function identityOf(certificate: X509Certificate | Uint8Array): Identity {
  const leaf = certificate instanceof X509Certificate ? certificate : readCertificate(certificate);
  const subject = subjectOf(leaf.subjectAltName);
  if (!subject || leaf.ca)
    throw new Failure(
      'WRONG_ISSUER',
      'the certificate is not of nodectl: it names no node, operator or issuer',
      {
        facts: { subject: (leaf.subject ?? '').replaceAll('\n', ', ').slice(0, 200) },
      },
    );
  return {
    ...subject.parsed,
    uri: subject.uri,
    serial: leaf.serialNumber.toLowerCase(),
    notBefore: leaf.validFromDate.getTime(),
    notAfter: leaf.validToDate.getTime(),
  };
}

function readCertificate(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (cause) {
    throw new Failure('BAD_CERTIFICATE', 'the certificate cannot be read', { cause });
  }
}

/**
 * The one URI of ours in Node's rendering of the subject alternative names ("URI:…, DNS:…"). Node puts names with
 * characters that could be mistaken for separators in quotes; none of ours has such, so a quote means that it is not ours.
 */
function subjectOf(names: string | undefined): { uri: string; parsed: Subject } | undefined {
  if (!names || names.includes('"')) return undefined;
  const uris = names.split(', ').filter((name) => name.startsWith('URI:'));
  const uri = uris[0]?.slice('URI:'.length);
  const parsed = uri === undefined ? undefined : parseSubjectUri(uri);
  return uris.length === 1 && uri !== undefined && parsed ? { uri, parsed } : undefined;
}
