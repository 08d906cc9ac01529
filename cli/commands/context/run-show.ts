/** `nodectl context show`. */

import { X509Certificate } from 'node:crypto';
import { identityOf } from '../../../pki/identity.ts';
import { Failure } from '../../../proto/failure.ts';
import { chosenContext, loadContext } from '../../context/contexts.ts';
import { formatDuration } from '../../duration.ts';
import { foldNames } from '../../fleet/names.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const file = await session.contexts();
  const name = chosenContext(file, session.args[0] ?? text(session, 'context'), session.env);
  const context = loadContext(file, name);
  const lines: [string, string][] = [
    ['context', `${name}${name === file.current ? ' (current)' : ''}`],
    ['file', file.path],
    ['credential', credential(context.credential.chain)],
    ['trust', fingerprint(context.trust)],
    ['issuer', context.issuer || 'none'],
    [
      'nodes',
      context.nodes.length > 0
        ? `${context.nodes.length}: ${foldNames(context.nodes.map((node) => node.name))}`
        : 'none',
    ],
  ];
  for (const [title, value] of lines)
    await session.terminal.line(`${session.terminal.style('bold', title.padEnd(11))} ${value}`);
}

function credential(chain: string): string {
  const { uri, notAfter } = identityOf(certificate(chain, 'credential'));
  const left = notAfter - Date.now();
  const until = new Date(notAfter).toISOString();
  return left > 0
    ? `${uri}, valid for ${formatDuration(left)}, until ${until}`
    : `${uri}, EXPIRED since ${until}; make a new one: nodectl pki operator`;
}

function fingerprint(trust: string): string {
  const root = certificate(trust, 'trust');
  return `root with SHA-256 ${root.fingerprint256}, until ${root.validToDate.toISOString()}`;
}

function certificate(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new Failure('BAD_CONFIG', `the ${what} of the context is not a certificate in PEM`, { cause });
  }
}
