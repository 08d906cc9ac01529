/** Asking an issuer for certificates: over the network, or in this process where the agent is an issuer itself. */

import type { Issuer } from '../../pki/issuer/issuer.ts';
import type { Pair } from '../../pki/pair.ts';
import type { Channel, ExpectedPeer } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';

/** What an issuer answers. */
export interface Answer {
  certificateChain: string;
  trustBundle: string;
  /** Where to renew, or empty. */
  renewalAddress: string;
}

/** What the node says of itself. */
export interface Hints {
  addresses: string[];
  labels: Record<string, string>;
}

/** Whoever gives this node certificates. */
export interface CertificateSource {
  /** The first certificate, for a token. `pin` is that of the issuer's root. */
  enrol(token: string, csr: Buffer, pin: Buffer, hints: Hints): Promise<Answer>;
  /** A new certificate for the present one. */
  renew(present: { pair: Pair; trust: string }, csr: Buffer, hints: Hints): Promise<Answer>;
}

/**
 * An issuer over the network. The client is loaded when it is needed, which is twice in a certificate's life.
 * @param enrolment where to enrol, "HOST:PORT"
 * @param renewal where to renew
 */
export function remoteIssuer(
  enrolment: string | undefined,
  renewal: () => string | undefined,
): CertificateSource {
  return {
    enrol: async (token, csr, pin, hints) => {
      if (!enrolment)
        throw new Failure('BAD_CONFIG', 'there is a token, but no address of an issuer to enrol with', {
          hint: 'give --issuer HOST:PORT, or enrolment.issuer in the configuration',
        });
      const [{ pinnedRoot }, { openChannel }] = await Promise.all([
        import('../../proto/call/pin.ts'),
        import('../../proto/call/open.ts'),
      ]);
      const trust = await pinnedRoot(enrolment, pin);
      const channel = await openChannel({ address: enrolment, expect: { kind: 'issuer' }, trust });
      return using(channel, () =>
        channel.unary('nodectl.v1.EnrolmentService/Enrol', { token, csr, ...hints }),
      );
    },

    renew: async ({ pair, trust }, csr, hints) => {
      const address = renewal();
      if (!address)
        throw new Failure('BAD_CONFIG', 'no issuer is known that would renew the certificate', {
          hint: 'give enrolment.renewal in the configuration, or enrol the node anew with a token',
        });
      const { openChannel } = await import('../../proto/call/open.ts');
      const open = (kind: ExpectedPeer['kind']) =>
        openChannel({ address, expect: { kind }, trust, credential: { chain: pair.chain, key: pair.key } });
      // An issuer of its own shows an issuer's certificate, an agent that is an issuer too shows its node's.
      const channel = await open('issuer').catch((error: unknown) => {
        if (error instanceof Failure && error.reason === 'WRONG_NODE') return open('node');
        throw error;
      });
      const answer = await using(channel, () =>
        channel.unary('nodectl.v1.IssuerService/Renew', { csr, ...hints }),
      );
      return { ...answer, renewalAddress: address };
    },
  };
}

async function using<T>(channel: Channel, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    channel.close();
  }
}

/** The issuer in this process. It makes a token for its own node by itself. */
export function ownIssuer(issuer: Issuer): CertificateSource {
  return {
    enrol: async (token, csr, _pin, hints) => answerOf(issuer.enrol(token, { csr, ...hints })),
    renew: async ({ pair }, csr, hints) => answerOf(issuer.renew(pair.identity, { csr, ...hints })),
  };
}

function answerOf({ chain, trust }: { chain: string; trust: string }): Answer {
  return { certificateChain: chain, trustBundle: trust, renewalAddress: '' };
}
