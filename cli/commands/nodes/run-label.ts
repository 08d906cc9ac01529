/** `nodectl nodes label`. */

import { chosenContext } from '../../context/contexts.ts';
import { putNode } from '../../context/edit.ts';
import { foldNames } from '../../fleet/names.ts';
import { flag, type Session, text } from '../../session.ts';
import { changedLabels, parseLabels } from './labels.ts';
import { withIssuer } from './register.ts';

export async function run(session: Session): Promise<void> {
  const change = parseLabels(session.args);
  const targets = await session.targets();
  const file = await session.contexts();
  const context = chosenContext(file, text(session, 'context'), session.env);
  if (flag(session, 'register'))
    await withIssuer(session, async (channel) => {
      for (const { name } of targets)
        await channel.unary(
          'nodectl.v1.IssuerService/UpdateNode',
          { node: name, setLabels: change.set, removeLabels: change.remove },
          session.limits(),
        );
    });
  for (const target of targets)
    await putNode(file.path, context, { ...target, labels: changedLabels(target.labels, change) });
  session.terminal.note(`Labels of ${foldNames(targets.map(({ name }) => name))} were changed.`);
}
