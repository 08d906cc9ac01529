/** `nodectl nic`. */

import type { ListNicsResponse__Output as Answer } from '../../../proto/gen/types/nodectl/v1/ListNicsResponse.ts';
import type { Nic__Output as Nic } from '../../../proto/gen/types/nodectl/v1/Nic.ts';
import { askMachines } from '../../diag/ask.ts';
import { nicPage } from '../../diag/nic-page.ts';
import * as words from '../../diag/nic-words.ts';
import { plainMessage } from '../../diag/plain-message.ts';
import { type Look, PIPE_WIDTH } from '../../diag/sections.ts';
import type { Result } from '../../fleet/fan-out.ts';
import { EXIT, exitOfAll } from '../../output/exit-codes.ts';
import { formatOf, printRows } from '../../output/format.ts';
import { reportFailures } from '../../output/report.ts';
import type { Column } from '../../output/table.ts';
import { flag, list, type Session } from '../../session.ts';

interface Row {
  node: string;
  nic: Nic;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NODE', value: ({ node }) => node, whole: true },
  { title: 'IFACE', value: ({ nic }) => nic.name, whole: true },
  { title: 'STATE', value: ({ nic }) => words.stateOf(nic), whole: true },
  { title: 'SPEED', value: ({ nic }) => words.speedOf(nic), align: 'right', whole: true },
  { title: 'DRIVER', value: ({ nic }) => nic.device?.driver || nic.kind },
  { title: 'FIRMWARE', value: ({ nic }) => words.firmwareOf(nic) },
  { title: 'ERRORS', value: ({ nic }) => words.errorsOf(nic), align: 'right', whole: true },
  { title: 'DROPS', value: ({ nic }) => words.dropsOf(nic), align: 'right', whole: true },
  { title: 'SWITCH', value: ({ nic }) => words.neighbourOf(nic)?.name ?? '', yields: true },
  { title: 'PORT', value: ({ nic }) => words.portOf(nic), yields: true },
  { title: 'PLACE', value: ({ nic }) => words.placeOf(nic), wide: true },
  { title: 'MTU', value: ({ nic }) => (nic.mtu > 0 ? String(nic.mtu) : ''), wide: true, align: 'right' },
  { title: 'RX/S', value: ({ nic }) => words.rateOf(nic, 'rx_packets'), wide: true, align: 'right' },
  { title: 'TX/S', value: ({ nic }) => words.rateOf(nic, 'tx_packets'), wide: true, align: 'right' },
  { title: 'IDS', value: ({ nic }) => nic.device?.ids ?? '', wide: true },
  { title: 'BUS', value: ({ nic }) => nic.device?.address ?? '', wide: true },
  {
    title: 'PCIE',
    value: ({ nic }) => (nic.device?.pcie ? words.pcieText(nic.device.pcie) : ''),
    wide: true,
  },
  { title: 'ADDRESS', value: ({ nic }) => nic.address, wide: true },
];

export async function run(session: Session): Promise<number> {
  const format = formatOf(session);
  const details = flag(session, 'verbose') || (isOneName(session.args) && (await isOneMachine(session)));
  const results = await askMachines(session, (channel) =>
    channel.unary(
      'nodectl.v1.NicService/ListNics',
      { interfaces: [...session.args], virtual: flag(session, 'virtual'), details },
      session.limits(),
    ),
  );
  if (details && format.name === 'table') return showPages(session, results);
  const status = await printRows(session, results, {
    rows: ({ nics }, node): Row[] => nics.map((nic) => ({ node, nic })),
    columns: COLUMNS,
    json: ({ node, nic }) => ({
      node,
      name: nic.name,
      kind: nic.kind,
      state: nic.state,
      ...plainMessage(nic),
    }),
    name: ({ node, nic }) => `${node} ${nic.name}`,
    empty: nothing(session),
    more: { problems: results.flatMap(problemsOf) },
  });
  if (format.name === 'table' || format.name === 'wide') noteProblems(session, results);
  return status === EXIT.ok ? statusOf(session, results) : status;
}

/** A name that no node has is a mistake to whoever asked for it. */
function statusOf({ args }: Session, results: readonly Result<Answer>[]): number {
  const found = results.some((result) => 'value' in result && result.value.nics.length > 0);
  return args.length > 0 && !found ? EXIT.failed : EXIT.ok;
}

function isOneName(args: readonly string[]): boolean {
  return args.length === 1 && !/[*?]/.test(args[0] ?? '');
}

async function isOneMachine(session: Session): Promise<boolean> {
  const folders = list(session, 'from');
  return (folders.length > 0 ? folders : await session.targets()).length === 1;
}

function nothing({ args }: Session): string {
  return args.length === 0
    ? 'There are no interfaces with a device; --virtual shows the others.'
    : `No node has an interface ${args.map((one) => `"${one}"`).join(' or ')}.`;
}

function problemsOf(result: Result<Answer>): { node: string; what: string; kind: string; why: string }[] {
  return 'value' in result ? result.value.problems.map((problem) => ({ node: result.node, ...problem })) : [];
}

async function showPages(session: Session, results: readonly Result<Answer>[]): Promise<number> {
  const { terminal } = session;
  const look: Look = {
    width: terminal.width ?? PIPE_WIDTH,
    style: (style, text) => terminal.style(style, text),
    safe: (text) => terminal.safe(text),
  };
  const pages = results.flatMap((result) =>
    'value' in result ? result.value.nics.map((nic) => nicPage(result.node, nic, look).join('\n')) : [],
  );
  const failures = results.filter((result) => 'failure' in result);
  if (pages.length > 0) await terminal.write(`${pages.join('\n\n')}\n`);
  else if (failures.length < results.length) terminal.note(nothing(session));
  noteProblems(session, results);
  reportFailures(terminal, failures, results.length);
  const status = exitOfAll(
    failures.map(({ failure }) => failure),
    results.length - failures.length,
  );
  return status === EXIT.ok ? statusOf(session, results) : status;
}

/** What could not be read, a line for each reason with the nodes that have it. */
function noteProblems({ terminal }: Session, results: readonly Result<Answer>[]): void {
  const groups = Map.groupBy(results.flatMap(problemsOf), ({ what, why }) => `${what}: ${why}`);
  const lines = [...groups].map(
    ([text, all]) =>
      `${text}${results.length > 1 ? ` (${all.length === 1 ? all[0]?.node : `${all.length} nodes`})` : ''}`,
  );
  if (lines.length === 0) return;
  terminal.note(
    [
      'Not everything could be read:',
      ...lines.slice(0, 8).map((line) => `  ${line}`),
      ...(lines.length > 8 ? [`  and ${lines.length - 8} more`] : []),
    ].join('\n'),
  );
}
