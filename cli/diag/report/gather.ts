/** Gathers what a report shows: findings, the past, and how far the clocks are off. */

import { X509Certificate } from 'node:crypto';
import { identityOf } from '../../../pki/identity.ts';
import type { Channel } from '../../../proto/call/channel.ts';
import { Failure } from '../../../proto/failure.ts';
import { sleep } from '../../../proto/sleep.ts';
import { VERSION } from '../../../proto/version.ts';
import { list, type Session } from '../../session.ts';
import { askFleet } from '../ask-fleet.ts';
import { foldFleet } from '../fold/fold.ts';
import { compare, type Measured, measure, steadyClock } from '../skew.ts';
import type { ClockOffset, Past, ReportData, Series } from './model.ts';

/** Series that the page has charts of. */
const SERIES = [
  'clock//offset_seconds',
  ...['clock//root_delay_seconds', 'clock//root_dispersion_seconds'],
  ...['nic/*/?x_errors', 'nic/*/?x_dropped'],
  ...['memory/pressure-*/some_us', 'memory//available_bytes', 'disk/*/busy_ms'],
];
/** Enough for a line of 132 pixels. */
const MAX_POINTS = 96;
/** More series than a node can keep. */
const MAX_SERIES = 8_192;
/** Of so many exchanges the shortest says most about a clock. */
const EXCHANGES = 8;
/** Between two exchanges, in ms: what holds one up is then over for the next. */
const PAUSE_MS = 5;

/** Asks the nodes, or the captured machines of --from. @param sinceMs how far back the past is shown */
export async function gatherReport(session: Session, sinceMs: number): Promise<ReportData> {
  const pasts: Past[] = [];
  const measured: { node: string; measured: Measured }[] = [];
  const clock = steadyClock();
  const captured = list(session, 'from').length > 0;
  const answer = await askFleet(session, { areas: [], checks: [] }, async (channel, node) => {
    // Before the checks run: a busy node answers late, and late answers tell little of a clock.
    const found = captured ? undefined : await clockOf(channel, clock, session);
    if (found) measured.push({ node, measured: found });
    pasts.push({ node, series: await pastOf(channel, sinceMs, session) });
  });
  return {
    place: captured ? 'captured machines' : (await session.context()).name,
    by: captured ? '' : await caller(session),
    version: VERSION,
    nowMs: Date.now(),
    fleet: foldFleet(answer.reports),
    failures: answer.failures,
    asked: answer.asked,
    pasts,
    ...(measured.length > 0
      ? compared(measured)
      : { clocks: pasts.flatMap(ownClock), clocksAgainst: 'their time sources' }),
  };
}

/** Who asks, as the credential says. */
async function caller(session: Session): Promise<string> {
  const { credential } = await session.context();
  try {
    return identityOf(new X509Certificate(credential.chain)).uri;
  } catch {
    return '';
  }
}

/** The offset of a node's clock; none where the node does not tell its time. */
async function clockOf(
  channel: Channel,
  clock: () => number,
  session: Session,
): Promise<Measured | undefined> {
  const exchange = () => channel.unary('nodectl.v1.ClockService/ExchangeTime', {}, session.limits());
  try {
    return await measure(exchange, EXCHANGES, clock, () => sleep(PAUSE_MS, session.signal));
  } catch {
    // The checks tell of a node that does not answer; here it has no dot.
    return undefined;
  }
}

/** Clocks beside each other: against the median where there are enough of them, since this machine's may be off itself. */
function compared(
  all: readonly { node: string; measured: Measured }[],
): Pick<ReportData, 'clocks' | 'clocksAgainst'> {
  const { nodes, median } = compare(all, { warning: 0, critical: 0 });
  return {
    clocks: nodes.map(({ node, deviation, bound }) => ({
      ...{ node, offsetMs: deviation * 1_000, errorMs: bound * 1_000 },
    })),
    clocksAgainst: median ? 'the median of all' : 'this workstation',
  };
}

/** What a node itself last said of its clock, where nobody compared it: half of the way to its source is the bound. */
function ownClock({ node, series }: Past): ClockOffset[] {
  const last = (name: string) => series.find((one) => one.name === `clock//${name}`)?.points.at(-1)?.value;
  const offset = last('offset_seconds');
  if (offset === undefined) return [];
  const errorMs = ((last('root_delay_seconds') ?? 0) / 2 + (last('root_dispersion_seconds') ?? 0)) * 1_000;
  return [{ node, offsetMs: offset * 1_000, errorMs }];
}

/** The past; empty where the node keeps none. */
async function pastOf(channel: Channel, sinceMs: number, session: Session): Promise<Series[]> {
  const series: Series[] = [];
  try {
    for await (const part of channel.serverStream(
      'nodectl.v1.HistoryService/ReadHistory',
      { series: SERIES, sinceUsec: Math.round((Date.now() - sinceMs) * 1_000), maxPoints: MAX_POINTS },
      session.limits(),
    ))
      for (const { name, timeDeltas, values, growth } of part.series) {
        let at = 0;
        const points = values.map((value, index) => {
          at += timeDeltas[index] ?? 0;
          return { at, value };
        });
        if (series.length >= MAX_SERIES) return series;
        // A node is not believed: it may send more than was asked for, and what is no number.
        series.push({
          name,
          points: points.slice(0, MAX_POINTS + 1).filter(({ value }) => Number.isFinite(value)),
          growth: Number.isFinite(growth) ? growth : 0,
        });
      }
  } catch (error) {
    const { reason } = Failure.from(error);
    if (reason === 'CANCELLED') throw error;
  }
  return series;
}
