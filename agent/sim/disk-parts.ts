/** The disks of a simulated server: two NVMe drives in a mirror. */

import type { MachineParts } from './memory-machine.ts';
import type { SimulatedServer } from './server.ts';

const SECTORS = 1_875_385_008;

/** Files. */
export function diskParts(_server: SimulatedServer): MachineParts {
  const files = new Map<string, string>();
  for (const name of ['nvme0n1', 'nvme1n1']) {
    files.set(`sys/block/${name}/size`, `${SECTORS}\n`);
    files.set(`sys/block/${name}/queue/rotational`, '0\n');
    files.set(`sys/block/${name}/queue/scheduler`, '[none] mq-deadline \n');
    files.set(`sys/block/${name}/device/model`, 'Example NVMe 960GB\n');
    files.set(`sys/block/${name}/device/firmware_rev`, 'EX4G1Q01\n');
    files.set(`sys/block/${name}/device/state`, 'live\n');
  }
  files.set(
    'proc/mdstat',
    'Personalities : [raid1] \nmd0 : active raid1 nvme1n1p2[1] nvme0n1p2[0]\n      937128960 blocks super 1.2 [2/2] [UU]\n      \nunused devices: <none>\n',
  );
  return { files };
}
