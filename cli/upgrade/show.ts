/** Upgrades in tables, and the exit status that they give. */

import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { formatDuration, tableTime } from '../duration.ts';
import type { Result } from '../fleet/fan-out.ts';
import { foldNames } from '../fleet/names.ts';
import { callerText } from '../output/caller.ts';
import { EXIT } from '../output/exit-codes.ts';
import { formatOf, isForPeople, printRows } from '../output/format.ts';
import { type Column, tableLines } from '../output/table.ts';
import { displayWidth } from '../output/width.ts';
import type { Session } from '../session.ts';
import { type Running, tellRunning } from './running.ts';
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
  return (
    [why, waitingFor].filter(Boolean).join('; ') ||
    [...(rollback ? ['rollback'] : []), message].filter(Boolean).join(': ')
  );
}

interface Row {
  node: string;
  /** Null on a node that had nothing to do. */
  upgrade: UpgradeOf;
  runs?: Running | undefined;
}

/** A column of what an upgrade says; of a node that had nothing to do it is what `idle` says. */
function column(
  title: string,
  value: (upgrade: Upgrade) => string,
  how: Omit<Column<Row>, 'title' | 'value'> = {},
  idle: (runs: Running | undefined) => string = () => '',
): Column<Row> {
  return { title, value: ({ upgrade, runs }) => (upgrade ? value(upgrade) : idle(runs)), ...how };
}

const REMARK = column('REMARK', remark, { yields: true });

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NODE', value: ({ node }) => node, whole: true },
  column(
    'STATE',
    ({ state }) => wordOf(state),
    { whole: true },
    () => 'runs it already',
  ),
  column('FROM', ({ fromVersion, fromSerial }) => imageText(fromVersion, fromSerial)),
  column(
    'TO',
    ({ imageVersion, imageSerial }) => imageText(imageVersion, imageSerial),
    {},
    (runs) => (runs ? imageText(runs.imageVersion, runs.imageSerial) : ''),
  ),
  column(
    'SLOT',
    ({ targetSlot }) => targetSlot,
    { whole: true },
    (runs) => runs?.slot ?? '',
  ),
  column('STARTED', ({ startedUsec }) => tableTime(startedUsec), { whole: true, yields: true }),
  column('TOOK', tookText, { whole: true }),
  REMARK,
  column('AUTHOR', ({ author }) => callerText(author), { wide: true }),
  column('ID', ({ id }) => id, { wide: true }),
  column('MANIFEST', ({ manifestSha256 }) => manifestSha256.slice(0, 12), { wide: true }),
];

/** Prints upgrades, any number a node. Gives the exit status of the calls alone. */
export function printUpgrades(
  session: Session,
  results: readonly Result<readonly UpgradeOf[]>[],
  empty = 'No upgrades.',
  running: ReadonlyMap<string, Running> = new Map(),
  columns = COLUMNS,
): Promise<number> {
  return printRows(session, results, {
    rows: (upgrades, node) => upgrades.map((upgrade): Row => ({ node, upgrade, runs: running.get(node) })),
    columns,
    json: ({ node, upgrade, runs }) => ({
      ...(upgrade ? upgradeJson(upgrade, node) : { node, state: 'runs-already' }),
      ...(runs ? { runs } : {}),
    }),
    name: ({ node, upgrade }) => (upgrade ? `${node}:${upgrade.id}` : node),
    empty,
  });
}

/** Whether a terminal is too narrow for the table with the remarks whole in it: they are said below it then. */
function remarksBelow(session: Session, rows: readonly Row[]): boolean {
  const { width } = session.terminal;
  if (formatOf(session).name !== 'table' || width === undefined) return false;
  if (rows.every(({ upgrade }) => !upgrade || remark(upgrade) === '')) return false;
  const shown = COLUMNS.filter(({ wide }) => !wide);
  return tableLines(rows, shown, undefined).some((line) => displayWidth(line) > width);
}

/** Says remarks whole, nodes with the same one together. */
function sayRemarks({ terminal }: Session, rows: readonly Row[]): void {
  for (const [text, those] of Map.groupBy(rows, ({ upgrade }) => (upgrade ? remark(upgrade) : '')))
    if (text !== '') terminal.note(`${foldNames(those.map(({ node }) => node))}: ${text}`);
}

/** "28 confirmed, 1 fell-back, 1 UPGRADE_STOPPED". */
function countedStates(results: readonly Result<UpgradeOf>[]): string {
  const word = (one: Result<UpgradeOf>) => {
    if ('failure' in one) return one.failure.reason;
    return one.value ? wordOf(one.value.state) : 'had nothing to do';
  };
  return [...Map.groupBy(results, word)].map(([state, those]) => `${those.length} ${state}`).join(', ');
}

/**
 * Prints one upgrade a node. The status tells besides whether all ended well (0), none or some did (1, 3), or some go on (8).
 * @param running what nodes really run, where that was asked: a node without an upgrade is then one that had nothing to do
 */
export async function printStandings(
  session: Session,
  results: readonly Result<UpgradeOf>[],
  running?: ReadonlyMap<string, Running>,
): Promise<number> {
  const rows = results.flatMap((one): Row[] =>
    'value' in one && (one.value || running)
      ? [{ node: one.node, upgrade: one.value, runs: running?.get(one.node) }]
      : [],
  );
  const below = remarksBelow(session, rows);
  const status = await printUpgrades(
    session,
    results.map((one) =>
      'failure' in one ? one : { node: one.node, value: one.value || running ? [one.value] : [] },
    ),
    'There never was an upgrade.',
    running,
    below ? COLUMNS.filter((one) => one !== REMARK) : COLUMNS,
  );
  if (below) sayRemarks(session, rows);
  if (running && isForPeople(formatOf(session))) {
    if (results.length > 1) session.terminal.note(`${results.length} nodes: ${countedStates(results)}`);
    tellRunning(session, running);
  }
  const bad = ({ state }: Upgrade) => wordOf(state) !== 'confirmed';
  const upgrades = results.flatMap((one) => ('value' in one && one.value ? [one.value] : []));
  const ended = upgrades.filter(hasEnded);
  if (status === EXIT.ok && !ended.some(bad)) return ended.length < upgrades.length ? EXIT.pending : EXIT.ok;
  // What fell back is no success, so that only those that are as they should be make a failure partial.
  const good = results.filter((one) => 'value' in one).length - ended.filter(bad).length;
  if (good > 0) return EXIT.partial;
  return ended.some(bad) ? EXIT.failed : status;
}
