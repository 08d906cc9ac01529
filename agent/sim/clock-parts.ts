/** The clock of a simulated server: chronyd with three servers, a stable TSC. Fields as `chronyc -c` of chrony 4.3 prints them. */

import type { MachineParts } from './memory-machine.ts';
import type { SimulatedServer } from './server.ts';

/** How far a planted fault puts the clock ahead. Six times what node-mixin and Ceph tolerate. */
export const CLOCK_OFFSET_SECONDS = 0.31;

const SERVERS = ['192.0.2.11', '192.0.2.12', '192.0.2.13'] as const;

/** Reference ids of IPv4 sources are their addresses in hexadecimal. */
function referenceId(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** chronyd measures every so many seconds. */
const POLL_SECONDS = 64;

/** Files and outputs. */
export function clockParts({ faults, index }: SimulatedServer): MachineParts {
  // How far the clock is behind NTP time: the one value in which chronyc has this sign.
  const behind = (faults.includes('clock') ? -CLOCK_OFFSET_SECONDS : (index % 7) * 1e-6 - 3e-6).toFixed(9);
  const measured = ((index % 5) * 1e-6).toFixed(9);
  const [first] = SERVERS;
  /** Seconds since the last measurement: it goes round with the polls. */
  const ago = () => Math.floor(Date.now() / 1_000 + index) % POLL_SECONDS;
  const tracking = () =>
    [
      ...[referenceId(first), first, '3', (Date.now() / 1_000 - ago()).toFixed(9), behind, measured],
      ...['0.000021304', '-11.204', '0.002', '0.031', '0.000412307', '0.000310291', '64.2', 'Normal'],
    ].join(',');
  const row = (fields: (address: string, at: number) => (string | number)[]) =>
    SERVERS.map((address, at) => `${fields(address, at).join(',')}\n`).join('');
  return {
    files: new Map([
      [
        'etc/chrony/chrony.conf',
        `${SERVERS.map((one) => `server ${one} iburst`).join('\n')}\nmakestep 1 3\nrtcsync\ndriftfile /var/lib/chrony/chrony.drift\n`,
      ],
      ['sys/devices/system/clocksource/clocksource0/current_clocksource', 'tsc\n'],
      ['sys/devices/system/clocksource/clocksource0/available_clocksource', 'tsc hpet acpi_pm \n'],
      ['sys/fs/cgroup/system.slice/chrony.service/cgroup.procs', '812\n'],
      ['proc/812/cmdline', '/usr/sbin/chronyd\0-F\x001\0'],
      ['etc/adjtime', '0.0 0 0.0\n0\nUTC\n'],
      ['etc/timezone', 'Etc/UTC\n'],
    ]),
    tools: new Map<string, string | (() => string)>([
      ['chronyc -v', 'chronyc (chrony) version 4.3 (+READLINE +SECHASH +IPV6 -DEBUG)\n'],
      ['chronyc -c tracking', () => `${tracking()}\n`],
      [
        'chronyc -c sources',
        () =>
          row((one, at) => [
            '^',
            at === 0 ? '*' : '+',
            one,
            2,
            6,
            377,
            ago(),
            measured,
            measured,
            '0.000611000',
          ]),
      ],
      ['chronyc -c sourcestats', row((one) => [one, 12, 7, 712, '0.001', '0.031', measured, '0.000021000'])],
      ['chronyc -c activity', `${SERVERS.length},0,0,0,0\n`],
      [
        'chronyc -c selectdata',
        () =>
          row((one, at) => [
            ...[at === 0 ? '*' : '+', one, 'N', ...'----------', ago(), '1.0'],
            ...['-0.000611000', '0.000611000', 'Normal'],
          ]),
      ],
      ['chronyc -c authdata', row((one) => [one, '-', 0, 0, 0, 4_294_967_295, 0, 0, 0, 0])],
      ['chronyc -c serverstats', '0,0,12,0,0,0,0,0,0,0,0\n'],
      [
        'chronyc -c ntpdata',
        row((one) => [
          ...[one, referenceId(one), 123, '192.0.2.100', 'C0000264', 'Normal', 4, 'Server', 2, 6, 64, -24],
          ...['0.000000060', '0.000198', '0.000122', 'C0000201', '', '1795824000.000000000', measured],
          ...['0.000212000', '0.000000081', '0.000031000', '0.02', 111, 111, 1111, 'No', 'No', 'Kernel'],
          ...['Kernel', 1_204, 1_204, 1_204, 1_204],
        ]),
      ],
      [
        'adjtimex --print',
        ' mode: 0\n offset: 0\n frequency: 734265\n maxerror: 14500\n esterror: 310\n status: 8193\n' +
          'time_constant: 7\n precision: 1\n tolerance: 32768000\n tick: 10000\n return value = 0\n',
      ],
    ]),
  };
}
