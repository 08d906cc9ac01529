/** `nodectl nodes list`. */

import { formatDuration } from '../../duration.ts';
import { printItems } from '../../output/format.ts';
import { flag, type Session } from '../../session.ts';
import { labelText } from '../get/run.ts';
import { registeredNodes, withIssuer } from './register.ts';

export async function run(session: Session): Promise<void> {
  if (flag(session, 'register')) return listRegister(session);
  await printItems(session, await session.targets(), {
    columns: [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'ADDRESSES', value: ({ addresses }) => addresses.join(',') },
      { title: 'LABELS', value: ({ labels }) => labelText(labels) },
    ],
    json: (node) => ({ ...node }),
    name: ({ name }) => name,
  });
}

async function listRegister(session: Session): Promise<void> {
  const nodes = await withIssuer(session, (channel) => registeredNodes(session, channel));
  const day = (seconds: number) => new Date(seconds * 1000).toISOString();
  await printItems(session, nodes, {
    columns: [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'ADDRESSES', value: ({ addresses }) => addresses.join(',') },
      { title: 'LABELS', value: ({ labels }) => labelText(labels) },
      { title: 'ENROLLED', value: ({ enrolledAt }) => day(enrolledAt) },
      {
        title: 'CERTIFICATE',
        value: ({ notAfter }) => `${formatDuration(notAfter * 1000 - Date.now())} left`,
      },
      { title: 'SERIAL', value: ({ serial }) => serial, wide: true },
    ],
    json: ({ name, addresses, labels, enrolledAt, issuedAt, notAfter, serial }) => ({
      name,
      addresses,
      labels,
      enrolledAt: day(enrolledAt),
      issuedAt: day(issuedAt),
      notAfter: day(notAfter),
      serial,
    }),
    name: ({ name }) => name,
  });
}
