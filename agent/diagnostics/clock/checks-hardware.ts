/** Checks of the clocks beside the system's own: the hardware clock, and PTP clocks. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { ptp } from './ptp.ts';
import { rtc } from './rtc.ts';
import { clockState } from './state.ts';
import { ahead, span } from './words.ts';

const rtcOffset = check({
  id: 'clock.rtc-offset',
  area: 'clock',
  title: 'A hardware clock that is off',
  about:
    'The hardware clock sets the system’s clock at boot, before any network. A node that boots with a wrong time finds its own ' +
    'certificates not valid yet, and may never get as far as its time service. It is judged only where the system’s clock is right.',
  needs: { clock: rtc },
  wants: { state: clockState },
  thresholds: {
    warnSeconds: {
      value: 30,
      unit: 's',
      source: 'chosen: far beyond what the kernel’s update every 11 minutes leaves',
    },
    criticalSeconds: {
      value: 300,
      unit: 's',
      source: 'Kerberos’ clockskew (300 s), which most certificates are backdated by, too',
    },
  },
  links: ['https://man7.org/linux/man-pages/man4/rtc.4.html'],
  evaluate: ({ clock, state }, { warnSeconds, criticalSeconds }) => {
    if (clock.offset === undefined)
      return new NotApplicable('it runs in local time, or was not read together with the system’s clock');
    if (state && state.sync !== 'synchronised')
      return new NotApplicable('the system’s own clock is not synchronised');
    const size = Math.abs(clock.offset);
    if (size < warnSeconds) return [];
    return [
      {
        severity: size >= criticalSeconds ? 'critical' : 'warning',
        title: 'The hardware clock is off',
        subject: {
          kind: 'rtc',
          name: clock.device,
          ...(clock.driver === '' ? {} : { hardware: clock.driver }),
        },
        parameters: { offsetSeconds: Math.round(clock.offset * 10) / 10 },
        evidence: [`${ahead(clock.offset, 'the system’s clock')}`],
        remedy: {
          text: 'hwclock --systohc sets it; rtcsync in chronyd’s configuration keeps it. An empty battery loses it again.',
          risk: 'none',
        },
      },
    ];
  },
});

const rtcLocal = check({
  id: 'clock.rtc-local',
  area: 'clock',
  title: 'A hardware clock in local time',
  about:
    'With a hardware clock in local time the system is wrong by hours until the zone is known at boot, and twice a year for longer. ' +
    'The kernel does not keep it then. systemd warns of it in timedatectl.',
  needs: { clock: rtc },
  links: ['https://man7.org/linux/man-pages/man1/timedatectl.1.html'],
  evaluate: ({ clock }) => {
    if (clock.local === undefined) return [];
    if (!clock.local) return [];
    return [
      {
        severity: 'warning',
        title: 'The hardware clock runs in local time',
        subject: {
          kind: 'rtc',
          name: clock.device,
          ...(clock.driver === '' ? {} : { hardware: clock.driver }),
        },
        evidence: ['/etc/adjtime or timedatectl: LOCAL'],
        remedy: { text: 'timedatectl set-local-rtc 0', risk: 'none' },
        explains: ['clock.rtc-offset'],
      },
    ];
  },
});

/** States of a port in which PTP has found its place: it follows, leads, or stands by. */
const SETTLED = new Set(['SLAVE', 'MASTER', 'GRAND_MASTER', 'PASSIVE', 'DISABLED']);

/** The identity of no clock: a clock that leads has its own there. */
const NO_CLOCK = /^[0.]+$/;
const NO_GRANDMASTER: FindingDraft = {
  severity: 'warning',
  title: 'ptp4l has no grandmaster',
  subject: { kind: 'ptp', name: 'ptp4l' },
  evidence: ['gmPresent is false and gmIdentity is zero: it follows no clock and leads none'],
  remedy: {
    text: 'See the link, the domain and transport that ptp4l is set to, and its log.',
    risk: 'none',
  },
};

function aloneIs(grandmaster: string): FindingDraft {
  return {
    severity: 'info',
    title: 'ptp4l sees no grandmaster but itself',
    subject: { kind: 'ptp', name: grandmaster || 'ptp4l' },
    evidence: ['gmPresent is false'],
    remedy: {
      text: 'Where this machine is not to be the grandmaster, see the link and ptp4l’s log.',
      risk: 'none',
    },
  };
}

const ptpLock = check({
  id: 'clock.ptp-not-locked',
  area: 'clock',
  title: 'A PTP port that follows nothing',
  about:
    'ptp4l runs, and a port of it is faulty, still listening or not calibrated: there is no grandmaster, or its packets do not ' +
    'arrive, or the network card does not stamp them.',
  needs: { found: ptp },
  links: ['https://linuxptp.nwtime.org/documentation/ptp4l/'],
  evaluate: ({ found: { ptp4l } }) => {
    if (!ptp4l) return new NotApplicable('ptp4l does not run, or could not be asked');
    const settled = ptp4l.ports.some(({ state }) => state === 'SLAVE');
    // Where somebody saved no more than that: the clock may be the grandmaster itself.
    if (ptp4l.ports.length === 0 && ptp4l.grandmasterPresent === false)
      return [NO_CLOCK.test(ptp4l.grandmaster) ? NO_GRANDMASTER : aloneIs(ptp4l.grandmaster)];
    const unlocked = (ptp4l.unlocked ?? []).map(
      (program): FindingDraft => ({
        severity: 'warning',
        title: 'A PTP program has not locked onto its clock',
        subject: { kind: 'ptp', name: program },
        parameters: ptp4l.offset === undefined ? {} : { offsetSeconds: ptp4l.offset },
        evidence: [`the last line of ${program} has its servo unlocked (s0)`],
        remedy: {
          text: 'See whether it had just begun; else whether another program sets the same clock, and the offset between UTC and TAI.',
          risk: 'none',
        },
      }),
    );
    const ports = ptp4l.ports
      .filter(({ state }) => state === 'FAULTY' || (!SETTLED.has(state) && !settled))
      .map(
        ({ identity, state }): FindingDraft => ({
          severity: 'warning',
          title: state === 'FAULTY' ? 'A PTP port is faulty' : 'A PTP port follows no master',
          subject: { kind: 'ptp', name: identity },
          parameters: { state },
          evidence: [
            `port ${identity.replace(/^port /, '')} is ${state}; ${ptp4l.grandmasterPresent === false ? 'it sees no grandmaster but itself' : `grandmaster ${ptp4l.grandmaster || 'unknown'}`}`,
          ],
          remedy: {
            text: 'See ptp4l’s log, the link, and whether the switch passes PTP: ethtool -T tells what the card can do.',
            risk: 'none',
          },
          explains: ['clock.ptp-offset'],
        }),
      );
    return [...ports, ...unlocked];
  },
});

/** Seconds that TAI is ahead of UTC since 2017 (IERS Bulletin C 52), and how near to it an offset is no chance. */
const TAI_UTC = 37;
const NEAR = 0.5;

/** The system clock and the network card's do not agree, by phc2sys. @param offset seconds */
function systemClockOff(offset: number): FindingDraft {
  const scales = Math.abs(Math.abs(offset) - TAI_UTC) < NEAR;
  return {
    severity: 'warning',
    title: scales
      ? 'The system clock and the PTP clock differ by TAI − UTC, 37 s'
      : 'The system clock is off the PTP clock',
    subject: { kind: 'ptp', name: 'phc2sys' },
    parameters: { offsetSeconds: offset },
    evidence: [ahead(offset, 'the network card’s clock (phc2sys)')],
    remedy: scales
      ? {
          text: 'The card’s clock runs in TAI, or in UTC, and phc2sys takes it for the other: run it with -w so that ptp4l tells it the offset, or set -O; on the grandmaster set currentUtcOffsetValid.',
          risk: 'restart',
        }
      : {
          text: 'See whether another program (chronyd, ntpd) sets the same clock, and restart phc2sys so that it steps it (-F).',
          risk: 'restart',
        },
  };
}

const ptpOffset = check({
  id: 'clock.ptp-offset',
  area: 'clock',
  title: 'A PTP clock that is off its master',
  about:
    'How far ptp4l’s clock is from its master. With stamps of the network card it is below a microsecond, with those of the kernel below 100 µs.',
  needs: { found: ptp },
  thresholds: {
    seconds: {
      value: 1e-4,
      unit: 's',
      source:
        'chosen: beyond what stamps of the kernel give; ptp4l’s servo steps at 20 µs when it starts (first_step_threshold)',
    },
  },
  evaluate: ({ found: { ptp4l } }, { seconds }) => {
    if (ptp4l?.offset === undefined)
      return new NotApplicable('ptp4l does not run, has no master, or could not be asked');
    if (Math.abs(ptp4l.offset) < seconds) return [];
    if (ptp4l.offsetOf === 'phc2sys') return [systemClockOff(ptp4l.offset)];
    const limit = ptp4l.limits?.[0];
    return [
      {
        severity: 'warning',
        title: limit
          ? 'The PTP clock is off its master and corrects as much as it can'
          : 'The PTP clock is off its master',
        subject: { kind: 'ptp', name: '' },
        parameters: { offsetSeconds: ptp4l.offset },
        evidence: [
          `${ahead(ptp4l.offset, `grandmaster ${ptp4l.grandmaster || 'unknown'}`)}`,
          ...(ptp4l.meanPathDelay === undefined ? [] : [`path delay ${span(ptp4l.meanPathDelay)}`]),
          ...(limit
            ? [`${limit.program} corrects by ${figures(limit.ppm)} ppm in each of its last three lines`]
            : []),
        ],
        remedy: limit
          ? {
              text: 'Restart ptp4l so that it steps the clock (first_step_threshold), and see whether another program or the driver sets the same clock.',
              risk: 'restart',
            }
          : {
              text: 'Look for a switch that does not support PTP on the way, and for load on the link.',
              risk: 'none',
            },
      },
    ];
  },
});

const ptpSwing = check({
  id: 'clock.ptp-unsteady',
  area: 'clock',
  title: 'A PTP clock that swings around its master',
  about:
    'The last lines of a log of ptp4l, phc2sys or ts2phc have the clock now before and now behind, by far more than stamps of the network ' +
    'card or of the kernel are wrong: two programs set the same clock, or the servo’s constants do not fit.',
  needs: { found: ptp },
  thresholds: {
    seconds: {
      value: 2e-5,
      unit: 's',
      source: 'ptp4l’s first_step_threshold (20 µs), from which on its servo steps a clock when it starts',
    },
    softwareSeconds: {
      value: 1e-4,
      unit: 's',
      source: 'chosen: ptp4l may have to do with stamps of the kernel, which vary by some 10 µs',
    },
  },
  links: ['https://linuxptp.nwtime.org/documentation/ptp4l/'],
  evaluate: ({ found: { ptp4l } }, { seconds, softwareSeconds }) => {
    if (!ptp4l?.swings) return new NotApplicable('no log of a PTP program was saved');
    return ptp4l.swings
      .filter(({ program, rms }) => rms >= (program === 'ptp4l' ? softwareSeconds : seconds))
      .map(
        ({ program, rms, most, samples }): FindingDraft => ({
          severity: 'warning',
          certainty: 'likely',
          title: 'A PTP clock swings around its master',
          subject: { kind: 'ptp', name: program },
          parameters: { rmsSeconds: rms, mostSeconds: most },
          evidence: [
            `${program}: ${span(rms)} (rms) to both sides in its last ${samples} lines, ${span(most)} at most`,
          ],
          remedy: {
            text: 'See that no other program sets this clock (chronyd, ntpd, a second phc2sys); then lower the servo’s constants.',
            risk: 'restart',
          },
          explains: ['clock.ptp-offset'],
        }),
      );
  },
});

/** Checks of the clocks beside the system's own. */
export const CLOCK_HARDWARE_CHECKS = [rtcOffset, rtcLocal, ptpLock, ptpOffset, ptpSwing];
