/** `nodectl history`. */

import { Failure } from '../../../proto/failure.ts';
import type { HistorySeries__Output as HistorySeries } from '../../../proto/gen/types/nodectl/v1/HistorySeries.ts';
import { askMachines } from '../../diag/ask.ts';
import { formatDuration, isoTime, tableTime } from '../../duration.ts';
import { formatOf, isForPeople, printRows } from '../../output/format.ts';
import { flag, type Session, text } from '../../session.ts';
import { parseWhen } from '../../when.ts';
import { type CoursePoint, course, rates, shortNumber } from './course.ts';

const DEFAULT_POINTS = 120;
/** As many as a node gives. */
const MAX_POINTS = 2_000;
/** Of less than this a rate an hour would be a guess: an agent that has just started saw one burst, or none. */
const MIN_RATE_MS = 10 * 60_000;
/** More series than a node keeps, in the files of some boots with other names each. */
const MAX_SERIES = 100_000;
/** Characters of a course on a terminal of 80 columns, and on a wide one. */
const NARROW = 20;
const WIDE = 48;
const WIDE_TERMINAL = 120;

/** What a node answered. */
interface NodeHistory {
  sinceUsec: number;
  untilUsec: number;
  series: HistorySeries[];
}

/** A series of a node. */
interface Row {
  node: string;
  series: HistorySeries;
  points: Point[];
  /** The time that was asked for, in ms since the epoch. */
  from: number;
  until: number;
}

interface Point extends CoursePoint {
  low: number;
  high: number;
}

export async function run(session: Session): Promise<number> {
  const since = text(session, 'since');
  const until = text(session, 'until');
  const range = {
    sinceUsec: since === undefined ? 0 : parseWhen(since, '--since'),
    untilUsec: until === undefined ? 0 : parseWhen(until, '--until'),
  };
  const width = (session.terminal.width ?? 0) >= WIDE_TERMINAL ? WIDE : NARROW;
  const table = isForPeople(formatOf(session)) && !flag(session, 'values');
  const wanted = text(session, 'points');
  // Points beyond the characters of the course would be read for nothing.
  const points = wanted === undefined ? (table ? width * 2 : DEFAULT_POINTS) : Number(wanted);
  if (!(points >= 1 && points <= MAX_POINTS))
    throw new Failure('BAD_ARGUMENT', `--points ${wanted} is not from 1 to ${MAX_POINTS}`, {
      hint: `without it there are ${DEFAULT_POINTS}`,
    });
  const request = { series: [...session.args], ...range, maxPoints: points };
  const results = await askMachines(session, async (channel): Promise<NodeHistory> => {
    const all: NodeHistory = { sinceUsec: 0, untilUsec: 0, series: [] };
    for await (const part of channel.serverStream(
      'nodectl.v1.HistoryService/ReadHistory',
      request,
      session.limits(),
    )) {
      all.sinceUsec = part.sinceUsec;
      all.untilUsec = part.untilUsec;
      for (const one of part.series) all.series.push(one);
      if (all.series.length > MAX_SERIES)
        throw new Failure('INTERNAL', 'the node sends more series than it can keep', {
          hint: 'is the agent of another version, or not to be trusted?',
        });
    }
    return all;
  });
  const rows = ({ series, sinceUsec, untilUsec }: NodeHistory, node: string): Row[] =>
    series
      .filter((one) => session.args.length > 0 || changed(one))
      .map((one) => ({
        ...{ node, series: one, points: pointsOf(one) },
        from: sinceUsec / 1_000,
        until: untilUsec / 1_000,
      }));
  const empty =
    session.args.length > 0
      ? 'There are no samples of such series in that time: nodectl history "*" shows all.'
      : 'Nothing changed in that time.';
  if (flag(session, 'values')) return printValues(session, results, rows, empty);
  const status = await printRows(session, results, {
    rows,
    columns: [
      { title: 'NODE', value: ({ node }) => node },
      { title: 'SERIES', value: ({ series }) => series.name },
      {
        title: 'NEWEST',
        value: ({ series }) => shortNumber(series.values.at(-1) ?? 0),
        align: 'right',
        whole: true,
      },
      { title: 'CHANGE', value: changeOf, whole: true },
      ...(session.terminal.isTerminal
        ? [{ title: 'COURSE', value: (row: Row) => courseOf(row, width), whole: true }]
        : []),
      { title: 'SAMPLES', value: ({ series }) => String(series.samples), align: 'right', wide: true },
      { title: 'SAMPLED', value: ({ points }) => tableTime((points.at(-1)?.time ?? 0) * 1_000), wide: true },
    ],
    json: toJson,
    name: ({ node, series }) => `${node} ${series.name}`,
    empty,
  });
  const quiet = results.flatMap((result) =>
    'value' in result && session.args.length === 0 ? result.value.series.filter((one) => !changed(one)) : [],
  );
  if (quiet.length > 0 && table)
    session.terminal.note(`${quiet.length} series did not change: nodectl history "*" shows them too`);
  return status;
}

function printValues(
  session: Session,
  results: Parameters<typeof printRows<NodeHistory, Row>>[1],
  rows: (value: NodeHistory, node: string) => Row[],
  empty: string,
): Promise<number> {
  return printRows(session, results, {
    rows: (value, node) =>
      rows(value, node).flatMap(({ series, points }) =>
        points.map((point) => ({ node, name: series.name, ...point })),
      ),
    columns: [
      { title: 'TIME', value: ({ time }) => tableTime(time * 1_000), whole: true },
      { title: 'NODE', value: ({ node }) => node },
      { title: 'SERIES', value: ({ name }) => name },
      { title: 'VALUE', value: ({ value }) => String(value), align: 'right', whole: true },
      { title: 'LOW', value: ({ low }) => String(low), align: 'right', wide: true },
      { title: 'HIGH', value: ({ high }) => String(high), align: 'right', wide: true },
    ],
    json: ({ node, name, time, value, low, high }) => ({
      ...{ node, series: name, time: isoTime(time * 1_000), value, low, high },
    }),
    name: ({ node, name }) => `${node} ${name}`,
    empty,
  });
}

function pointsOf({ timeDeltas, values, lows, highs }: HistorySeries): Point[] {
  let time = 0;
  return values.map((value, at) => {
    time += timeDeltas[at] ?? 0;
    return { time, value, low: lows[at] ?? value, high: highs[at] ?? value };
  });
}

function changed({ values, lows, highs }: HistorySeries): boolean {
  const first = values[0];
  return [...values, ...lows, ...highs].some((value) => value !== first);
}

/** Whether a series counts something: whole numbers that rise, but for a restart here and there. */
function isCounter({ values, falls, growth, samples }: HistorySeries): boolean {
  return growth > 0 && falls <= samples / 200 && values.every((value) => Number.isInteger(value));
}

function changeOf({ series, points }: Row): string {
  if (!changed(series)) return '';
  if (!isCounter(series))
    // Not with "...": a node may send more points than a call takes arguments.
    return spanText(
      points.reduce((least, { low }) => Math.min(least, low), Number.POSITIVE_INFINITY),
      points.reduce((most, { high }) => Math.max(most, high), Number.NEGATIVE_INFINITY),
    );
  const span = (points.at(-1)?.time ?? 0) - (points[0]?.time ?? 0);
  const grown = `+${shortNumber(series.growth)}`;
  if (span < MIN_RATE_MS) return span > 0 ? `${grown} in ${formatDuration(span)}` : grown;
  return `${grown}, ${shortNumber(Number((series.growth / (span / 3_600_000)).toPrecision(3)))}/h`;
}

/** From the lowest to the highest value; what is large and moves little by how much that is. */
function spanText(low: number, high: number): string {
  const [from, to] = [shortNumber(low), shortNumber(high)];
  return `${from} … ${from === to ? `+${shortNumber(Number((high - low).toPrecision(3)))}` : to}`;
}

function courseOf({ series, points, from, until }: Row, most: number): string {
  // Where there are fewer points than characters, blanks between them would look as if nothing had been sampled.
  const width = Math.min(most, points.length);
  return isCounter(series)
    ? course(rates(points), from, until, width, true)
    : course(
        points.map(({ time, high }) => ({ time, value: high })),
        from,
        until,
        width,
        false,
      );
}

function toJson({ node, series, points }: Row): Record<string, unknown> {
  const { name, samples, growth, falls } = series;
  return {
    ...{ node, series: name, samples, growth, falls, newest: points.at(-1)?.value },
    points: points.map(({ time, value, low, high }) => ({
      ...{ time: isoTime(time * 1_000), value },
      ...(series.lows.length > 0 ? { low, high } : {}),
    })),
  };
}
