/**
 * A TLS 1.3 connection to one address, with the cause named when it fails. The caller's library would only say that
 * connecting failed; here DNS, refusal, time-outs, certificates and strangers on the port are told apart.
 */

import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { peerIdentity } from '../../pki/peer.ts';
import { splitAddress } from '../address.ts';
import { Failure } from '../failure.ts';
import type { ChannelTarget, ExpectedPeer } from './channel.ts';
import { connectFailure, HINT_STRANGER, untrusted } from './connect-failure.ts';
import { CONNECT_TIMEOUT_MS, patiently } from './patience.ts';

/**
 * How keys may be agreed, the best first. The first is X25519 joined with ML-KEM-768, so that who records a connection today cannot
 * read it with a quantum computer later. A list that marks none has OpenSSL make a key pair ahead for the first alone; its own list
 * has it make another for X25519, which no agent takes.
 */
const GROUPS = 'X25519MLKEM768:X25519:P-256';

/**
 * Connects, verifies the peer's chain, kind and name, and gives the socket with "h2" negotiated.
 * Throws a Failure that names the cause.
 *
 * @param meanwhile called once the peer has its half of the handshake to do, for work that would else come after it
 */
export async function connectTls(
  target: ChannelTarget,
  signal?: AbortSignal,
  meanwhile: () => void = () => {},
): Promise<TLSSocket> {
  const { host, port } = splitAddress(target.address);
  // What looks names up is loaded where there is one. Who has given up meanwhile asks for none.
  const lookup: LookupFunction = (name, options, done) => {
    import('./look-up.ts').then(
      ({ lookUp }) => lookUp(name, options, () => !tcp.destroyed, done),
      (error) => done(error, []),
    );
  };
  const tcp: Socket = connectTcp({
    ...{ host, port, lookup },
    ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 },
  });
  let named = isIP(host) !== 0;
  tcp.once('lookup', () => {
    named = true;
  });
  // No AbortSignal.timeout() and any(): what they keep of each connection costs a large fleet a tenth of its time.
  let late = false;
  let open = false;
  const endWaiting = patiently(target.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, () => {
    late = true;
    tcp.destroy();
  });
  const stop = () => tcp.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    const context = secureContext(target);
    await opened(tcp);
    open = true;
    const socket = tls().connect({
      socket: tcp,
      secureContext: context,
      ALPNProtocols: ['h2'],
      // No server name is sent: what counts is the identity in the certificate, which is checked below. Node's own check
      // knows host names only, and the regular expression behind it costs a cold call 5 ms.
      checkServerIdentity: () => undefined,
      // Verified right below, where the certificate can still be looked at to say what is wrong with it.
      rejectUnauthorized: false,
    });
    // Node would make this older form of the certificate, which takes longer than verifying it, only for the check above.
    Object.assign(socket, { getPeerCertificate: () => ({}) });
    try {
      const handshake = secured(socket);
      meanwhile();
      await handshake;
      verifyPeer(socket, target.address, target.expect);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return socket;
  } catch (error) {
    tcp.destroy();
    if (signal?.aborted) throw new Failure('CANCELLED', `connecting to ${target.address} was cancelled`);
    if (late && !named)
      throw new Failure('DNS_FAILED', `the host name of ${target.address} was not looked up in time`, {
        hint: 'is the resolver reachable?',
      });
    if (late && open)
      throw new Failure(
        'CONNECT_TIMEOUT',
        `${target.address} took the TCP connection and did not answer TLS in time`,
        { hint: 'the agent may hang or be very busy, or a proxy or another service listens there' },
      );
    if (late)
      throw new Failure('CONNECT_TIMEOUT', `${target.address} did not answer in time`, {
        hint: 'is the node up, and does a firewall drop the packets?',
      });
    throw connectFailure(error, target);
  } finally {
    endWaiting();
    signal?.removeEventListener('abort', stop);
  }
}

/** node:tls. Packages keep this module in a start-up snapshot, which cannot hold that one. */
function tls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls');
}

let latest: { trust: string; credential: ChannelTarget['credential']; context: SecureContext } | undefined;

/** OpenSSL's context for a target. All nodes of a fleet share one: to make it costs a third of a connection's work. */
function secureContext({ trust, credential }: ChannelTarget): SecureContext {
  const same =
    latest?.trust === trust &&
    latest.credential?.chain === credential?.chain &&
    latest.credential?.key === credential?.key;
  if (latest && same) return latest.context;
  const context = tls().createSecureContext({
    ca: trust,
    ...(credential ? { cert: credential.chain, key: credential.key } : {}),
    minVersion: 'TLSv1.3',
    ecdhCurve: GROUPS,
  });
  latest = { trust, credential, context };
  return context;
}

function opened(tcp: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    tcp.once('connect', resolve).once('error', reject);
    tcp.once('close', () => reject(new Error('closed before it was open')));
  });
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve).once('error', reject);
    socket.once('close', () =>
      reject(Object.assign(new Error('closed in the TLS handshake'), { code: 'ECONNRESET' })),
    );
  });
}

/** Throws a Failure unless the peer's certificate is valid, of the trusted root, and names whom we expect. */
function verifyPeer(socket: TLSSocket, address: string, expect: ExpectedPeer): void {
  const leaf = socket.getPeerX509Certificate();
  if (!socket.authorized) throw untrusted(String(socket.authorizationError), leaf, address);
  if (socket.alpnProtocol !== 'h2')
    throw new Failure('NOT_A_NODECTL_AGENT', `${address} speaks TLS but not HTTP/2`, { hint: HINT_STRANGER });
  const identity = peerIdentity(leaf);
  const wanted = `${expect.kind}${expect.name ? ` "${expect.name}"` : ''}`;
  if (identity.kind !== expect.kind || (expect.name !== undefined && identity.name !== expect.name))
    throw new Failure(
      'WRONG_NODE',
      `${address} is answered by ${identity.kind} "${identity.name}", not by ${wanted}`,
      {
        hint: 'has the address moved to another machine? nodectl nodes list shows what the context says',
        facts: { found: identity.uri },
      },
    );
}
