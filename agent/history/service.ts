/** HistoryService of the contract: translates requests and series, nothing else. */

import { Failure } from '../../proto/failure.ts';
import type { HistorySeries } from '../../proto/gen/types/nodectl/v1/HistorySeries.ts';
import type { ServiceHandlers } from '../../proto/serve/handlers.ts';
import { readSeries, type SeriesPoints } from './query.ts';
import type { RingSource } from './reading.ts';

const DEFAULT_POINTS = 120;
const DEFAULT_SPAN_MS = 24 * 3_600_000;
/** Points of one answer: some 100 kB. */
const POINTS_A_MESSAGE = 10_000;

function toMessage({ times, values, lows, highs, ...rest }: SeriesPoints): HistorySeries {
  const single = rest.samples === times.length;
  return {
    ...rest,
    timeDeltas: Array.from(times, (time, at) => Math.round(time) - Math.round(times[at - 1] ?? 0)),
    values: [...values],
    lows: single ? [] : [...lows],
    highs: single ? [] : [...highs],
  };
}

/** The handlers of the service. @param ring where the past is read, or undefined for a node that keeps none */
export function historyService(
  node: string,
  ring: RingSource | undefined,
): ServiceHandlers<'nodectl.v1.HistoryService'> {
  return {
    ReadHistory: async function* ({ series, sinceUsec, untilUsec, maxPoints }, { signal }) {
      if (!ring)
        throw new Failure('NO_HISTORY', `${node} keeps no history`, {
          hint: '"history" of the agent\'s configuration switches it on',
        });
      const nowMs = ring.now().wall;
      yield { node, nowUsec: nowMs * 1_000, series: [] };
      const query = {
        ...{ series, maxPoints: maxPoints || DEFAULT_POINTS },
        sinceMs: sinceUsec > 0 ? sinceUsec / 1_000 : nowMs - DEFAULT_SPAN_MS,
        // A sample of this very moment is one of the past too.
        untilMs: untilUsec > 0 ? untilUsec / 1_000 : nowMs + 1,
      };
      let batch: HistorySeries[] = [];
      let points = 0;
      for await (const one of readSeries(ring, query, signal)) {
        batch.push(toMessage(one));
        points += one.times.length;
        if (points < POINTS_A_MESSAGE) continue;
        yield { node, nowUsec: nowMs * 1_000, series: batch };
        batch = [];
        points = 0;
      }
      if (batch.length > 0) yield { node, nowUsec: nowMs * 1_000, series: batch };
    },
  };
}
