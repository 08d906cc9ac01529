/** `nodectl upgrade confirm`. */

import { Failure } from '../../../proto/failure.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { type Session, text } from '../../session.ts';
import { printStandings } from '../../upgrade/show.ts';
import { wordOf } from '../../upgrade/words.ts';

export async function run(session: Session): Promise<number> {
  const wanted = text(session, 'id');
  const results = await fanOut(session, await session.targets(), async (channel) => {
    const { upgrade: running } = await channel.unary(
      'nodectl.v1.UpgradeService/GetUpgrade',
      { upgradeId: wanted ?? '' },
      session.limits(),
    );
    if (!running || wordOf(running.state) !== 'testing')
      throw new Failure('UPGRADE_WRONG_STATE', 'no image is being tested', {
        hint: 'nodectl upgrade status shows how the last upgrade stands',
      });
    const { upgrade } = await channel.unary(
      'nodectl.v1.UpgradeService/ConfirmUpgrade',
      { upgradeId: running.id },
      session.limits(),
    );
    return upgrade;
  });
  return printStandings(session, results);
}
