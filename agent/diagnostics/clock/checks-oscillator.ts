/** Checks of what counts the time: the oscillator, how steady it is, and the clock source that the kernel reads. */

import { check, NotApplicable, Skipped } from '../check.ts';
import { figures } from '../quantities.ts';
import { chrony } from './chrony.ts';
import { clocksource, isFast } from './clocksource.ts';
import { kernelClock } from './kernel-clock.ts';
import { clockState } from './state.ts';
import { clockOf, drifts, follows, span } from './words.ts';

const frequency = check({
  id: 'clock.frequency',
  area: 'clock',
  title: 'An oscillator that runs far from its rate',
  about:
    'How fast the clock would gain or lose if it were left alone. Quartzes are good for some tens of ppm; beyond 100 ppm the ' +
    'board, the firmware’s calibration of the TSC or the virtual machine is at fault, and from 500 ppm on the kernel cannot ' +
    'correct it any more.',
  needs: { state: clockState },
  wants: { source: clocksource, kernel: kernelClock },
  thresholds: {
    warnPpm: {
      value: 100,
      unit: 'ppm',
      source: 'chosen: beyond the tolerance of common crystals (20 to 100 ppm)',
    },
    criticalPpm: {
      value: 490,
      unit: 'ppm',
      source: 'MAXFREQ of the kernel (500 ppm), which ntpd cannot exceed',
    },
  },
  links: ['https://man7.org/linux/man-pages/man2/adjtimex.2.html'],
  evaluate: ({ state, source, kernel }, { warnPpm, criticalPpm }) => {
    const value = state.frequency ?? (kernel ? 0 - kernel.frequency : undefined);
    if (value === undefined) return new Skipped(`${state.daemon} does not tell the frequency`);
    const size = Math.abs(value);
    if (size < warnPpm) return [];
    return [
      {
        severity: size >= criticalPpm ? 'critical' : 'warning',
        title: 'The clock’s oscillator runs far from its rate',
        subject: clockOf(state, source),
        parameters: { frequencyPpm: value },
        evidence: [`${drifts(value)}; clock source ${source?.current ?? 'unknown'}`],
        remedy: {
          text: 'Update the firmware; in a virtual machine look at the host’s clock; else replace the board.',
          risk: 'reboot',
        },
      },
    ];
  },
});

const skew = check({
  id: 'clock.skew',
  area: 'clock',
  title: 'A frequency that is not known well',
  about:
    'chronyd’s bound of the error of the frequency. Some ppm are usual, less on wires; a large one means few or noisy samples, ' +
    'and the clock wanders between polls.',
  needs: { reports: chrony },
  wants: { state: clockState, source: clocksource },
  thresholds: {
    ppm: {
      value: 100,
      unit: 'ppm',
      source:
        'chrony.conf(5) maxupdateskew: typical 100 ppm over wireless, 10 or smaller over wired networks',
    },
    samples: { value: 6, unit: '', source: 'chrony’s regression drops no samples before it has so many' },
    settling: {
      value: 16,
      unit: 's',
      source:
        'chosen, where the samples are not told: iburst polls every 2 s at the start, and 16 s is far below minpoll (64 s)',
    },
  },
  links: ['https://chrony-project.org/doc/4.8/chrony.conf.html#maxupdateskew'],
  evaluate: ({ reports: { tracking, sourcestats }, state, source }, { ppm, samples, settling }) => {
    if (tracking.state !== 'synchronised') return new NotApplicable('the clock is not synchronised');
    const most = Math.max(0, ...(sourcestats ?? []).map((one) => one.samples));
    const young = sourcestats ? most < samples : (tracking.updateInterval ?? settling) < settling;
    if (young) return new NotApplicable('there are few samples yet');
    if (tracking.skew === undefined || tracking.skew < ppm) return [];
    return [
      {
        severity: 'warning',
        title: 'The clock’s frequency is not known well',
        subject: clockOf(state, source),
        parameters: { skewPpm: tracking.skew },
        evidence: [
          `skew ${figures(tracking.skew)} ppm${sourcestats ? ` from ${most} samples` : ''}${state ? `; ${follows(state)}` : ''}`,
        ],
        remedy: { text: 'Use steadier or nearer sources; look for load and loss on the way.', risk: 'none' },
        explains: ['clock.unsteady'],
      },
    ];
  },
});

const slowSource = check({
  id: 'clock.clocksource',
  area: 'clock',
  title: 'A clock source that is slow to read',
  about:
    'The kernel reads the time from the processor’s own counter (TSC) or the hypervisor’s page in some ten nanoseconds. With ' +
    'hpet or acpi_pm each reading goes through a chip, takes about a microsecond, and is no longer possible without a system ' +
    'call: databases and tracing become several times slower. The kernel falls back to them when it finds the TSC unstable.',
  needs: { source: clocksource },
  wants: { state: clockState },
  links: ['https://www.kernel.org/doc/html/latest/virt/kvm/x86/timekeeping.html'],
  evaluate: ({ source, state }) => {
    const { current, available, hypervisor, steadyTsc } = source;
    if (
      isFast(current) ||
      !/^(hpet|acpi_pm|jiffies|refined-jiffies|pit|hyperv_clocksource_msr|xen)$/.test(current)
    )
      return [];
    // On Xen its own clock is the usual one, and the jump to tsc is a matter of taste.
    if (current === 'xen') return [];
    const lost = !available.some(isFast);
    return [
      {
        severity: 'warning',
        certainty: lost && steadyTsc === true ? 'likely' : 'certain',
        title: lost
          ? 'The kernel has given up the processor’s counter and reads a slow clock'
          : 'The kernel reads a slow clock although it has a fast one',
        subject: clockOf(state, source),
        parameters: { clocksource: current, available: available.join(',') },
        evidence: [
          `current ${current}, available ${available.join(' ')}${hypervisor === '' ? '' : `, on ${hypervisor}`}`,
          ...(steadyTsc === undefined
            ? []
            : [
                `the processor ${steadyTsc ? 'has' : 'does not have'} a TSC that never stops (constant_tsc, nonstop_tsc)`,
              ]),
        ],
        remedy: lost
          ? {
              text: 'Look for "Marking clocksource" in the kernel’s log; update the firmware. tsc=reliable on the kernel’s command line overrides it, at your risk.',
              risk: 'reboot',
            }
          : {
              text: `Write ${available.find(isFast)} to /sys/devices/system/clocksource/clocksource0/current_clocksource, and take clocksource= off the kernel’s command line.`,
              risk: 'none',
            },
      },
    ];
  },
});

const unsteady = check({
  id: 'clock.unsteady',
  area: 'clock',
  title: 'A clock that is off again and again',
  about:
    'chronyd’s long-term average of the offset at its updates: how well the clock is kept between them. It is told only while ' +
    'the last offset is of the same order: after one large error the average takes dozens of updates to fall.',
  needs: { reports: chrony },
  wants: { state: clockState, source: clocksource },
  thresholds: {
    seconds: {
      value: 0.025,
      unit: 's',
      source: 'chosen: half of what node-mixin and Ceph tolerate (0.05 s)',
    },
  },
  evaluate: ({ reports: { tracking }, state, source }, { seconds }) => {
    if (tracking.state !== 'synchronised') return new NotApplicable('the clock is not synchronised');
    const { rmsOffset } = tracking;
    if (rmsOffset === undefined) return new Skipped('this version of chrony does not tell it');
    // One large error at the start stays in the average for dozens of updates: the last offset tells whether it is over.
    if (rmsOffset < seconds || Math.abs(tracking.lastOffset ?? 0) < rmsOffset / 10) return [];
    return [
      {
        severity: 'warning',
        title: 'The clock is off again and again',
        subject: clockOf(state, source),
        parameters: { rmsOffsetSeconds: rmsOffset },
        evidence: [
          `root mean square of the offsets ${span(rmsOffset)}; at the last update ${span(tracking.lastOffset ?? 0)}`,
        ],
        remedy: {
          text: 'Use nearer sources, poll more often (maxpoll 6), and look for load and loss.',
          risk: 'restart',
        },
      },
    ];
  },
});

/** Checks of what counts the time. */
export const CLOCK_OSCILLATOR_CHECKS = [frequency, skew, slowSource, unsteady];
