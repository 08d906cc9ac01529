/** Checks of what chronyd wrote down. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { chronyActivity } from './chrony.ts';
import { chronyLog } from './chrony-log.ts';
import { OFFSET_THRESHOLDS } from './offset-thresholds.ts';
import { clockState } from './state.ts';
import { span } from './words.ts';

const written = check({
  id: 'clock.chrony-log',
  area: 'clock',
  title: 'A clock that was off or followed nothing by what chronyd wrote down',
  about:
    'The last rows of tracking.log, measurements.log and statistics.log. A first update after a start may be large, since the clock is set ' +
    'then; one that comes after others is not. Where the state of the clock was saved too, that tells more.',
  needs: { log: chronyLog },
  wants: { state: clockState },
  thresholds: {
    ...OFFSET_THRESHOLDS,
    warnPpm: {
      value: 100,
      unit: 'ppm',
      source: 'chosen: beyond the tolerance of common crystals (20 to 100 ppm), as clock.frequency',
    },
  },
  links: ['https://chrony-project.org/doc/4.8/chrony.conf.html#log'],
  evaluate: ({ log: { updates, sources }, state }, { warnSeconds, criticalSeconds, warnPpm }) => {
    if (state) return new NotApplicable('the state of the clock was saved');
    if (updates.length + sources.length === 0) return new NotApplicable('nothing was written down yet');
    const last = updates.at(-1);
    const finding = (
      severity: 'warning' | 'critical',
      title: string,
      evidence: string,
      text = 'See chronyc tracking and chronyc sources -v on the node.',
    ): FindingDraft => ({
      ...{ severity, title, certainty: 'likely', evidence: [evidence] },
      subject: { kind: 'clock', name: 'chrony' },
      remedy: { text, risk: 'none' },
    });
    const off = (seconds: number) => (seconds >= criticalSeconds ? 'critical' : 'warning');
    const found: FindingDraft[] = [];
    if (last && Math.abs(last.frequency) >= warnPpm)
      found.push(
        finding(
          'warning',
          'The clock’s oscillator runs far from its rate',
          `${figures(Math.abs(last.frequency))} ppm at ${last.time} UTC`,
          'Update the firmware; in a virtual machine look at the host’s clock; else replace the board.',
        ),
      );
    if (last && last.source === '')
      found.push(
        finding('warning', 'The clock is not synchronised', `it follows nothing since ${last.time} UTC`),
      );
    else if (last && updates.length > 1 && Math.abs(last.offset) >= warnSeconds)
      found.push(
        finding(
          off(Math.abs(last.offset)),
          'The clock is off',
          `${span(Math.abs(last.offset))} from ${last.source} at ${last.time} UTC`,
        ),
      );
    const good = sources.flatMap(({ name, time, offset }) =>
      offset === undefined ? [] : [{ name, time, offset: Math.abs(offset) }],
    );
    if (sources.length > 0 && good.length === 0)
      found.push(
        finding(
          'warning',
          'No answer of a source of time is usable',
          `${figures(sources.length)} sources, the last answer of none passes chronyd’s tests: ${sources
            .slice(0, 4)
            .map(({ name }) => name)
            .join(', ')}`,
        ),
      );
    // The nearest: one that is far off may be wrong itself.
    const [near] = good.toSorted((a, b) => a.offset - b.offset);
    if (near && near.offset >= warnSeconds && !found.some(({ title }) => title === 'The clock is off'))
      found.push(
        finding(
          off(near.offset),
          'The clock is off',
          `${span(near.offset)} from ${near.name} at ${near.time} UTC`,
        ),
      );
    return found;
  },
});

const activity = check({
  id: 'clock.activity',
  area: 'clock',
  title: 'A chronyd that asks no source, by chronyc activity alone',
  about:
    'chronyc activity counts the sources that are asked. Where no other report was saved, none of them online is told.',
  needs: { counted: chronyActivity },
  wants: { state: clockState },
  links: ['https://chrony-project.org/doc/4.8/chronyc.html#activity'],
  evaluate: ({ counted: { online, offline, burstOnline, burstOffline, unresolved }, state }) => {
    if (state) return new NotApplicable('other reports of chronyd were saved');
    if (online + burstOnline + burstOffline > 0) return [];
    return [
      {
        severity: 'warning',
        title: 'No source of time is asked',
        subject: { kind: 'clock', name: 'chrony' },
        parameters: { offline, unresolved },
        evidence: [
          `0 sources online, ${offline} offline, ${unresolved} with unknown address (chronyc activity)`,
        ],
        remedy: {
          text: 'chronyc onoffline puts them as the network is; see its configuration.',
          risk: 'none',
        },
      },
    ];
  },
});

/** Checks of this file. */
export const CHRONY_LOG_CHECKS = [written, activity];
