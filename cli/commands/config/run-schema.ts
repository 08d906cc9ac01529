/** `nodectl config schema`. */

import { documentSchema } from '../../../proto/config/document.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  await session.terminal.write(`${JSON.stringify(documentSchema(), null, 2)}\n`);
}
