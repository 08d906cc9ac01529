/** `nodectl config confirm`. */

import { outcomeOf } from '../../config/apply.ts';
import { showNodes } from '../../output/format.ts';
import { type Session, text } from '../../session.ts';

export function run(session: Session): Promise<number> {
  const request = { trial: text(session, 'trial') ?? '' };
  return showNodes(
    session,
    (channel) => channel.unary('nodectl.v1.ConfigService/ConfirmConfig', request, session.limits()),
    {
      columns: [
        { title: 'NODE', value: ({ node }) => node, whole: true },
        { title: 'REVISION', value: ({ value }) => String(value.revision?.number ?? '') },
        { title: 'OUTCOME', value: ({ value }) => outcomeOf(value.revision?.outcome) },
      ],
      json: ({ revision }, node) => ({ node, revision }),
    },
  );
}
