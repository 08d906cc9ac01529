/** `nodectl nodes list`. */

import { tableTime, timeLeft } from '../../duration.ts';
import { labelText } from '../../fleet/labels.ts';
import { chooseTargets } from '../../fleet/target.ts';
import { formatOf, isForPeople, printItems } from '../../output/format.ts';
import { flag, list, type Session, text } from '../../session.ts';
import { chosenEntry } from './context-file.ts';
import { registeredNodes, withIssuer } from './register.ts';

export async function run(session: Session): Promise<void> {
  if (flag(session, 'register')) return listRegister(session);
  const { name, entry } = await chosenEntry(session);
  const nodes = entry.nodes.length === 0 ? [] : await session.targets();
  if (nodes.length === 0 && isForPeople(formatOf(session))) {
    session.terminal.note(
      `The context "${name}" has no nodes yet. Add one with "nodectl nodes add", or take them from the issuer: nodectl nodes sync`,
    );
    return;
  }
  await printItems(session, nodes, {
    columns: [
      { title: 'NODE', value: ({ name }) => name, whole: true },
      { title: 'ADDRESSES', value: ({ addresses }) => addresses.join(',') },
      { title: 'LABELS', value: ({ labels }) => labelText(labels) },
    ],
    json: ({ name, addresses, labels }) => ({ node: name, addresses, labels }),
    name: ({ name }) => name,
  });
}

async function listRegister(session: Session): Promise<void> {
  formatOf(session);
  const all = await withIssuer(session, (channel) => registeredNodes(session, channel));
  const { issuer } = await session.context();
  const choice = {
    nodes: list(session, 'node'),
    selector: text(session, 'selector'),
    all: flag(session, 'all'),
  };
  const chosen = new Set(
    all.length === 0
      ? []
      : chooseTargets(all, choice, 'read-all', `issuer ${issuer}`).map(({ name }) => name),
  );
  const nodes = all.filter(({ name }) => chosen.has(name));
  if (nodes.length === 0 && isForPeople(formatOf(session))) {
    session.terminal.note('No node was enrolled there yet.');
    return;
  }
  const time = (seconds: number) => new Date(seconds * 1_000).toISOString();
  await printItems(session, nodes, {
    columns: [
      { title: 'NODE', value: ({ name }) => name, whole: true },
      { title: 'ADDRESSES', value: ({ addresses }) => addresses.join(',') },
      { title: 'LABELS', value: ({ labels }) => labelText(labels) },
      { title: 'ENROLLED', value: ({ enrolledAt }) => tableTime(enrolledAt * 1_000_000) },
      { title: 'CERTIFICATE', value: ({ notAfter }) => timeLeft(notAfter) },
      { title: 'SERIAL', value: ({ serial }) => serial, wide: true },
    ],
    json: ({ name, addresses, labels, enrolledAt, issuedAt, notAfter, serial }) => ({
      node: name,
      addresses,
      labels,
      enrolledAt: time(enrolledAt),
      issuedAt: time(issuedAt),
      notAfter: time(notAfter),
      serial,
    }),
    name: ({ name }) => name,
  });
}
