/** `nodectl pki denied`. */

import { isoTime, tableTime } from '../../duration.ts';
import { formatOf, isForPeople, printItems } from '../../output/format.ts';
import type { Session } from '../../session.ts';
import { openDenylist } from './denylist.ts';

export async function run(session: Session): Promise<void> {
  const entries = openDenylist(session).all();
  if (entries.length === 0 && isForPeople(formatOf(session)))
    return session.terminal.note('The issuer denies nobody.');
  await printItems(session, entries, {
    columns: [
      { title: 'SUBJECT', value: ({ subject }) => subject, whole: true },
      { title: 'SINCE', value: ({ timeUsec }) => tableTime(timeUsec), whole: true },
      { title: 'BY', value: ({ by }) => by },
      { title: 'REASON', value: ({ reason }) => reason },
    ],
    json: ({ subject, timeUsec, by, reason }) => ({ subject, since: isoTime(timeUsec), by, reason }),
    name: ({ subject }) => subject,
  });
}
