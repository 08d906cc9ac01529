/** How much work stood still for want of a processor, of memory or of a disk, how busy disks were, and what memory is left. */

import { quantity } from '../text/words.ts';
import { html, type Markup } from './html.ts';
import type { Past, Point, ReportData, Series } from './model.ts';
import { number } from './scale.ts';
import { ratesOf, spanMs, spanText, sparkline } from './sparkline.ts';

/** So many nodes are shown. */
const MAX_ROWS = 15;
/** µs since boot that something stood still, and ms that a disk had work. */
const STALLS: readonly (readonly [title: string, pattern: RegExp, unitsPerMs: number])[] = [
  ['processor', /pressure-cpu\/some_us$/, 1_000],
  ['memory', /pressure-memory\/some_us$/, 1_000],
  ['disk', /pressure-io\/some_us$/, 1_000],
];
const BUSY = /^disk\/([^/]+)\/busy_ms$/;
const AVAILABLE = 'memory//available_bytes';
/** Shares of time from which a cell is darker. */
const HEAT = [0.01, 0.05, 0.1, 0.25, 0.5];

/** A share of time with its course. */
interface Share {
  readonly share: number;
  readonly points: readonly Point[];
}

/** The section; nothing where no node keeps a past of it. */
export function pressureSection({ pasts }: ReportData): Markup | undefined {
  const rows = pasts
    .map((past) => ({
      past,
      stalls: STALLS.map(([, pattern, units]) => {
        const found = past.series.find(({ name }) => pattern.test(name));
        return found && shareOf(found, units);
      }),
    }))
    .filter(({ stalls }) => stalls.some((one) => one !== undefined));
  if (rows.length === 0) return undefined;
  const worst = ({ stalls }: (typeof rows)[number]) => Math.max(...stalls.map((one) => one?.share ?? 0));
  const shown = [...rows].sort((a, b) => worst(b) - worst(a)).slice(0, MAX_ROWS);
  const span = spanText(Math.max(...pasts.map(({ series }) => spanMs(series))));
  return html`<section id="pressure"><h2>Pressure</h2>
<p class="dim">The share of the last ${span} in which some task waited for a processor, for memory or for a disk${
    rows.length > shown.length && `; the ${shown.length} nodes with most of it`
  }.</p>
<div class="scroll"><table class="bars"><thead><tr><th>Node</th>${STALLS.map(([title]) => html`<th class="num">${title}</th><th></th>`)}<th>Busiest disk</th><th class="num">Memory left</th></tr></thead><tbody>${shown.map(
    ({ past, stalls }) =>
      html`<tr><td>${past.node}</td>${stalls.map((one, at) => cells(one, `${STALLS[at]?.[0]} pressure of ${past.node} over time`))}<td>${busiest(past)}</td><td class="num">${left(past)}</td></tr>`,
  )}</tbody></table></div></section>`;
}

/** How much of the time a counter of time grew. */
function shareOf(series: Series, unitsPerMs: number): Share | undefined {
  const span = spanMs([series]);
  if (span === 0) return undefined;
  return {
    share: series.growth / unitsPerMs / span,
    points: ratesOf(series.points).map(({ at, value }) => ({ at, value: value / unitsPerMs / 1_000 })),
  };
}

function cells(stall: Share | undefined, about: string): Markup {
  if (!stall) return html`<td class="num dim">–</td><td></td>`;
  const heat = HEAT.filter((bound) => stall.share >= bound).length;
  return html`<td class="num heat${heat}">${number(stall.share * 100)} %</td><td>${sparkline(stall.points, about, { low: 0, high: 0.05 })}</td>`;
}

function busiest({ series }: Past): string {
  const shares = series.flatMap((one) => {
    const [, disk = ''] = BUSY.exec(one.name) ?? [];
    const found = disk ? shareOf(one, 1) : undefined;
    return found ? [{ disk, share: found.share }] : [];
  });
  const [first] = shares.sort((a, b) => b.share - a.share);
  return first ? `${first.disk} ${number(first.share * 100)} %` : '';
}

function left({ series }: Past): string {
  const last = series.find(({ name }) => name === AVAILABLE)?.points.at(-1);
  return last ? quantity(last.value, ' B') : '';
}
