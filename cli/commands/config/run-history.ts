/** `nodectl config history`. */

import { outcomeOf } from '../../config/revision-columns.ts';
import { isoTime, tableTime } from '../../duration.ts';
import { callerText } from '../../output/caller.ts';
import { showFleet } from '../../output/format.ts';
import type { Session } from '../../session.ts';

/** Of a commit's name as people write it. */
const SHORT = 12;

export function run(session: Session): Promise<number> {
  return showFleet(
    session,
    (channel) => channel.unary('nodectl.v1.ConfigService/ListRevisions', {}, session.limits()),
    {
      rows: ({ revisions }, node) => revisions.map((revision) => ({ node, ...revision })),
      columns: [
        { title: 'NODE', value: ({ node }) => node, whole: true },
        { title: 'REVISION', value: ({ number, running }) => `${number}${running ? ' *' : ''}` },
        { title: 'TIME', value: ({ timeUsec }) => tableTime(timeUsec), whole: true },
        { title: 'OUTCOME', value: ({ outcome }) => outcomeOf(outcome), whole: true },
        { title: 'AUTHOR', value: ({ origin }) => callerText(origin?.author ?? '') },
        {
          title: 'COMMIT',
          value: ({ origin }) => `${(origin?.commit ?? '').slice(0, SHORT)}${origin?.dirty ? '+' : ''}`,
        },
        { title: 'CHANGES', value: ({ changes }) => String(changes.length), align: 'right' },
        { title: 'MESSAGE', value: ({ reason, origin }) => reason || (origin?.message ?? '') },
        { title: 'DIGEST', value: ({ digest }) => digest.slice(0, SHORT), wide: true },
      ],
      json: ({ node, timeUsec, ...revision }) => ({ node, time: isoTime(timeUsec), timeUsec, ...revision }),
      name: ({ node, number }) => `${node}:${number}`,
      empty: 'No document was ever applied.',
    },
  );
}
