/** `nodectl config diff`. */

import { Failure } from '../../../proto/failure.ts';
import { planAll, showPlans } from '../../config/apply.ts';
import { documentsFor } from '../../config/documents.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  if (text(session, 'file') === undefined)
    throw new Failure('BAD_ARGUMENT', 'the command does not say what to compare with', {
      hint: 'write -f FILE or -f FOLDER',
    });
  const targets = await session.targets();
  const { texts } = await documentsFor(session, targets);
  const textOf = (node: string) => texts.get(node) ?? '';
  return showPlans(session, await planAll(session, { targets, textOf }, false));
}
