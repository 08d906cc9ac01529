/** Checks of the clock's past: steps, moves of its frequency, and times in which it was off. */

import { check } from '../check.ts';
import { NO_TREND, past } from '../past.ts';
import { figures } from '../quantities.ts';
import { clocksource } from './clocksource.ts';
import { clockState } from './state.ts';
import { clockOf, span } from './words.ts';

const HOUR = 3_600_000;

const drift = check({
  id: 'clock.drift-trend',
  area: 'clock',
  title: 'A frequency that moves',
  about:
    'The frequency of an oscillator follows its temperature by a few ppm, and otherwise stays where it is. A larger move within a ' +
    'day means a fan, an air conditioning, a moved virtual machine, or an oscillator that is failing.',
  needs: { past },
  wants: { state: clockState, source: clocksource },
  thresholds: {
    ppm: { value: 10, unit: 'ppm', source: 'chosen: twice what 30 °C do to a common crystal' },
    hours: { value: 24, unit: 'h', source: 'chosen: a day, so that its course is in it' },
  },
  evaluate: ({ past: history, state, source }, { ppm, hours }) => {
    const points = history.points('clock//frequency_ppm', hours * HOUR);
    if (points.length < 30) return NO_TREND;
    const values = points.map(({ value }) => value).sort((a, b) => a - b);
    // The outermost twentieth on either side is the daemon finding its feet.
    const at = (share: number) => values[Math.floor(share * (values.length - 1))] ?? 0;
    const [low, high] = [at(0.05), at(0.95)];
    if (high - low < ppm) return [];
    return [
      {
        severity: 'warning',
        title: 'The clock’s frequency moves',
        subject: clockOf(state, source),
        parameters: { lowPpm: low, highPpm: high },
        evidence: [`between ${figures(low)} and ${figures(high)} ppm within ${figures(hours)} h`],
        remedy: {
          text: 'Compare with the temperatures of the machine; see whether the virtual machine was moved.',
          risk: 'none',
        },
      },
    ];
  },
});

const jumped = check({
  id: 'clock.jumped',
  area: 'clock',
  title: 'A clock that was stepped',
  about:
    'The moment of boot, reckoned by the clock, moves by as much as the clock is stepped, and stays where it is otherwise. Leases ' +
    'and timeouts that are reckoned by the clock fire early or late, and logs lose their order.',
  needs: { past },
  wants: { state: clockState, source: clocksource },
  thresholds: {
    seconds: {
      value: 0.5,
      unit: 's',
      source: 'chosen: half of etcd’s usual election timeout (1 s), and beyond what slewing does in a minute',
    },
    hours: { value: 24, unit: 'h', source: 'chosen: seen by somebody who looks once a day' },
  },
  evaluate: ({ past: history, state, source }, { seconds, hours }) => {
    const points = history.points('clock//boot_time_seconds', hours * HOUR);
    if (points.length < 2) return NO_TREND;
    const steps = points.flatMap((point, index) => {
      const before = points[index - 1];
      const by = before === undefined ? 0 : point.value - before.value;
      // A new boot is no step: the moment of boot then lies after the sample before.
      const rebooted = before !== undefined && point.value * 1_000 > before.at;
      return Math.abs(by) >= seconds && !rebooted ? [{ at: point.at, by }] : [];
    });
    const last = steps.at(-1);
    const first = steps[0];
    if (!last || !first) return [];
    const largest = steps.reduce((most, one) => (Math.abs(one.by) > Math.abs(most.by) ? one : most));
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'The clock was stepped',
        subject: clockOf(state, source),
        parameters: { largestStepSeconds: largest.by, steps: steps.length },
        evidence: [
          `by ${span(largest.by)} ${largest.by > 0 ? 'forward' : 'back'} at ${new Date(largest.at).toISOString()} (by the clock before)`,
          `${steps.length} steps within ${figures(hours)} h`,
        ],
        remedy: {
          text: 'Find who did it: chronyd logs "System clock was stepped"; a resumed or moved machine does it, too.',
          risk: 'none',
        },
        ...{ firstMs: first.at, lastMs: last.at, count: steps.length },
      },
    ];
  },
});

const pastOffset = check({
  id: 'clock.past-offset',
  area: 'clock',
  title: 'A clock that was off within the last day',
  about: 'The clock is right now and was not earlier: troubles of that time may come from it.',
  needs: { past, state: clockState },
  wants: { source: clocksource },
  thresholds: {
    seconds: {
      value: 0.05,
      unit: 's',
      source: 'node-mixin NodeClockSkewDetected (0.05 s); Ceph mon_clock_drift_allowed',
    },
    hours: { value: 24, unit: 'h', source: 'chosen: seen by somebody who looks once a day' },
  },
  evaluate: ({ past: history, state, source }, { seconds, hours }) => {
    const points = history.points('clock//offset_seconds', hours * HOUR);
    if (points.length < 2) return NO_TREND;
    const off = points.filter(({ value }) => Math.abs(value) > seconds);
    const first = off[0];
    const last = off.at(-1);
    // While it is off, clock.offset tells of it.
    if (!first || !last || Math.abs(state.offset ?? 0) > seconds) return [];
    const largest = off.reduce((most, one) => (Math.abs(one.value) > Math.abs(most.value) ? one : most));
    return [
      {
        severity: 'info',
        title: 'The clock was off within the last day',
        subject: clockOf(state, source),
        parameters: { largestOffsetSeconds: largest.value, samples: off.length },
        evidence: [
          `${off.length} of ${points.length} samples beyond ${span(seconds)}, at most ${span(largest.value)}`,
        ],
        remedy: {
          text: 'Compare the times with those of other troubles: nodectl history clock.',
          risk: 'none',
        },
        ...{ firstMs: first.at, lastMs: last.at, count: off.length },
      },
    ];
  },
});

/** Checks of the clock's past. */
export const CLOCK_HISTORY_CHECKS = [drift, jumped, pastOffset];
