/** `nodectl pki serve`. */

import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Issuer } from '../../../pki/issuer/issuer.ts';
import { denylistOf } from '../../../pki/issuer/live-denylist.ts';
import { auditFolderOf, startIssuer } from '../../../pki/issuer/server.ts';
import { type Address, addressText, splitAddress } from '../../../proto/address.ts';
import { type Session, text } from '../../session.ts';
import { pkiFolder } from './folder.ts';
import { duration } from './run-operator.ts';

export async function run(session: Session): Promise<void> {
  const folder = pkiFolder(session);
  const listen = splitAddress(text(session, 'listen') ?? '');
  const renewal = text(session, 'renewalAddress');
  if (renewal !== undefined) splitAddress(renewal);
  // A line a call, as JSON on stderr, like the agent's.
  const log = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 2, sync: true }),
  );
  const stateFolder = join(folder, 'issuer');
  const issuer = new Issuer({
    authorityFolder: folder,
    stateFolder,
    nodeLifeMs: duration(session, 'nodeTtl'),
  });
  try {
    const enrolmentListen = splitAddress(text(session, 'enrolListen') ?? '');
    const server = await startIssuer({
      issuer,
      name: text(session, 'name') ?? 'issuer',
      listen,
      enrolmentListen,
      renewalAddress: (port) => renewal ?? reachable({ ...listen, port }),
      auditFolder: auditFolderOf(stateFolder),
      denylist: denylistOf(stateFolder),
      log,
    });
    await session.terminal.line(
      `Enrolment on port ${server.enrolmentPort}; renewals and the register on port ${server.port}. Ctrl-C ends it.`,
    );
    if (!session.signal.aborted) await once(session.signal, 'abort');
    await server.stop();
  } finally {
    issuer.close();
  }
}

/** What nodes can dial where the issuer listens on all addresses: this machine's name. */
function reachable({ host, port }: Address): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  return addressText({ host: everywhere ? hostname() : host, port });
}
