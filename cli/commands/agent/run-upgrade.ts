/** `nodectl agent upgrade`. */

import { Failure } from '../../../proto/failure.ts';
import { quantity } from '../../diag/text/words.ts';
import { connectNode } from '../../fleet/connect.ts';
import { fanOut, type Result, type Work } from '../../fleet/fan-out.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import { formatOf, printResults } from '../../output/format.ts';
import { openRelease } from '../../release/artifact.ts';
import { type Installed, installRelease, offered } from '../../release/install.ts';
import { releaseName } from '../../release/words.ts';
import { flag, type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const [file = ''] = session.args;
  formatOf(session);
  const release = await openRelease(file);
  try {
    const targets = await session.targets();
    const allowDowngrade = flag(session, 'allowDowngrade');
    if (flag(session, 'dryRun'))
      return await show(
        session,
        await fanOut(session, targets, async (channel) => {
          const request = { release: offered(release, allowDowngrade) };
          const plan = await channel.unary(
            'nodectl.v1.AgentReleaseService/PlanAgentRelease',
            request,
            session.limits(),
          );
          const state = plan.runs ? 'unchanged' : 'would be installed';
          const { runningVersion: from } = plan;
          return { from, to: release.manifest.version, release: plan.release, state, sentBytes: 0 };
        }),
      );
    const { version } = release.manifest;
    await confirm(session, `Replace the agent by ${version} ${onNodes(targets)}?`);
    const context = await session.context();
    const options = {
      allowDowngrade,
      confirm: session.options.confirm !== false,
      message: text(session, 'message') ?? '',
    };
    const install: Work<Installed> = (channel, target, signal) =>
      installRelease(
        { channel, connect: () => connectNode(target, context, session.open, signal) },
        ...([release, options, signal] as const),
      );
    // A release that no node can bear is found out on one of them.
    const [first, ...others] = targets;
    const results = first ? await fanOut(session, [first], install) : [];
    const failed = results.some((result) => 'failure' in result);
    return await show(session, [
      ...results,
      ...(failed
        ? others.map(({ name }) => ({ node: name, failure: spared(first?.name ?? '') }))
        : await fanOut(session, others, install)),
    ]);
  } finally {
    await release.close();
  }
}

function spared(first: string): Failure {
  return new Failure('CANCELLED', `left as it was, since ${first}, which went first, failed`, {
    hint: 'mend that, or name the nodes without it',
  });
}

type Row = Omit<Installed, 'state'> & { state: string };

function show(session: Session, results: readonly Result<Row>[]): Promise<number> {
  return printResults(session, results, {
    columns: [
      { title: 'NODE', value: ({ node }) => node, whole: true },
      { title: 'FROM', value: ({ value }) => value.from },
      { title: 'TO', value: ({ value }) => value.to },
      { title: 'RELEASE', value: ({ value }) => releaseName(value.release) },
      { title: 'STATE', value: ({ value }) => value.state },
      { title: 'SENT', value: ({ value }) => quantity(value.sentBytes, ' B'), align: 'right' },
    ],
    json: (value, node) => ({ node, ...value }),
  });
}
