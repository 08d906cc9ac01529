/** `nodectl completion`. */

import { completionScript } from '../../completion/scripts.ts';
import { SHELLS } from '../../completion/shells.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const shell = SHELLS.find((one) => one === session.args[0]);
  if (shell) await session.terminal.write(completionScript(shell));
}
