/** `nodectl config apply`. */

import { Failure } from '../../../proto/failure.ts';
import { planAndApply } from '../../config/apply.ts';
import { documentsFor } from '../../config/documents.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  if (text(session, 'file') === undefined)
    throw new Failure('BAD_ARGUMENT', 'the command does not say what to apply', {
      hint: 'write -f FILE, -f FOLDER, or -f - for standard input',
    });
  const targets = await session.targets();
  const { texts, origin } = await documentsFor(session, targets);
  const textOf = (node: string) => texts.get(node) ?? '';
  const message = text(session, 'message') ?? '';
  return planAndApply(session, { targets, textOf, origin: { ...origin, message } });
}
