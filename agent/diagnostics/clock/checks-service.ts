/** Checks of the programs that set the clock, and of how chronyd is configured. */

import { check, NotApplicable } from '../check.ts';
import { chrony } from './chrony.ts';
import { chronyConfiguration } from './chrony-conf.ts';
import { timeDaemons } from './daemons.ts';
import { kernelClock } from './kernel-clock.ts';
import { clockState } from './state.ts';
import { timeZone, toldSynchronised } from './timedatectl.ts';
import { clockOf } from './words.ts';

const two = check({
  id: 'clock.two-daemons',
  area: 'clock',
  title: 'Two programs that set the clock',
  about:
    'Each of them takes the other’s corrections for drift and works against them: the clock swings, is stepped back and forth, or ' +
    'runs away. Programs that only watch (chronyd -x, ptp4l, phc2sys towards a network card) do not count.',
  needs: { daemons: timeDaemons },
  wants: { state: clockState },
  evaluate: ({ daemons, state }) => {
    const names = daemons.filter(({ setsClock }) => setsClock).map(({ name }) => name);
    if (names.length < 2) return [];
    return [
      {
        severity: 'warning',
        title: 'Two programs set the clock',
        subject: clockOf(state),
        parameters: { daemons: names.join(',') },
        evidence: [`running: ${names.join(', ')}`],
        remedy: { text: `Keep one of them: systemctl disable --now the others.`, risk: 'restart' },
        explains: [
          'clock.offset',
          'clock.frequency',
          'clock.jumped',
          'clock.unsteady',
          'clock.drift-trend',
          'clock.past-offset',
        ],
      },
    ];
  },
});

const none = check({
  id: 'clock.no-daemon',
  area: 'clock',
  title: 'No program that sets the clock',
  about:
    'Nothing runs that would set the clock, so that it drifts by its oscillator’s error: a second or so a day. Inside of a ' +
    'container the machine below sets it; such a node’s kernel says that it is synchronised.',
  needs: { daemons: timeDaemons },
  wants: { kernel: kernelClock, state: clockState, told: toldSynchronised },
  evaluate: ({ daemons, kernel, state, told }) => {
    if (daemons.some(({ setsClock }) => setsClock)) return [];
    if (state && state.daemon !== 'kernel') return [];
    if (kernel ? kernel.synchronised && kernel.maxError < 16 : told)
      return new NotApplicable('something outside of this system keeps the clock');
    const watching = daemons.map(({ name }) => name);
    return [
      {
        severity: 'warning',
        title: 'Nothing sets the clock',
        subject: clockOf(state),
        evidence: [
          'no chronyd, ntpd, systemd-timesyncd or phc2sys runs',
          ...(watching.length > 0 ? [`only watching: ${watching.join(', ')}`] : []),
        ],
        remedy: { text: 'Install and enable a time service: chrony is the usual one.', risk: 'none' },
        explains: ['clock.not-synchronised', 'clock.max-error'],
      },
    ];
  },
});

const rtcsync = check({
  id: 'clock.rtcsync',
  area: 'clock',
  title: 'A kernel that is not told that the clock is set',
  about:
    'Without rtcsync (or rtcfile) in its configuration chronyd keeps the clock right but does not tell the kernel. The kernel’s ' +
    'status stays "not synchronised": timedatectl, systemd’s time-sync.target and monitoring by node_exporter then raise a false ' +
    'alarm, and the hardware clock is not kept.',
  needs: { reports: chrony, configuration: chronyConfiguration },
  wants: { kernel: kernelClock, state: clockState },
  links: ['https://chrony-project.org/doc/4.8/chrony.conf.html#rtcsync'],
  evaluate: ({ reports, configuration, kernel, state }) => {
    if (reports.tracking.state !== 'synchronised') return new NotApplicable('the clock is not synchronised');
    if (configuration.rtcsync || configuration.rtcfile || kernel?.synchronised) return [];
    return [
      {
        severity: 'info',
        title: 'chronyd does not tell the kernel that the clock is set',
        subject: clockOf(state),
        evidence: [
          `${configuration.path} has no rtcsync`,
          ...(kernel ? [`the kernel’s status: ${kernel.flags.join(',')}`] : []),
        ],
        remedy: { text: 'Add rtcsync to chronyd’s configuration.', risk: 'restart' },
      },
    ];
  },
});

const makestep = check({
  id: 'clock.makestep',
  area: 'clock',
  title: 'A chronyd that never steps the clock',
  about:
    'Without makestep chronyd corrects every error by slewing, at most 8 % by default: a clock that is an hour off after an empty ' +
    'battery needs half a day, in which certificates do not hold and the node is useless.',
  needs: { configuration: chronyConfiguration, reports: chrony },
  wants: { state: clockState },
  links: ['https://chrony-project.org/doc/4.8/chrony.conf.html#makestep'],
  evaluate: ({ configuration: { makestep: step, path, servers, pools }, state }) => {
    if (servers + pools === 0) return new NotApplicable('it has no servers');
    if (step) return [];
    return [
      {
        severity: 'info',
        title: 'chronyd never steps the clock',
        subject: clockOf(state),
        evidence: [`${path} has no makestep`],
        remedy: {
          text: 'Add "makestep 1 3": steps above a second, in the first three updates alone.',
          risk: 'restart',
        },
      },
    ];
  },
});

const stepsAlways = check({
  id: 'clock.steps-always',
  area: 'clock',
  title: 'A chronyd that may step the clock at any time',
  about:
    'With a negative limit in makestep the clock is stepped whenever it is off by more than the threshold, also back, in the midst ' +
    'of work. Machines that are suspended want that; databases do not.',
  needs: { configuration: chronyConfiguration, reports: chrony },
  wants: { state: clockState },
  thresholds: {
    thresholdSeconds: {
      value: 1,
      unit: 's',
      source: 'the default of distributions (makestep 1 3); a higher one steps in emergencies only',
    },
  },
  links: ['https://chrony-project.org/doc/4.8/chrony.conf.html#makestep'],
  evaluate: ({ configuration: { makestep: step, path }, state }, { thresholdSeconds }) => {
    if (!step || step.limit >= 0 || step.thresholdSeconds > thresholdSeconds) return [];
    return [
      {
        severity: 'info',
        title: 'chronyd may step the clock at any time',
        subject: clockOf(state),
        parameters: { thresholdSeconds: step.thresholdSeconds },
        evidence: [`makestep ${step.thresholdSeconds} ${step.limit} in ${path}`],
        remedy: { text: 'Use "makestep 1 3" on servers.', risk: 'restart' },
        explains: ['clock.jumped'],
      },
    ];
  },
});

const zone = check({
  id: 'clock.time-zone',
  area: 'clock',
  title: 'A server that is not on UTC',
  about:
    'Local time repeats an hour each autumn, and its logs do not compare with those of other zones. Programs that are set to ' +
    'run at an hour run twice or not at all on two days of the year.',
  needs: { zone: timeZone },
  evaluate: ({ zone: name }) => {
    if (/^(Etc\/)?(UTC|UCT|GMT|GMT[+-]?0|Zulu|Universal|Greenwich)$/.test(name)) return [];
    return [
      {
        severity: 'info',
        title: 'The time zone is not UTC',
        subject: { kind: 'clock', name: '', attributes: { zone: name } },
        parameters: { zone: name },
        evidence: [`time zone ${name}`],
        remedy: { text: 'timedatectl set-timezone UTC, if nothing on it wants local time.', risk: 'none' },
      },
    ];
  },
});

/** Checks of the programs that set the clock. */
export const CLOCK_SERVICE_CHECKS = [two, none, rtcsync, makestep, stepsAlways, zone];
