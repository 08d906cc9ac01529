/** `nodectl context remove`. */

import { chosenContext } from '../../context/contexts.ts';
import { removeContext } from '../../context/edit.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const file = await session.contexts();
  const name = chosenContext(file, session.args[0], {});
  await removeContext(file.path, name);
  session.terminal.note(
    `The context "${name}" was removed.${name === file.current ? ' No context is current now: nodectl context use NAME' : ''}`,
  );
}
