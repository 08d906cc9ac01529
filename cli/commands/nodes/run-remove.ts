/** `nodectl nodes remove`. */

import { Failure } from '../../../proto/failure.ts';
import { chosenContext } from '../../context/contexts.ts';
import { removeNodes } from '../../context/edit.ts';
import { expandNames, foldNames } from '../../fleet/names.ts';
import { confirm } from '../../output/confirm.ts';
import { flag, type Session, text } from '../../session.ts';
import { withIssuer } from './register.ts';

export async function run(session: Session): Promise<void> {
  const names = [...new Set(session.args.flatMap(expandNames))];
  const file = await session.contexts();
  const context = chosenContext(file, text(session, 'context'), session.env);
  if (flag(session, 'register')) {
    await confirm(session, `Remove ${foldNames(names)} from the register? They can renew no more`);
    await withIssuer(session, async (channel) => {
      for (const node of names)
        await channel.unary('nodectl.v1.IssuerService/RemoveNode', { node }, session.limits());
    });
  }
  const removed = await removeNodes(file.path, context, names);
  const missing = names.filter((name) => !removed.includes(name));
  if (removed.length > 0)
    session.terminal.note(`${foldNames(removed)} removed from the context "${context}".`);
  if (missing.length > 0 && !flag(session, 'register'))
    throw new Failure('UNKNOWN_NODE', `the context "${context}" has no node ${foldNames(missing)}`, {
      hint: 'nodectl nodes list shows those that it has',
    });
}
