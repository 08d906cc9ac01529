/** `nodectl context add`. */

import { dirname, relative, resolve } from 'node:path';
import { checkNodeName } from '../../../pki/names.ts';
import { splitAddress } from '../../../proto/call/connect.ts';
import { Failure } from '../../../proto/failure.ts';
import { type ContextNode, loadContext } from '../../context/contexts.ts';
import { addContext } from '../../context/edit.ts';
import { flag, list, type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const [name = ''] = session.args;
  const file = await session.contexts();
  const trust = needed(session, 'trust');
  const credential = needed(session, 'credential');
  const issuer = text(session, 'issuer');
  if (issuer) splitAddress(issuer);
  const nodes = list(session, 'member').map(member);
  // Relative to the contexts file, so that the folder can be moved as a whole.
  const stored = (path: string) => {
    const near = relative(dirname(file.path), resolve(path));
    return near.startsWith('..') ? resolve(path) : near;
  };
  const entry = { trust: stored(trust), credential: stored(credential), issuer: issuer ?? '', nodes };
  loadContext({ ...file, contexts: { [name]: entry } }, name);
  await addContext(file.path, name, entry, { use: flag(session, 'use'), replace: flag(session, 'replace') });
  session.terminal.note(`The context "${name}" was added to ${file.path}.`);
}

function needed(session: Session, option: string): string {
  const value = text(session, option);
  if (value) return value;
  throw new Failure('BAD_ARGUMENT', `--${option} is missing`, { hint: 'see nodectl context add --help' });
}

function member(given: string): ContextNode {
  const at = given.indexOf('=');
  if (at < 1) throw new Failure('BAD_ARGUMENT', `--member ${given} is not NAME=HOST:PORT`);
  const address = given.slice(at + 1);
  splitAddress(address);
  return { name: checkNodeName(given.slice(0, at)), addresses: [address], labels: {} };
}
