/** Which versions run on how many nodes. */

import { html, type Markup } from './html.ts';
import type { ReportData } from './model.ts';
import { coordinate } from './scale.ts';

const SHOWN: readonly (readonly [trait: string, title: string])[] = [
  ['kernel', 'Kernel'],
  ['os', 'Operating system'],
  ['image', 'Image'],
  ['nic.firmware', 'NIC firmware'],
  ['bios', 'BIOS'],
  ['microcode', 'Microcode'],
];
/** Values beyond these are one: more colours cannot be told apart. */
const MAX_SEGMENTS = 7;

/** The section; nothing where the nodes told nothing. */
export function versionsSection({ fleet: { reports, troubled } }: ReportData): Markup | undefined {
  const sick = new Set(troubled);
  const agents = reports.map(({ node, answer }) => ({ node, value: answer.agentVersion }));
  const rows = SHOWN.flatMap(([trait, title]) => {
    const all = reports.flatMap(({ node, answer }) =>
      answer.traits.filter(({ name }) => name === trait).map(({ value }) => ({ node, value })),
    );
    return all.length === 0 ? [] : [stack(title, all, sick)];
  });
  if (rows.length === 0) return undefined;
  return html`<section id="versions"><h2>Versions</h2><div class="stacks">${rows}${stack('Agent', agents, sick)}</div></section>`;
}

function stack(
  title: string,
  all: readonly { node: string; value: string }[],
  sick: ReadonlySet<string>,
): Markup {
  const byValue = new Map<string, Set<string>>();
  for (const { node, value } of all) byValue.set(value, (byValue.get(value) ?? new Set()).add(node));
  const sorted = [...byValue].sort(([a, some], [b, others]) => others.size - some.size || (a < b ? -1 : 1));
  const named = sorted.slice(0, sorted.length > MAX_SEGMENTS ? MAX_SEGMENTS - 1 : MAX_SEGMENTS);
  const rest = sorted.slice(named.length);
  const segments = [
    ...named.map(([value, nodes]) => ({ value, nodes: [...nodes] })),
    ...(rest.length > 0
      ? [{ value: `${rest.length} others`, nodes: rest.flatMap(([, nodes]) => [...nodes]) }]
      : []),
  ];
  const total = segments.reduce((sum, { nodes }) => sum + nodes.length, 0);
  let from = 0;
  const rects = segments.map(({ value, nodes }, at) => {
    const x = coordinate((from / total) * 1_000);
    from += nodes.length;
    const width = coordinate((from / total) * 1_000) - x;
    return html`<rect class="k${at}" x="${x}" width="${coordinate(Math.max(1, width - 2))}" height="16"><title>${value}: ${nodes.length}</title></rect>`;
  });
  const keys = segments.map(({ value, nodes }, at) => {
    const troubled = nodes.filter((node) => sick.has(node)).length;
    return html`<li><i class="k${at}"></i><span>${value}</span> <b>${nodes.length}</b>${troubled > 0 && html` <span class="dim">${troubled} with troubles</span>`}</li>`;
  });
  return html`<div class="stack"><h3>${title}</h3><svg viewBox="0 0 1000 16" preserveAspectRatio="none" role="img" aria-label="${title} over nodes">${rects}</svg><ul>${keys}</ul></div>`;
}
