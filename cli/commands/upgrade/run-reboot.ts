/** `nodectl upgrade reboot`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import type { Session } from '../../session.ts';
import { printOrFollow, waits } from '../../upgrade/print-or-follow.ts';

export async function run(session: Session): Promise<number> {
  waits(session);
  const targets = await session.targets();
  await confirm(session, `Reboot into the image that was written ${onNodes(targets)}?`);
  const results = await fanOut(session, targets, async (channel) => {
    const { upgrade } = await channel.unary('nodectl.v1.UpgradeService/RebootUpgrade', {}, session.limits());
    return upgrade;
  });
  return printOrFollow(session, targets, results);
}
