/** Disks, arrays and file systems: what each check says of a machine in trouble, and that a healthy one is left in peace. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import { diagnose } from '../diagnose.ts';
import { found, machineOf, type Parts, pastOf, reportOf, statuses } from '../testing.ts';
import { DISK_CHECKS } from './checks.ts';
import { DISK_SAMPLER, seriesOf } from './samples.ts';
import { diskTraits } from './traits.ts';

const HOUR = 3_600_000;
const calm =
  'some avg10=0.00 avg60=0.00 avg300=0.00 total=10\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=5\n';
const STAT = 'stat -f -c %S %b %f %a %c %d %n -- / /data';
const stat = (root: string, data = '4096 1000000 800000 750000 65536 60000 /data') => ({
  [STAT]: `4096 ${root} /\n${data}\n`,
});
const ROOMY = '1000000 600000 550000 65536 60000';

const healthy = {
  files: {
    'sys/block/sda/size': '7814037168\n',
    'sys/block/sda/queue/rotational': '1\n',
    'sys/block/sda/queue/scheduler': 'none [mq-deadline] kyber \n',
    'sys/block/sda/device/model': 'EXAMPLE ST4000  \n',
    'sys/block/sda/device/vendor': 'ATA     \n',
    'sys/block/sda/device/rev': 'SN03\n',
    'sys/block/sda/device/state': 'running\n',
    'sys/block/sda/device/ioerr_cnt': '0x2\n',
    'sys/block/sda/device/iotmo_cnt': '0x0\n',
    'sys/block/sda/sda1/alignment_offset': '0\n',
    'sys/block/nvme0n1/size': '1875385008\n',
    'sys/block/nvme0n1/queue/rotational': '0\n',
    'sys/block/nvme0n1/queue/scheduler': '[none] mq-deadline\n',
    'sys/block/nvme0n1/device/model': 'EXAMPLE NVMe\n',
    'sys/block/nvme0n1/device/firmware_rev': 'EX1\n',
    'sys/block/nvme0n1/device/state': 'live\n',
    'sys/block/dm-0/size': '1000\n',
    'sys/block/loop0/size': '0\n',
    'proc/diskstats':
      '   8       0 sda 100 0 800 90 200 0 1600 400 0 300 500 0 0 0 0 60 300\n 259 0 nvme0n1 1 0 8 1 2 0 16 1 0 1 2\n',
    'proc/mdstat':
      'Personalities : [raid1] [raid6]\nmd0 : active raid1 sdb1[1] sda1[0]\n      1000 blocks super 1.2 [2/2] [UU]\n\nunused devices: <none>\n',
    'proc/1/mountinfo':
      '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n' +
      '23 22 0:21 / /proc rw - proc proc rw\n' +
      '24 22 253:0 / /data rw,relatime - xfs /dev/mapper/vg-data rw,discard\n' +
      '25 22 253:0 /sub /srv/sub ro - xfs /dev/mapper/vg-data rw\n' +
      '26 22 7:0 / /snap/core/1 ro - squashfs /dev/loop0 ro\n',
    'etc/fstab':
      '# a comment\nUUID=1 / ext4 errors=remount-ro 0 1\n/dev/mapper/vg-data /data xfs defaults 0 2\n/dev/sda2 none swap sw 0 0\n',
    'proc/pressure/io': calm,
    'sys/fs/ext4/sda1/errors_count': '0\n',
    'sys/fs/ext4/features/lazy_itable_init': 'supported\n',
  } as Record<string, string>,
  tools: { 'dmsetup status': 'vg-data: 0 1000 linear \n', ...stat(ROOMY) } as Record<string, string>,
} satisfies Parts;

const sick = (more: Parts, history?: Parameters<typeof found>[2]) =>
  found(
    DISK_CHECKS,
    {
      files: { ...healthy.files, ...more.files },
      tools: { ...healthy.tools, ...more.tools },
      ...(more.links ? { links: more.links } : {}),
    },
    history,
  );

test('a healthy machine has no findings, and what it does not have does not apply', async () => {
  const report = await reportOf(DISK_CHECKS, healthy);
  assert.deepEqual(report.findings, []);
  assert.deepEqual(
    report.problems.map(({ what, kind }) => `${what} ${kind}`),
    ['disk.smart missing-tool'],
  );
  const ended = statuses(report);
  assert.deepEqual(
    [
      ended['disk.filesystem-full'],
      ended['disk.zpool-full'],
      ended['disk.multipath-degraded'],
      ended['disk.read-only'],
    ],
    ['ok', 'not-applicable', 'not-applicable', 'ok'],
  );
});

test('space: full, out of inodes, filling up', async () => {
  assert.deepEqual(await sick({ tools: stat('1000000 160000 110000 65536 60000') }), [
    'warning disk.filesystem-full /',
  ]);
  assert.deepEqual(await sick({ tools: stat('1000000 60000 20000 65536 60000') }), [
    'critical disk.filesystem-full /',
  ]);
  assert.deepEqual(await sick({ tools: stat('1000000 600000 550000 65536 1000') }), [
    'critical disk.inodes-full /',
  ]);
  const GIB = 2 ** 30;
  const line = (perHour: number) =>
    pastOf({
      [seriesOf('/', 'available_bytes')]: Array.from({ length: 7 }, (_, at) => [
        (6 - at) * HOUR,
        (20 - perHour * at) * GIB,
      ]),
    });
  const third = { tools: stat('10000000 2200000 2000000 65536 60000') };
  assert.deepEqual(await sick(third, line(1)), ['warning disk.filesystem-fills /']);
  assert.deepEqual(await sick({ tools: stat('10000000 2200000 1900000 65536 60000') }, line(3.3)), [
    'critical disk.filesystem-fills /',
    'warning disk.filesystem-full /',
  ]);
  assert.deepEqual(await sick(third, line(0.1)), []);
});

test('pools: thin, snapshots, btrfs, ZFS', async () => {
  const dm = (text: string) => ({ tools: { 'dmsetup status': text } });
  assert.deepEqual(
    await sick(
      dm(
        'vg-pool-tpool: 0 8192 thin-pool 1 411/1024 7000/8192 - rw discard_passdown queue_if_no_space - 1024 \n',
      ),
    ),
    ['warning disk.thin-pool-full vg-pool-tpool'],
  );
  assert.deepEqual(
    await sick(
      dm('p: 0 8 thin-pool 1 10/1024 8/8192 - ro discard_passdown error_if_no_space needs_check 1024\n'),
    ),
    ['critical disk.thin-pool-full p'],
  );
  assert.deepEqual(await sick(dm('p: 0 8 thin-pool Fail\n')), ['critical disk.thin-pool-full p']);
  assert.deepEqual(
    await sick(dm('s: 0 8 snapshot 900/1000 16\nt: 0 8 snapshot Invalid\nu: 0 8 snapshot 1/1000 8\n')),
    ['warning disk.snapshot-full s', 'warning disk.snapshot-full t'],
  );
  assert.deepEqual(
    await sick(
      dm('vg-r: 0 8 raid raid1 2 DA 100/100 idle 0 0 -\nvg-q: 0 8 raid raid1 2 aA 3/100 resync 0 0 -\n'),
    ),
    ['critical disk.lvm-raid-degraded vg-r'],
  );
  const uuid = 'sys/fs/btrfs/0abb23a9-579b-43e6-ad30-227ef47fcb9d';
  const btrfs = {
    [`${uuid}/label`]: 'fixture\n',
    [`${uuid}/devices/sdb/size`]: '2000\n',
    [`${uuid}/allocation/data/disk_total`]: '1000000\n',
    [`${uuid}/allocation/metadata/disk_total`]: '24000\n',
    [`${uuid}/allocation/metadata/total_bytes`]: '1000\n',
    [`${uuid}/allocation/metadata/bytes_used`]: '980\n',
    [`${uuid}/devinfo/1/error_stats`]:
      'write_errs 0\nread_errs 3\nflush_errs 0\ncorruption_errs 0\ngeneration_errs 0\n',
    [`${uuid}/devinfo/2/missing`]: '1\n',
  };
  assert.deepEqual(await sick({ files: btrfs }), [
    'critical disk.btrfs-errors fixture device 2',
    'warning disk.btrfs-errors fixture device 1',
    'warning disk.btrfs-metadata-full fixture',
  ]);
  // Before Linux 5.14 sysfs tells no errors of btrfs: the program is asked.
  const old = {
    files: {
      'proc/1/mountinfo': `${healthy.files['proc/1/mountinfo']}40 22 0:40 / /pool rw - btrfs /dev/sdb rw\n`,
      [`${uuid}/devinfo/1/missing`]: '0\n',
    },
    tools: {
      'btrfs device stats /pool':
        '[/dev/sdb].write_io_errs    0\n[/dev/sdb].read_io_errs     0\n[/dev/sdb].flush_io_errs    0\n[/dev/sdb].corruption_errs  7\n[/dev/sdb].generation_errs  0\n',
      'stat -f -c %S %b %f %a %c %d %n -- / /data /pool': `4096 ${ROOMY} /\n4096 ${ROOMY} /data\n4096 100 90 90 0 0 /pool\n`,
    },
  };
  assert.deepEqual(await sick(old), ['critical disk.btrfs-errors /pool device /dev/sdb']);
  const status = `  pool: tank
 state: ONLINE
status: One or more devices are faulted in response to persistent errors.
        Sufficient replicas exist for the pool to continue functioning.
action: Replace the faulted device.
  scan: scrub repaired 0B in 00:00:01 with 0 errors on Sun Mar  1 00:24:02 2026
config:

\tNAME        STATE     READ WRITE CKSUM
\ttank        ONLINE       0     0     0
\t  mirror-0  ONLINE       0     0     0
\t    sdb     FAULTED      4 1.20K     0  too many errors
\t    sdc     ONLINE       0     0     0

errors: No known data errors
`;
  const list =
    'NAME   SIZE  ALLOC   FREE  CKPOINT  EXPANDSZ   FRAG    CAP  DEDUP    HEALTH  ALTROOT\ntank  10.9T  9.6T  1.3T        -         -    12%    88%  1.00x    ONLINE  -\n';
  const zfs = {
    files: { 'proc/spl/kstat/zfs/tank/state': 'ONLINE\n' },
    tools: { 'zpool status': status, 'zpool list': list },
  };
  assert.deepEqual(await sick(zfs), [
    'warning disk.zpool-degraded tank',
    'warning disk.zpool-errors tank',
    'warning disk.zpool-full tank',
  ]);
  const lost = {
    ...zfs.tools,
    'zpool status': status.replace('No known data errors', "2 data errors, use '-v' for a list"),
  };
  assert.ok((await sick({ ...zfs, tools: lost })).includes('critical disk.zpool-errors tank'));
  const suspended = await reportOf(DISK_CHECKS, {
    files: { ...healthy.files, 'proc/spl/kstat/zfs/tank/state': 'SUSPENDED\n' },
  });
  assert.ok(
    suspended.findings.some(({ id, severity }) => id === 'disk.zpool-degraded' && severity === 'critical'),
  );
});

test('mounts: read-only by error, unlike fstab, missing; errors on record', async () => {
  const mountinfo = healthy.files['proc/1/mountinfo'] ?? '';
  const ro = mountinfo.replace('ext4 /dev/sda1 rw', 'ext4 /dev/sda1 ro');
  assert.deepEqual(await sick({ files: { 'proc/1/mountinfo': ro } }), [
    'critical disk.agent-state /',
    'critical disk.read-only /',
  ]);
  const unlike = mountinfo
    .replace('/ / rw,relatime', '/ / ro,relatime')
    .replace('ext4 /dev/sda1 rw', 'ext4 /dev/sda1 ro');
  assert.deepEqual(await sick({ files: { 'proc/1/mountinfo': unlike } }), [
    'critical disk.agent-state /',
    'critical disk.read-only /',
  ]);
  const wanted =
    'nas:/export /mnt/nas nfs defaults 0 0\n/dev/sdx1 /mnt/usb ext4 noauto 0 0\n/dev/sdy1 /mnt/b\\040c ext4 nofail 0 0\n';
  assert.deepEqual(await sick({ files: { 'etc/fstab': wanted } }), [
    'info disk.mount-missing /mnt/b c',
    'warning disk.mount-missing /mnt/nas',
  ]);
  const linked = `${mountinfo}50 22 0:60 / /run/cache rw - ext4 /dev/sdz rw\n`;
  assert.deepEqual(
    await sick({
      files: { 'proc/1/mountinfo': linked, 'etc/fstab': '/dev/sdz /var/run/cache/ ext4 defaults 0 0\n' },
      tools: {
        'stat -f -c %S %b %f %a %c %d %n -- / /data /run/cache': `4096 ${ROOMY} /\n4096 ${ROOMY} /data\n4096 ${ROOMY} /run/cache\n`,
      },
    }),
    [],
  );
  const errors = {
    'sys/fs/ext4/sda1/errors_count': '3\n',
    'sys/fs/ext4/sda1/first_error_time': '1700000000\n',
    'sys/fs/ext4/sda1/last_error_func': 'ext4_lookup\n',
  };
  const report = await reportOf(DISK_CHECKS, { ...healthy, files: { ...healthy.files, ...errors } });
  const [one] = report.findings;
  assert.deepEqual(
    [one?.id, one?.subject.name, one?.firstMs, one?.count],
    ['disk.filesystem-errors', '/', 1_700_000_000_000, 3],
  );
});

test('devices: gone, slow, overloaded, oddly set up', async () => {
  assert.deepEqual(await sick({ files: { 'sys/block/sda/device/state': 'offline\n' } }), [
    'critical disk.gone sda',
  ]);
  assert.deepEqual(await sick({ files: { 'sys/block/nvme0n1/device/state': 'resetting\n' } }), [
    'warning disk.gone nvme0n1',
  ]);
  assert.deepEqual(await sick({ files: { 'sys/block/nvme0n1/size': '0\n' } }), [
    'critical disk.gone nvme0n1',
  ]);
  assert.deepEqual(await sick({ files: { 'sys/block/nvme0n1/queue/scheduler': 'none [bfq]\n' } }), [
    'info disk.scheduler nvme0n1',
  ]);
  assert.deepEqual(await sick({ files: { 'sys/block/sda/sda1/alignment_offset': '3584\n' } }), [
    'info disk.misaligned sda1',
  ]);
  assert.deepEqual(
    await sick({
      files: {
        'sys/block/nvme0n1/queue/discard_max_bytes': '2147483648\n',
        'proc/1/mountinfo': '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
      },
      tools: { 'stat -f -c %S %b %f %a %c %d %n -- /': `4096 ${ROOMY} /\n` },
    }),
    ['info disk.trim-off', 'warning disk.mount-missing /data'],
  );
  const slow = '   8       0 sda 100 0 800 90 200 0 1600 400 0 300 500 0 0 0 0 60 3000\n';
  assert.deepEqual(await sick({ files: { 'proc/diskstats': slow } }), ['info disk.flush-latency sda']);
  assert.deepEqual(await sick({ files: { 'proc/diskstats': slow, 'var/lib/etcd/member/x': '' } }), [
    'warning disk.flush-latency sda',
  ]);
  assert.deepEqual(
    await sick({
      files: {
        'proc/pressure/io': calm.replace('some avg10=0.00 avg60=0.00', 'some avg10=80.00 avg60=71.00'),
      },
    }),
    ['warning disk.io-pressure'],
  );
  const history = pastOf({
    'disk/sda/requests': [
      [HOUR / 4, 0],
      [0, 1_000],
    ],
    'disk/sda/request_ms': [
      [HOUR / 4, 0],
      [0, 450_000],
    ],
    'disk/sda/queue_ms': [
      [HOUR / 2, 0],
      [0, 20 * (HOUR / 2)],
    ],
    'disk/sda/busy_ms': [
      [HOUR / 2, 0],
      [0, HOUR / 2],
    ],
    'disk/sda/io_errors': [
      [HOUR, 2],
      [0, 40],
    ],
    'disk/sda/io_timeouts': [
      [HOUR, 0],
      [0, 3],
    ],
  });
  assert.deepEqual(await sick({}, history), [
    'warning disk.io-errors sda',
    'warning disk.latency sda',
    'warning disk.saturated sda',
  ]);
});

test('arrays: degraded with and without a way back, failed, inactive, rebuilt, differing', async () => {
  const md = (text: string, more: Record<string, string> = {}) =>
    sick({
      files: {
        'proc/mdstat': `Personalities : [raid1] [raid6] [raid5] [raid4]\n${text}\nunused devices: <none>\n`,
        ...more,
      },
    });
  const blocks = '      1000 blocks super 1.2';
  assert.deepEqual(await md(`md0 : active raid1 sda1[0]\n${blocks} [2/1] [U_]\n`), [
    'critical disk.md-degraded md0',
  ]);
  assert.deepEqual(
    await md(
      `md7 : active raid6 sdb1[0] sde1[3] sdd1[2] sdc1[1](F)\n${blocks} level 6, 512k chunk, algorithm 2 [4/3] [U_UU]\n      bitmap: 0/30 pages [0KB], 65536KB chunk\n`,
    ),
    ['critical disk.md-degraded md7'],
  );
  assert.deepEqual(
    await md(
      `md6 : active raid1 sdb2[2] sda2[0]\n${blocks} [2/1] [U_]\n      [=>...................]  recovery =  8.5% (167/195) finish=17.0min speed=259783K/sec\n`,
    ),
    ['warning disk.md-degraded md6'],
  );
  assert.deepEqual(await md(`md9 : active raid1 sdb2[1] sda2[0] sde[4](F)\n${blocks} [2/2] [UU]\n`), [
    'warning disk.md-member-failed md9',
  ]);
  assert.deepEqual(await md('md4 : inactive sda3[0] sdb3[1](S)\n      4883648 blocks\n'), [
    'critical disk.md-inactive md4',
  ]);
  assert.deepEqual(
    await md('md127 : inactive sdb[1](S) sda[0](S)\n      6306 blocks super external:imsm\n'),
    [],
  );
  assert.deepEqual(
    await md(
      `md8 : active raid1 sdb1[1] sda1[0]\n${blocks} [2/2] [UU]\n      [=>...]  resync =  8.5% (1/19) finish=9000.0min speed=783K/sec\n`,
    ),
    ['warning disk.md-resync md8'],
  );
  assert.deepEqual(
    await md(
      `md8 : active raid1 sdb1[1] sda1[0]\n${blocks} [2/2] [UU]\n      [=>...]  check =  8.5% (1/19) finish=9000.0min speed=783K/sec\n`,
    ),
    [],
  );
  assert.deepEqual(
    await md(
      `md8 : active (auto-read-only) raid1 sdb1[1] sda1[0]\n${blocks} [2/2] [UU]\n      resync=PENDING\n`,
    ),
    [],
  );
  assert.deepEqual(
    await md(
      `md5 : active raid5 sdb1[1] sda1[0] sdc1[2]\n${blocks} level 5, 512k chunk, algorithm 2 [3/3] [UUU]\n`,
      { 'sys/block/md5/md/mismatch_cnt': '8\n' },
    ),
    ['warning disk.md-mismatch md5'],
  );
  assert.deepEqual(await md('md0 : active raid0 sdb1[1] sda1[0]\n      1000 blocks 64k chunks\n'), []);
});

test('paths: some lost, all lost, one alone; names by device numbers', async () => {
  const links = {
    'sys/dev/block/8:16': '../../devices/pci/block/sdb',
    'sys/dev/block/8:32': '../../devices/pci/block/sdc',
  };
  const dm = (text: string) => sick({ links, tools: { 'dmsetup status': text } });
  const some = 'mpatha: 0 20971520 multipath 2 0 1 0 2 1 A 0 1 2 8:16 A 0 0 1 E 0 1 2 8:32 F 3 0 1 \n';
  assert.deepEqual(await dm(some), ['warning disk.multipath-degraded mpatha']);
  assert.deepEqual(await dm(some.replace('8:16 A', '8:16 F')), ['critical disk.multipath-degraded mpatha']);
  assert.deepEqual(await dm('mpathb: 0 2 multipath 2 0 1 0 1 1 A 0 1 2 8:16 A 0 0 1 \n'), [
    'info disk.multipath-single mpathb',
  ]);
});

test('samples and traits', async () => {
  const machine = machineOf(healthy);
  const read = async () =>
    new Map(
      (await DISK_SAMPLER.read(machine, new AbortController().signal)).map(({ series, value }) => [
        series,
        value,
      ]),
    );
  const samples = await read();
  assert.equal(samples.get('disk/sda/requests'), 300);
  assert.equal(samples.get('disk/sda/flush_ms'), 300);
  assert.equal(samples.get('disk/sda/io_errors'), 2);
  assert.ok(!samples.has('disk/nvme0n1/flushes'));
  const { traits } = await diagnose({
    machine,
    signal: new AbortController().signal,
    checks: [],
    traits: [diskTraits],
  });
  assert.deepEqual(
    traits.map(({ name, value }) => `${name}=${value}`),
    ['disk.model=EXAMPLE NVMe', 'disk.firmware=EX1', 'disk.model=EXAMPLE ST4000', 'disk.firmware=SN03'],
  );
});

test('this machine', async () => {
  const report = await reportOf(DISK_CHECKS, new LiveMachine());
  const ended = statuses(report);
  assert.notEqual(ended['disk.filesystem-full'], 'skipped');
  assert.deepEqual(
    report.problems.filter(({ kind }) => kind === 'nonsense'),
    [],
  );
  const machine = new LiveMachine();
  const { signal } = new AbortController();
  const first = await DISK_SAMPLER.read(machine, signal);
  assert.ok(first.some(({ series, value }) => series === seriesOf('/', 'available_bytes') && value > 0));
  // The second time within minutes no process is started for it.
  const second = await DISK_SAMPLER.read(machine, signal);
  assert.ok(!second.some(({ series }) => series.endsWith('/available_bytes')));
});
