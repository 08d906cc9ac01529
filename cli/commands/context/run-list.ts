/** `nodectl context list`. */

import { formatOf, isForPeople, printItems } from '../../output/format.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const forPeople = isForPeople(formatOf(session));
  const file = await session.contexts();
  const rows = Object.entries(file.contexts).map(([name, entry]) => ({
    name,
    entry,
    current: name === file.current,
  }));
  if (rows.length === 0 && forPeople) {
    session.terminal.note(`There is no context yet in ${file.path}.`);
    return;
  }
  await printItems(session, rows, {
    columns: [
      { title: 'CURRENT', value: ({ current }) => (current ? '*' : ' ') },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'NODES', value: ({ entry }) => String(entry.nodes.length), align: 'right' },
      { title: 'ISSUER', value: ({ entry }) => entry.issuer },
    ],
    json: ({ name, entry, current }) => ({
      name,
      current,
      nodeCount: entry.nodes.length,
      issuer: entry.issuer,
    }),
    name: ({ name }) => name,
  });
}
