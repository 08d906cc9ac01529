/** `nodectl access deny`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import { printResults } from '../../output/format.ts';
import { flag, type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const [subject = ''] = session.args;
  const targets = await session.targets();
  const validateOnly = flag(session, 'dryRun');
  if (!validateOnly) await confirm(session, `Deny ${subject} ${onNodes(targets)}?`);
  const request = { subject, reason: text(session, 'reason') ?? '', validateOnly };
  const results = await fanOut(session, targets, (channel) =>
    channel.unary('nodectl.v1.AccessService/Deny', request, session.limits()),
  );
  return printResults(session, results, {
    columns: [
      { title: 'NODE', value: ({ node }) => node, whole: true },
      { title: 'SUBJECT', value: ({ value }) => value.denied?.subject ?? subject },
      { title: 'RESULT', value: () => (validateOnly ? 'would be denied' : 'denied') },
      { title: 'ENDED CALLS', value: ({ value }) => String(value.endedCalls), align: 'right' },
    ],
    json: ({ denied, endedCalls }, node) => ({
      node,
      subject: denied?.subject ?? subject,
      denied: !validateOnly,
      dryRun: validateOnly,
      endedCalls,
    }),
  });
}
