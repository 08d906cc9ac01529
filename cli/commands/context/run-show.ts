/** `nodectl context show`. */

import { X509Certificate } from 'node:crypto';
import { identityOf } from '../../../pki/identity.ts';
import { Failure } from '../../../proto/failure.ts';
import { chosenContext, loadContext } from '../../context/contexts.ts';
import { timeLeft } from '../../duration.ts';
import { foldNames } from '../../fleet/names.ts';
import { formatOf, printItems } from '../../output/format.ts';
import { type Session, text } from '../../session.ts';
import { shellWord } from '../../shell-word.ts';

export async function run(session: Session): Promise<void> {
  const { name: format } = formatOf(session);
  const file = await session.contexts();
  const name = chosenContext(file, session.args[0] ?? text(session, 'context'), session.env);
  const { credential, credentialFile, trust, issuer, nodes, warnings } = loadContext(file, name);
  for (const warning of warnings) session.terminal.warn(warning);
  const leaf = certificate(credential.chain, 'credential');
  const { uri, name: holder, role, notAfter, serial } = identityOf(leaf);
  const root = certificate(trust, 'trust');
  const current = name === file.current;
  if (format === 'table' || format === 'wide') {
    const names = foldNames(nodes.map((node) => node.name));
    const lines: [string, string][] = [
      ['context', `${name}${current ? ' (current)' : ''}`],
      ['file', file.path],
      ['credential', `${uri}, ${timeLeft(notAfter / 1_000)}, until ${new Date(notAfter).toISOString()}`],
      ...(credentialFile ? [['', `in ${credentialFile}`] satisfies [string, string]] : []),
      ['trust', `root until ${root.validToDate.toISOString()}, SHA-256 ${root.fingerprint256}`],
      ['issuer', issuer || 'none'],
      ['nodes', nodes.length > 0 ? `${nodes.length}: ${names}` : 'none; see nodectl nodes --help'],
    ];
    for (const [title, value] of lines)
      await session.terminal.line(
        `${session.terminal.style('bold', title.padEnd(10))}  ${session.terminal.safe(value)}`,
      );
    if (notAfter <= Date.now()) {
      const make = `nodectl pki operator ${holder} --role ${role || 'ROLE'}`;
      const way = credentialFile
        ? `${make} --out ${shellWord(credentialFile)} --yes`
        : `${make}, then nodectl context add ${name} --replace --credential FILE`;
      session.terminal.warn(`the credential has expired; who holds the PKI makes a new one: ${way}`);
    }
    return;
  }
  const item = {
    name,
    current,
    file: file.path,
    identity: uri,
    serial,
    notAfter: new Date(notAfter).toISOString(),
    rootSha256: root.fingerprint256.replaceAll(':', '').toLowerCase(),
    issuer,
    nodes,
  };
  await printItems(session, [item], { columns: [], json: (one) => one, name: (one) => one.name });
}

function certificate(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new Failure('BAD_CONFIG', `the ${what} of the context is not a certificate in PEM`, {
      hint: 'nodectl pki verify FILE says more',
      cause,
    });
  }
}
