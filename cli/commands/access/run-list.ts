/** `nodectl access list`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { exitOfAll } from '../../output/exit-codes.ts';
import { errorObject, parseFormat, printItems } from '../../output/format.ts';
import { reportFailures } from '../../output/report.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const targets = await session.targets();
  const results = await fanOut(session, targets, (channel) =>
    channel.unary('nodectl.v1.AccessService/ListDenied', {}, session.limits()),
  );
  const failures = results.filter((result) => 'failure' in result);
  const rows = results.flatMap((result) =>
    'value' in result ? result.value.denied.map((one) => ({ node: result.node, one })) : [],
  );
  const forPeople = ['table', 'wide', 'name'].includes(parseFormat(text(session, 'output')).name);
  await printItems(session, forPeople ? rows : [...rows, ...failures], {
    columns: [
      { title: 'NODE', value: ({ node }) => node },
      { title: 'SUBJECT', value: (row) => ('one' in row ? row.one.subject : '') },
      {
        title: 'SINCE',
        value: (row) => ('one' in row ? new Date(row.one.timeUsec / 1000).toISOString() : ''),
      },
      { title: 'BY', value: (row) => ('one' in row ? row.one.by : '') },
      { title: 'REASON', value: (row) => ('one' in row ? row.one.reason : '') },
    ],
    json: (row) =>
      'one' in row
        ? {
            node: row.node,
            subject: row.one.subject,
            since: new Date(row.one.timeUsec / 1000).toISOString(),
            by: row.one.by,
            reason: row.one.reason,
          }
        : { node: row.node, error: errorObject(row.failure) },
    name: (row) => ('one' in row ? row.one.subject : row.node),
  });
  if (forPeople) reportFailures(session.terminal, failures, results.length);
  return exitOfAll(
    failures.map(({ failure }) => failure),
    results.length - failures.length,
  );
}
