/** A check of what `chronyc sourcestats` estimates of the clock, where it alone was saved. */

import { check, NotApplicable } from '../check.ts';
import { figures } from '../quantities.ts';
import { chronyStatistics } from './chrony.ts';
import { clockState } from './state.ts';
import { ahead, clockOf, span } from './words.ts';

const estimated = check({
  id: 'clock.estimated-offset',
  area: 'clock',
  title: 'A clock that its sources’ statistics find off',
  about:
    'chronyc sourcestats estimates for each source how far the clock is ahead of it, and how much its samples scatter. Where no other ' +
    'report was saved, the middle one of the estimates is judged; which source is followed is not in it.',
  needs: { statistics: chronyStatistics },
  wants: { state: clockState },
  thresholds: {
    warnSeconds: { value: 0.05, unit: 's', source: 'node-mixin NodeClockSkewDetected (0.05 s)' },
    criticalSeconds: {
      value: 1,
      unit: 's',
      source: 'etcd, which warns of a member whose clock differs so much',
    },
  },
  evaluate: ({ statistics, state }, { warnSeconds, criticalSeconds }) => {
    if (state) return new NotApplicable('clock.offset judges what the time service tells');
    const measured = statistics.filter(({ samples }) => samples > 1).sort((a, b) => a.offset - b.offset);
    const middle = measured[measured.length >> 1];
    if (!middle) return new NotApplicable('no source was measured often enough');
    // An estimate that its own scatter hides says nothing.
    if (Math.abs(middle.offset) <= Math.max(warnSeconds, 3 * middle.standardDeviation)) return [];
    return [
      {
        severity: Math.abs(middle.offset) > criticalSeconds ? 'critical' : 'warning',
        certainty: 'likely',
        title: 'The clock is off, as the statistics of its sources estimate',
        subject: clockOf(state),
        parameters: { offsetSeconds: middle.offset, sources: measured.length },
        evidence: measured
          .slice(0, 4)
          .map(
            ({ name, samples, offset, standardDeviation }) =>
              `${name}: clock ${ahead(offset, 'it')}, ${figures(samples)} samples that scatter by ${span(standardDeviation)}`,
          ),
        remedy: {
          text: 'See what the time service follows: nodectl clock -n NODE, or chronyc tracking.',
          risk: 'none',
        },
      },
    ];
  },
});

/** The check of statistics of sources. */
export const CLOCK_STATISTICS_CHECKS = [estimated];
