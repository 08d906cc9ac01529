/** `nodectl pki deny`. */

import { userInfo } from 'node:os';
import { checkReason, checkSubject } from '../../../pki/denylist.ts';
import { type Session, text } from '../../session.ts';
import { changeDenylist } from './denylist.ts';

export async function run(session: Session): Promise<void> {
  const subject = checkSubject(session.args[0] ?? '');
  const reason = checkReason(text(session, 'reason') ?? '');
  const by = `local:${userInfo().username}`;
  changeDenylist(session, (list) => list.deny({ subject, reason, by, timeUsec: Date.now() * 1_000 }));
  session.terminal.note(
    `The issuer denies ${subject} from now on. Nodes do where they are told so: nodectl access deny ${subject} --all`,
  );
}
