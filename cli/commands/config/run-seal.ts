/** `nodectl config seal`. */

import { Failure } from '../../../proto/failure.ts';
import { readSecret, sealInto } from '../../config/seal-file.ts';
import { sealRecipients } from '../../config/seal-recipients.ts';
import { foldNames } from '../../fleet/names.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const file = text(session, 'file');
  const user = text(session, 'passwordOf');
  const [path] = session.args;
  if (file === undefined || (path === undefined) === (user === undefined))
    throw new Failure('BAD_ARGUMENT', 'the command does not say what to seal where', {
      hint: 'write nodectl config seal /etc/app/token -f FILE -n NODE, or --password-of USER in place of the path',
    });
  if (path !== undefined && !path.startsWith('/'))
    throw new Failure('BAD_ARGUMENT', `${path} is no absolute path of a file on the node`);
  const keys = path === undefined ? ['users', user ?? '', 'password'] : ['files', path, 'sealed'];
  const to = await sealRecipients(session);
  await sealInto(file, keys, readSecret(text(session, 'valueFile')), to);
  session.terminal.note(`${file}: ${keys.slice(0, 2).join(' ')} is sealed for ${foldNames(to.nodes)}`);
  if (to.recipients.length === to.nodes.length)
    session.terminal.warn(
      'there is no recovery key: when these nodes are gone, so is the secret (--recovery)',
    );
}
