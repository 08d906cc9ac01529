/** The report: one page that needs nothing else. */

import { createHash } from 'node:crypto';
import { counted } from '../text/footer.ts';
import { clocksSection } from './clocks.ts';
import { findingsSection } from './findings.ts';
import { fleetMap } from './fleet-map.ts';
import { headline } from './headline.ts';
import { html, Markup } from './html.ts';
import { lossesSection } from './losses.ts';
import { type NodeState, nodeStates, type ReportData, STATES } from './model.ts';
import { nodesSection } from './nodes-table.ts';
import { pressureSection } from './pressure.ts';
import { coordinate } from './scale.ts';
import { STYLE } from './style.ts';
import { uncheckedSection } from './unchecked.ts';
import { versionsSection } from './versions.ts';

/**
 * The page as HTML. Its policy allows its own style sheet, by digest, and nothing else: no script, no picture, no font and
 * no connection, so that whatever a node could have sent would do nothing.
 */
export function reportPage(data: ReportData): string {
  const { place, by, version, nowMs, asked, fleet } = data;
  const { tone, title, paragraphs } = headline(data);
  const digest = createHash('sha256').update(STYLE).digest('base64');
  const when = new Date(nowMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${new Markup(digest)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>${place}: ${title}</title><style>${new Markup(STYLE)}</style></head><body>
<header><p class="eyebrow">Fleet report · ${place} · ${when}</p>
<h1 class="${tone}">${title}</h1>${paragraphs.map((one) => html`<p class="lead">${one}</p>`)}
${stateBar(data)}</header>
<main>${findingsSection(data)}${fleetMap(data)}${clocksSection(data)}${lossesSection(data)}${pressureSection(data)}${versionsSection(data)}${uncheckedSection(data)}${nodesSection(data)}</main>
<footer><p>Made by nodectl ${version}${by && ` for ${by}`} on ${when}: ${counted(fleet.checks, 'check')} on ${fleet.answered.length} of ${counted(asked, 'node')}.</p></footer>
</body></html>
`;
  return page.text;
}

/** How many nodes are in which state, as one bar. */
function stateBar(data: ReportData): Markup {
  const states = [...nodeStates(data).values()].map(({ state }) => state);
  const total = Math.max(1, states.length);
  let from = 0;
  const parts = (Object.keys(STATES) as NodeState[]).flatMap((state) => {
    const count = states.filter((one) => one === state).length;
    if (count === 0) return [];
    const x = coordinate((from / total) * 1_000);
    from += count;
    return [
      html`<rect class="${state}" x="${x}" width="${coordinate(Math.max(2, (count / total) * 1_000 - 2))}" height="12"><title>${count} ${STATES[state]}</title></rect>`,
    ];
  });
  return html`<svg class="states" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label="States of ${states.length} nodes">${parts}</svg>`;
}
