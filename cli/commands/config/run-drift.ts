/** `nodectl config drift`. */

import { isoTime, tableTime } from '../../duration.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { printRows } from '../../output/format.ts';
import { flag, type Session } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const request = { refresh: flag(session, 'refresh') };
  const results = await fanOut(session, await session.targets(), (channel) =>
    channel.unary('nodectl.v1.ConfigService/GetDrift', request, session.limits()),
  );
  const status = await printRows(session, results, {
    rows: ({ drifted }, node) =>
      drifted.flatMap(({ change, sinceUsec }) =>
        (change?.differences ?? []).map((difference) => ({
          ...{ node, sinceUsec, resource: change?.resource ?? '' },
          ...difference,
        })),
      ),
    columns: [
      { title: 'NODE', value: ({ node }) => node, whole: true },
      { title: 'RESOURCE', value: ({ resource }) => resource },
      { title: 'WHAT', value: ({ field }) => field },
      { title: 'IS', value: ({ from }) => from },
      { title: 'SHOULD BE', value: ({ to }) => to },
      { title: 'SINCE', value: ({ sinceUsec }) => tableTime(sinceUsec), whole: true },
    ],
    json: ({ sinceUsec, ...row }) => ({ ...row, since: isoTime(sinceUsec), sinceUsec }),
    name: ({ node, resource }) => `${node} ${resource}`,
    empty: 'Nothing has drifted.',
  });
  const drifted = results.some((result) => 'value' in result && result.value.drifted.length > 0);
  return status === EXIT.ok && drifted ? EXIT.warnings : status;
}
