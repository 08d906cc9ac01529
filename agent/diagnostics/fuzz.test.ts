/**
 * Checks of disks, memory and the system on machines whose files and tools say anything: whatever it is, a reader refuses it as
 * what it is or understands it. A defect of ours would show as "it could not be understood".
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DISK_CHECKS } from './disk/checks.ts';
import { DISK_SAMPLER } from './disk/samples.ts';
import { MEMORY_CHECKS } from './memory/checks.ts';
import { MEMORY_SAMPLER } from './memory/samples.ts';
import { SYSTEM_CHECKS } from './system/checks.ts';
import { SYSTEM_SAMPLER } from './system/samples.ts';
import { machineOf, reportOf } from './testing.ts';

const checks = [...DISK_CHECKS, ...MEMORY_CHECKS, ...SYSTEM_CHECKS];
const psi =
  'some avg10=1.00 avg60=2.00 avg300=3.00 total=4\nfull avg10=1.00 avg60=2.00 avg300=3.00 total=4\n';
const at = {
  edac: 'sys/devices/system/edac/mc/mc0',
  node: 'sys/devices/system/node/node0',
  cpu: 'sys/devices/system/cpu',
};
const btrfs = 'sys/fs/btrfs/0abb23a9-579b-43e6-ad30-227ef47fcb9d';

/** One of everything that is read. */
const FILES: Readonly<Record<string, string>> = {
  'proc/meminfo':
    'MemTotal: 1000000 kB\nMemFree: 500000 kB\nMemAvailable: 700000 kB\nHardwareCorrupted: 0 kB\n',
  'proc/vmstat': 'oom_kill 1\npgmajfault 5\nhtlb_buddy_alloc_fail 2\n',
  'proc/uptime': '5000.00 1.00\n',
  'proc/swaps': 'Filename Type Size Used Priority\n/dev/sda2 partition 1000 10 -2\n',
  'proc/pressure/cpu': psi,
  'proc/pressure/io': psi,
  'proc/pressure/memory': psi,
  'proc/spl/kstat/zfs/arcstats': 'size 4 100\n',
  'proc/spl/kstat/zfs/tank/state': 'ONLINE\n',
  [`${at.edac}/ce_count`]: '1\n',
  [`${at.edac}/ue_count`]: '0\n',
  [`${at.edac}/seconds_since_reset`]: '100\n',
  [`${at.edac}/dimm0/dimm_ce_count`]: '1\n',
  [`${at.edac}/csrow0/ch0_ce_count`]: '1\n',
  [`${at.node}/meminfo`]: 'Node 0 MemTotal: 1000 kB\nNode 0 MemFree: 10 kB\n',
  [`${at.node}/cpulist`]: '0-3\n',
  'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '10\n',
  'sys/fs/cgroup/cgroup.controllers': 'memory\n',
  'sys/fs/cgroup/system.slice/a.service/memory.events': 'oom_kill 1\n',
  'sys/fs/cgroup/system.slice/a.service/memory.pressure': psi,
  'sys/block/sda/size': '1000\n',
  'sys/block/sda/device/state': 'running\n',
  'sys/block/sda/device/ioerr_cnt': '0x1\n',
  'sys/block/sda/queue/scheduler': '[none]\n',
  'sys/block/dm-0/size': '1\n',
  'sys/block/md0/md/mismatch_cnt': '0\n',
  'proc/diskstats': '8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n',
  'proc/mdstat':
    'md0 : active raid1 sdb1[1](F) sda1[0]\n      1 blocks [2/1] [U_]\n      [=>.] recovery = 8.5% (1/2) finish=17.0min speed=2K/sec\n',
  'proc/1/mountinfo':
    '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 1 0:5 / /n rw - nfs nas:/ rw\n24 1 0:6 / /b rw - btrfs /dev/sdb rw\n',
  'etc/fstab': '/dev/sda1 / ext4 defaults 0 1\n/dev/x /x xfs\n',
  'sys/fs/ext4/sda1/errors_count': '2\n',
  'sys/fs/ext4/sda1/first_error_time': '1700000000\n',
  [`${btrfs}/devinfo/1/error_stats`]: 'write_errs 1\n',
  [`${btrfs}/devices/sdb/size`]: '10\n',
  [`${btrfs}/allocation/metadata/total_bytes`]: '10\n',
  'proc/loadavg': '1 2 3 1/2 3\n',
  'proc/stat': 'cpu 1 2 3 4 5 6 7 8\ncpu0 1 2\nprocs_blocked 1\n',
  'proc/interrupts': 'MCE: 0 1 Machine check exceptions\n',
  'proc/77/stat': '77 (x) D 1 1\n',
  'proc/77/status': 'voluntary_ctxt_switches: 5\n',
  'proc/78/stat': '78 (x) Z 77 1\n',
  'proc/sys/kernel/hostname': 'n\n',
  'proc/sys/net/netfilter/nf_conntrack_count': '1\n',
  'proc/sys/net/netfilter/nf_conntrack_max': '2\n',
  'proc/net/stat/nf_conntrack': 'entries drop\n00000001 0000000a\n',
  'proc/sys/net/ipv4/ip_local_port_range': '1 2\n',
  'proc/net/sockstat': 'TCP: inuse 1 orphan 0 tw 1 alloc 1 mem 1\n',
  [`${at.cpu}/online`]: '0-3\n',
  [`${at.cpu}/present`]: '0-7\n',
  [`${at.cpu}/cpu0/cpufreq/scaling_governor`]: 'powersave\n',
  [`${at.cpu}/cpu0/cpufreq/scaling_max_freq`]: '1\n',
  [`${at.cpu}/cpu0/thermal_throttle/core_throttle_count`]: '1\n',
  'sys/class/hwmon/hwmon0/name': 'x\n',
  'sys/class/hwmon/hwmon0/temp1_input': '50000\n',
  'sys/class/hwmon/hwmon0/temp1_crit': '90000\n',
  'sys/class/hwmon/hwmon0/fan1_input': '1\n',
  'sys/class/hwmon/hwmon0/in0_alarm': '1\n',
  'sys/class/thermal/thermal_zone0/temp': '1\n',
  'sys/class/power_supply/BAT0/type': 'Battery\n',
  'sys/class/power_supply/BAT0/capacity': '5\n',
  'etc/machine-id': 'x\n',
  'etc/os-release': 'NAME=x\nSUPPORT_END=2020-01-01\n',
  'etc/resolv.conf': 'nameserver 1\n',
  'etc/kubernetes/pki/ca.crt': '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
  'var/lib/kubelet/config.yaml': 'healthzPort: 1\n',
  'var/lib/etcd/member/x': '',
  'var/log/journal/1/x': '',
  'var/lib/systemd/coredump/core.x.0.0123456789abcdef0123456789abcdef.7.1700000000000000.zst': '',
  'run/systemd/system/x': '',
  'run/docker.sock': '',
  'dev/ipmi0': '',
};

const TOOLS: Readonly<Record<string, string>> = {
  'smartctl -a -j -n standby /dev/sda':
    '{"smartctl":{"exit_status":0},"device":{"protocol":"ATA"},"smart_status":{"passed":false},"temperature":{"current":90},"ata_smart_attributes":{"table":[{"id":5,"name":"x","raw":{"value":1,"string":"1"}}]}}',
  'dmsetup status':
    'p: 0 8 thin-pool 1 9/10 9/10 - rw\nm: 0 2 multipath 2 0 1 0 2 1 A 0 1 2 8:16 A 0 8:32 F 3\nr: 0 8 raid raid1 2 DA 1/1 idle\n',
  'stat -f -c %S %b %f %a %c %d %n -- / /b': '4096 100 50 5 10 1 /\n4096 100 50 5 10 1 /b\n',
  'zpool status':
    '  pool: tank\n state: DEGRADED\nconfig:\n\ttank DEGRADED 0 0 0\n\t  sdb FAULTED 1 2.0K 3\nerrors: 2 data errors\n',
  'zpool list':
    'NAME SIZE ALLOC FREE CKPOINT EXPANDSZ FRAG CAP DEDUP HEALTH ALTROOT\ntank 1T 1T 1T - - 1% 95% 1.00x ONLINE -\n',
  'systemctl list-units --failed --all --plain --no-legend': 'a.service loaded failed failed x\n',
  'systemctl show --property=SystemState,Version,Tainted,NJobs,FirmwareTimestampMonotonic,UserspaceTimestampMonotonic,FinishTimestampMonotonic':
    'Version=1\nSystemState=starting\nFinishTimestampMonotonic=9999999999\nUserspaceTimestampMonotonic=1\n',
  'systemctl show *.service --property=Id,ActiveState,SubState,Result,NRestarts,ActiveEnterTimestampMonotonic':
    'Id=a.service\nSubState=auto-restart\nNRestarts=9\n',
  'journalctl --disk-usage': 'take up 9.5G\n',
  'journalctl -t systemd-journald --since=-24h -n 1000 -o cat -q --no-pager':
    'Suppressed 5000 messages from a.service\n',
  'ipmitool chassis status': 'Main Power Fault : true\n',
  'ipmitool sel info': 'Percent Used : 99%\n',
  'GET http://127.0.0.1:2381/metrics':
    'etcd_server_has_leader 0\netcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 5\n',
  'GET http://127.0.0.1:1/healthz': 'ok',
  'GET run/docker.sock': 'OK',
};

/** Contents that nobody would write. */
const WILD = [
  '',
  '\n\n\n',
  '-1\n',
  'NaN\n',
  '99999999999999999999999999999999999999\n',
  '0xffffffffffffffffffff\n',
  '1e999\n',
  '\0\0\ufffd\u202e',
  'a'.repeat(70_000),
  `${'x '.repeat(35_000)}\n`,
  `${'=\n'.repeat(20_000)}`,
  `${'{"a":['.repeat(2_000)}`,
  '{"smartctl":[],"device":7,"ata_smart_attributes":{"table":[null,1,"x",{"raw":null}]}}',
  'null',
  '[]',
  '-----BEGIN CERTIFICATE-----\n',
] as const;

let seed = 20_261_127;
function random(below: number): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed % below;
}

/** Another text in the place of one: cut, with pieces moved or doubled, with other numbers, other line ends, or something wild. */
function spoilt(text: string): string {
  const cut = random(text.length + 1);
  switch (random(8)) {
    case 0:
      return text.slice(0, cut);
    case 1:
      return text.slice(cut) + text.slice(0, cut);
    case 2:
      return text.replace(/\d+/g, () => ['0', '-7', '18446744073709551615', '', '1.5', 'x'][random(6)] ?? '');
    case 3:
      return text.replaceAll('\n', '\r\n');
    case 4:
      return text.replace(/[:=[\](){}]/g, () => [' ', ':', '', '=', '\t'][random(5)] ?? '');
    case 5:
      return text.repeat(1 + random(50));
    case 6:
      return text;
    default:
      return WILD[random(WILD.length)] ?? '';
  }
}

async function judge(files: Record<string, string>, tools: Record<string, string>): Promise<void> {
  const machine = machineOf({ files, tools });
  const report = await reportOf(checks, machine);
  const defects = [
    ...report.problems.map(({ what, why }) => `${what}: ${why}`),
    ...report.checks.map(({ id, reason }) => `${id}: ${reason}`),
  ].filter((text) => text.includes('it could not be understood'));
  assert.deepEqual(defects, []);
  for (const { evidence, parameters, title } of report.findings) {
    assert.ok(evidence.length <= 3 && evidence.every((text) => text.length <= 400));
    assert.ok(!/\d/.test(title), title);
    for (const value of Object.values(parameters))
      assert.ok(
        typeof value === 'string' || Number.isFinite(value),
        `${title}: ${JSON.stringify(parameters)}`,
      );
  }
  const { signal } = new AbortController();
  for (const { read } of [DISK_SAMPLER, MEMORY_SAMPLER, SYSTEM_SAMPLER])
    for (const { series, value } of await read(machine, signal))
      assert.ok(typeof value === 'number' && !Number.isNaN(value), series);
}

/** The same for every file and tool. */
function all(of: Readonly<Record<string, string>>, change: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(of).map(([name, text]) => [name, change(text)]));
}

test('as it is, every check can be made', async () => {
  const report = await reportOf(checks, machineOf({ files: FILES, tools: TOOLS }));
  assert.deepEqual(
    report.checks.filter(({ status }) => status === 'skipped'),
    [],
  );
  assert.ok(report.findings.length > 35, String(report.findings.length));
});

test('each wild content in the place of every file and every output', async () => {
  for (const wild of WILD)
    await judge(
      all(FILES, () => wild),
      all(TOOLS, () => wild),
    );
  for (const wild of WILD)
    await judge(
      { ...FILES },
      all(TOOLS, () => wild),
    );
});

test('300 machines whose files and outputs are spoilt at random', async () => {
  // Several at a time: each waits a quarter of a second between its two looks at processes.
  for (let round = 0; round < 10; round++)
    await Promise.all(Array.from({ length: 30 }, () => judge(all(FILES, spoilt), all(TOOLS, spoilt))));
});
