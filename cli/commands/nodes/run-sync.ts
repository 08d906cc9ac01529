/** `nodectl nodes sync`. */

import type { ContextNode } from '../../context/contexts.ts';
import { replaceNodes } from '../../context/edit.ts';
import { labelText } from '../../fleet/labels.ts';
import { compareNames, foldNames } from '../../fleet/names.ts';
import { confirm } from '../../output/confirm.ts';
import { flag, type Session } from '../../session.ts';
import { chosenEntry } from './context-file.ts';
import { registeredNodes, withIssuer } from './register.ts';

/** What is said of nodes that nobody could dial. */
const WITHOUT_ADDRESS = 'left out, since no address is known';

export async function run(session: Session): Promise<void> {
  const registered = await withIssuer(session, (channel) => registeredNodes(session, channel));
  const { path, name, entry } = await chosenEntry(session);
  const { after, changes } = plan(entry.nodes, registered);
  for (const [what, which] of changes)
    if (which.length > 0) session.terminal.note(`${what}: ${foldNames(which)}`);
  if (changes.some(([what, which]) => what === WITHOUT_ADDRESS && which.length > 0))
    session.terminal.note(
      'An agent tells its address when it enrols and renews: --announce HOST:PORT there. Or add it here: nodectl nodes add NAME HOST:PORT',
    );
  if (flag(session, 'dryRun')) return;
  // An issuer that has lost its register, or another one, must not cost a context all that it knows.
  if (registered.length === 0 && entry.nodes.length > 0)
    await confirm(
      session,
      `The register of ${entry.issuer} is empty. Remove all ${entry.nodes.length} nodes from the context "${name}"?`,
    );
  await replaceNodes(path, name, after);
  session.terminal.note(
    `The context "${name}" has ${after.length} ${after.length === 1 ? 'node' : 'nodes'} now.`,
  );
}

/** The list after the register was taken over, and what that changes. */
function plan(
  before: readonly ContextNode[],
  registered: readonly ContextNode[],
): { after: ContextNode[]; changes: [what: string, nodes: string[]][] } {
  const known = new Map(before.map((node) => [node.name, node]));
  const after = registered
    .map(({ name, addresses, labels }) => ({
      name,
      // A node that has not said where it is stays where the context knows it.
      addresses: addresses.length > 0 ? addresses : (known.get(name)?.addresses ?? []),
      labels,
    }))
    .filter(({ addresses }) => addresses.length > 0)
    .sort((a, b) => compareNames(a.name, b.name));
  const kept = new Set(after.map(({ name }) => name));
  const names = (nodes: readonly ContextNode[]) => nodes.map(({ name }) => name);
  return {
    after,
    changes: [
      ['added', names(after.filter(({ name }) => !known.has(name)))],
      ['removed', names(before.filter(({ name }) => !kept.has(name)))],
      [
        'changed',
        names(
          after.filter((node) => {
            const old = known.get(node.name);
            return old !== undefined && comparable(old) !== comparable(node);
          }),
        ),
      ],
      [WITHOUT_ADDRESS, names(registered).filter((name) => !kept.has(name))],
    ],
  };
}

/** A node as comparable text, whatever the order of its labels. */
function comparable({ addresses, labels }: ContextNode): string {
  return `${addresses.join(' ')} ${labelText(labels)}`;
}
