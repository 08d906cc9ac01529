/** `nodectl pki operator`. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeFileAtomic } from '../../../pki/atomic-file.ts';
import { Store } from '../../../pki/store.ts';
import { Failure } from '../../../proto/failure.ts';
import { formatLeft, parseDuration } from '../../duration.ts';
import { notWritten } from '../../not-written.ts';
import { confirm } from '../../output/confirm.ts';
import { type Session, text } from '../../session.ts';
import { passphrase, pkiFolder } from './folder.ts';

export async function run(session: Session): Promise<void> {
  const [name = ''] = session.args;
  const folder = pkiFolder(session);
  const out = resolve(text(session, 'out') ?? `${name}.pem`);
  // What stands there may be somebody else's credential, or no credential at all.
  if (statSync(out, { throwIfNoEntry: false })?.isFile())
    await confirm(session, `${out} is there already. Overwrite it?`);
  const { pem, identity } = await new Store(folder).issueOperator(
    { name, role: text(session, 'role') ?? 'reader', lifeMs: duration(session, 'ttl') },
    (what) => passphrase(session, `The passphrase of ${what}`),
  );
  try {
    writeFileAtomic(out, pem);
  } catch (cause) {
    throw notWritten(`the credential ${out}`, cause, 'name a file in a folder of yours with --out');
  }
  const left = identity.notAfter - Date.now();
  // A certificate ends at a whole second, so one that was made for a moment may have ended when it is written.
  const life = left > 0 ? `valid for ${formatLeft(left)}` : 'and has ended already; a longer --ttl helps';
  session.terminal.note(`${out} is ${identity.uri}, ${life}.`);
  session.terminal.note(
    `It is a secret. Use it: nodectl context add NAME --trust ${folder}/root.crt --credential ${out}`,
  );
}

/** A duration option in milliseconds. Throws BAD_ARGUMENT. */
export function duration(session: Session, name: string): number {
  const given = text(session, name) ?? '';
  const milliseconds = parseDuration(given);
  if (milliseconds === undefined)
    throw new Failure('BAD_ARGUMENT', `"${given}" is not a duration`, {
      hint: 'write for example 12h, 90m or 30d',
    });
  return milliseconds;
}
