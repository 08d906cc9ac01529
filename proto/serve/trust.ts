/** The server's own key and certificate, the roots it trusts, and the check of new ones before they are taken into use. */

import { constants } from 'node:crypto';
import type { SecureServerOptions } from 'node:http2';
import { createSecureContext, type DetailedPeerCertificate } from 'node:tls';
import { leadsTo } from '../../pki/chain.ts';
import { keyFits } from '../../pki/key-fits.ts';
import { certificatesOf, privateKeyOf } from '../../pki/pem.ts';
import { Failure } from '../failure.ts';
import { chooseHttp2 } from './handshake.ts';
import { SESSION_MEMORY_MB, type ServeLimits, WINDOW_BYTES } from './limits.ts';

/** What a server shows and trusts, all in PEM. */
export interface ServerMaterial {
  /** The private key of the first certificate of the chain. */
  readonly key: string;
  /** Leaf and intermediate, leaf first. */
  readonly chain: string;
  /** Root certificates of callers. */
  readonly trust: string;
}

/** Whether callers must show a certificate; "anyone" is for enrolment ports, where nobody has one yet. */
export type Callers = 'certificates' | 'anyone';

/** AES-128-GCM first: on processors with AES instructions it is the fastest of the three. */
const CIPHERS = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256';

/**
 * Holds new material against itself: the key belongs to the leaf, and the leaf's chain leads to a trusted root. Throws
 * BAD_CERTIFICATE or WRONG_CA; the server then keeps what it has.
 */
export function checkMaterial(material: ServerMaterial): void {
  const [leaf, ...rest] = certificatesOf(material.chain);
  const roots = certificatesOf(material.trust);
  if (!leaf || roots.length === 0)
    throw new Failure('BAD_CERTIFICATE', 'the certificate or the trust bundle is missing or cut short');
  if (!keyFits(leaf, privateKeyOf(material.key)))
    throw new Failure('BAD_CERTIFICATE', 'the private key does not belong to the certificate');
  if (!leadsTo(leaf, rest, roots))
    throw new Failure('WRONG_CA', 'the certificate does not lead to a trusted root');
}

/** SHA-256 fingerprints of the trusted roots. */
export function rootFingerprints(trust: string): Set<string> {
  return new Set(certificatesOf(trust).map((root) => root.fingerprint256));
}

/** The fingerprint of the root that a verified peer's chain ends in. */
export function rootOf(certificate: DetailedPeerCertificate): string {
  let at = certificate;
  while (at.issuerCertificate && at.issuerCertificate !== at) at = at.issuerCertificate;
  return at.fingerprint256 ?? '';
}

/** The part of the TLS options that a reload replaces. Throws BAD_CERTIFICATE where OpenSSL does not take it. */
export function secureContext(material: ServerMaterial, callers: Callers) {
  const options = {
    key: material.key,
    // A node that enrols knows no more than the root's pin, so it must be shown the root.
    cert: callers === 'anyone' ? `${material.chain}\n${material.trust}` : material.chain,
    ca: material.trust,
    ciphers: CIPHERS,
    honorCipherOrder: true,
    minVersion: 'TLSv1.3' as const,
    // A session that is resumed brings the leaf and its old verdict, not the chain: every connection shall show all of it.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
  try {
    createSecureContext(options);
  } catch (cause) {
    throw new Failure('BAD_CERTIFICATE', 'OpenSSL does not take the key, the certificate or the roots', {
      cause,
    });
  }
  return options;
}

/** What the HTTP/2 server is made with beside keys: TLS 1.3 only, callers' certificates, and bounds against abuse. */
export function serverOptions(callers: Callers, limits: ServeLimits): SecureServerOptions {
  return {
    minVersion: 'TLSv1.3',
    requestCert: callers === 'certificates',
    rejectUnauthorized: callers === 'certificates',
    handshakeTimeout: limits.handshakeMs,
    unknownProtocolTimeout: limits.handshakeMs,
    allowHTTP1: false,
    ALPNCallback: chooseHttp2,
    maxSessionMemory: SESSION_MEMORY_MB,
    maxHeaderListPairs: 64,
    maxSettings: 32,
    maxOutstandingPings: 4,
    maxSessionInvalidFrames: 100,
    // A caller may open this many streams before it has read our settings.
    maxSessionRejectedStreams: 200,
    // Rapid reset: a burst of a command's fan-out is fine, a thousand a second is not.
    streamResetBurst: 200,
    streamResetRate: 20,
    settings: {
      enablePush: false,
      initialWindowSize: WINDOW_BYTES,
      maxConcurrentStreams: limits.streamsPerConnection,
      maxHeaderListSize: 16 * 1024,
    },
  };
}
