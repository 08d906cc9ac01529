/** `nodectl access list`. */

import type { Denied__Output as Denied } from '../../../proto/gen/types/nodectl/v1/Denied.ts';
import { isoTime, tableTime } from '../../duration.ts';
import { callerText } from '../../output/caller.ts';
import { showFleet } from '../../output/format.ts';
import type { Session } from '../../session.ts';

export function run(session: Session): Promise<number> {
  return showFleet(
    session,
    (channel) => channel.unary('nodectl.v1.AccessService/ListDenied', {}, session.limits()),
    {
      rows: ({ denied }, node) => denied.map((one: Denied) => ({ node, ...one })),
      columns: [
        { title: 'NODE', value: ({ node }) => node, whole: true },
        { title: 'SUBJECT', value: ({ subject }) => subject, whole: true },
        { title: 'SINCE', value: ({ timeUsec }) => tableTime(timeUsec), whole: true },
        { title: 'BY', value: ({ by }) => callerText(by) },
        { title: 'REASON', value: ({ reason }) => reason },
      ],
      json: ({ node, subject, timeUsec, by, reason }) => ({
        node,
        subject,
        since: isoTime(timeUsec),
        by,
        reason,
      }),
      name: ({ subject }) => subject,
      empty: 'Nothing is denied.',
    },
  );
}
