/** Checks of the clock's state: whether it is set, how far off it is, and how far off it may be. */

import { check, NotApplicable, Skipped } from '../check.ts';
import { uptime } from '../memory/meminfo.ts';
import { chronyConfiguration } from './chrony-conf.ts';
import { clocksource } from './clocksource.ts';
import { kernelClock } from './kernel-clock.ts';
import { OFFSET_THRESHOLDS } from './offset-thresholds.ts';
import { agreedOffset, type TimeSource, timeSources } from './sources.ts';
import { clockState } from './state.ts';
import { toldService } from './timedatectl.ts';
import { unset } from './unset.ts';
import { ahead, clockOf, drifts, follows, span } from './words.ts';

const MIXIN =
  'https://github.com/prometheus/node_exporter/blob/master/docs/node-mixin/alerts/alerts.libsonnet';

/** ntpd refuses to follow from here on (ntp.conf(5): tinker panic). */
const PANIC_SECONDS = 1_000;

const offset = check({
  id: 'clock.offset',
  area: 'clock',
  title: 'A clock that is off',
  about:
    'How far the clock is from the time that its sources give, as chronyd, ntpd or systemd-timesyncd tell it. Leases, ' +
    'certificates, tokens and the order of logs rely on clocks that agree; etcd and Ceph complain between members. What all ' +
    'sources have wrong cannot be seen here: compare with other nodes (nodectl clock --skew).',
  needs: { state: clockState },
  wants: { source: clocksource, sources: timeSources },
  thresholds: OFFSET_THRESHOLDS,
  links: [MIXIN, 'https://docs.ceph.com/en/latest/rados/configuration/mon-config-ref/#clock'],
  evaluate: ({ state, source, sources }, { warnSeconds, criticalSeconds }) => {
    const reason = unset(state);
    const told = reason && sources ? agreedOffset(sources) : undefined;
    const untold = state.sync === 'unknown';
    if (told && (untold || state.sync === 'unsynchronised') && Math.abs(told.offset) > warnSeconds) {
      const refused = !untold && state.daemon === 'ntpd' && Math.abs(told.offset) >= PANIC_SECONDS;
      return [
        {
          severity: Math.abs(told.offset) > criticalSeconds ? 'critical' : 'warning',
          certainty: told.sources > 1 ? 'likely' : 'possible',
          title: untold
            ? 'The clock is off'
            : 'The clock is off, and the time service follows none of its sources',
          subject: clockOf(state, source),
          parameters: { offsetSeconds: told.offset, sources: told.sources },
          evidence: [
            `${ahead(told.offset, told.sources > 1 ? `${told.sources} sources that answer and agree` : 'the one source that answers')}`,
          ],
          remedy: {
            text: refused
              ? 'Without -g ntpd gives up from 1,000 s on (tinker panic): set the clock once with ntpd -gq, or start it with -g.'
              : 'Where the service was not started just now, see why it does not follow them: nodectl clock -n NODE, and its log.',
            risk: refused ? 'restart' : 'none',
          },
          explains: ['system.etcd-clock*', ...(refused ? ['clock.not-synchronised'] : [])],
        },
      ];
    }
    if (reason) return reason;
    if (state.offset === undefined)
      return new Skipped(`${state.daemon} does not tell how far off the clock is`);
    const size = Math.abs(state.offset);
    if (size <= warnSeconds) return [];
    return [
      {
        severity: size > criticalSeconds ? 'critical' : 'warning',
        title: 'The clock is off',
        subject: clockOf(state, source),
        parameters: { offsetSeconds: state.offset },
        evidence: [
          `${ahead(state.offset, 'true time')}; ${follows(state)}`,
          ...(state.frequency === undefined ? [] : [drifts(state.frequency)]),
        ],
        remedy: {
          text:
            state.daemon === 'chrony'
              ? 'chronyd is slewing it; chronyc makestep sets it at once, which databases and timers notice.'
              : 'Let the time service correct it, or restart that service so that it steps the clock.',
          risk: 'restart',
        },
        explains: ['clock.unsteady', 'clock.past-offset', 'clock.root-distance', 'system.etcd-clock*'],
      },
    ];
  },
});

/** ntpd sets the clock by steps from so many seconds on (ntpd(8)), for which it waits 5 min. */
const STEP_SECONDS = 0.128;

/** Whether a service asked each source three times at most, had all answers of some, and none says that the clock is off. */
function isYoung(sources: readonly TimeSource[]): boolean {
  const answer = sources.filter(({ reach }) => reach > 0);
  return (
    answer.length > 0 &&
    answer.every(({ reach, offset }) => [1, 3, 7].includes(reach) && Math.abs(offset ?? 0) < STEP_SECONDS)
  );
}

const notSynchronised = check({
  id: 'clock.not-synchronised',
  area: 'clock',
  title: 'A clock that nothing sets',
  about:
    'The time service runs without a usable source, or the kernel says that nobody has set its clock. It then drifts by ' +
    'seconds a day. In the first minutes after boot this is usual. chronyd without rtcsync does not tell the kernel, so that ' +
    'chronyd’s own word counts where it runs.',
  needs: { state: clockState },
  wants: { source: clocksource, uptime, kernel: kernelClock, service: toldService, sources: timeSources },
  thresholds: {
    settlingMinutes: { value: 10, unit: 'min', source: 'node-mixin NodeClockNotSynchronising (for: 10m)' },
  },
  links: [MIXIN],
  evaluate: ({ state, source, uptime: up, kernel, service, sources }, { settlingMinutes }) => {
    if (state.sync === 'unknown') return new Skipped('nothing tells whether the clock is set');
    if (state.sync !== 'unsynchronised') return [];
    const young = isYoung(sources?.sources ?? []);
    const settling = young || (up !== undefined && up.seconds < settlingMinutes * 60);
    return [
      {
        severity: settling ? 'info' : 'warning',
        title: 'The clock is not synchronised',
        subject: clockOf(state, source),
        parameters: { daemon: state.daemon },
        evidence: [
          state.daemon === 'kernel'
            ? kernel
              ? 'the kernel’s status has STA_UNSYNC'
              : 'timedatectl, ntpstat or ntpctl says that it is not'
            : `${state.daemon} has no source that it can use`,
          ...(kernel ? [`the kernel’s bound of the error is ${span(kernel.maxError)}`] : []),
          ...(service === false ? ['no time service is switched on (timedatectl)'] : []),
          ...(young ? ['its sources were polled three times at most: it was started just now'] : []),
          ...(settling && up && !young ? [`the machine is up for ${span(up.seconds)}`] : []),
        ],
        remedy: {
          text:
            service === false
              ? 'Switch one on: timedatectl set-ntp true, or install chrony.'
              : 'See what its sources say (nodectl clock -n NODE), and whether UDP port 123 is let through to them.',
          risk: 'none',
        },
        explains: ['clock.max-error', 'clock.rtcsync', 'clock.last-update'],
      },
    ];
  },
});

const maxError = check({
  id: 'clock.max-error',
  area: 'clock',
  title: 'An error bound of the kernel that says "unknown"',
  about:
    'The kernel lets its bound of the clock’s error grow by 0.5 ms a second until somebody sets the clock. From 16 s on the ' +
    'clock counts as not synchronised, for systemd and for whatever asks it. Where chronyd runs without rtcsync, the kernel is ' +
    'never told, and this is not judged.',
  needs: { kernel: kernelClock, state: clockState },
  wants: { configuration: chronyConfiguration },
  thresholds: {
    seconds: { value: 16, unit: 's', source: 'node-mixin NodeClockNotSynchronising; systemd’s ntp_synced()' },
  },
  links: [MIXIN, 'https://man7.org/linux/man-pages/man2/adjtimex.2.html'],
  evaluate: ({ kernel, state, configuration }, { seconds }) => {
    if (state.daemon === 'chrony' && configuration?.rtcsync !== true)
      return new NotApplicable('chronyd does not keep the kernel told (no rtcsync)');
    if (state.sync !== 'synchronised' || kernel.maxError < seconds) return [];
    return [
      {
        severity: 'warning',
        title: 'The kernel does not know how wrong the clock is',
        subject: clockOf(state),
        parameters: { maxErrorSeconds: kernel.maxError },
        evidence: [
          `maximum error ${span(kernel.maxError)}, status ${kernel.flags.join(',') || 'none'}; ${follows(state)}`,
        ],
        remedy: {
          text: 'Restart the time service, and see whether it may set the clock (CAP_SYS_TIME).',
          risk: 'restart',
        },
        explains: ['clock.rtcsync'],
      },
    ];
  },
});

const rootDistance = check({
  id: 'clock.root-distance',
  area: 'clock',
  title: 'A clock that may be far off',
  about:
    'The error bound is |offset| + root dispersion + root delay / 2: how wrong the clock can be while all its sources are right. ' +
    'It grows while sources do not answer. NTP itself refuses sources beyond 1 to 3 s.',
  needs: { state: clockState },
  wants: { source: clocksource },
  thresholds: {
    seconds: {
      value: 1,
      unit: 's',
      source:
        'RFC 5905 MAXDIST (1 s); ntpd has 1.5 s, chronyd maxdistance 3 s, timesyncd RootDistanceMaxSec 5 s',
    },
  },
  links: ['https://www.rfc-editor.org/rfc/rfc5905#section-7.2'],
  evaluate: ({ state, source }, { seconds }) => {
    const reason = unset(state);
    if (reason) return reason;
    if (state.errorBound === undefined) return new Skipped(`${state.daemon} does not tell the error bound`);
    if (state.errorBound < seconds) return [];
    return [
      {
        severity: 'warning',
        title: 'The clock’s error bound is large',
        subject: clockOf(state, source),
        parameters: {
          errorBoundSeconds: state.errorBound,
          ...(state.rootDispersion === undefined ? {} : { rootDispersionSeconds: state.rootDispersion }),
          ...(state.rootDelay === undefined ? {} : { rootDelaySeconds: state.rootDelay }),
        },
        evidence: [`it may be off by ${span(state.errorBound)}; ${follows(state)}`],
        remedy: { text: 'Use nearer sources, and see why those that it has do not answer.', risk: 'restart' },
      },
    ];
  },
});

/** Checks of the clock's state. */
export const CLOCK_STATE_CHECKS = [offset, notSynchronised, maxError, rootDistance];
