/** `nodectl nodes label`. */

import { Failure } from '../../../proto/failure.ts';
import { setLabels } from '../../context/edit.ts';
import { changedLabels, labelText, parseLabels } from '../../fleet/labels.ts';
import { foldNames } from '../../fleet/names.ts';
import { flag, type Session } from '../../session.ts';
import { chosenEntry } from './context-file.ts';
import { withIssuer } from './register.ts';

export async function run(session: Session): Promise<void> {
  const change = parseLabels(session.args, '; nodes are chosen by -n, -l or --all');
  const both = change.remove.find((name) => Object.hasOwn(change.set, name));
  if (both !== undefined)
    throw new Failure('BAD_ARGUMENT', `the label "${both}" is to be set and removed at once`, {
      hint: 'write one of the two',
    });
  const targets = await session.targets();
  const labels = new Map(targets.map((node) => [node.name, changedLabels(node.labels, change)]));
  const differing = targets.filter(
    (node) => labelText(labels.get(node.name) ?? {}) !== labelText(node.labels),
  );
  const names = foldNames(differing.map(({ name }) => name));
  if (flag(session, 'dryRun')) {
    session.terminal.note(names === '' ? 'Nothing would change.' : `Labels of ${names} would be changed.`);
    return;
  }
  if (flag(session, 'register'))
    await withIssuer(session, async (channel) => {
      for (const { name } of targets)
        await channel.unary(
          'nodectl.v1.IssuerService/UpdateNode',
          { node: name, setLabels: change.set, removeLabels: change.remove },
          session.limits(),
        );
    });
  const { path, name } = await chosenEntry(session);
  await setLabels(path, name, labels);
  session.terminal.note(
    names === '' ? 'The labels were as they should be already.' : `Labels of ${names} were changed.`,
  );
}
