/** `nodectl upgrade rollback`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import { type Session, text } from '../../session.ts';
import { upgradeOptions } from '../../upgrade/options.ts';
import { printOrFollow, waits } from '../../upgrade/print-or-follow.ts';

export async function run(session: Session): Promise<number> {
  const options = upgradeOptions(session);
  waits(session);
  const targets = await session.targets();
  const slot = text(session, 'to') ?? '';
  const what = slot === '' ? 'the other slot' : `slot ${slot}`;
  await confirm(session, `Boot ${what} ${onNodes(targets)}?`);
  const results = await fanOut(session, targets, async (channel) => {
    const { upgrade } = await channel.unary(
      'nodectl.v1.UpgradeService/RollbackUpgrade',
      { slot, options },
      session.limits(),
    );
    return upgrade;
  });
  return printOrFollow(session, targets, results);
}
