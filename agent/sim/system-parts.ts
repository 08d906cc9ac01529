/** Processors, memory and services of a simulated server. */

import type { MachineParts } from './memory-machine.ts';
import type { SimulatedServer } from './server.ts';

const MEMORY_KB = 263_741_328;
const CPUS = 32;
const CALM = 'avg10=0.00 avg60=0.00 avg300=0.00';

/** Files. */
export function systemParts(_server: SimulatedServer): MachineParts {
  const cpu =
    'processor\t: N\nvendor_id\t: GenuineIntel\nmodel name\t: Example CPU @ 2.80GHz\nmicrocode\t: 0xd0003e7\n\n';
  return {
    files: new Map([
      ['proc/loadavg', '1.20 1.10 1.00 2/1204 99999\n'],
      [
        'proc/meminfo',
        `MemTotal:       ${MEMORY_KB} kB\nMemFree:        201203100 kB\nMemAvailable:   240112044 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n`,
      ],
      ['proc/pressure/cpu', `some ${CALM} total=1021\nfull ${CALM} total=0\n`],
      ['proc/pressure/memory', `some ${CALM} total=0\nfull ${CALM} total=0\n`],
      ['proc/pressure/io', `some ${CALM} total=31201\nfull ${CALM} total=20110\n`],
      ['proc/cpuinfo', Array.from({ length: CPUS }, (_, at) => cpu.replace('N', String(at))).join('')],
      ['proc/sys/fs/file-nr', '4096\t0\t9223372036854775807\n'],
      ['etc/resolv.conf', 'nameserver 192.0.2.53\nnameserver 192.0.2.54\n'],
    ]),
  };
}
