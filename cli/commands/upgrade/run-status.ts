/** `nodectl upgrade status`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { flag, type Session, text } from '../../session.ts';
import { followAll, progressSession } from '../../upgrade/follow-all.ts';
import { printStandings } from '../../upgrade/show.ts';

export async function run(session: Session): Promise<number> {
  const upgradeId = text(session, 'id') ?? '';
  const targets = await session.targets();
  if (flag(session, 'watch')) {
    const shown = progressSession(session);
    return printStandings(shown, await followAll(shown, targets, () => upgradeId));
  }
  return printStandings(
    session,
    await fanOut(session, targets, async (channel) => {
      const { upgrade } = await channel.unary(
        'nodectl.v1.UpgradeService/GetUpgrade',
        { upgradeId },
        session.limits(),
      );
      return upgrade;
    }),
  );
}
