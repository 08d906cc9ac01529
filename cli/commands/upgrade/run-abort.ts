/** `nodectl upgrade abort`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { type Session, text } from '../../session.ts';
import { messageOption } from '../../upgrade/options.ts';
import { printUpgrades } from '../../upgrade/show.ts';

export async function run(session: Session): Promise<number> {
  const request = { upgradeId: text(session, 'id') ?? '', message: messageOption(session) };
  const results = await fanOut(session, await session.targets(), async (channel) => {
    const { upgrade } = await channel.unary(
      'nodectl.v1.UpgradeService/AbortUpgrade',
      request,
      session.limits(),
    );
    return upgrade ? [upgrade] : [];
  });
  return printUpgrades(session, results);
}
