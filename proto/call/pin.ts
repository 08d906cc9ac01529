/**
 * The root certificate of an issuer whom the caller knows only by the pin in an enrolment token. The root is taken from the
 * chain that the issuer sends, held against the pin, and only then used as trust for a connection that OpenSSL verifies.
 */

import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { isSignedBy } from '../../pki/chain.ts';
import { publicKeyDigest } from '../../pki/public-key.ts';
import { splitAddress } from '../address.ts';
import { Failure } from '../failure.ts';
import { connectFailure } from './connect-failure.ts';
import { patiently } from './patience.ts';

const LIMIT_MS = 5_000;
/** A chain of ours has three certificates; a longer one is nobody's we know. */
const LONGEST_CHAIN = 8;

/**
 * Asks the issuer at an address for its chain and gives the self-signed root whose public key's SHA-256 begins with the
 * pin, in PEM. Throws WRONG_CA when there is none: somebody else answers at the address.
 */
export async function pinnedRoot(address: string, pin: Uint8Array): Promise<string> {
  if (pin.length < 16) throw new Failure('BAD_ARGUMENT', 'the pin is shorter than 16 bytes');
  const { host, port } = splitAddress(address);
  const chain = await presentedChain(host, port, address);
  const root = chain.find(
    (one) => publicKeyDigest(one.publicKey).subarray(0, pin.length).equals(pin) && isSignedBy(one, one),
  );
  if (!root)
    throw new Failure('WRONG_CA', `the issuer at ${address} is not the one that the token was made by`, {
      hint: 'check the address and the port (nodes enrol on 7444, not 7445, by default); if both are right, somebody may be posing as the issuer',
    });
  return root.toString();
}

function presentedChain(host: string, port: number, address: string): Promise<X509Certificate[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['h2'],
      // Nothing is believed here but the pin; the connection is closed before a byte is sent on it.
      rejectUnauthorized: false,
    });
    const endWaiting = patiently(LIMIT_MS, () =>
      socket.destroy(new Failure('CONNECT_TIMEOUT', `${address} did not answer in time`)),
    );
    socket.once('close', endWaiting);
    socket.once('error', (error) =>
      reject(connectFailure(error, { address, expect: { kind: 'issuer' }, trust: '' })),
    );
    socket.once('secureConnect', () => {
      const chain: X509Certificate[] = [];
      let at = socket.getPeerCertificate(true);
      while (at?.raw && chain.length < LONGEST_CHAIN) {
        chain.push(new X509Certificate(at.raw));
        if (!at.issuerCertificate || at.issuerCertificate === at) break;
        at = at.issuerCertificate;
      }
      // In good order: to the issuer a handshake that breaks off is one that somebody was refused.
      socket.resume().end();
      resolve(chain);
    });
  });
}
