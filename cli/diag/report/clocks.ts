/** How far the nodes' clocks are off, as dots with their error bars over a scale that shows both µs and minutes. */

import { compareNames } from '../../fleet/names.ts';
import { html, type Markup } from './html.ts';
import type { ClockOffset, ReportData } from './model.ts';
import { coordinate, milliseconds, type Scale, symmetricLog } from './scale.ts';

/** node-mixin's NodeClockSkewDetected and Ceph's mon_clock_drift_allowed: 0.05 s. */
const TOLERATED_MS = 50;
/** The span of all dates (ECMA-262). */
const MAX_OFF_MS = 2 * 8.64e15;
const WIDTH = 1_040;
/** Few nodes have a row each with their name; more are columns in the order of their offset. */
const ROWS_UNTIL = 40;
const ROW = 18;
const NAMES_WIDTH = 190;
const VALUES_WIDTH = 150;
const COLUMNS_HEIGHT = 260;
const AXIS = 26;
const AXIS_WIDTH = 70;
/** So many of the columns have their names written. */
const MAX_NAMED = 6;

/** The section; nothing where no clock was compared. */
export function clocksSection({ clocks: all, clocksAgainst }: ReportData): Markup | undefined {
  // A node is not believed: what is further off than dates go is no clock, and a scale for it would have no end.
  const clocks = all.filter(({ offsetMs, errorMs }) => Math.abs(offsetMs) + Math.abs(errorMs) <= MAX_OFF_MS);
  if (clocks.length === 0) return undefined;
  const off = clocks.filter(isOff);
  const worst = Math.max(...clocks.map(({ offsetMs, errorMs }) => Math.abs(offsetMs) + errorMs));
  const chart = clocks.length <= ROWS_UNTIL ? rows(clocks, worst) : columns(clocks, worst);
  const text =
    off.length === 0
      ? `No clock is off by more than ${TOLERATED_MS} ms for certain.`
      : `${off.length} of ${clocks.length} clocks ${off.length === 1 ? 'is' : 'are'} off by more than ${TOLERATED_MS} ms for certain.`;
  return html`<section id="clocks"><h2>Clocks</h2>
<p>${text} <span class="dim">Offset of each node against ${clocksAgainst}; bars show how far that can be wrong.</span></p>
<div class="scroll">${chart}</div></section>`;
}

/** Whether a clock is off whatever the error of measuring was. */
function isOff({ offsetMs, errorMs }: ClockOffset): boolean {
  return Math.abs(offsetMs) - errorMs > TOLERATED_MS;
}

function about(one: ClockOffset): string {
  return `${one.node}: ${milliseconds(one.offsetMs)} ± ${milliseconds(one.errorMs)}`;
}

function rows(clocks: readonly ClockOffset[], worst: number): Markup {
  const sorted = [...clocks].sort((a, b) => compareNames(a.node, b.node));
  const scale = symmetricLog(Math.max(worst, TOLERATED_MS), NAMES_WIDTH, WIDTH - VALUES_WIDTH);
  const height = sorted.length * ROW + AXIS;
  const dots = sorted.map((one, at) => {
    const y = at * ROW + ROW / 2 + 2;
    const { node, offsetMs, errorMs } = one;
    return html`<g class="${isOff(one) ? 'off' : 'ok'}"><title>${about(one)}</title><text x="${NAMES_WIDTH - 14}" y="${y + 4}" class="name">${node.slice(0, 26)}</text><line class="bar" x1="${coordinate(scale.at(offsetMs - errorMs))}" x2="${coordinate(scale.at(offsetMs + errorMs))}" y1="${y}" y2="${y}"/><circle cx="${coordinate(scale.at(offsetMs))}" cy="${y}" r="4"/><text x="${WIDTH - VALUES_WIDTH + 12}" y="${y + 4}" class="value">${milliseconds(offsetMs)} <tspan class="dim">± ${milliseconds(errorMs)}</tspan></text></g>`;
  });
  const [low, high] = [scale.at(-TOLERATED_MS), scale.at(TOLERATED_MS)];
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Clock offsets of ${sorted.length} nodes">
<rect class="band" x="${coordinate(low)}" width="${coordinate(high - low)}" y="0" height="${height - AXIS + 4}"/>
${scale.ticks.map((tick) => html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${coordinate(scale.at(tick))}" x2="${coordinate(scale.at(tick))}" y1="0" y2="${height - AXIS + 4}"/><text class="tick" text-anchor="middle" x="${coordinate(scale.at(tick))}" y="${height - 6}">${milliseconds(tick)}</text>`)}
${dots}</svg>`;
}

function columns(clocks: readonly ClockOffset[], worst: number): Markup {
  const sorted = [...clocks].sort((a, b) => a.offsetMs - b.offsetMs);
  const scale = symmetricLog(Math.max(worst, TOLERATED_MS), COLUMNS_HEIGHT - 8, 8);
  const x = (at: number) => AXIS_WIDTH + ((at + 0.5) / sorted.length) * (WIDTH - AXIS_WIDTH - 10);
  const dots = sorted.map((one, at) => {
    const { offsetMs, errorMs } = one;
    const cx = coordinate(x(at));
    return html`<g class="${isOff(one) ? 'off' : 'ok'}"><title>${about(one)}</title><line class="bar" x1="${cx}" x2="${cx}" y1="${coordinate(scale.at(offsetMs - errorMs))}" y2="${coordinate(scale.at(offsetMs + errorMs))}"/><circle cx="${cx}" cy="${coordinate(scale.at(offsetMs))}" r="${sorted.length > 300 ? 2 : 3}"/></g>`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${COLUMNS_HEIGHT + AXIS}" role="img" aria-label="Clock offsets of ${sorted.length} nodes in their order">
<rect class="band" x="${AXIS_WIDTH}" width="${WIDTH - AXIS_WIDTH}" y="${coordinate(scale.at(TOLERATED_MS))}" height="${coordinate(scale.at(-TOLERATED_MS) - scale.at(TOLERATED_MS))}"/>
${scale.ticks.map((tick) => html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${AXIS_WIDTH}" x2="${WIDTH}" y1="${coordinate(scale.at(tick))}" y2="${coordinate(scale.at(tick))}"/><text class="tick" text-anchor="end" x="${AXIS_WIDTH - 8}" y="${coordinate(scale.at(tick) + 4)}">${milliseconds(tick)}</text>`)}
${dots}${names(sorted, x, scale)}
<text class="tick" text-anchor="end" x="${WIDTH}" y="${COLUMNS_HEIGHT + 18}">${sorted.length} nodes in the order of their offset</text></svg>`;
}

/** Names of single clocks that are off; where many are, the findings fold them. */
function names(sorted: readonly ClockOffset[], x: (at: number) => number, scale: Scale): Markup[] {
  const off = sorted.map((one, at) => ({ one, at })).filter(({ one }) => isOff(one));
  if (off.length > MAX_NAMED) return [];
  return off.map(({ one, at }) => {
    const left = x(at) > WIDTH / 2;
    return html`<text class="value" text-anchor="${left ? 'end' : 'start'}" x="${coordinate(x(at) + (left ? -9 : 9))}" y="${coordinate(scale.at(one.offsetMs) + 4)}">${one.node}</text>`;
  });
}
