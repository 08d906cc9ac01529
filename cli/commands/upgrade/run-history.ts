/** `nodectl upgrade history`. */

import { Failure } from '../../../proto/failure.ts';
import type { Upgrade__Output as Upgrade } from '../../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { formatOf } from '../../output/format.ts';
import { flag, type Session, text } from '../../session.ts';
import { printUpgrades } from '../../upgrade/show.ts';
import { wordOf } from '../../upgrade/words.ts';

const DEFAULT_TAIL = 20;
/** What one call gives at most. */
const PAGE = 100;
/** What a node keeps is less. */
const MOST = 10_000;

export async function run(session: Session): Promise<number> {
  const tail = Number(text(session, 'tail') ?? DEFAULT_TAIL);
  if (!(tail >= 1 && tail <= MOST))
    throw new Failure('BAD_ARGUMENT', `--tail ${text(session, 'tail')} is not from 1 to ${MOST}`);
  const results = await fanOut(session, await session.targets(), async (channel) => {
    const upgrades: Upgrade[] = [];
    let pageToken = '';
    do {
      const page = await channel.unary(
        'nodectl.v1.UpgradeService/ListUpgrades',
        { pageSize: Math.min(PAGE, tail - upgrades.length), pageToken },
        session.limits(),
      );
      upgrades.push(...page.upgrades);
      // A page without anything ends it, whatever it says of a next one.
      pageToken = page.upgrades.length > 0 ? page.nextPageToken : '';
    } while (pageToken !== '' && upgrades.length < tail);
    return upgrades.slice(0, tail);
  });
  const status = await printUpgrades(session, results, 'No upgrade has ended yet.');
  if (flag(session, 'verbose') && formatOf(session).name === 'table')
    for (const result of results)
      if ('value' in result) for (const upgrade of result.value) await explain(session, result.node, upgrade);
  return status;
}

/** Why one did not end well: the checks, and the failed boot's last lines. */
async function explain({ terminal }: Session, node: string, upgrade: Upgrade): Promise<void> {
  const { failedChecks, bootLog, why, reason } = upgrade;
  if (why === '' && failedChecks.length === 0 && bootLog.length === 0) return;
  await terminal.line();
  await terminal.line(
    terminal.style('bold', terminal.safe(`${node} ${wordOf(upgrade.state)} ${upgrade.imageVersion}`)) +
      ` ${terminal.style('dim', terminal.safe(`[${reason}] ${upgrade.id}`))}`,
  );
  await terminal.line(terminal.safe(`  ${why}`));
  for (const check of failedChecks) await terminal.line(terminal.safe(`  - ${check}`));
  if (!bootLog.some((line) => line.trim() !== '')) return;
  await terminal.line('  the end of its log:');
  for (const line of bootLog) await terminal.line(terminal.safe(`    ${line}`));
}
