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
  const next = name === file.current ? ' No context is current now: nodectl context use NAME' : '';
  session.terminal.note(`The context "${name}" was removed.${next}`);
}
