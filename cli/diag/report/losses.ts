/** What the nodes' interfaces lost in the last hours. */

import { html, type Markup } from './html.ts';
import type { Past, Point, ReportData } from './model.ts';
import { number } from './scale.ts';
import { ratesOf, spanMs, spanText, sparkline, summed } from './sparkline.ts';

/** So many nodes are shown. */
const MAX_ROWS = 15;
/** The kernel's totals; the counters of single kinds of errors are parts of these. */
const LOSSES = /^nic\/([^/]+)\/[rt]x_(errors|dropped)$/;
const HOUR_MS = 3_600_000;

/** What one node lost. */
interface Losses {
  readonly node: string;
  readonly errors: number;
  readonly drops: number;
  readonly span: number;
  readonly points: readonly Point[];
  /** Errors and drops by interface. */
  readonly interfaces: ReadonlyMap<string, number>;
}

/** The section; nothing where no node keeps a past of its interfaces. */
export function lossesSection({ pasts }: ReportData): Markup | undefined {
  const rows = pasts.flatMap(lossesOf);
  if (rows.length === 0) return undefined;
  const total = ({ errors, drops }: Losses) => errors + drops;
  const shown = rows
    .filter((one) => total(one) > 0)
    .sort((a, b) => b.errors - a.errors || b.drops - a.drops)
    .slice(0, MAX_ROWS);
  const most = Math.max(...shown.map(total));
  const without = rows.filter((one) => total(one) === 0).length;
  const span = spanText(Math.max(...rows.map((one) => one.span)));
  return html`<section id="nic"><h2>Network errors and drops</h2>
<p class="dim">Frames an hour that interfaces counted as damaged (orange) or dropped (grey) in the last ${span}.${
    without > 0 && ` ${without} of ${rows.length} nodes counted none.`
  }</p>
${shown.length === 0 ? html`<p class="none">No interface counted any.</p>` : table(shown, most)}</section>`;
}

function lossesOf({ node, series }: Past): Losses[] {
  const counters = series.flatMap((one) => {
    const [, name = '', kind] = LOSSES.exec(one.name) ?? [];
    return kind ? [{ ...one, interface: name, isError: kind === 'errors' }] : [];
  });
  const span = spanMs(counters);
  if (span === 0) return [];
  const interfaces = new Map<string, number>();
  const sums = { errors: 0, drops: 0 };
  for (const { interface: name, growth, isError } of counters) {
    interfaces.set(name, (interfaces.get(name) ?? 0) + growth);
    sums[isError ? 'errors' : 'drops'] += (growth / span) * HOUR_MS;
  }
  return [{ node, ...sums, span, interfaces, points: summed(counters.map((one) => ratesOf(one.points))) }];
}

function table(rows: readonly Losses[], most: number): Markup {
  return html`<div class="scroll"><table class="bars"><thead><tr><th>Node</th><th>Interface</th><th class="num">Errors</th><th class="num">Drops</th><th class="wide"></th><th>Over time</th></tr></thead><tbody>${rows.map(
    ({ node, errors, drops, points, interfaces }) => {
      const [first] = [...interfaces].sort(([, a], [, b]) => b - a);
      const others = [...interfaces.values()].filter((one) => one > 0).length - 1;
      return html`<tr><td>${node}</td><td>${first?.[0]}${others > 0 && html` <span class="dim">+${others}</span>`}</td><td class="num">${number(errors)}</td><td class="num">${number(drops)}</td><td class="wide">${bar(errors / most, drops / most)}</td><td>${sparkline(points, `Errors and drops of ${node} over time`, { low: 0 })}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

function bar(errors: number, drops: number): Markup {
  const width = (share: number) => (share > 0 ? Math.max(0.5, Math.round(share * 1_000) / 10) : 0);
  return html`<svg class="hbar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="errors" width="${width(errors)}" height="10"/><rect class="drops" x="${width(errors)}" width="${width(drops)}" height="10"/></svg>`;
}
