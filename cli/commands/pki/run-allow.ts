/** `nodectl pki allow`. */

import { checkSubject } from '../../../pki/denylist.ts';
import { Failure } from '../../../proto/failure.ts';
import type { Session } from '../../session.ts';
import { changeDenylist } from './denylist.ts';

export async function run(session: Session): Promise<void> {
  const subject = checkSubject(session.args[0] ?? '');
  if (!changeDenylist(session, (list) => list.allow(subject)))
    throw new Failure('BAD_ARGUMENT', `${subject} is not on the issuer’s denylist`, {
      hint: 'nodectl pki denied shows who is',
    });
  session.terminal.note(`The issuer denies ${subject} no more.`);
}
