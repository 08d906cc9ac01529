/** `nodectl clock --skew`: how far the clocks of nodes are apart. */

import { Failure } from '../../../proto/failure.ts';
import { sleep } from '../../../proto/sleep.ts';
import * as words from '../../diag/clock-words.ts';
import {
  type Compared,
  type Comparison,
  compare,
  type Measured,
  measure,
  steadyClock,
} from '../../diag/skew.ts';
import { parseDuration } from '../../duration.ts';
import { fanOut, type Result } from '../../fleet/fan-out.ts';
import { foldNames } from '../../fleet/names.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { formatOf, isForPeople, printRows } from '../../output/format.ts';
import type { Column } from '../../output/table.ts';
import { list, type Session, text } from '../../session.ts';

/** What of the offset is critical, in seconds: etcd warns of a member whose clock differs by more. */
const CRITICAL = 1;
const MAX_SAMPLES = 1_000;
/** Between two exchanges, in ms: what holds one up (another handshake, another node's answer) is then over for the next. */
const PAUSE_MS = 10;

/** How far it is from the others, where there are enough of them. */
const OF_MEDIAN: readonly Column<Compared>[] = [
  { title: 'OF MEDIAN', value: ({ deviation }) => words.signed(deviation), align: 'right', whole: true },
  { title: '±', value: ({ bound }) => words.span(bound), align: 'right', whole: true },
];

const columns = (median: boolean): readonly Column<Compared>[] => [
  { title: 'NODE', value: ({ node }) => node, whole: true },
  { title: 'OFFSET', value: ({ measured }) => words.signed(measured.offset), align: 'right', whole: true },
  { title: '±', value: ({ measured }) => words.span(measured.error), align: 'right', whole: true },
  ...(median ? OF_MEDIAN : []),
  { title: 'ROUND TRIP', value: ({ measured }) => words.span(measured.roundTrip), align: 'right' },
  { title: 'CLOCK', value: ({ judgement }) => judgement },
  { title: 'SAMPLES', value: ({ measured }) => String(measured.samples), wide: true, align: 'right' },
];

/** Measures, prints, and gives the exit status. */
export async function showSkew(session: Session): Promise<number> {
  const format = formatOf(session);
  if (list(session, 'from').length > 0)
    throw new Failure('BAD_ARGUMENT', '--skew measures clocks that run: it does not go with --from');
  const samples = Number(text(session, 'samples'));
  if (samples < 1 || samples > MAX_SAMPLES)
    throw new Failure('BAD_ARGUMENT', `--samples ${samples} is not from 1 to ${MAX_SAMPLES}`);
  const warning = (parseDuration(text(session, 'threshold') ?? '') ?? 0) / 1_000;
  const clock = steadyClock();
  const results = await fanOut(session, await session.targets(), (channel, _target, signal) => {
    const exchange = () =>
      channel.unary('nodectl.v1.ClockService/ExchangeTime', {}, { ...session.limits(), signal });
    return measure(exchange, samples, clock, () => sleep(PAUSE_MS, signal));
  });
  const measured = results.flatMap((one) =>
    'value' in one ? [{ node: one.node, measured: one.value }] : [],
  );
  const comparison = compare(measured, { warning, critical: Math.max(CRITICAL, warning) });
  const status = await print(session, results, comparison);
  if (isForPeople(format)) await printSummary(session, comparison, warning);
  if (status !== EXIT.ok) return status;
  const judged = new Set(comparison.nodes.map(({ judgement }) => judgement));
  if (judged.has('critical')) return EXIT.criticals;
  return judged.has('warning') ? EXIT.warnings : EXIT.ok;
}

function print(
  session: Session,
  results: readonly Result<Measured>[],
  comparison: Comparison,
): Promise<number> {
  const compared = new Map(comparison.nodes.map((one) => [one.node, one]));
  const { median, furthest } = comparison;
  return printRows(session, results, {
    rows: (_measured, node) => {
      const one = compared.get(node);
      return one ? [one] : [];
    },
    columns: columns(median !== undefined),
    json: ({ node, measured, deviation, bound, judgement }) => ({
      node,
      offsetSeconds: measured.offset,
      errorSeconds: measured.error,
      ...(median ? { fromMedianSeconds: deviation, fromMedianErrorSeconds: bound } : {}),
      roundTripSeconds: measured.roundTrip,
      samples: measured.samples,
      judgement,
    }),
    name: ({ node, judgement }) => `${node} ${judgement}`,
    more: {
      ...(median ? { median: { offsetSeconds: median.offset, errorSeconds: median.error } } : {}),
      ...(furthest
        ? {
            furthest: {
              ...{ ahead: furthest.ahead, behind: furthest.behind },
              ...{ bySeconds: furthest.by, errorSeconds: furthest.error },
            },
          }
        : {}),
    },
    empty: 'No clock could be measured.',
  });
}

/** What a table of nodes does not show: this machine's own clock, and the largest difference. */
async function printSummary(
  { terminal }: Session,
  { nodes, median, furthest }: Comparison,
  threshold: number,
): Promise<void> {
  const lines: string[] = [];
  const off = nodes.filter(({ judgement }) => judgement === 'warning' || judgement === 'critical');
  if (off.length > 0)
    lines.push(`Off by more than ${words.span(threshold)}: ${foldNames(off.map(({ node }) => node))}.`);
  if (furthest)
    lines.push(
      `Furthest apart: ${furthest.ahead} is ${words.span(furthest.by)} (±${words.span(furthest.error)}) ahead of ${furthest.behind}.`,
    );
  if (median) {
    const sure = Math.abs(median.offset) - median.error;
    const size = words.span(median.offset);
    lines.push(
      sure > threshold
        ? `This machine’s own clock is ${size} (±${words.span(median.error)}) ${median.offset > 0 ? 'behind' : 'ahead of'} the median of the nodes: it is this machine that is off.`
        : `The median of the nodes is within ${words.span(Math.abs(median.offset) + median.error)} of this machine’s clock.`,
    );
  }
  const unsure = nodes.filter(({ judgement }) => judgement === 'unsure').length;
  if (unsure > 0)
    lines.push(
      `${unsure} of ${nodes.length} could not be told to within ${words.span(threshold)}: the round trip is too long. More --samples may help.`,
    );
  if (lines.length > 0) await terminal.write(`\n${terminal.safe(lines.join('\n'))}\n`);
}
