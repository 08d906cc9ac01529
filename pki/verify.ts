/** Looks certificates over, in words: whom they are for, how long, by whom, and whether a key belongs to them. */

import type { X509Certificate } from 'node:crypto';
import { Failure } from '../proto/failure.ts';
import { isSignedBy } from './chain.ts';
import { error, type Finding, ok, validity, WARN_AUTHORITY_MS, warning } from './finding.ts';
import { identityOf } from './identity.ts';
import { keyFits } from './key-fits.ts';
import type { Subject } from './names.ts';
import { issuerName } from './peer.ts';
import { certificatesOf, privateKeyOf } from './pem.ts';
import { renewalHint } from './renewal-hint.ts';

/** Leaves renew at two thirds of their life; one with less than a third left should have been renewed. */
const WARN_SHARE = 1 / 3;

/** serverAuth and clientAuth of RFC 5280 section 4.2.1.12. */
const PURPOSES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };

/**
 * What is in order with a PEM text and what is not: leaf, intermediates, perhaps a key, in any order but the leaf first.
 * @param trust root certificates in PEM; without them it is only looked whether the text hangs together
 * @param now milliseconds since the epoch
 */
export function verifyPem(text: string, trust?: string, now = Date.now()): Finding[] {
  let certificates: X509Certificate[];
  let roots: X509Certificate[] | undefined;
  try {
    certificates = certificatesOf(text);
    roots = trust === undefined ? undefined : certificatesOf(trust);
  } catch (cause) {
    const failure = Failure.from(cause);
    return [error(failure.message, 'copy the file once more, whole')];
  }
  const [leaf, ...others] = certificates;
  if (!leaf)
    return [error('the text holds no certificate', 'give a file in PEM: -----BEGIN CERTIFICATE-----')];
  return [
    ...(leaf.ca
      ? [ok(`the first certificate is an authority: ${inOneLine(leaf.subject)}`)]
      : leafFindings(leaf, now)),
    ...[...(leaf.ca ? [leaf] : []), ...others].map((one) => authorityValidity(one, now)),
    ...chainFindings(leaf, others, roots, now),
    ...keyFindings(text, leaf),
  ];
}

function inOneLine(name: string): string {
  return name.replaceAll('\n', ', ').slice(0, 200);
}

function authorityValidity(certificate: X509Certificate, now: number): Finding {
  const what = `"${inOneLine(certificate.subject)}"`;
  return validity(what, certificate, now, WARN_AUTHORITY_MS, 'renew the authorities of the PKI');
}

function leafFindings(leaf: X509Certificate, now: number): Finding[] {
  let subject: Subject;
  try {
    subject = identityOf(leaf);
  } catch (cause) {
    const failure = Failure.from(cause);
    return [error(failure.message, `its subject is "${inOneLine(leaf.subject)}"; is it the right file?`)];
  }
  const { kind, name, role } = subject;
  const who = `the certificate of ${kind} ${name}`;
  const life = leaf.validToDate.getTime() - leaf.validFromDate.getTime();
  const findings = [
    ok(`it is for ${kind} ${name}${role ? ` in the role ${role}` : ''}`),
    validity(who, leaf, now, life * WARN_SHARE, renewalHint(subject)),
  ];
  if (leaf.issuer !== issuerName(kind))
    findings.push(
      error(
        `${who} was issued by "${inOneLine(leaf.issuer)}", which is not the authority for that kind`,
        'everybody will refuse it; find out who made it',
      ),
    );
  if (kind !== 'operator' && leaf.checkHost(name, { subject: 'never' }) === undefined)
    findings.push(error(`${who} does not carry "${name}" as a DNS name`, 'have it issued anew'));
  const wanted = [
    ...(kind === 'operator' ? [] : [PURPOSES.server]),
    ...(kind === 'issuer' ? [] : [PURPOSES.client]),
  ];
  if (wanted.some((purpose) => !leaf.keyUsage?.includes(purpose)))
    findings.push(error(`${who} lacks a purpose that TLS asks for`, 'have it issued anew'));
  return findings;
}

/** Follows the signatures from the leaf up. */
function chainFindings(
  leaf: X509Certificate,
  others: X509Certificate[],
  roots: X509Certificate[] | undefined,
  now: number,
): Finding[] {
  const left = new Set(others);
  let at = leaf;
  for (;;) {
    const current = at;
    const root = roots?.find(
      (one) => one.fingerprint256 === current.fingerprint256 || isSignedBy(current, one),
    );
    if (root)
      return [
        ok(`it leads to the trusted root ${root.fingerprint256.slice(0, 23)}…`),
        ...(root.fingerprint256 === current.fingerprint256 ? [] : [authorityValidity(root, now)]),
      ];
    const next = [...left].find((one) => isSignedBy(current, one));
    if (!next) return [endOfChain(leaf, current, roots)];
    left.delete(next);
    at = next;
  }
}

function endOfChain(
  leaf: X509Certificate,
  last: X509Certificate,
  roots: X509Certificate[] | undefined,
): Finding {
  const missing = inOneLine(last.issuer);
  if (roots)
    return error(
      `it does not lead to a trusted root: nothing here is "${missing}" and signed it`,
      'is the intermediate missing, or is it of another PKI?',
    );
  if (last === leaf && !isSignedBy(leaf, leaf))
    return warning(
      `the intermediate "${missing}" is not in the text, so the other side of TLS may not find it`,
      'put leaf and intermediate into one file, leaf first',
    );
  return ok(
    `the certificates hang together up to "${missing}"; without a root to compare with, no more can be said`,
  );
}

function keyFindings(text: string, leaf: X509Certificate): Finding[] {
  if (!text.includes('PRIVATE KEY-----')) return [];
  try {
    return keyFits(leaf, privateKeyOf(text))
      ? [ok('the private key belongs to it')]
      : [
          error(
            'the private key does not belong to it',
            'find the key that was made with it, or make both anew',
          ),
        ];
  } catch {
    return [error('the private key cannot be read', 'it may be encrypted or cut short')];
  }
}
