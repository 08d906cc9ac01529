/** `nodectl access allow`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import { printResults } from '../../output/format.ts';
import { flag, type Session } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const subject = session.args[0] ?? '';
  const targets = await session.targets();
  const validateOnly = flag(session, 'dryRun');
  if (!validateOnly) await confirm(session, `Allow ${subject} again ${onNodes(targets)}?`);
  const results = await fanOut(session, targets, (channel) =>
    channel.unary('nodectl.v1.AccessService/Allow', { subject, validateOnly }, session.limits()),
  );
  const outcome = (removed: boolean) =>
    !removed ? 'was not denied' : validateOnly ? 'would be allowed again' : 'is allowed again';
  return printResults(session, results, {
    columns: [
      { title: 'NODE', value: ({ node }) => node, whole: true },
      { title: 'SUBJECT', value: () => subject },
      { title: 'RESULT', value: ({ value }) => outcome(value.removed) },
    ],
    json: ({ removed }, node) => ({ node, subject, removed, dryRun: validateOnly }),
  });
}
