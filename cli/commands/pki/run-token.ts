/** `nodectl pki token`. */

import { join } from 'node:path';
import { Issuer } from '../../../pki/issuer/issuer.ts';
import { type Session, text } from '../../session.ts';
import { withIssuer } from '../nodes/register.ts';
import { pkiFolder } from './folder.ts';
import { duration } from './run-operator.ts';

export async function run(session: Session): Promise<void> {
  const [node = ''] = session.args;
  const lifeMs = duration(session, 'ttl');
  const { token, notAfter } =
    text(session, 'dir') === undefined ? await ask(session, node, lifeMs) : make(session, node, lifeMs);
  await session.terminal.line(token);
  session.terminal.note(
    `It enrols "${node}" once, until ${new Date(notAfter).toISOString()}. It is a secret.`,
  );
}

async function ask(
  session: Session,
  node: string,
  lifeMs: number,
): Promise<{ token: string; notAfter: number }> {
  const request = { node, ttlSeconds: Math.ceil(lifeMs / 1000) };
  const answer = await withIssuer(session, (channel) =>
    channel.unary('nodectl.v1.IssuerService/CreateToken', request, session.limits()),
  );
  return { token: answer.token, notAfter: answer.notAfter * 1000 };
}

function make(session: Session, node: string, lifeMs: number): { token: string; notAfter: number } {
  const folder = pkiFolder(session);
  const issuer = new Issuer({ authorityFolder: folder, stateFolder: join(folder, 'issuer') });
  try {
    return issuer.createToken(node, lifeMs);
  } finally {
    issuer.close();
  }
}
