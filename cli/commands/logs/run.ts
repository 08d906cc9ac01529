/** `nodectl logs`: shows records, or lists the sources. */

import { Failure } from '../../../proto/failure.ts';
import { showLogs } from '../../logs/command.ts';
import { flag, type Session, text } from '../../session.ts';

/** Runs the command and gives its exit status. */
export async function run(session: Session): Promise<number> {
  if (!flag(session, 'list'))
    return showLogs(session, {
      rules: { priorityAlone: 'andMoreSevere', followTail: 10 },
      sources: session.args,
      priority: text(session, 'priority'),
      textStyle: 'text',
    });
  if (session.args.length > 0)
    throw new Failure('BAD_ARGUMENT', `--list shows every source, so "${session.args[0]}" says nothing`, {
      hint: 'leave one of the two out',
    });
  const { listSources } = await import('./list.ts');
  return listSources(session);
}
