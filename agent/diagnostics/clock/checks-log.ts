/** Checks of what time services wrote into a log that was saved. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { type ServiceLog, serviceLogs } from './service-log.ts';
import { ahead, span } from './words.ts';

const NONE = new NotApplicable('no log of a time service was saved');
const subjectOf = ({ program }: ServiceLog) => ({ kind: 'clock', name: '', attributes: { daemon: program } });

const noSource = check({
  id: 'clock.log-no-source',
  area: 'clock',
  title: 'A time service that found no source, by its log',
  about:
    'The last that chronyd, ntpd, systemd-timesyncd or openntpd wrote of its sources is that none answers, or that they do not agree. It is no ' +
    'trouble where it found one later.',
  needs: { logs: serviceLogs },
  evaluate: ({ logs }) =>
    logs.length === 0
      ? NONE
      : logs.flatMap((log): FindingDraft[] => {
          if (log.follows !== false || !log.lost) return [];
          const disagree = /no majority/i.test(log.lost.words);
          return [
            {
              severity: 'warning',
              certainty: 'likely',
              title: disagree
                ? 'The time service’s sources do not agree, so the clock follows none'
                : 'The time service finds no source that it can use',
              subject: subjectOf(log),
              parameters: { times: log.lost.count },
              evidence: [
                `${log.program}: ${log.lost.words}${log.lost.count > 1 ? ` (${log.lost.count} times in a row)` : ''}`,
              ],
              remedy: disagree
                ? {
                    text: 'See which source is wrong (chronyc sources -v) and take it out; have at least four.',
                    risk: 'restart',
                  }
                : {
                    text: 'See whether its servers are reached: UDP port 123, names that resolve, a route.',
                    risk: 'none',
                  },
              explains: ['clock.not-synchronised'],
            },
          ];
        }),
});

const wrong = check({
  id: 'clock.log-wrong',
  area: 'clock',
  title: 'A clock that was found wrong while it was being set, by a log',
  about:
    'chronyd and ntpd tell by how much the clock is wrong when they step it, or begin to. At their start that is usual, after the machine was ' +
    'off; later it means that the clock was set by another program, the machine stood still, or the source jumped.',
  needs: { logs: serviceLogs },
  thresholds: {
    warnSeconds: {
      value: 0.5,
      unit: 's',
      source: 'chosen: a quarter of what chrony logs from on (logchange 1) and half of etcd’s 1 s',
    },
    again: { value: 3, unit: '', source: 'chosen: makestep 1 3 lets chronyd step three times at its start' },
  },
  evaluate: ({ logs }, { warnSeconds, again }) =>
    logs.length === 0
      ? NONE
      : logs.flatMap((log): FindingDraft[] => {
          const large = log.wrong.filter((one) => Math.abs(one) >= warnSeconds);
          const most = large.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0];
          const last = large.at(-1);
          if (most === undefined || last === undefined) return [];
          const both = large.some((one) => one > 0) && large.some((one) => one < 0);
          const often = large.length >= again || both;
          return [
            {
              severity: 'warning',
              certainty: 'likely',
              title: often ? 'The clock is found wrong again and again' : 'The clock was found wrong',
              subject: subjectOf(log),
              parameters: { times: large.length, mostSeconds: most, lastSeconds: last },
              evidence: [
                often
                  ? `${log.program}: ${large.length} times, by ${span(most)} at most${both ? ', to both sides' : ''}, last by ${span(last)}`
                  : `${log.program}: by ${span(last)}`,
              ],
              remedy: {
                text: both
                  ? 'See that no other program sets the clock, and whether its sources agree: chronyc sources -v, ntpq -pn.'
                  : 'See what stopped or set the clock then: a virtual machine that was paused or moved, another time service.',
                risk: 'none',
              },
            },
          ];
        }),
});

const refused = check({
  id: 'clock.log-refused',
  area: 'clock',
  title: 'A time service that cannot set the clock, by its log',
  about:
    'The kernel does not let it set the clock (a container, no CAP_SYS_TIME), the clock is further off than ntpd follows (1,000 s without -g), ' +
    'or it runs faster than the kernel can correct (500 ppm).',
  needs: { logs: serviceLogs },
  links: ['https://man7.org/linux/man-pages/man2/adjtimex.2.html'],
  evaluate: ({ logs }) =>
    logs.length === 0
      ? NONE
      : logs.flatMap((log): FindingDraft[] => {
          const about = { subject: subjectOf(log), certainty: 'likely' } as const;
          return [
            ...(log.gaveUp === undefined
              ? []
              : [
                  {
                    ...about,
                    severity: 'critical',
                    title: 'The clock is so far off that the time service gave up',
                    ...(log.gaveUp.seconds === undefined
                      ? { evidence: [`${log.program}: ${log.gaveUp.words}`] }
                      : {
                          parameters: { offsetSeconds: 0 - log.gaveUp.seconds },
                          evidence: [`${log.program}: ${ahead(0 - log.gaveUp.seconds, 'true time')}`],
                        }),
                    remedy: {
                      text: 'Set the clock once with ntpd -gq, or start ntpd with -g.',
                      risk: 'restart',
                    },
                  } as const,
                ]),
            ...(log.refused === undefined
              ? []
              : [
                  {
                    ...about,
                    severity: 'warning',
                    title: 'The time service cannot set the clock',
                    evidence: [`${log.program}: ${log.refused}`],
                    remedy: {
                      text: 'In a container let the host keep the clock; else give the service CAP_SYS_TIME.',
                      risk: 'restart',
                    },
                  } as const,
                ]),
            ...(log.tooFast === undefined
              ? []
              : [
                  {
                    ...about,
                    severity: 'warning',
                    title: 'The clock’s oscillator runs farther from its rate than can be corrected',
                    parameters: { frequencyPpm: log.tooFast },
                    evidence: [`${log.program}: frequency error ${log.tooFast} ppm, beyond 500 ppm`],
                    remedy: {
                      text: 'Update the firmware; in a virtual machine look at the host’s clock; remove ntp.drift and restart ntpd.',
                      risk: 'reboot',
                    },
                  } as const,
                ]),
          ];
        }),
});

const unsynchronised = check({
  id: 'clock.log-unsynchronised',
  area: 'clock',
  title: 'A kernel whose clock nothing keeps, by a log of ntpd',
  about:
    'ntpd tells when the kernel says that its clock is unsynchronised (TIME_ERROR). At its start that is usual, until it has a source; where it says ' +
    'so again later, it has found none, or lost it.',
  needs: { logs: serviceLogs },
  thresholds: {
    warnHours: {
      value: 1,
      unit: 'h',
      source:
        'chosen: with its longest poll of 1,024 s ntpd has asked a source three times by then (ntpd(8))',
    },
  },
  links: ['https://man7.org/linux/man-pages/man2/adjtimex.2.html'],
  evaluate: ({ logs }, { warnHours }) =>
    logs.length === 0
      ? NONE
      : logs.flatMap((log): FindingDraft[] => {
          if (!log.unsynchronised) return [];
          const { words, seconds } = log.unsynchronised;
          const lasts = seconds >= warnHours * 3_600;
          return [
            {
              severity: lasts ? 'warning' : 'info',
              certainty: 'likely',
              title: lasts
                ? 'The kernel’s clock stays unsynchronised'
                : 'The kernel’s clock was not synchronised yet',
              subject: subjectOf(log),
              parameters: { lastsSeconds: seconds },
              evidence: [`${log.program}: ${words}${seconds > 0 ? `, over ${span(seconds)}` : ''}`],
              remedy: {
                text: 'See whether it has a source: ntpq -pn; UDP port 123, names that resolve, a route.',
                risk: 'none',
              },
              explains: ['clock.not-synchronised'],
            },
          ];
        }),
});

/** Checks of this file. */
export const CLOCK_LOG_CHECKS = [noSource, wrong, refused, unsynchronised];
