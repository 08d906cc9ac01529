/** What the nodes counted in the last hours: errors and drops of their interfaces, and time that work stood still. */

import { html, type Markup } from './html.ts';
import type { Past, Point, ReportData, Series } from './model.ts';
import { number } from './scale.ts';
import { ratesOf, sparkline, summed } from './sparkline.ts';

/** So many nodes are shown. */
const MAX_ROWS = 15;
/** Interfaces' counters of frames that were lost or damaged. */
const LOSSES = /^nic\/([^/]+)\/.*(?:error|drop|miss|crc|fifo|collision|timeout)/;
/** µs that something stood still, since boot. */
const STALLS: Readonly<Record<string, RegExp>> = {
  processor: /pressure-cpu\/some_us$/,
  memory: /pressure-memory\/some_us$/,
  disk: /pressure-io\/some_us$/,
};
/** Shares of time from which a cell is darker. */
const HEAT = [0.01, 0.05, 0.1, 0.25, 0.5];
const HOUR_MS = 3_600_000;

function spanMs(all: readonly Series[]): number {
  const times = all.flatMap(({ points }) => points.map(({ at }) => at));
  return times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
}

/** "24 h", or "40 min". */
function spanText(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes >= 120 ? `${Math.round(minutes / 60)} h` : `${minutes} min`;
}

/** The section about interfaces; nothing where no node keeps a past of them. */
export function lossesSection({ pasts }: ReportData): Markup | undefined {
  const rows = pasts.flatMap(({ node, series }) => {
    const counters = series.filter(({ name }) => LOSSES.test(name));
    const span = spanMs(counters);
    if (span === 0) return [];
    const interfaces = new Map<string, number>();
    for (const { name, growth } of counters) {
      const key = LOSSES.exec(name)?.[1] ?? '';
      interfaces.set(key, (interfaces.get(key) ?? 0) + growth);
    }
    const growth = counters.reduce((sum, one) => sum + one.growth, 0);
    const points = summed(counters.map((one) => ratesOf(one.points)));
    return [{ node, perHour: (growth / span) * HOUR_MS, span, points, interfaces }];
  });
  if (rows.length === 0) return undefined;
  const most = Math.max(...rows.map(({ perHour }) => perHour));
  const span = Math.max(...rows.map((one) => one.span));
  const shown = rows
    .filter(({ perHour }) => perHour > 0)
    .sort((a, b) => b.perHour - a.perHour)
    .slice(0, MAX_ROWS);
  const without = rows.filter(({ perHour }) => perHour === 0).length;
  return html`<section id="nic"><h2>Network errors and drops</h2>
<p class="dim">Frames that interfaces counted as damaged or dropped in the last ${spanText(span)}.${
    without > 0 && ` ${without} of ${rows.length} nodes counted none.`
  }</p>
${shown.length === 0 ? html`<p class="none">No interface counted any.</p>` : lossTable(shown, most)}</section>`;
}

interface LossRow {
  readonly node: string;
  readonly perHour: number;
  readonly points: readonly Point[];
  readonly interfaces: ReadonlyMap<string, number>;
}

function lossTable(rows: readonly LossRow[], most: number): Markup {
  return html`<div class="scroll"><table class="bars"><thead><tr><th>Node</th><th>Interface</th><th class="num">Per hour</th><th class="wide"></th><th>Over time</th></tr></thead><tbody>${rows.map(
    ({ node, perHour, points, interfaces }) => {
      const [first] = [...interfaces].sort(([, a], [, b]) => b - a);
      const others = [...interfaces.values()].filter((one) => one > 0).length - 1;
      return html`<tr><td>${node}</td><td>${first?.[0]}${others > 0 && html` <span class="dim">+${others}</span>`}</td><td class="num">${number(perHour)}</td><td class="wide">${bar(perHour / most)}</td><td>${sparkline(points, `Errors and drops of ${node} over time`, { low: 0 })}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

function bar(share: number): Markup {
  return html`<svg class="hbar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${Math.max(0.5, Math.round(share * 1_000) / 10)}" height="10" rx="1"/></svg>`;
}

/** The share of time that something stood still, with its course. */
interface Stall {
  readonly share: number;
  readonly points: readonly Point[];
}

/** The section about pressure; nothing where no node keeps a past of it. */
export function pressureSection({ pasts }: ReportData): Markup | undefined {
  const rows = pasts
    .map((past) => ({ node: past.node, stalls: Object.values(STALLS).map((one) => stallOf(past, one)) }))
    .filter(({ stalls }) => stalls.some((one) => one !== undefined));
  if (rows.length === 0) return undefined;
  const worst = ({ stalls }: (typeof rows)[number]) => Math.max(...stalls.map((one) => one?.share ?? 0));
  const shown = [...rows].sort((a, b) => worst(b) - worst(a)).slice(0, MAX_ROWS);
  return html`<section id="pressure"><h2>Pressure</h2>
<p class="dim">The share of time in which some task waited for a processor, for memory or for a disk${
    rows.length > shown.length && `; the ${shown.length} nodes with most of it`
  }.</p>
<div class="scroll"><table class="bars"><thead><tr><th>Node</th>${Object.keys(STALLS).map((name) => html`<th class="num">${name}</th><th></th>`)}</tr></thead><tbody>${shown.map(
    ({ node, stalls }) =>
      html`<tr><td>${node}</td>${stalls.map((one, at) => stallCells(one, `${Object.keys(STALLS)[at]} pressure of ${node} over time`))}</tr>`,
  )}</tbody></table></div></section>`;
}

function stallOf({ series }: Past, pattern: RegExp): Stall | undefined {
  const found = series.find(({ name }) => pattern.test(name));
  const span = found ? spanMs([found]) : 0;
  if (!found || span === 0) return undefined;
  // µs in ms, so a thousandth of a thousandth would be per second: the share is growth over time.
  return {
    share: found.growth / 1_000 / span,
    points: ratesOf(found.points).map(({ at, value }) => ({ at, value: value / 1e6 })),
  };
}

function stallCells(stall: Stall | undefined, about: string): Markup {
  if (!stall) return html`<td class="num dim">–</td><td></td>`;
  const heat = HEAT.filter((bound) => stall.share >= bound).length;
  return html`<td class="num heat${heat}">${number(stall.share * 100)} %</td><td>${sparkline(stall.points, about, { low: 0, high: 0.05 })}</td>`;
}
