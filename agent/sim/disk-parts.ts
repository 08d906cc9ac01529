/** The disks of a simulated server: two NVMe drives in a mirror. */

import type { MachineParts } from './memory-machine.ts';
import type { SimulatedServer } from './server.ts';

const SECTORS = 1_875_385_008;

/** What smartctl says of a drive that is well. */
function health(name: string, index: number): string {
  return JSON.stringify({
    smartctl: { version: [7, 3], exit_status: 0 },
    device: { name: `/dev/${name}`, type: 'nvme', protocol: 'NVMe' },
    model_name: 'Example NVMe 960GB',
    firmware_version: 'EX4G1Q01',
    smart_status: { passed: true, nvme: { value: 0 } },
    nvme_smart_health_information_log: {
      ...{
        critical_warning: 0,
        temperature: 31 + (index % 7),
        available_spare: 100,
        available_spare_threshold: 10,
      },
      ...{ percentage_used: 3 + (index % 5), media_errors: 0, power_on_hours: 11_000 + index },
    },
    temperature: { current: 31 + (index % 7) },
  });
}

/** Blocks of 4 KiB that are left on the mirror: no two nodes are equally full. */
function left(index: number): number {
  return 150_000_000 + (index % 40) * 1_000_000;
}

/** Files, and what programs say of them. */
export function diskParts({ index }: SimulatedServer): MachineParts {
  const tools = new Map<string, string>();
  const files = new Map<string, string>();
  for (const name of ['nvme0n1', 'nvme1n1']) {
    files.set(`sys/block/${name}/size`, `${SECTORS}\n`);
    files.set(`sys/block/${name}/queue/rotational`, '0\n');
    files.set(`sys/block/${name}/queue/scheduler`, '[none] mq-deadline \n');
    files.set(`sys/block/${name}/device/model`, 'Example NVMe 960GB\n');
    files.set(`sys/block/${name}/device/firmware_rev`, 'EX4G1Q01\n');
    files.set(`sys/block/${name}/device/state`, 'live\n');
    tools.set(`smartctl -a -j -n standby /dev/${name}`, health(name, index));
  }
  files.set(
    'proc/self/mountinfo',
    '25 1 9:0 / / rw,relatime shared:1 - ext4 /dev/md0 rw,errors=remount-ro\n26 25 0:22 / /proc rw,nosuid - proc proc rw\n' +
      '31 25 259:1 / /boot/efi rw,relatime shared:3 - vfat /dev/nvme0n1p1 rw,fmask=0077\n',
  );
  files.set(
    'etc/fstab',
    '/dev/md0 / ext4 errors=remount-ro 0 1\n/dev/nvme0n1p1 /boot/efi vfat umask=0077 0 1\n',
  );
  files.set('sys/fs/ext4/md0/errors_count', '0\n');
  tools.set(
    'stat -f -c %S %b %f %a %c %d %n -- / /boot/efi',
    `4096 230000000 ${left(index) + 11_000_000} ${left(index)} 58000000 57400000 /\n4096 130000 128000 128000 0 0 /boot/efi\n`,
  );
  files.set(
    'proc/mdstat',
    'Personalities : [raid1] \nmd0 : active raid1 nvme1n1p2[1] nvme0n1p2[0]\n      937128960 blocks super 1.2 [2/2] [UU]\n      \nunused devices: <none>\n',
  );
  return { files, tools };
}
