/** Checks of what the clock follows: a chain of servers, itself, something that has gone, or a leap second. */

import { check, NotApplicable, Skipped } from '../check.ts';
import { uptime } from '../memory/meminfo.ts';
import { chronyConfiguration } from './chrony-conf.ts';
import { clocksource } from './clocksource.ts';
import { kernelClock } from './kernel-clock.ts';
import { timeSources } from './sources.ts';
import { clockState } from './state.ts';
import { unset } from './unset.ts';
import { clockOf, follows, span } from './words.ts';

const stratum = check({
  id: 'clock.stratum',
  area: 'clock',
  title: 'A clock far down the chain',
  about:
    'Each server between this clock and a reference clock adds one to the stratum. From 10 on the chain mostly begins with a ' +
    'server that serves its own clock, which is right by luck only.',
  needs: { state: clockState },
  wants: { source: clocksource },
  thresholds: {
    stratum: {
      value: 10,
      unit: '',
      source: 'chrony.conf(5) local: stratum 10 unless told; ntp.conf local clock: 10',
    },
  },
  links: ['https://chrony-project.org/doc/4.8/chrony.conf.html#local'],
  evaluate: ({ state, source }, { stratum: limit }) => {
    const reason = unset(state);
    if (reason) return reason;
    if (state.stratum === undefined) return new Skipped(`${state.daemon} does not tell its stratum`);
    if (state.stratum < limit) return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'The clock’s sources have no reference clock behind them',
        subject: clockOf(state, source),
        parameters: { stratum: state.stratum },
        evidence: [`stratum ${state.stratum}; ${follows(state)}`],
        remedy: { text: 'Give the servers that it follows a source of their own.', risk: 'restart' },
      },
    ];
  },
});

const localReference = check({
  id: 'clock.local-reference',
  area: 'clock',
  title: 'A clock that follows itself',
  about:
    'With `local` (or ntpd’s local clock) a server serves its own clock while it has no source. It calls itself synchronised, ' +
    'leap status "Normal", and its clients follow it wherever it drifts.',
  needs: { state: clockState },
  wants: { configuration: chronyConfiguration, sources: timeSources },
  evaluate: ({ state, configuration, sources }) => {
    if (state.sync === 'unknown') return new Skipped('nothing tells whether the clock is set');
    if (state.sync !== 'local') return [];
    const configured = configuration
      ? configuration.servers + configuration.pools + configuration.refclocks
      : (sources?.sources.length ?? 0);
    // A server of an island without any source is meant to be so.
    const meant = configured === 0;
    return [
      {
        severity: meant ? 'info' : 'warning',
        title: meant
          ? 'The clock is its own reference, as configured'
          : 'The clock has lost its sources and follows itself',
        subject: clockOf(state),
        parameters: { stratum: state.stratum ?? 0, sources: configured },
        evidence: [
          `reference 7F7F0101 or LOCAL at stratum ${state.stratum ?? '?'}; ${configured} sources configured`,
        ],
        remedy: { text: 'See why its sources do not answer: nodectl clock -n NODE.', risk: 'none' },
      },
    ];
  },
});

const lastUpdate = check({
  id: 'clock.last-update',
  area: 'clock',
  title: 'A clock that was last corrected long ago',
  about:
    'A daemon stays "synchronised" after its sources have gone, and only its error bound grows. Judged is the time since the ' +
    'last measurement that was used.',
  needs: { state: clockState },
  wants: { source: clocksource },
  thresholds: {
    seconds: {
      value: 8_192,
      unit: 's',
      source:
        'eight polls at the longest usual interval (maxpoll 10), as long as NTP’s reachability register remembers',
    },
  },
  evaluate: ({ state, source }, { seconds }) => {
    const reason = unset(state);
    if (reason) return reason;
    if (state.updatedAgo === undefined)
      return new NotApplicable(`${state.daemon} does not tell it, or the machine is captured`);
    if (state.updatedAgo < seconds) return [];
    return [
      {
        severity: 'warning',
        title: 'The clock has not been corrected for long',
        subject: clockOf(state, source),
        parameters: { updatedAgoSeconds: Math.round(state.updatedAgo) },
        evidence: [`last measurement ${span(state.updatedAgo)} ago; ${follows(state)}`],
        remedy: { text: 'See why its sources do not answer: nodectl clock -n NODE.', risk: 'none' },
        explains: ['clock.root-distance'],
      },
    ];
  },
});

const leap = check({
  id: 'clock.leap-second',
  area: 'clock',
  title: 'A leap second that is announced',
  about:
    'Sources announce that the last minute of the month will have 61 or 59 seconds. Leap seconds only ever come at the end of ' +
    'June or December, and none has since 2016: in any other month the announcement is false, and the clock will be a second off.',
  needs: { state: clockState },
  wants: { kernel: kernelClock, uptime },
  links: ['https://www.iers.org/IERS/EN/Publications/Bulletins/bulletins.html'],
  evaluate: ({ state, kernel, uptime: up }) => {
    const armed = kernel?.flags.find((flag) => flag === 'INS' || flag === 'DEL');
    const announced = state.leap === 'insert' || state.leap === 'delete';
    if (!announced && armed === undefined) return [];
    const month = up === undefined ? undefined : new Date(up.nowMs).getUTCMonth();
    const possible = month === undefined || month === 5 || month === 11;
    return [
      {
        severity: 'warning',
        certainty: possible ? 'certain' : 'likely',
        title: possible ? 'A leap second is announced' : 'A false leap second is announced',
        subject: clockOf(state),
        parameters: { leap: announced ? state.leap : armed === 'INS' ? 'insert' : 'delete' },
        evidence: [
          `${follows(state)}; leap status ${state.leap}${armed === undefined ? '' : `, armed in the kernel (${armed})`}`,
        ],
        remedy: {
          text: possible
            ? 'See that all nodes handle it alike: leapsecmode slew or a smearing server, never a mix.'
            : 'Find the source that announces it and drop it; leapsectz right/UTC makes chronyd ignore such announcements.',
          risk: 'restart',
        },
      },
    ];
  },
});

/** Checks of what the clock follows. */
export const CLOCK_REFERENCE_CHECKS = [stratum, localReference, lastUpdate, leap];
