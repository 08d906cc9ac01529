/** `nodectl context remove`. */

import { chosenContext } from '../../context/contexts.ts';
import { removeContext } from '../../context/edit.ts';
import { confirm } from '../../output/confirm.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const file = await session.contexts();
  const name = chosenContext(file, session.args[0], {});
  const count = file.contexts[name]?.nodes.length ?? 0;
  await confirm(
    session,
    `Remove the context "${name}" with its list of ${count} ${count === 1 ? 'node' : 'nodes'}?`,
  );
  await removeContext(file.path, name);
  session.terminal.note(`The context "${name}" was removed.`);
  const left = Object.keys(file.contexts).filter((one) => one !== name);
  if (name === file.current && left.length > 0)
    session.terminal.note(`No context is current now. Choose one: nodectl context use ${left.join('|')}`);
}
