/** `nodectl context add`. */

import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { isSignedBy, leadsTo } from '../../../pki/chain.ts';
import { checkNodeName } from '../../../pki/names.ts';
import { certificatesOf } from '../../../pki/pem.ts';
import { splitAddress } from '../../../proto/address.ts';
import { Failure } from '../../../proto/failure.ts';
import { type Context, type ContextEntry, type ContextNode, loadContext } from '../../context/contexts.ts';
import { addContext } from '../../context/edit.ts';
import { flag, list, type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const [name = ''] = session.args;
  const file = await session.contexts();
  const before = Object.hasOwn(file.contexts, name) ? file.contexts[name] : undefined;
  const replace = flag(session, 'replace');
  if (before && !replace)
    throw new Failure('BAD_ARGUMENT', `there is a context "${name}" already`, {
      hint: 'write --replace to change it, or give this one another name',
    });
  const kept = replace ? before : undefined;
  const issuer = text(session, 'issuer') ?? kept?.issuer ?? '';
  if (issuer) splitAddress(issuer);
  const members = list(session, 'member').map(member);
  const entry: ContextEntry = {
    trust: storedPath(session, file.path, 'trust') ?? needed(kept?.trust, 'trust'),
    credential: storedPath(session, file.path, 'credential') ?? needed(kept?.credential, 'credential'),
    issuer,
    nodes: [
      ...(kept?.nodes ?? []).filter((node) => !members.some((one) => one.name === node.name)),
      ...members,
    ],
  };
  // Files that cannot be read are said now and not at the first call.
  checkTrust(loadContext({ ...file, contexts: { [name]: entry } }, name));
  await addContext(file.path, name, entry, { use: flag(session, 'use'), replace });
  const current = flag(session, 'use') || file.current === '' ? ' It is current now.' : '';
  session.terminal.note(
    `The context "${name}" was ${kept ? 'changed in' : 'added to'} ${file.path}.${current}`,
  );
}

/** Throws BAD_CONFIG where what is trusted holds no root, or the credential is not of it: no node could be called. */
function checkTrust({ trust, credential, name }: Pick<Context, 'trust' | 'credential' | 'name'>): void {
  const roots = certificatesOf(trust).filter((one) => isSignedBy(one, one));
  if (roots.length === 0)
    throw new Failure('BAD_CONFIG', `what context "${name}" trusts holds no root certificate`, {
      hint: 'give --trust the root.crt of the PKI',
    });
  const [leaf, ...others] = certificatesOf(credential.chain);
  if (leaf && !leadsTo(leaf, others, roots))
    throw new Failure(
      'BAD_CONFIG',
      `the credential of context "${name}" is not of the authority that it trusts`,
      {
        hint: 'give --trust the root.crt and --credential the file of one and the same PKI',
      },
    );
}

/** A file's path for the contexts file: relative where it lies below that, so that the folder can be moved as a whole. */
function storedPath(session: Session, contextsFile: string, option: string): string | undefined {
  const given = text(session, option);
  if (given === undefined) return undefined;
  const near = relative(dirname(contextsFile), resolve(given));
  return near.startsWith('..') || isAbsolute(near) ? resolve(given) : near;
}

function needed(value: string | undefined, option: string): string {
  if (value) return value;
  throw new Failure('BAD_ARGUMENT', `--${option} is missing`, { hint: 'see nodectl context add --help' });
}

function member(given: string): ContextNode {
  const at = given.indexOf('=');
  if (at < 1)
    throw new Failure('BAD_ARGUMENT', `--member ${given.slice(0, 80)} is not NAME=HOST:PORT`, {
      hint: 'write for example --member web-1=10.0.0.7:7443',
    });
  const address = given.slice(at + 1);
  splitAddress(address);
  return { name: checkNodeName(given.slice(0, at)), addresses: [address], labels: {} };
}
