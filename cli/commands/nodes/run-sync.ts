/** `nodectl nodes sync`. */

import { chosenContext } from '../../context/contexts.ts';
import { replaceNodes } from '../../context/edit.ts';
import { compareNames, foldNames } from '../../fleet/names.ts';
import { flag, type Session, text } from '../../session.ts';
import { registeredNodes, withIssuer } from './register.ts';

export async function run(session: Session): Promise<void> {
  const registered = await withIssuer(session, (channel) => registeredNodes(session, channel));
  const file = await session.contexts();
  const context = chosenContext(file, text(session, 'context'), session.env);
  const before = new Map((file.contexts[context]?.nodes ?? []).map((node) => [node.name, node]));
  const after = registered
    .map(({ name, addresses, labels }) => ({
      name,
      // A node that has not said where it is stays where the context knows it.
      addresses: addresses.length > 0 ? addresses : (before.get(name)?.addresses ?? []),
      labels,
    }))
    .filter(({ addresses }) => addresses.length > 0)
    .sort((a, b) => compareNames(a.name, b.name));
  const names = new Set(after.map(({ name }) => name));
  const parts: [string, string[]][] = [
    ['added', after.filter(({ name }) => !before.has(name)).map(({ name }) => name)],
    ['removed', [...before.keys()].filter((name) => !names.has(name))],
    [
      'changed',
      after
        .filter((node) => before.has(node.name) && comparable(before.get(node.name)) !== comparable(node))
        .map(({ name }) => name),
    ],
    ['without an address, left out', registered.map(({ name }) => name).filter((name) => !names.has(name))],
  ];
  for (const [what, which] of parts)
    if (which.length > 0) session.terminal.note(`${what}: ${foldNames(which)}`);
  if (flag(session, 'dryRun')) return;
  await replaceNodes(file.path, context, after);
  session.terminal.note(`The context "${context}" has ${after.length} nodes.`);
}

/** A node as comparable text, whatever the order of its labels. */
function comparable(node: { addresses: string[]; labels: Record<string, string> } | undefined): string {
  return JSON.stringify([node?.addresses, Object.entries(node?.labels ?? {}).sort()]);
}
