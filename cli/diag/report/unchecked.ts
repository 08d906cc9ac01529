/** What is not known: nodes that did not answer, checks that could not be made, and what could be read in part only. */

import { foldNames } from '../../fleet/names.ts';
import { groupFailures } from '../../output/report.ts';
import { html, type Markup } from './html.ts';
import type { ReportData } from './model.ts';

/** More rows than these say no more. */
const MAX_ROWS = 30;

/** The section. */
export function uncheckedSection({ fleet: { notRun, reports }, failures }: ReportData): Markup {
  const silent = groupFailures(failures);
  const partly = problems(reports);
  if (silent.length + notRun.length + partly.length === 0)
    return html`<section id="unchecked"><h2>What could not be checked</h2><p class="none">Every check could be made on every node.</p></section>`;
  return html`<section id="unchecked"><h2>What could not be checked</h2>
<div class="scroll"><table><thead><tr><th>Why</th><th>What</th><th>Where</th></tr></thead><tbody>
${silent.slice(0, MAX_ROWS).map(({ nodes, failure }) => html`<tr><td class="free">${failure.message}${failure.hint && html` <span class="dim">${failure.hint}</span>`}</td><td>the whole node</td><td class="free">${where(nodes)}</td></tr>`)}
${notRun.slice(0, MAX_ROWS).map(({ reason, checks, nodes }) => html`<tr><td class="free">${reason}</td><td class="free">${checks.join(', ')}</td><td class="free">${where(nodes)}</td></tr>`)}
${partly.slice(0, MAX_ROWS).map(({ what, why, nodes }) => html`<tr><td class="free">${why}</td><td class="free">${what} <span class="dim">(in part)</span></td><td class="free">${where(nodes)}</td></tr>`)}
</tbody></table></div>${left(silent.length, notRun.length, partly.length)}</section>`;
}

function left(...counts: readonly number[]): Markup | undefined {
  const over = counts.reduce((sum, count) => sum + Math.max(0, count - MAX_ROWS), 0);
  return over > 0
    ? html`<p class="dim">and ${over} more reasons; nodectl diag -o json has all</p>`
    : undefined;
}

function where(nodes: readonly string[]): Markup {
  return html`${foldNames(nodes)}${nodes.length > 1 && html` <span class="dim">${nodes.length} nodes</span>`}`;
}

/** What could be read in part only, by what and why, without what checks were skipped for. */
function problems(reports: ReportData['fleet']['reports']): { what: string; why: string; nodes: string[] }[] {
  const found = new Map<string, { what: string; why: string; nodes: string[] }>();
  for (const { node, answer } of reports) {
    const told = new Set(answer.checks.map(({ reason }) => reason));
    for (const { what, why } of answer.problems) {
      if (told.has(why)) continue;
      const entry = found.get(`${what}\0${why}`) ?? { what, why, nodes: [] };
      found.set(`${what}\0${why}`, entry);
      if (!entry.nodes.includes(node)) entry.nodes.push(node);
    }
  }
  return [...found.values()].sort((a, b) => b.nodes.length - a.nodes.length);
}
