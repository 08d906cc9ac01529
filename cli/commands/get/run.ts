/** `nodectl get nodes`. */

import type { GetNodeResponse__Output as NodeAnswer } from '../../../proto/gen/types/nodectl/v1/GetNodeResponse.ts';
import { formatDuration, timeLeft } from '../../duration.ts';
import { addressOf } from '../../fleet/connect.ts';
import { askAll, type Result } from '../../fleet/fan-out.ts';
import { labelText } from '../../fleet/labels.ts';
import type { Target } from '../../fleet/target.ts';
import { exitOfAll } from '../../output/exit-codes.ts';
import { errorObject, formatOf, isForPeople, printItems } from '../../output/format.ts';
import { reportFailures } from '../../output/report.ts';
import type { Column } from '../../output/table.ts';
import type { Session } from '../../session.ts';

/** What a node answered, and at which of its addresses. */
interface Answered {
  node: NodeAnswer;
  address: string;
}

/** A node has a row whether or not it answered. */
interface Row {
  target: Target;
  result: Result<Answered>;
  /** The node's own, overlaid by those of the context. */
  labels: Record<string, string>;
}

const answer = ({ result }: Row): NodeAnswer | undefined =>
  'value' in result ? result.value.node : undefined;

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NODE', value: ({ target }) => target.name, whole: true },
  { title: 'STATUS', value: status, whole: true },
  { title: 'ADDRESS', value: address },
  { title: 'AGENT', value: (row) => answer(row)?.agentVersion ?? '' },
  { title: 'KERNEL', value: (row) => answer(row)?.kernel ?? '' },
  { title: 'UPTIME', value: (row) => uptime(answer(row)) },
  { title: 'OS', value: (row) => answer(row)?.os ?? '', wide: true },
  { title: 'MACHINE', value: (row) => answer(row)?.machine ?? '', wide: true },
  { title: 'CERTIFICATE', value: (row) => certificate(answer(row)), wide: true },
  { title: 'CAPABILITIES', value: (row) => answer(row)?.capabilities.join(',') ?? '', wide: true },
  { title: 'LABELS', value: ({ labels }) => labelText(labels) },
];

function sorted(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function status({ result }: Row): string {
  if ('failure' in result) return result.failure.reason;
  return result.value.node.warnings.length > 0 ? 'WARNING' : 'OK';
}

function address({ target, result }: Row): string {
  return 'value' in result ? result.value.address : (target.addresses[0] ?? '');
}

function uptime(value: NodeAnswer | undefined): string {
  return value ? formatDuration(value.uptimeSeconds * 1_000) : '';
}

function certificate(value: NodeAnswer | undefined): string {
  return value ? timeLeft(value.certificateNotAfter) : '';
}

export async function run(session: Session): Promise<number> {
  const forPeople = isForPeople(formatOf(session));
  const targets = await session.targets();
  const results = await askAll(session, targets, async (channel): Promise<Answered> => {
    const node = await channel.unary('nodectl.v1.SystemService/GetNode', {}, session.limits());
    return { node, address: addressOf(channel) };
  });
  const rows = targets.flatMap((target, index): Row[] => {
    const result = results[index];
    if (!result) return [];
    const own = 'value' in result ? result.value.node.labels : {};
    return [{ target, result, labels: sorted({ ...own, ...target.labels }) }];
  });
  await printItems(session, rows, { columns: COLUMNS, json, name: ({ target }) => target.name });
  const failures = results.filter((result) => 'failure' in result);
  if (forPeople) {
    for (const row of rows)
      for (const warning of answer(row)?.warnings ?? [])
        session.terminal.warn(`${row.target.name}: ${warning}`);
    reportFailures(session.terminal, failures, results.length);
  }
  return exitOfAll(
    failures.map(({ failure }) => failure),
    results.length - failures.length,
  );
}

function json({ target, result, labels }: Row): Record<string, unknown> {
  const known = { node: target.name, addresses: target.addresses, labels };
  if ('failure' in result) return { ...known, error: errorObject(result.failure) };
  const { node: value, address } = result.value;
  return {
    ...known,
    address,
    agentVersion: value.agentVersion,
    hostname: value.hostname,
    os: value.os,
    kernel: value.kernel,
    kernelBuild: value.kernelBuild,
    machine: value.machine,
    uptimeSeconds: value.uptimeSeconds,
    bootId: value.bootId,
    machineId: value.machineId,
    certificateNotAfter: new Date(value.certificateNotAfter * 1_000).toISOString(),
    capabilities: value.capabilities,
    warnings: value.warnings,
  };
}
