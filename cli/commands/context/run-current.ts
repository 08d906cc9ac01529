/** `nodectl context current`. */

import { chosenContext } from '../../context/contexts.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  await session.terminal.line(chosenContext(await session.contexts(), text(session, 'context'), session.env));
}
