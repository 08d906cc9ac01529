/** What an upgrade would do, node by node: asked of the nodes, and shown before anything is changed. */

import { Failure } from '../../proto/failure.ts';
import type { OfferedImage } from '../../proto/gen/types/nodectl/v1/OfferedImage.ts';
import type { UpgradeOptions } from '../../proto/gen/types/nodectl/v1/UpgradeOptions.ts';
import type { UpgradePlan__Output as Plan } from '../../proto/gen/types/nodectl/v1/UpgradePlan.ts';
import { type Manifest, rootOf } from '../../proto/image/manifest.ts';
import { REASONS, type Reason } from '../../proto/reasons.ts';
import { fanOut, type Result } from '../fleet/fan-out.ts';
import { foldNames } from '../fleet/names.ts';
import type { Target } from '../fleet/target.ts';
import { wrap } from '../help/wrap.ts';
import { bytesText } from '../output/bytes.ts';
import { EXIT, exitOfAll } from '../output/exit-codes.ts';
import { errorObject, formatOf, isForPeople, printItems } from '../output/format.ts';
import { reportFailures } from '../output/report.ts';
import type { Style } from '../output/terminal.ts';
import { visibleName } from '../output/visible.ts';
import type { Session } from '../session.ts';
import type { WayName } from './operations.ts';
import { imageText } from './words.ts';

/** A node's plan, and how the image would be brought to it. */
export type NodePlan = { node: string; failure: Failure } | PlannedNode;

/** What would be done with a node that has answered. */
export interface PlannedNode {
  readonly node: string;
  readonly value: Plan;
  readonly way: WayName;
  /** How many bytes of operations would be sent, where that is known; at most so many where it is not exact. */
  readonly toSend?: { readonly bytes: number; readonly exact: boolean };
  /** Why it is more than it need be, a clause about the root image. */
  readonly note?: string;
}

/** A node may have to hash a slot before it can answer. */
const PLAN_MS = 60_000;

/** Asks all nodes. Changes nothing. */
export async function planAll(
  session: Session,
  targets: readonly Target[],
  image: OfferedImage,
  options: UpgradeOptions,
): Promise<Result<Plan>[]> {
  return fanOut(session, targets, async (channel, { name }) => {
    const { plan } = await channel.unary(
      'nodectl.v1.UpgradeService/PlanUpgrade',
      { image, options },
      { ...session.limits(), timeoutMs: PLAN_MS },
    );
    if (!plan) throw new Failure('INTERNAL', `${name} answered without a plan`);
    return plan;
  });
}

/** All that stands against an upgrade of a node, as one failure; undefined where nothing does. */
export function refusalOf({ refusals }: Plan): Failure | undefined {
  const [first, ...others] = refusals;
  if (!first) return undefined;
  const also = others.map(({ message, reason }) => `; also: ${message} [${reason}]`).join('');
  // A newer agent may have reasons that are not known here.
  const reason = Object.hasOwn(REASONS, first.reason) ? (first.reason as Reason) : 'UPGRADE_WRONG_STATE';
  return new Failure(reason, `${first.message}${also}`, first.hint === '' ? {} : { hint: first.hint });
}

const WAYS: Readonly<Record<WayName, string>> = {
  ready: 'the delta that the image brings along is sent',
  delta: 'the delta from the image that runs is sent',
  compare: 'the blocks that it lacks are sent',
};

/** Lines for people: nodes whose plans are alike are one block. */
export function planLines(
  styled: (style: Style, text: string) => string,
  manifest: Manifest,
  plans: readonly NodePlan[],
): string[] {
  const groups = new Map<string, Group>();
  for (const one of plans) {
    if ('failure' in one) continue;
    const { node, value, ...how } = one;
    const key = JSON.stringify([value.targetSlot, value.activeVersion, value.refusals, value.warnings, how]);
    const group = groups.get(key) ?? { nodes: [], plan: value, ...how };
    group.nodes.push(node);
    groups.set(key, group);
  }
  const size = bytesText(manifest.images.reduce((sum, one) => sum + one.size, 0));
  const head = `${visibleName(manifest.name)} ${imageText(visibleName(manifest.version), manifest.serial)}, ${size}`;
  return [head, ...[...groups.values()].flatMap((group) => blockLines(styled, manifest, group))];
}

/** A line in several, where a terminal is narrower: broken between words, and the others further in than the first. */
function broken(line: string, width: number | undefined): string {
  if (width === undefined) return line;
  const text = line.trimStart();
  const indent = line.length - text.length;
  return `${' '.repeat(indent)}${wrap(text, width, indent + 2)}`;
}

type Group = Omit<PlannedNode, 'node' | 'value'> & { readonly nodes: string[]; readonly plan: Plan };

function blockLines(
  styled: (style: Style, text: string) => string,
  manifest: Manifest,
  { nodes, plan, way, toSend, note }: Group,
): string[] {
  const name = styled('bold', foldNames(nodes));
  const refused = plan.refusals.flatMap(({ message, hint, reason }) => [
    `  ${styled('red', 'refused:')} ${visibleName(message)} ${styled('dim', `[${visibleName(reason)}]`)}`,
    ...(hint === '' ? [] : [`    ${visibleName(hint)}`]),
  ]);
  const warnings = plan.warnings.map((text) => `  ${styled('yellow', 'warning:')} ${visibleName(text)}`);
  if (refused.length > 0) return [`${name}: cannot be upgraded`, ...refused, ...warnings];
  if (plan.alreadyRunning) return [`${name}: runs it already`, ...warnings];
  const from = imageText(visibleName(plan.activeVersion), plan.activeSerial);
  return [
    `${name}: ${from} in slot ${visibleName(plan.activeSlot)} -> ${styled('green', visibleName(manifest.version))} in slot ${visibleName(plan.targetSlot)}`,
    `  ${WAYS[way]}${sendText(toSend)}; the root has ${bytesText(rootOf(manifest).size)} of the slot’s ${bytesText(plan.targetBytes)}`,
    ...(note === undefined ? [] : [`  ${styled('yellow', 'warning:')} the root image ${note}`]),
    ...warnings,
  ];
}

function sendText(toSend: PlannedNode['toSend']): string {
  return toSend ? `, ${toSend.exact ? '' : 'at most '}${bytesText(toSend.bytes)}` : '';
}

/** Shows the plans on stderr, before one is asked. */
export function tellPlans({ terminal }: Session, manifest: Manifest, plans: readonly NodePlan[]): void {
  const width = terminal.isErrorTerminal ? terminal.stderr.columns : undefined;
  for (const line of planLines((style, part) => terminal.styleError(style, part), manifest, plans))
    terminal.stderr.write(`${broken(line, width)}\n`);
}

/** Prints plans as the result of --dry-run. 0 where nothing would be done, 8 where something would, else what refuses. */
export async function showPlans(
  session: Session,
  manifest: Manifest,
  plans: readonly NodePlan[],
): Promise<number> {
  const { terminal } = session;
  const failures = plans.filter((one) => 'failure' in one);
  const planned = plans.filter((one) => 'value' in one);
  if (isForPeople(formatOf(session))) {
    const lines = planLines((style, part) => terminal.style(style, part), manifest, plans);
    await terminal.write(lines.map((line) => `${broken(line, terminal.width)}\n`).join(''));
    reportFailures(terminal, failures, plans.length);
  } else
    await printItems(session, plans, {
      columns: [],
      json: (one) =>
        'failure' in one
          ? { node: one.node, error: errorObject(one.failure) }
          : {
              ...{ node: one.node, way: one.way, toSend: one.toSend ?? null, note: one.note ?? null },
              ...one.value,
            },
      name: ({ node }) => node,
    });
  const refused = planned.flatMap(({ value }) => refusalOf(value) ?? []);
  const bad = [...failures.map(({ failure }) => failure), ...refused];
  if (bad.length > 0) return exitOfAll(bad, plans.length - bad.length);
  return planned.some(({ value }) => !value.alreadyRunning) ? EXIT.pending : EXIT.ok;
}
