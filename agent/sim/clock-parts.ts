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

/** Files and outputs. */
export function clockParts({ faults, index }: SimulatedServer): MachineParts {
  // chronyc prints the correction that is still to be made: a clock that is ahead has a negative one.
  const offset = faults.includes('clock') ? -CLOCK_OFFSET_SECONDS : (index % 7) * 1e-6 - 3e-6;
  const seconds = offset.toFixed(9);
  const last = (Date.now() / 1_000 - 20).toFixed(9);
  const [first] = SERVERS;
  const tracking = [
    ...[referenceId(first), first, '3', last, seconds, seconds, '0.000021304'],
    ...['-11.204', '0.002', '0.031', '0.000412307', '0.000310291', '64.2', 'Normal'],
  ];
  const sources = SERVERS.map((address, at) =>
    ['^', at === 0 ? '*' : '+', address, '2', '6', '377', '20', seconds, seconds, '0.000611000'].join(','),
  );
  const stats = SERVERS.map((address) =>
    [address, '12', '7', '712', '0.001', '0.031', seconds, '0.000021000'].join(','),
  );
  return {
    files: new Map([
      [
        'etc/chrony/chrony.conf',
        `${SERVERS.map((one) => `server ${one} iburst`).join('\n')}\nmakestep 1 3\nrtcsync\ndriftfile /var/lib/chrony/chrony.drift\n`,
      ],
      ['sys/devices/system/clocksource/clocksource0/current_clocksource', 'tsc\n'],
      ['sys/devices/system/clocksource/clocksource0/available_clocksource', 'tsc hpet acpi_pm \n'],
      ['etc/adjtime', '0.0 0 0.0\n0\nUTC\n'],
    ]),
    tools: new Map([
      ['chronyc -c tracking', `${tracking.join(',')}\n`],
      ['chronyc -c sources', `${sources.join('\n')}\n`],
      ['chronyc -c sourcestats', `${stats.join('\n')}\n`],
      ['chronyc -c activity', `${SERVERS.length},0,0,0,0\n`],
    ]),
  };
}
