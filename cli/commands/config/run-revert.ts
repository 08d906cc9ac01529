/** `nodectl config revert`. */

import { REVISION_COLUMNS } from '../../config/revision-columns.ts';
import { showNodes } from '../../output/format.ts';
import { flag, type Session, text } from '../../session.ts';

/** Putting back may restart services, which takes as long as they take. */
const REVERT_MS = 10 * 60_000;

export function run(session: Session): Promise<number> {
  const request = { reason: text(session, 'message') ?? '', giveUp: flag(session, 'giveUp') };
  const limits = { ...session.limits(), timeoutMs: REVERT_MS };
  return showNodes(
    session,
    (channel) => channel.unary('nodectl.v1.ConfigService/RevertConfig', request, limits),
    {
      columns: [...REVISION_COLUMNS, { title: 'REASON', value: ({ value }) => value.revision?.reason ?? '' }],
      json: ({ revision }, node) => ({ node, revision }),
    },
  );
}
