/** The troubles of the report, the worst first, with all that is known of them. */

import { isoTime } from '../../duration.ts';
import { foldNames } from '../../fleet/names.ts';
import type { Trouble } from '../fold/model.ts';
import {
  distinctionText,
  evidenceText,
  explainedText,
  newest,
  nodesText,
  outlierText,
  parameterText,
  placeText,
  remedyText,
  someOf,
  subjectText,
} from '../text/words.ts';
import { html, type Markup, type Value } from './html.ts';
import type { ReportData } from './model.ts';

/** Evidence and values are shown of so many nodes. */
const MAX_MEMBERS = 5;
/** Only these can be links: what a node sends must not become a script. */
const WEB = /^https?:\/\//;

/** The section. */
export function findingsSection({ fleet: { troubles, answered } }: ReportData): Markup {
  const told = troubles.filter(({ severity }) => severity !== 'info');
  const infos = troubles.filter(({ severity }) => severity === 'info');
  return html`<section id="findings"><h2>Findings</h2>
${told.length === 0 ? html`<p class="none">No warnings and no criticals.</p>` : told.map((one) => card(one, answered.length))}
${
  infos.length > 0 &&
  html`<details class="infos"><summary>${infos.length} worth knowing</summary>${infos.map((one) => card(one, answered.length))}</details>`
}</section>`;
}

function card(trouble: Trouble, answered: number): Markup {
  const { severity, title, nodes, attribution, outliers, explained } = trouble;
  const where = nodesText(nodes, answered, 90);
  // Cut, it says itself how many there are.
  const counted = where.endsWith(`(${nodes.length})`) || where.endsWith(' nodes');
  const member = newest(trouble);
  const subject = subjectText(trouble);
  const [distinction, ...others] = attribution.distinctions;
  const evidence = member ? evidenceText(member, trouble) : '';
  const remedy = member ? remedyText(member) : '';
  const why = distinction
    ? distinctionText(distinction)
    : attribution.place
      ? placeText(attribution.place)
      : '';
  return html`<article class="card ${severity}">
<h3><span class="tag">${severity}</span> ${title}${subject && html` <span class="subject">${subject}</span>`}</h3>
<p class="where"><b>${where}</b>${nodes.length > 1 && !counted && ` · ${nodes.length} nodes`}</p>
${why && html`<p class="why">${sentence(why)}</p>`}
${outliers.slice(0, 2).map((one) => html`<p class="why">${sentence(outlierText(one))}</p>`)}
${attribution.tooFew && html`<p class="dim">Too few nodes to tell what sets them apart.</p>`}
${evidence && html`<p class="evidence"><code>${evidence}</code></p>`}
${explained.length > 0 && html`<p class="dim">${sentence(explainedText(explained, nodes.length))}</p>`}
${remedy && html`<p class="remedy">${remedy}</p>`}
${more(trouble, others.map(distinctionText))}
</article>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function more(trouble: Trouble, others: readonly string[]): Markup {
  const { id, nodes, members } = trouble;
  const rows = someOf(trouble, MAX_MEMBERS).map(({ node, finding }) => {
    const values = Object.entries(finding.parameters).map(([key, value]) => parameterText(key, value));
    const seen = finding.lastUsec > 0 ? isoTime(finding.lastUsec).replace(/\.\d+Z$/, 'Z') : '';
    return html`<tr><td>${node}</td><td>${finding.subject?.name}</td><td class="free"><code>${finding.evidence.join(' / ')}</code></td><td class="free">${values.join(', ')}</td><td>${seen}</td></tr>`;
  });
  const left = members.length - rows.length;
  const links = [...new Set(members.flatMap(({ finding }) => finding.links))];
  return html`<details><summary>More</summary>
${nodes.length > 1 && html`<p><b>Nodes</b> ${foldNames(nodes)}</p>`}
${others.map((one) => html`<p><b>Also</b> ${one}</p>`)}
<div class="scroll"><table><thead><tr><th>Node</th><th>Subject</th><th>Evidence</th><th>Values</th><th>Last seen</th></tr></thead><tbody>${rows}</tbody></table></div>
${left > 0 && html`<p class="dim">and ${left} more</p>`}
<p class="dim">nodectl diag --explain ${id}${links.map((link): Value => (WEB.test(link) ? html` · <a href="${link}" rel="noreferrer">${link}</a>` : ` · ${link}`))}</p></details>`;
}
