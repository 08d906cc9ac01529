/** `nodectl config patch`. */

import { applyChanged, currentDocuments } from '../../config/change-document.ts';
import { patched } from '../../config/patch.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const [patch = ''] = session.args;
  const documents = await currentDocuments(session);
  const changed = [...documents].map(([node, text]) => [node, patched(text, patch)] as const);
  return applyChanged(session, new Map(changed), 'patch');
}
