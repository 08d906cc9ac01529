/** Why a connection could not be made or was ended at once, told as a Failure with a hint. */

import type { X509Certificate } from 'node:crypto';
import { leadsTo } from '../../pki/chain.ts';
import { identityOf } from '../../pki/identity.ts';
import type { Subject } from '../../pki/names.ts';
import { certificatesOf } from '../../pki/pem.ts';
import { renewalHint } from '../../pki/renewal-hint.ts';
import { Failure } from '../failure.ts';
import type { Reason } from '../reasons.ts';
import type { ChannelTarget } from './channel.ts';

/** What to do where something else than an agent answers. */
export const HINT_STRANGER = 'another service listens there: check the address and the port';

/** Why OpenSSL did not accept the peer's chain. `code` is Node's name of OpenSSL's verification result. */
export function untrusted(code: string, leaf: X509Certificate | undefined, address: string): Failure {
  const now = new Date().toISOString();
  if (code === 'CERT_HAS_EXPIRED')
    return new Failure(
      'CERTIFICATE_EXPIRED',
      `the certificate of ${address} ended ${iso(leaf?.validTo)}; it is ${now} here`,
      {
        hint: 'if that time is wrong, mend this clock; else see why the agent could not renew, and enrol it anew',
      },
    );
  if (code === 'CERT_NOT_YET_VALID')
    return new Failure(
      'CERTIFICATE_NOT_YET_VALID',
      `the certificate of ${address} begins ${iso(leaf?.validFrom)}; it is ${now} here`,
      { hint: 'one of the two clocks is wrong: compare this clock with the node’s' },
    );
  // Node has no name for OpenSSL's violations of name constraints, and calls them UNSPECIFIED.
  if (/^UNSPECIFIED$|PURPOSE|INVALID_CA/.test(code))
    return new Failure(
      'WRONG_ISSUER',
      `the certificate of ${address} was minted by an authority that may not issue it`,
      {
        hint: 'treat that machine as taken over until you know better',
        facts: { code },
      },
    );
  return new Failure(
    'WRONG_CA',
    `the certificate of ${address} is not of the authority that this context trusts`,
    {
      hint: 'is it the right context? nodectl context show',
      facts: { code },
    },
  );
}

function iso(date: string | undefined): string {
  return date ? new Date(date).toISOString() : 'at an unknown time';
}

type Explanation = [reason: Reason, why: (address: string) => string, hint: string];

/** System error codes with what they mean to the person who waits. */
const SYSTEM: Record<string, Explanation> = {
  ENOTFOUND: [
    'DNS_FAILED',
    (a) => `the host name of ${a} does not exist`,
    'check the address: nodectl nodes list',
  ],
  EAI_AGAIN: [
    'DNS_FAILED',
    (a) => `the host name of ${a} could not be looked up`,
    'is the resolver reachable?',
  ],
  ECONNREFUSED: ['CONNECTION_REFUSED', (a) => `nothing listens at ${a}`, 'is the agent running on the node?'],
  EHOSTUNREACH: ['HOST_UNREACHABLE', (a) => `there is no way to ${a}`, 'is the node up and in this network?'],
  ENETUNREACH: [
    'HOST_UNREACHABLE',
    (a) => `there is no route to ${a}`,
    'is the network, or the VPN, up here?',
  ],
  ETIMEDOUT: ['CONNECT_TIMEOUT', (a) => `${a} did not answer in time`, 'is the node up?'],
};

const REFUSED = 'see nodectl pki verify for your certificate, and the agent’s log for its reason';

/** The same where an issuer was called. */
const ISSUER_HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'check the issuer’s address',
  ECONNREFUSED: 'is the issuer running (nodectl pki serve), and is it that port?',
  ETIMEDOUT: 'is the issuer’s machine up?',
  EHOSTUNREACH: 'is the issuer’s machine up and in this network?',
};

/** TLS alerts that the peer sends, by the end of Node's error code. */
const ALERTS: [RegExp, Explanation][] = [
  [
    /ALERT_CERTIFICATE_REQUIRED$/,
    [
      'NO_CERTIFICATE',
      (a) => `${a} wants a certificate and was shown none`,
      'the context needs a credential: nodectl context show',
    ],
  ],
  [
    /ALERT_CERTIFICATE_EXPIRED$/,
    ['CERTIFICATE_EXPIRED', (a) => `${a} takes your certificate for expired`, REFUSED],
  ],
  [
    /ALERT_UNKNOWN_CA$/,
    ['WRONG_CA', (a) => `${a} does not trust the authority of your certificate`, REFUSED],
  ],
  [
    /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_UNKNOWN|CERTIFICATE_REVOKED|ACCESS_DENIED)$/,
    ['CERTIFICATE_REFUSED', (a) => `${a} does not accept your certificate`, REFUSED],
  ],
  [
    /ALERT_PROTOCOL_VERSION$|UNSUPPORTED_PROTOCOL$/,
    ['NOT_A_NODECTL_AGENT', (a) => `${a} does not speak TLS 1.3`, HINT_STRANGER],
  ],
  [
    /^ERR_SSL_/,
    ['NOT_A_NODECTL_AGENT', (a) => `what answers at ${a} does not speak TLS as an agent does`, HINT_STRANGER],
  ],
];

/** An error of the socket, before or right after the handshake, as a Failure. */
export function connectFailure(error: unknown, target: ChannelTarget): Failure {
  if (error instanceof Failure) return error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const found = SYSTEM[code] ?? ALERTS.find(([pattern]) => pattern.test(code))?.[1];
  if (found) {
    const [reason, why, general] = found;
    const hint = (target.expect.kind === 'issuer' ? ISSUER_HINTS[code] : undefined) ?? general;
    return new Failure(reason, why(target.address), { hint, facts: { code }, cause: error });
  }
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new Failure(
      'NOT_A_NODECTL_AGENT',
      `${target.address} closed the connection during the TLS handshake`,
      {
        hint: 'is it the agent’s port, and has it room for more connections?',
        facts: { code },
        cause: error,
      },
    );
  return Failure.from(error);
}

/** What to do about a certificate of one's own that has ended. */
function renewOwn(leaf: X509Certificate): string {
  const subject = subjectOf(leaf) ?? { kind: 'operator', name: 'NAME' };
  const way = renewalHint(subject);
  return subject.kind === 'operator' ? `${way}; "nodectl context show" says where it goes` : way;
}

function subjectOf(leaf: X509Certificate): Subject | undefined {
  try {
    return identityOf(leaf);
  } catch {
    return undefined;
  }
}

/**
 * Why a peer ended the connection right after the handshake without a word. In TLS 1.3 the caller's certificate is judged
 * only then, and a Node server closes without an alert; so our own certificate is looked at for the likely cause.
 */
export function refusedAfterHandshake(target: ChannelTarget, now = Date.now()): Failure {
  const { address, credential, trust } = target;
  if (!credential)
    return new Failure(
      'NO_CERTIFICATE',
      `${address} closed the connection: it wants a certificate and was shown none`,
      {
        hint: 'the context needs a credential: nodectl context show',
      },
    );
  const [leaf, ...others] = certificatesOf(credential.chain);
  if (leaf && Date.parse(leaf.validTo) <= now)
    return new Failure(
      'CERTIFICATE_EXPIRED',
      `${address} refused your certificate, which ended ${iso(leaf.validTo)}`,
      {
        hint: renewOwn(leaf),
      },
    );
  if (leaf && Date.parse(leaf.validFrom) > now)
    return new Failure(
      'CERTIFICATE_NOT_YET_VALID',
      `${address} refused your certificate, which begins ${iso(leaf.validFrom)}`,
      { hint: 'is this clock right?' },
    );
  if (leaf && !leadsTo(leaf, others, certificatesOf(trust)))
    return new Failure(
      'WRONG_CA',
      `${address} refused your certificate, which is not of the node’s authority`,
      {
        hint: 'the credential of this context belongs to another authority: nodectl context show',
      },
    );
  return new Failure(
    'CERTIFICATE_REFUSED',
    `${address} closed the connection after it had seen your certificate`,
    {
      hint: 'it may be denied there, or the node’s clock may be wrong; the agent’s log says why',
    },
  );
}
