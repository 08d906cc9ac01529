/** Certificates: X.509 version 3 by the letter of RFC 5280, P-256 and ECDSA with SHA-256 throughout. */

import { createHash, createPublicKey, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { Failure } from '../proto/failure.ts';
import * as der from './der.ts';
import { type Subject, subjectUri } from './names.ts';
import { NODES_AUTHORITY, OPERATORS_AUTHORITY, ROOT_AUTHORITY } from './peer.ts';

/**
 * How far a certificate's begin lies in the past, so that a clock that is a little slow takes it. At most a tenth of its life:
 * two thirds of a short life must not be over before it begins, or its holder would renew without end.
 */
export const BACKDATE_MS = 5 * 60_000;

/** An authority that can sign: its certificate and key. */
export interface Signer {
  certificate: X509Certificate;
  key: KeyObject;
}

interface Extension {
  id: string;
  critical: boolean;
  value: der.Der;
}

interface Template {
  commonName: string;
  publicKey: KeyObject;
  notBefore: number;
  notAfter: number;
  extensions: Extension[];
}

/** The key identifier of RFC 5280 section 4.2.1.2 method 1: SHA-1 of the public key's bits. It names the key, it protects nothing. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  // A P-256 SubjectPublicKeyInfo ends in the uncompressed point of 65 bytes.
  return createHash('sha1')
    .update(spki.subarray(spki.length - 65))
    .digest();
}

function name(commonName: string): der.Der {
  const attribute = (id: string, value: string) => der.set(der.sequence(der.oid(id), der.utf8(value)));
  return der.sequence(attribute(der.OID.organization, 'nodectl'), attribute(der.OID.commonName, commonName));
}

function extension({ id, critical, value }: Extension): der.Der {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octets(der.encode(value)));
}

/** Builds and signs a certificate. Without a signer it signs itself with `ownKey`. */
function issue(template: Template, signer: Signer | undefined, ownKey?: KeyObject): X509Certificate {
  const key = signer?.key ?? ownKey;
  if (!key) throw new Error('a certificate needs a key to be signed with');
  const algorithm = der.sequence(der.oid(der.OID.ecdsaWithSha256));
  const issuerName = signer ? der.parsed(rawSubject(signer.certificate)) : name(template.commonName);
  const issuerKey = signer ? signer.certificate.publicKey : template.publicKey;
  // 127 random bits: positive, and not to be guessed before it is issued.
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const all: Extension[] = [
    ...template.extensions,
    {
      id: der.OID.subjectKeyIdentifier,
      critical: false,
      value: der.octets(keyIdentifier(template.publicKey)),
    },
    {
      id: der.OID.authorityKeyIdentifier,
      critical: false,
      value: der.sequence(der.taggedBytes(0, keyIdentifier(issuerKey))),
    },
  ];
  const toBeSigned = der.sequence(
    der.tagged(0, der.integer(Uint8Array.of(2))),
    der.integer(serial),
    algorithm,
    issuerName,
    der.sequence(der.time(template.notBefore), der.time(template.notAfter)),
    name(template.commonName),
    der.parsed(template.publicKey.export({ type: 'spki', format: 'der' })),
    der.tagged(3, der.sequence(...all.map(extension))),
  );
  const signature = sign('sha256', der.encode(toBeSigned), key);
  return new X509Certificate(der.encode(der.sequence(toBeSigned, algorithm, der.bits(signature))));
}

/** The common name in a certificate's subject; empty where there is none. */
export function commonNameOf(certificate: X509Certificate): string {
  return certificate.subject.split('CN=').at(-1) ?? '';
}

/** The subject of a certificate as it stands in it, so that an issuer's name in what it signs is the same to the byte. */
function rawSubject(certificate: X509Certificate): Buffer {
  const toBeSigned = (der.parsed(certificate.raw).value as der.Der[])[0]?.value as der.Der[];
  const subject = toBeSigned[5];
  if (!subject) throw new Error('a certificate without a subject');
  return der.encode(subject);
}

const keyUsage = (byte: number, unused: number): Extension => ({
  id: der.OID.keyUsage,
  critical: true,
  value: der.bits(Uint8Array.of(byte), unused),
});
/** keyCertSign and cRLSign. */
const AUTHORITY_USAGE = keyUsage(0x06, 1);
/** digitalSignature. */
const LEAF_USAGE = keyUsage(0x80, 7);

function authorityConstraints(pathLength: number): Extension {
  const value = der.sequence(der.boolean(true), der.integer(Uint8Array.of(pathLength)));
  return { id: der.OID.basicConstraints, critical: true, value };
}

function extendedUsage(...purposes: string[]): Extension {
  return { id: der.OID.extKeyUsage, critical: false, value: der.sequence(...purposes.map(der.oid)) };
}

/** GeneralName choices of RFC 5280 section 4.2.1.6. */
const DNS_NAME = 2;
const URI_NAME = 6;

const subtree = (choice: number, text: string) => der.sequence(der.taggedBytes(choice, Buffer.from(text)));

/** A self-signed root for ten years or as long as said. One intermediate may follow, or another root in a rotation. */
export function issueRoot(key: KeyObject, notBefore: number, notAfter: number): X509Certificate {
  return issue(
    {
      commonName: ROOT_AUTHORITY,
      publicKey: createPublicKey(key),
      notBefore,
      notAfter,
      extensions: [authorityConstraints(2), AUTHORITY_USAGE],
    },
    undefined,
    key,
  );
}

/** What an intermediate may issue: a URI of ours has the kind in the place of a host name. */
function nameConstraints(kind: 'nodes' | 'operators'): Extension {
  const hosts = kind === 'nodes' ? ['node', 'issuer'] : ['operator'];
  const permitted = der.tagged(0, ...hosts.map((host) => subtree(URI_NAME, host)));
  // An empty base stands for every DNS name: an operator's certificate is nobody's server certificate.
  const excluded = kind === 'operators' ? [der.tagged(1, subtree(DNS_NAME, ''))] : [];
  return { id: der.OID.nameConstraints, critical: true, value: der.sequence(permitted, ...excluded) };
}

/** Whether a certificate is an authority that may issue what its kind may and nothing more, and no authorities. */
export function isConstrained(certificate: X509Certificate, kind: 'nodes' | 'operators'): boolean {
  return [nameConstraints(kind), authorityConstraints(0)].every((one) =>
    certificate.raw.includes(der.encode(extension(one))),
  );
}

/**
 * The intermediate that issues nodes' and issuers' certificates, or the one for operators'. Its name constraints let
 * OpenSSL refuse what it may not issue. Its validity is cut to that of the root.
 */
export function issueAuthority(
  kind: 'nodes' | 'operators',
  root: Signer,
  publicKey: KeyObject,
  notBefore: number,
  notAfter: number,
): X509Certificate {
  return issue(
    {
      commonName: kind === 'nodes' ? NODES_AUTHORITY : OPERATORS_AUTHORITY,
      publicKey,
      notBefore: Math.max(notBefore, root.certificate.validFromDate.getTime()),
      notAfter: Math.min(notAfter, root.certificate.validToDate.getTime()),
      extensions: [
        authorityConstraints(0),
        AUTHORITY_USAGE,
        kind === 'nodes'
          ? extendedUsage(der.OID.serverAuth, der.OID.clientAuth)
          : extendedUsage(der.OID.clientAuth),
        nameConstraints(kind),
      ],
    },
    root,
  );
}

/** The upper bound of a common name in RFC 5280 appendix A.1; some verifiers hold to it. */
const LONGEST_COMMON_NAME = 64;

/** For people to read. With a role in brackets it cannot be taken for a host name, which the operators' authority may not issue. */
function leafCommonName({ name, role }: Subject): string {
  const suffix = role ? ` (${role})` : '';
  return name.slice(0, LONGEST_COMMON_NAME - suffix.length) + suffix;
}

/**
 * Throws CERTIFICATE_EXPIRED or CERTIFICATE_NOT_YET_VALID where an authority is not valid at a time: what it signed then would be
 * refused everywhere.
 */
export function checkAuthority({ certificate }: Pick<Signer, 'certificate'>, now: number): void {
  const { validFromDate: begin, validToDate: end } = certificate;
  const name = commonNameOf(certificate);
  if (end.getTime() <= now)
    throw new Failure(
      'CERTIFICATE_EXPIRED',
      `the ${name} ended ${end.toISOString()} and can issue nothing more`,
      {
        hint: 'renew the authorities of the PKI; a root that has ended needs a new PKI',
      },
    );
  if (begin.getTime() > now)
    throw new Failure('CERTIFICATE_NOT_YET_VALID', `the ${name} begins only ${begin.toISOString()}`, {
      hint: 'is the clock of this machine right?',
    });
}

/**
 * A certificate of a node, an issuer or an operator. Its end is cut to that of the authority. Throws CERTIFICATE_EXPIRED or
 * CERTIFICATE_NOT_YET_VALID where the authority is not valid.
 */
export function issueLeaf(
  subject: Subject,
  authority: Signer,
  publicKey: KeyObject,
  now: number,
  lifeMs: number,
): X509Certificate {
  checkAuthority(authority, now);
  const isServer = subject.kind !== 'operator';
  const purposes = {
    node: [der.OID.serverAuth, der.OID.clientAuth],
    issuer: [der.OID.serverAuth],
    operator: [der.OID.clientAuth],
  }[subject.kind];
  const names = [
    der.taggedBytes(URI_NAME, Buffer.from(subjectUri(subject))),
    ...(isServer ? [der.taggedBytes(DNS_NAME, Buffer.from(subject.name))] : []),
  ];
  return issue(
    {
      commonName: leafCommonName(subject),
      publicKey,
      notBefore: Math.max(
        now - Math.min(BACKDATE_MS, lifeMs / 10),
        authority.certificate.validFromDate.getTime(),
      ),
      notAfter: Math.min(now + lifeMs, authority.certificate.validToDate.getTime()),
      extensions: [
        { id: der.OID.basicConstraints, critical: true, value: der.sequence() },
        LEAF_USAGE,
        extendedUsage(...purposes),
        { id: der.OID.subjectAltName, critical: false, value: der.sequence(...names) },
      ],
    },
    authority,
  );
}
