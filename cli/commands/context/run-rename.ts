/** `nodectl context rename`. */

import { chosenContext } from '../../context/contexts.ts';
import { renameContext } from '../../context/edit.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const file = await session.contexts();
  const from = chosenContext(file, session.args[0], {});
  const [, to = ''] = session.args;
  await renameContext(file.path, from, to);
  session.terminal.note(`The context "${from}" is called "${to}" now.`);
}
