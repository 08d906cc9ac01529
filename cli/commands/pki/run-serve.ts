/** `nodectl pki serve`. */

import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startIssuer } from '../../../pki/issuer/server.ts';
import { splitAddress } from '../../../proto/call/connect.ts';
import { type Session, text } from '../../session.ts';
import { pkiFolder } from './folder.ts';
import { duration } from './run-operator.ts';

export async function run(session: Session): Promise<void> {
  const folder = pkiFolder(session);
  const listen = splitAddress(text(session, 'listen') ?? '');
  const renewalAddress = text(session, 'renewalAddress') ?? reachable(listen);
  splitAddress(renewalAddress);
  // A line a call, as JSON on stderr, like the agent's.
  const log = pino({ base: null }, pino.destination({ fd: 2, sync: true }));
  const issuer = await startIssuer({
    name: text(session, 'name') ?? 'issuer',
    listen,
    enrolListen: splitAddress(text(session, 'enrolListen') ?? ''),
    renewalAddress,
    authorityFolder: folder,
    stateFolder: join(folder, 'issuer'),
    nodeLifeMs: duration(session, 'nodeTtl'),
    log,
  });
  await session.terminal.line(
    `Enrolment at ${issuer.enrolAddress}, renewals and the register at ${issuer.address}; nodes are told ${renewalAddress}.`,
  );
  if (!session.signal.aborted) await once(session.signal, 'abort');
  await issuer.close();
}

/** What nodes can dial where the issuer listens on all addresses: this machine's name. */
function reachable({ host, port }: { host: string; port: number }): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? hostname() : host;
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}
