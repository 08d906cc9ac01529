/** `nodectl agent rollback`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import { printResults } from '../../output/format.ts';
import { releaseName } from '../../release/words.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const targets = await session.targets();
  await confirm(session, `Go back to the release of the agent before ${onNodes(targets)}?`);
  const request = { message: text(session, 'message') ?? '' };
  const results = await fanOut(session, targets, (channel) =>
    channel.unary('nodectl.v1.AgentReleaseService/RevertAgentRelease', request, session.limits()),
  );
  return printResults(session, results, {
    columns: [
      { title: 'NODE', value: ({ node }) => node, whole: true },
      { title: 'RELEASE', value: ({ value }) => releaseName(value.release) },
      { title: 'STATE', value: () => 'restarting' },
    ],
    json: ({ release }, node) => ({ node, release, state: 'restarting' }),
  });
}
