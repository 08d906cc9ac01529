/** `nodectl context use`. */

import { chosenContext } from '../../context/contexts.ts';
import { useContext } from '../../context/edit.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const file = await session.contexts();
  const name = chosenContext(file, session.args[0], {});
  await useContext(file.path, name);
  session.terminal.note(`The context "${name}" is current now.`);
}
