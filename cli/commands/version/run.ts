/** `nodectl version`. */

import { commit, VERSION } from '../../../proto/version.ts';
import { askAll } from '../../fleet/fan-out.ts';
import { formatOf, isForPeople, printItems, printResults } from '../../output/format.ts';
import { flag, type Session } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const format = formatOf(session);
  const client = { version: VERSION, commit: commit(), runtime: `node ${process.versions.node}` };
  if (flag(session, 'client')) {
    await printItems(session, [client], {
      columns: [
        { title: 'NODECTL', value: () => client.version },
        { title: 'COMMIT', value: () => client.commit.slice(0, 12) },
        { title: 'RUNTIME', value: () => client.runtime },
      ],
      json: () => client,
      name: () => client.version,
    });
    return 0;
  }
  // Known also where there is no context, or no node that answers.
  if (isForPeople(format)) session.terminal.note(`nodectl ${VERSION}`);
  const results = await askAll(session, await session.targets(), (channel) =>
    channel.unary('nodectl.v1.SystemService/GetVersion', {}, session.limits()),
  );
  return printResults(
    session,
    results,
    {
      columns: [
        { title: 'NODE', value: ({ node }) => node, whole: true },
        {
          title: 'AGENT',
          value: ({ value }) => (value.releaseOnTrial ? `${value.version} (on trial)` : value.version),
        },
        { title: 'COMMIT', value: ({ value }) => value.commit.slice(0, 12), wide: true },
        { title: 'RELEASE', value: ({ value }) => value.release.slice(0, 12), wide: true },
        { title: 'RUNTIME', value: ({ value }) => value.runtime },
        { title: 'KERNEL', value: ({ value }) => value.kernel },
        { title: 'MACHINE', value: ({ value }) => value.machine },
      ],
      json: ({ version, commit, release, releaseOnTrial, runtime, kernel, machine }, node) => ({
        ...{ node, version, commit, runtime, kernel, machine },
        // An agent that is not packaged has no release.
        ...(release ? { release, onTrial: releaseOnTrial } : {}),
      }),
    },
    { client },
  );
}
