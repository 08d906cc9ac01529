/** `nodectl agent status`. */

import { showNodes } from '../../output/format.ts';
import { releaseName } from '../../release/words.ts';
import type { Session } from '../../session.ts';

export function run(session: Session): Promise<number> {
  return showNodes(
    session,
    (channel) => channel.unary('nodectl.v1.AgentReleaseService/GetAgentRelease', {}, session.limits()),
    {
      columns: [
        { title: 'NODE', value: ({ node }) => node, whole: true },
        { title: 'AGENT', value: ({ value }) => value.version },
        { title: 'RELEASE', value: ({ value }) => releaseName(value.release) },
        {
          title: 'STATE',
          value: ({ value: { release, nextRelease, onTrial, trialSecondsLeft } }) => {
            if (release === '') return 'cannot be replaced';
            if (onTrial) return trialSecondsLeft == null ? 'on trial' : `on trial, ${trialSecondsLeft}s left`;
            return release === nextRelease ? 'in use' : `in place of ${releaseName(nextRelease)}`;
          },
        },
        { title: 'BEFORE', value: ({ value }) => releaseName(value.previousRelease) },
        {
          title: 'LEFT',
          value: ({ value }) =>
            value.leftRelease === '' ? '' : `${releaseName(value.leftRelease)}: ${value.leftReason}`,
        },
        { title: 'SERIAL', value: ({ value }) => String(value.serial), wide: true, align: 'right' },
      ],
      json: (value, node) => {
        const { trialSecondsLeft, leftRelease, leftReason, leftUsec, ...rest } = value;
        return {
          ...rest,
          node,
          ...(trialSecondsLeft == null ? {} : { trialSecondsLeft }),
          ...(leftRelease === ''
            ? {}
            : { left: { release: leftRelease, reason: leftReason, usec: leftUsec } }),
        };
      },
    },
  );
}
