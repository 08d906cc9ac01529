/** The kernel's log of a simulated server, as /dev/kmsg gives it: a boot without trouble, and what planted troubles write. */

import type { MachineParts } from './memory-machine.ts';
import type { SimulatedServer } from './server.ts';

/** Seconds since boot, level, message. */
type Line = readonly [at: number, level: number, text: string];

const BOOT: readonly Line[] = [
  [0, 5, 'Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org)'],
  [0.32, 6, 'tsc: Detected 2600.000 MHz processor'],
  [1.84, 6, 'clocksource: Switched to clocksource tsc'],
  [2.11, 6, 'mlx5_core 0000:3b:00.0: firmware version: 16.35.3006'],
  [2.76, 6, 'mlx5_core 0000:3b:00.0 eth0: Link up'],
  [2.94, 6, 'mlx5_core 0000:3b:00.1 eth1: Link up'],
  [3.18, 6, 'nvme nvme0: 32/0/0 default/read/poll queues'],
  [3.51, 6, 'md/raid1:md0: active with 2 out of 2 mirrors'],
  [4.02, 6, 'EXT4-fs (md0): mounted filesystem with ordered data mode. Quota mode: none.'],
  [6.37, 6, 'bond0: (slave eth0): Enslaving as a backup interface with an up link'],
];

/** Days of uptime in seconds: the newest troubles are of the last hours before the lab starts. */
const HANG = 5_262_000;
const FLAPS = [5_251_000, 5_254_200, 5_259_700, 5_266_400, 5_268_900];

function hungTask(): Line[] {
  return [
    [HANG, 3, 'INFO: task jbd2/md0-8:431 blocked for more than 120 seconds.'],
    [HANG, 3, '      Tainted: G        W          6.1.0-56-amd64 #1 Debian 6.1.159-1'],
    [HANG + 121, 3, 'INFO: task jbd2/md0-8:431 blocked for more than 241 seconds.'],
  ];
}

function flaps(): Line[] {
  return FLAPS.flatMap((at): Line[] => [
    [at, 6, 'mlx5_core 0000:3b:00.0 eth0: Link down'],
    [at + 3.2, 6, 'mlx5_core 0000:3b:00.0 eth0: Link up'],
  ]);
}

/** The log, as a file that is read where a running machine reads its ring buffer. */
export function logParts({ faults }: SimulatedServer): MachineParts {
  const lines = [
    ...BOOT,
    ...(faults.includes('nic') ? flaps() : []),
    ...(faults.includes('kernel') ? hungTask() : []),
  ].sort((a, b) => a[0] - b[0]);
  const text = lines.map(
    ([at, level, message], sequence) => `${level},${sequence},${Math.round(at * 1e6)},-;${message}\n`,
  );
  return { files: new Map([['dev/kmsg', text.join('')]]) };
}
