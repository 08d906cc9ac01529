/** Checks of the hardware clock. */

import { check, NotApplicable } from '../check.ts';
import { rtc } from './rtc.ts';
import { clockState } from './state.ts';
import { ahead } from './words.ts';

const rtcOffset = check({
  id: 'clock.rtc-offset',
  area: 'clock',
  title: 'A hardware clock that is off',
  about:
    'The hardware clock sets the system’s clock at boot, before any network. A node that boots with a wrong time finds its own ' +
    'certificates not valid yet, and may never get as far as its time service. Where nothing set the system’s clock, only a large difference is told.',
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
    const size = Math.abs(clock.offset);
    const set = !state || state.sync === 'synchronised';
    if (!set && size < criticalSeconds)
      return new NotApplicable('the system’s own clock is not synchronised');
    if (size < warnSeconds) return [];
    return [
      {
        severity: set && size >= criticalSeconds ? 'critical' : 'warning',
        title: set ? 'The hardware clock is off' : 'The hardware clock and the system’s clock do not agree',
        subject: {
          kind: 'rtc',
          name: clock.device,
          ...(clock.driver === '' ? {} : { hardware: clock.driver }),
        },
        parameters: { offsetSeconds: Math.round(clock.offset * 10) / 10 },
        evidence: [
          `${ahead(clock.offset, 'the system’s clock')}`,
          ...(set ? [] : ['nothing has set the system’s clock, so that either may be wrong']),
        ],
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

/** Checks of the hardware clock. */
export const CLOCK_HARDWARE_CHECKS = [rtcOffset, rtcLocal];
