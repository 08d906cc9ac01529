/** What stands below the troubles: what was not shown, what could not be looked at, and how many nodes are well. */

import { thousands } from '../../output/thousands.ts';
import { visibleName } from '../../output/visible.ts';
import { cut } from '../../output/width.ts';
import type { FoldedFleet, Severity, Trouble } from '../fold/model.ts';
import { nodesText } from './words.ts';

/** So many reasons are named; the others are counted. */
const MAX_REASONS = 2;

/** A number with its noun. */
export function counted(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Checks that could not be made, by their reasons. */
export function notRunLines(
  { notRun, answered }: FoldedFleet,
  width: number | undefined,
  most = MAX_REASONS,
): string[] {
  const fit = (text: string) => (width === undefined ? text : cut(text, width));
  const room = width === undefined ? undefined : Math.max(16, Math.floor(width * 0.3));
  const lines = notRun.slice(0, most).map(({ reason, checks, nodes }) => {
    const where = nodesText(nodes, answered.length, room);
    return fit(`${counted(checks.length, 'check')} could not run on ${where}: ${visibleName(reason)}`);
  });
  const rest = notRun.slice(most);
  if (rest.length === 0) return lines;
  const checks = new Set(rest.flatMap((one) => one.checks)).size;
  const nodes = new Set(rest.flatMap((one) => one.nodes));
  const where = nodesText([...nodes], answered.length, room);
  return [
    ...lines,
    fit(
      `${counted(checks, 'check')} could not run on ${where} for ${counted(rest.length, 'other reason')}; --verbose names them`,
    ),
  ];
}

/** How many lines notRunLines gives. */
export function notRunHeight({ notRun }: FoldedFleet): number {
  return Math.min(notRun.length, MAX_REASONS + 1);
}

/** What was left out; empty where nothing was. */
export function leftOut(left: readonly Trouble[]): string {
  const count = (wanted: Severity, noun: string) => {
    const found = left.filter(({ severity }) => severity === wanted).length;
    return found === 0 ? [] : [counted(found, noun)];
  };
  const all = [...count('critical', 'critical'), ...count('warning', 'warning'), ...count('info', 'info')];
  return all.length === 0 ? '' : `Not shown: ${all.join(', ')}; --verbose shows all`;
}

/** How many nodes were asked, answered and are well. */
export function summary(fleet: FoldedFleet, asked: number): string {
  const { answered, troubled, healthy, unjudged, checks } = fleet;
  const unknown = unjudged.filter((node) => !healthy.includes(node)).length;
  const unclear = answered.length - troubled.length - healthy.length - unknown;
  const nodes =
    answered.length === asked
      ? counted(asked, 'node')
      : `${thousands(answered.length)} of ${counted(asked, 'node')}`;
  const parts = [
    troubled.length > 0 ? `${troubled.length} troubled` : '',
    healthy.length > 0 || unclear + unknown === 0 ? `${healthy.length} healthy` : '',
    unclear > 0 ? `${unclear} well as far as checked` : '',
    unknown > 0 ? `${unknown} of which nothing could be judged` : '',
  ];
  return `${counted(checks, 'check')} on ${nodes}: ${parts.filter(Boolean).join(', ')}`;
}
