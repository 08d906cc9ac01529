/** `nodectl config confirm`. */

import { REVISION_COLUMNS } from '../../config/revision-columns.ts';
import { showNodes } from '../../output/format.ts';
import { type Session, text } from '../../session.ts';

export function run(session: Session): Promise<number> {
  const request = { trial: text(session, 'trial') ?? '' };
  return showNodes(
    session,
    (channel) => channel.unary('nodectl.v1.ConfigService/ConfirmConfig', request, session.limits()),
    {
      columns: REVISION_COLUMNS,
      json: ({ revision }, node) => ({ node, revision }),
    },
  );
}
