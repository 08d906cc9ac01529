/** HistoryService of the contract: translates requests and series, nothing else. */

import { Failure } from '../../proto/failure.ts';
import type { HistorySeries } from '../../proto/gen/types/nodectl/v1/HistorySeries.ts';
import type { ServiceHandlers } from '../../proto/serve/handlers.ts';
import { oldestSince, readSeries, type SeriesPoints } from './query.ts';
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
      const query = {
        ...{ series, maxPoints: maxPoints || DEFAULT_POINTS },
        sinceMs: sinceUsec > 0 ? sinceUsec / 1_000 : oldestSince(ring, nowMs - DEFAULT_SPAN_MS),
        // A sample of this very moment is one of the past too.
        untilMs: untilUsec > 0 ? untilUsec / 1_000 : nowMs + 1,
      };
      const common = {
        ...{ node, nowUsec: nowMs * 1_000 },
        ...{ sinceUsec: query.sinceMs * 1_000, untilUsec: query.untilMs * 1_000 },
      };
      yield { ...common, series: [] };
      let batch: HistorySeries[] = [];
      let points = 0;
      for await (const one of readSeries(ring, query, signal)) {
        batch.push(toMessage(one));
        points += one.times.length;
        if (points < POINTS_A_MESSAGE) continue;
        yield { ...common, series: batch };
        batch = [];
        points = 0;
      }
      if (batch.length > 0) yield { ...common, series: batch };
    },
  };
}
