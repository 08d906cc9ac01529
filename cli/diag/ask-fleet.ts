/** Asks a fleet, or captured machines, what is wrong with them, with the labels by which the nodes may differ. */

import type { Channel } from '../../proto/call/channel.ts';
import type { Failure } from '../../proto/failure.ts';
import { list, type Session } from '../session.ts';
import { askMachines } from './ask.ts';
import { FLEET_CHECKS, type FleetCheck } from './fold/fleet-checks.ts';
import type { NodeReport } from './fold/model.ts';

/** What is to be looked for: all where both are empty. */
export interface Wanted {
  readonly areas: readonly string[];
  /** Ids of checks. */
  readonly checks: readonly string[];
}

/** What came back. */
export interface FleetAnswer {
  readonly reports: readonly NodeReport[];
  readonly failures: readonly { node: string; failure: Failure }[];
  readonly asked: number;
}

const FLEET_IDS: ReadonlySet<string> = new Set(FLEET_CHECKS.map(({ id }) => id));

/** Whether a check over the whole fleet is among what is wanted. */
export function isWantedOfFleet({ areas, checks }: Wanted): (check: FleetCheck) => boolean {
  return ({ id, area }) =>
    checks.length > 0 ? checks.includes(id) : areas.length === 0 || areas.includes(area);
}

/**
 * Runs the checks on all chosen nodes. A node that fails is among the failures.
 * @param before asked of each node before its checks run; it must not throw for what a node does not know
 */
export async function askFleet(
  session: Session,
  { areas, checks }: Wanted,
  before?: (channel: Channel, node: string) => Promise<void>,
): Promise<FleetAnswer> {
  const ofNodes = checks.filter((id) => !FLEET_IDS.has(id));
  // Nodes do not know the checks over the fleet; for these alone the traits are needed that come with any answer.
  const onlyFleet = checks.length > 0 && ofNodes.length === 0;
  const labels = await contextLabels(session);
  const once = onceEach();
  const results = await askMachines(session, async (channel, node) => {
    await before?.(channel, node);
    const [answer, own] = await Promise.all([
      channel.unary(
        'nodectl.v1.DiagnosticsService/Diagnose',
        { areas: [...areas], checks: ofNodes },
        session.limits(),
      ),
      ownWord(channel, session),
    ]);
    const report = {
      node,
      labels: { ...own.labels, ...labels.get(node) },
      answer: withId({ ...answer, checks: answer.checks.map(once) }, own.machineId),
    };
    return onlyFleet ? { ...report, answer: { ...report.answer, findings: [], checks: [] } } : report;
  });
  return {
    reports: results.flatMap((one) => ('value' in one ? [one.value] : [])),
    failures: results.flatMap((one) => ('failure' in one ? [one] : [])),
    asked: results.length,
  };
}

type CheckResult = NodeReport['answer']['checks'][number];

/** Keeps each result of a check once for all nodes that have it: most have the same three hundred, and a thousand nodes would fill the memory with them. */
function onceEach(): (result: CheckResult) => CheckResult {
  const known = new Map<string, CheckResult>();
  return (result) => {
    const key = `${result.id}\0${result.status}\0${result.reason}`;
    const before = known.get(key);
    if (before) return before;
    known.set(key, result);
    return result;
  };
}

/** Labels by the context. Captured machines are in no context. */
async function contextLabels(session: Session): Promise<Map<string, Readonly<Record<string, string>>>> {
  if (list(session, 'from').length > 0) return new Map();
  const targets = await session.targets();
  return new Map(targets.map(({ name, labels }) => [name, labels]));
}

/** What a node says of itself beside its checks; nothing where it does not tell: that is no reason to fail. */
async function ownWord(
  channel: Channel,
  session: Session,
): Promise<{ labels: Readonly<Record<string, string>>; machineId: string }> {
  try {
    return await channel.unary('nodectl.v1.SystemService/GetNode', {}, session.limits());
  } catch {
    return { labels: {}, machineId: '' };
  }
}

/** An answer with the machine-id among the traits, so that two nodes with the same are seen. */
function withId(answer: NodeReport['answer'], machineId: string): NodeReport['answer'] {
  if (!machineId || answer.traits.some(({ name }) => name === 'machine-id')) return answer;
  return { ...answer, traits: [...answer.traits, { name: 'machine-id', value: machineId }] };
}
