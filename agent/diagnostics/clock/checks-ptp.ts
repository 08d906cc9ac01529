/** Checks of PTP: ports that follow nothing, clocks that are off, swing or jump. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { ptp } from './ptp.ts';
import { ahead, span } from './words.ts';

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
    const missed = ptp4l.stampsMissed ?? 0;
    const stamps: readonly FindingDraft[] =
      missed === 0
        ? []
        : [
            {
              severity: 'warning',
              certainty: 'likely',
              title: 'The network card does not return stamps of what ptp4l sends',
              subject: { kind: 'ptp', name: 'ptp4l' },
              parameters: { times: missed },
              evidence: [`ptp4l timed out while polling for a tx timestamp, ${missed} times`],
              remedy: {
                text: 'Raise tx_timestamp_timeout in ptp4l’s configuration; update driver and firmware of the card.',
                risk: 'restart',
              },
            },
          ];
    const waits: readonly FindingDraft[] = ptp4l.waiting
      ? [
          {
            severity: 'warning',
            certainty: 'likely',
            title: 'phc2sys waits for ptp4l',
            subject: { kind: 'ptp', name: 'phc2sys' },
            evidence: ['its last line is that it waits for ptp4l: it sets no clock'],
            remedy: {
              text: 'See that ptp4l runs, with the same domain and socket (-n, uds_address), and is locked.',
              risk: 'none',
            },
          },
        ]
      : [];
    return [...ports, ...unlocked, ...stamps, ...waits];
  },
});

const ptpJumps = check({
  id: 'clock.ptp-jumps',
  area: 'clock',
  title: 'A PTP clock that jumps',
  about:
    'ptp4l’s clockcheck compares its clock with the system’s: one that jumps or runs too fast was set by another program, or its driver sets it wrong. ' +
    'Each time the port leaves its lock (SYNCHRONIZATION_FAULT).',
  needs: { found: ptp },
  thresholds: {
    least: { value: 2, unit: '', source: 'chosen: one comes when the clock is set for the first time' },
  },
  links: ['https://linuxptp.nwtime.org/documentation/ptp4l/'],
  evaluate: ({ found: { ptp4l } }, { least }) => {
    if (ptp4l?.jumps === undefined) return new NotApplicable('no log of a PTP program was saved');
    if (ptp4l.jumps < least) return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'The PTP clock jumps and loses its lock',
        subject: { kind: 'ptp', name: 'ptp4l' },
        parameters: { times: ptp4l.jumps },
        evidence: [
          `ptp4l: its clock jumped, or its lock was lost (SYNCHRONIZATION_FAULT), ${ptp4l.jumps} times`,
        ],
        remedy: {
          text: 'See that no other program sets this clock (a second phc2sys, chronyd, ts2phc); update the card’s driver.',
          risk: 'restart',
        },
        explains: ['clock.ptp-offset', 'clock.ptp-unsteady'],
      },
    ];
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

/** Checks of this file. */
export const CLOCK_PTP_CHECKS = [ptpLock, ptpJumps, ptpOffset, ptpSwing];
