/** `nodectl agent confirm`. */

import { manifestSha256 } from '../../../proto/image/manifest.ts';
import { showNodes } from '../../output/format.ts';
import { openRelease } from '../../release/artifact.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const [file = ''] = session.args;
  const { manifestBytes, close } = await openRelease(file);
  await close();
  const release = manifestSha256(manifestBytes);
  return showNodes(
    session,
    (channel) =>
      channel.unary('nodectl.v1.AgentReleaseService/ConfirmAgentRelease', { release }, session.limits()),
    {
      columns: [
        { title: 'NODE', value: ({ node }) => node, whole: true },
        { title: 'AGENT', value: ({ value }) => value.version },
        { title: 'STATE', value: () => 'confirmed' },
      ],
      json: ({ version }, node) => ({ node, version, release, state: 'confirmed' }),
    },
  );
}
