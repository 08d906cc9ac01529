/** `nodectl config rollback`. */

import { applyChanged, currentDocuments } from '../../config/change-document.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const to = text(session, 'to');
  const documents = await currentDocuments(session, to === undefined ? -1 : Number(to));
  return applyChanged(
    session,
    documents,
    `rollback to ${to === undefined ? 'the revision before' : `revision ${to}`}`,
  );
}
