/** `nodectl clock`. */

import type { GetClockResponse__Output as Clock } from '../../../proto/gen/types/nodectl/v1/GetClockResponse.ts';
import { askMachines } from '../../diag/ask.ts';
import { clockPage, type PageLook } from '../../diag/clock-page.ts';
import * as words from '../../diag/clock-words.ts';
import { plainMessage } from '../../diag/plain-message.ts';
import { exitOfAll } from '../../output/exit-codes.ts';
import { formatOf, printRows } from '../../output/format.ts';
import { reportFailures } from '../../output/report.ts';
import type { Column } from '../../output/table.ts';
import { flag, type Session } from '../../session.ts';

interface Row {
  node: string;
  clock: Clock;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NODE', value: ({ node }) => node, whole: true },
  { title: 'SYNC', value: ({ clock }) => words.syncInShort(clock.state), whole: true },
  {
    title: 'OFFSET',
    value: ({ clock }) => words.signed(clock.state?.offsetSeconds),
    align: 'right',
    whole: true,
  },
  { title: 'PPM', value: ({ clock }) => words.ppm(clock.state?.frequencyPpm), align: 'right', whole: true },
  { title: 'ST', value: ({ clock }) => String(clock.state?.stratum ?? ''), align: 'right', whole: true },
  { title: 'SOURCE', value: ({ clock }) => clock.state?.source ?? '' },
  { title: 'LEAP', value: ({ clock }) => words.leapInShort(clock.state), whole: true },
  {
    title: 'BOUND',
    value: ({ clock }) => words.spanOf(clock.state?.errorBoundSeconds),
    align: 'right',
    whole: true,
  },
  { title: 'DAEMON', value: ({ clock }) => clock.state?.daemon ?? '' },
  { title: 'CLOCKSOURCE', value: ({ clock }) => clock.clocksource?.current ?? '' },
  { title: 'ANSWER', value: ({ clock }) => words.sourcesInShort(clock), wide: true },
  { title: 'UPDATED', value: ({ clock }) => words.spanOf(clock.state?.updatedAgoSeconds), wide: true },
  { title: 'SKEW', value: ({ clock }) => words.ppm(clock.state?.skewPpm).replace('+', ''), wide: true },
  { title: 'VERSION', value: ({ clock }) => clock.state?.version ?? '', wide: true },
  { title: 'KERNEL', value: ({ clock }) => clock.kernel?.flags.join(',') ?? '', wide: true },
  { title: 'RTC', value: ({ clock }) => words.signed(clock.rtc?.offsetSeconds), wide: true },
  { title: 'ZONE', value: ({ clock }) => clock.zone, wide: true },
];

/** A pipe has no width, but sentences without line breaks cannot be read. */
const PIPE_WIDTH = 100;

export async function run(session: Session): Promise<number> {
  if (flag(session, 'skew')) return (await import('./skew.ts')).showSkew(session);
  const format = formatOf(session);
  const results = await askMachines(session, (channel) =>
    channel.unary('nodectl.v1.ClockService/GetClock', {}, session.limits()),
  );
  const { terminal } = session;
  const whole = flag(session, 'verbose') || results.length === 1;
  if (whole && format.name === 'table') {
    const look: PageLook = {
      width: terminal.width ?? PIPE_WIDTH,
      style: (style, text) => terminal.style(style, text),
      safe: (text) => terminal.safe(text),
    };
    for (const [index, result] of results.entries())
      if ('value' in result)
        await terminal.write(
          `${index > 0 ? '\n' : ''}${clockPage(result.node, result.value, look).join('\n')}\n`,
        );
    const failures = results.filter((result) => 'failure' in result);
    reportFailures(terminal, failures, results.length);
    return exitOfAll(
      failures.map(({ failure }) => failure),
      results.length - failures.length,
    );
  }
  return printRows(session, results, {
    rows: (clock, node): Row[] => [{ node, clock }],
    columns: COLUMNS,
    json: ({ node, clock }) => ({ ...plainMessage(clock), node }),
    name: ({ node }) => node,
    empty: 'No node told of its clock.',
  });
}
