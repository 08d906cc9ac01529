/** Every node with its state, what it runs, what it has, and the course of its clock. */

import { compareNames } from '../../fleet/names.ts';
import { html, type Markup } from './html.ts';
import { nodeStates, type ReportData, STATES } from './model.ts';
import { milliseconds } from './scale.ts';
import { sparkline } from './sparkline.ts';

const CLOCK = 'clock//offset_seconds';

/** The section. */
export function nodesSection(data: ReportData): Markup {
  const { fleet, clocks, pasts } = data;
  const states = nodeStates(data);
  const reports = new Map(fleet.reports.map((report) => [report.node, report]));
  const offsets = new Map(clocks.map((one) => [one.node, one]));
  const past = new Map(pasts.map(({ node, series }) => [node, series]));
  const hasPast = pasts.some(({ series }) =>
    series.some(({ name, points }) => name === CLOCK && points.length > 1),
  );
  const all = [...states].sort(([a], [b]) => compareNames(a, b));
  const rows = all.map(([node, { state, titles }], at) => {
    const traits = reports.get(node)?.answer.traits ?? [];
    const trait = (name: string) => traits.find((one) => one.name === name)?.value;
    const offset = offsets.get(node);
    const clock = past.get(node)?.find(({ name }) => name === CLOCK)?.points ?? [];
    return html`<tr id="n${at}"><th scope="row"><i class="cell ${state}" title="${STATES[state]}"></i> ${node}</th><td class="free">${titles.length > 0 ? titles.join('; ') : STATES[state]}</td><td>${trait('kernel')}</td><td>${trait('model')}</td><td class="num">${offset && milliseconds(offset.offsetMs)}</td>${hasPast && html`<td>${sparkline(clock, `Clock offset of ${node} over time`)}</td>`}</tr>`;
  });
  return html`<section id="nodes"><h2>Nodes</h2><div class="scroll"><table class="nodes"><thead><tr><th>Node</th><th>Findings</th><th>Kernel</th><th>Model</th><th class="num">Clock</th>${hasPast && html`<th>Offset over time</th>`}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
