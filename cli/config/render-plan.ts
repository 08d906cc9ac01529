/** Plans for people: nodes whose plans are the same are one block. */

import type { ConfigChange__Output as Change } from '../../proto/gen/types/nodectl/v1/ConfigChange.ts';
import type { PlanConfigResponse__Output as Plan } from '../../proto/gen/types/nodectl/v1/PlanConfigResponse.ts';
import { foldNames } from '../fleet/names.ts';
import type { Style } from '../output/terminal.ts';
import { visibleName } from '../output/visible.ts';

const EFFECTS: Readonly<Record<string, string>> = {
  CONFIG_EFFECT_LIVE: 'live',
  CONFIG_EFFECT_RESTART: 'restarts',
  CONFIG_EFFECT_REBOOT: 'with the next boot',
};
const MODES: Readonly<Record<string, string>> = {
  CONFIG_MODE_LIVE: 'applied at once',
  CONFIG_MODE_STAGED: 'applied with the next boot',
  CONFIG_MODE_TRY: 'tried, and put back unless it is confirmed',
};
/** Changes of one block that are shown; a document of a thousand files is counted. */
const MAX_SHOWN = 40;

/** Sets text off, as Terminal.style does for the stream that the lines go to. */
type Styled = (style: Style, text: string) => string;

/** Lines that show plans. */
export function planLines(styled: Styled, plans: readonly { node: string; plan: Plan }[]): string[] {
  const groups = new Map<string, { nodes: string[]; plan: Plan }>();
  for (const { node, plan } of plans) {
    const key = JSON.stringify([plan.changes, plan.mode]);
    const group = groups.get(key) ?? { nodes: [], plan };
    group.nodes.push(node);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ nodes, plan }) => blockLines(styled, foldNames(nodes), plan));
}

function blockLines(styled: Styled, nodes: string, { changes, mode, risksConnection }: Plan): string[] {
  if (changes.length === 0) return [`${styled('bold', nodes)}: nothing to change`];
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  const head = `${styled('bold', nodes)}: ${count}, ${MODES[mode] ?? mode}`;
  const lines = changes.slice(0, MAX_SHOWN).flatMap((change) => changeLines(styled, change));
  const rest = changes.length - MAX_SHOWN;
  return [
    head,
    ...(risksConnection ? [`  ${styled('yellow', 'the connection to the node is at risk')}`] : []),
    ...lines,
    ...(rest > 0 ? [`  and ${rest} more; -o json has all`] : []),
  ];
}

function changeLines(styled: Styled, change: Change): string[] {
  const restarts = change.restarts.length > 0 ? ` ${change.restarts.join(', ')}` : '';
  const effect = `${EFFECTS[change.effect] ?? change.effect}${restarts}`;
  return [
    `  ${visibleName(change.resource)}  ${styled('dim', effect)}`,
    ...change.differences.flatMap(({ field, from, to, diff }) => [
      `    ${visibleName(field)}: ${visibleName(from)} -> ${styled('green', visibleName(to))}`,
      ...diff.map((line) => `      ${diffLine(styled, visibleName(line))}`),
    ]),
  ];
}

function diffLine(styled: Styled, line: string): string {
  if (line.startsWith('+')) return styled('green', line);
  if (line.startsWith('-')) return styled('red', line);
  return styled('dim', line);
}
