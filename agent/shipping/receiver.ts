/** A TLS connection to a receiver of logs. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { parseAddress } from '../../proto/address.ts';
import { Failure } from '../../proto/failure.ts';

/** Where logs go. */
export interface Receiver {
  /** "HOST:PORT". */
  readonly to: string;
  /** Authorities in PEM; those that the node trusts where it is undefined. */
  readonly trust?: string | undefined;
  /** The name that the receiver's certificate must have; the host of `to` where it is undefined. */
  readonly serverName?: string | undefined;
}

const CONNECT_MS = 15_000;

/** Where distributions keep the authorities that a machine trusts: Debian's place, then that of Fedora and its kin. */
const AUTHORITIES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/** The authorities that the machine trusts. The runtime's own list is not loaded: the agent itself has no use for it. */
function systemAuthorities(): string[] {
  for (const path of AUTHORITIES) {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      // Another distribution's place.
    }
  }
  return [];
}

/** Connects and verifies. Throws CONNECT_TIMEOUT, CONNECTION_REFUSED, WRONG_CA and what else there may be, as one Failure. */
export async function connectReceiver(
  { to, trust, serverName }: Receiver,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const address = parseAddress(to);
  if (!address) throw new Failure('BAD_CONFIG', `"${to}" is no address of a receiver of logs`);
  const { host, port } = address;
  const socket = connect({
    ...{ host, port, minVersion: 'TLSv1.2' },
    // An address is no name that TLS could be asked for (RFC 6066, 3); the certificate is held against it all the same.
    ...(serverName === undefined && isIP(host) !== 0 ? {} : { servername: serverName ?? host }),
    ca: trust ?? systemAuthorities(),
  });
  const until = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
  try {
    await once(socket, 'secureConnect', { signal: until });
  } catch (cause) {
    socket.destroy();
    if (signal.aborted) throw new Failure('CANCELLED', 'the shipping of logs was stopped', { cause });
    if (until.aborted)
      throw new Failure('CONNECT_TIMEOUT', `${to} did not answer within ${CONNECT_MS} ms`, { cause });
    throw new Failure('CONNECTION_LOST', `${to} does not take logs: ${(cause as Error).message}`, {
      hint: 'is it the right port, and does the node trust the authority of its certificate?',
      cause,
    });
  }
  // What a receiver says is nothing that we could act on; that it has gone is.
  socket.resume();
  socket.on('error', () => undefined);
  return socket;
}
