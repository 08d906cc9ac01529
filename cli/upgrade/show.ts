/** Upgrades in tables, and the exit status that they give. */

import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { formatDuration, tableTime } from '../duration.ts';
import type { Result } from '../fleet/fan-out.ts';
import { foldNames } from '../fleet/names.ts';
import { callerText } from '../output/caller.ts';
import { EXIT } from '../output/exit-codes.ts';
import { formatOf, printRows } from '../output/format.ts';
import { type Column, tableLines } from '../output/table.ts';
import { displayWidth } from '../output/width.ts';
import type { Session } from '../session.ts';
import { upgradeJson } from './upgrade-json.ts';
import { hasEnded, imageText, wordOf } from './words.ts';

/** A node's upgrade; null where it never had one. */
export type UpgradeOf = Upgrade | null;

/** How long an upgrade took so far, or in all. */
function tookText({ startedUsec, endedUsec, changedUsec }: Upgrade): string {
  return formatDuration(((endedUsec || changedUsec) - startedUsec) / 1_000);
}

/** What a person should know beyond the state. */
function remark({ why, waitingFor, message, rollback }: Upgrade): string {
  return why || waitingFor || [...(rollback ? ['rollback'] : []), message].filter(Boolean).join(': ');
}

interface Row {
  node: string;
  upgrade: Upgrade;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NODE', value: ({ node }) => node, whole: true },
  { title: 'STATE', value: ({ upgrade }) => wordOf(upgrade.state), whole: true },
  {
    title: 'FROM',
    value: ({ upgrade }) => imageText(upgrade.fromVersion, upgrade.fromSerial),
  },
  { title: 'TO', value: ({ upgrade }) => imageText(upgrade.imageVersion, upgrade.imageSerial) },
  { title: 'SLOT', value: ({ upgrade }) => upgrade.targetSlot, whole: true },
  { title: 'STARTED', value: ({ upgrade }) => tableTime(upgrade.startedUsec), whole: true },
  { title: 'TOOK', value: ({ upgrade }) => tookText(upgrade), whole: true },
  { title: 'REMARK', value: ({ upgrade }) => remark(upgrade) },
  { title: 'AUTHOR', value: ({ upgrade }) => callerText(upgrade.author), wide: true },
  { title: 'ID', value: ({ upgrade }) => upgrade.id, wide: true },
  { title: 'MANIFEST', value: ({ upgrade }) => upgrade.manifestSha256.slice(0, 12), wide: true },
];

/** Prints upgrades, any number a node. Gives the exit status of the calls alone. */
export function printUpgrades(
  session: Session,
  results: readonly Result<readonly Upgrade[]>[],
  empty = 'No upgrades.',
): Promise<number> {
  return printRows(session, results, {
    rows: (upgrades, node) => upgrades.map((upgrade) => ({ node, upgrade })),
    columns: COLUMNS,
    json: ({ node, upgrade }) => upgradeJson(upgrade, node),
    name: ({ node, upgrade }) => `${node}:${upgrade.id}`,
    empty,
  });
}

/** Says remarks whole, and nodes with the same one together, where a terminal is too narrow for the table that has them. */
function sayRemarks({ terminal }: Session, rows: readonly Row[]): void {
  const shown = COLUMNS.filter(({ wide }) => !wide);
  const { width } = terminal;
  if (width === undefined || tableLines(rows, shown, undefined).every((line) => displayWidth(line) <= width))
    return;
  for (const [text, those] of Map.groupBy(rows, ({ upgrade }) => remark(upgrade)))
    if (text !== '') terminal.note(`${foldNames(those.map(({ node }) => node))}: ${text}`);
}

/** Prints one upgrade a node. The status tells besides whether all ended well (0), none or some did (1, 3), or some go on (8). */
export async function printStandings(
  session: Session,
  results: readonly Result<UpgradeOf>[],
): Promise<number> {
  const status = await printUpgrades(
    session,
    results.map((one) => ('failure' in one ? one : { node: one.node, value: one.value ? [one.value] : [] })),
    'There never was an upgrade.',
  );
  if (formatOf(session).name === 'table')
    sayRemarks(
      session,
      results.flatMap((one) => ('value' in one && one.value ? [{ node: one.node, upgrade: one.value }] : [])),
    );
  const bad = ({ state }: Upgrade) => wordOf(state) !== 'confirmed';
  const upgrades = results.flatMap((one) => ('value' in one && one.value ? [one.value] : []));
  const ended = upgrades.filter(hasEnded);
  if (status === EXIT.ok && !ended.some(bad)) return ended.length < upgrades.length ? EXIT.pending : EXIT.ok;
  // What fell back is no success, so that only those that are as they should be make a failure partial.
  const good = results.filter((one) => 'value' in one).length - ended.filter(bad).length;
  if (good > 0) return EXIT.partial;
  return ended.some(bad) ? EXIT.failed : status;
}
