/** What commands said that printed nothing but an error: a trouble by its words, all others as not judged, none as well. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot } from './saved-testing.ts';
import { reportOf } from './testing.ts';

/** What is found in a file, which checks say that all is well, and what is told as not judged. */
async function judged(text: string, name = 'note.txt'): Promise<{ found: string; ok: string; why: string }> {
  const root = newRoot();
  writeFileSync(join(root, name), text);
  const machine = new CapturedMachine(root);
  const { checks, findings } = await reportOf(CHECKS, machine);
  return {
    found: findings.map(({ severity, id }) => `${severity} ${id}`).join(),
    ok: checks.flatMap(({ id, status }) => (status === 'ok' ? [id] : [])).join(),
    why: [...machine.savedFiles().reasons.values()].join('; '),
  };
}

const PROGRAMS =
  'ethtool -S eth0|ethtool -m eth0|mlxlink -d mlx5_0|devlink health show|ip -s link|ifconfig -a|netstat -s|netstat -i|nstat -az|ss -s|ss -ti|conntrack -S|lldpcli show neighbors|' +
  "chronyc tracking|chronyc -c sources|chronyc serverstats|ntpq -pn|ntpstat|timedatectl|adjtimex --print|pmc -u -b 0 'GET CURRENT_DATA_SET'|phc_ctl eth0 cmp|" +
  'smartctl -a /dev/sda|smartctl -a -j /dev/sda|nvme smart-log /dev/nvme0|nvme error-log /dev/nvme0|nvme list-subsys|nvme list|cat /proc/mdstat|mdadm --detail /dev/md0|mount|findmnt|lvs|pvs|vgs|vgdisplay|df -h|' +
  'btrfs device stats /|btrfs scrub status /|btrfs filesystem show|tune2fs -l /dev/sda1|iscsiadm -m session|ceph status|ceph osd tree|cat /proc/drbd|drbdadm status|nfsstat -c|storcli /c0 show all|ssacli ctrl all show|' +
  'arcconf getconfig 1|sas3ircu 0 display|tw_cli /c0 show|ipmitool sel list|ipmi-sensors|ipmi-sel|sensors|dmidecode|dcgmi health -c|edac-util -v|ras-mc-ctl --errors|mcelog --client|numastat|lspci -vv|sysctl -a|' +
  'etcdctl endpoint health|etcdctl put a 1|pvecm status|corosync-cfgtool -s|pcs status|vmstat 1 5|iostat -x 1 3|mpstat|sar -n DEV|top -bn1|free -m|lscpu|ibstat|perfquery|rdma link|teamdctl team0 state|tc -s qdisc|' +
  'zpool status|zpool list|systemd-analyze|turbostat|cpupower frequency-info|multipath -ll|multipathd show paths|lsblk|crictl ps|docker ps|kubectl get nodes|kubectl describe node n1|gluster volume status|openssl x509|' +
  'systemctl --failed|systemctl list-units|dmesg|lsmod|swapon --show|cat /proc/meminfo|cat /proc/interrupts|cat /proc/net/snmp|cat /proc/cmdline|cat /proc/mounts|cat /proc/swaps|cat /proc/net/bonding/bond0|dmsetup status';

for (const error of ['bash: %: command not found', '%: cannot open it: Permission denied'])
  test(`commands that failed are named, and no check says that all is well: ${error}`, async () => {
    const commands = PROGRAMS.split('|');
    const said = (command: string) => `${error.replace('%', command.split(' ', 1)[0] ?? '')}\n`;
    const root = newRoot();
    writeFileSync(join(root, 'note.txt'), commands.map((one) => `$ ${one}\n${said(one)}`).join(''));
    const named = newRoot();
    for (const one of commands)
      writeFileSync(join(named, `${one.replaceAll(/[ /']+/g, '_')}.txt`), said(one));
    for (const folder of [root, named]) {
      const machine = new CapturedMachine(folder);
      const { checks, findings } = await reportOf(CHECKS, machine);
      assert.deepEqual(findings, []);
      assert.deepEqual(
        checks.filter(({ status }) => status === 'ok').map(({ id }) => id),
        [],
      );
      const programs = machine.failedCommands(() => false).map(({ command }) => command.split(' ', 1)[0]);
      assert.deepEqual(
        new Set(programs),
        new Set(commands.map((one) => one.split(' ', 1)[0])),
        'each is named',
      );
      assert.match([...machine.savedFiles().reasons.values()].join('; '), / failed: /);
    }
  });

for (const [what, text, found] of [
  [
    'a write that etcd refused',
    '$ etcdctl put a 1\nError: etcdserver: mvcc: database space exceeded\n',
    'critical system.etcd-alarm',
  ],
  ['the row alone', 'Error: etcdserver: mvcc: database space exceeded\n', 'critical system.etcd-alarm'],
  [
    'the same behind what its client logs',
    '$ etcdctl put a 1\n{"level":"warn","ts":"2026-02-03T10:00:00.123Z","logger":"etcd-client","caller":"v3@v3.5.4/retry_interceptor.go:62","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0xc0001/127.0.0.1:2379","attempt":0,"error":"rpc error: code = ResourceExhausted desc = etcdserver: mvcc: database space exceeded"}\nError: etcdserver: mvcc: database space exceeded\n',
    'critical system.etcd-alarm',
  ],
  [
    'etcd without a leader',
    '$ etcdctl member list\nError: etcdserver: no leader\n',
    'critical system.command-failed',
  ],
  [
    'an API that is gone',
    '$ kubectl get nodes\nE0203 10:00:00.123456   12345 memcache.go:265] couldn\'t get current server API group list: Get "https://10.0.0.1:6443/api?timeout=32s": dial tcp 10.0.0.1:6443: connect: connection refused\nThe connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?\n',
    'critical system.command-failed',
  ],
  [
    'an API alone',
    'Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout\n',
    'critical system.command-failed',
  ],
  [
    'chronyd that does not run',
    '# chronyc sources\n506 Cannot talk to daemon\n',
    'warning clock.command-failed',
  ],
  [
    'a disk that went away',
    '$ smartctl -a /dev/sdb\nsmartctl 7.3 2022-02-28 r5338 [x86_64-linux-6.1.0] (local build)\nCopyright (C) 2002-22, Bruce Allen\n\nSmartctl open device: /dev/sdb failed: No such device\n',
    'critical disk.command-failed',
  ],
  [
    'monitors that do not answer',
    '$ ceph -s\n[errno 110] RADOS timed out (error connecting to the cluster)\n',
    'critical disk.command-failed',
  ],
  [
    'a job that failed',
    '# systemctl restart nginx\nJob for nginx.service failed because the control process exited with error code.\nSee "systemctl status nginx.service" and "journalctl -xeu nginx.service" for details.\n',
    'warning system.command-failed',
  ],
  [
    'a target that refuses',
    '# iscsiadm -m discovery -t st -p 10.0.0.9\niscsiadm: cannot make connection to 10.0.0.9: Connection refused\niscsiadm: connection login retries (reopen_max) 5 exceeded\niscsiadm: Could not perform SendTargets discovery: encountered connection failure\n',
    'warning disk.command-failed',
  ],
  [
    'below it what somebody says',
    '# gluster peer status\nConnection failed. Please check if gluster daemon is operational.\n\nWhat can I do now? It worked yesterday.\n',
    'warning disk.command-failed',
  ],
  [
    'Docker',
    '$ docker ps\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
    'warning system.runtime-warnings',
  ],
] as const)
  test(`an error that tells of a trouble: ${what}`, async () => {
    assert.equal((await judged(text)).found, found);
  });

for (const [what, text] of [
  [
    'kubectl without a configuration',
    '$ kubectl get nodes\nThe connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
  ],
  [
    'a user without rights',
    '$ kubectl get nodes\nError from server (Forbidden): nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope\n',
  ],
  ['an API of metrics that is not installed', '$ kubectl top nodes\nerror: Metrics API not available\n'],
  [
    'a disk that is named wrongly',
    '$ smartctl -a /dev/sdz\nSmartctl open device: /dev/sdz failed: No such file or directory\n',
  ],
  [
    'an array that does not exist',
    '$ mdadm --detail /dev/md9\nmdadm: cannot open /dev/md9: No such file or directory\n',
  ],
  [
    'a controller that is not there',
    '$ storcli /c0 show all\nCLI Version = 007.1513.0000.0000 Apr 01, 2021\nOperating system = Linux 5.10.0\nController = 0\nStatus = Failure\nDescription = Controller 0 not found\n',
  ],
  [
    'a container without systemd',
    "$ systemctl --failed\nSystem has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
  ],
  ['chronyc without rights', '$ chronyc ntpdata\n501 Not authorised\n'],
] as const)
  test(`an error that tells of none is named: ${what}`, async () => {
    const { found, ok, why } = await judged(text);
    assert.deepEqual([found, ok], ['', '']);
    assert.match(why, / failed: /);
  });

test('another service that keeps the clock makes one that does not answer none', async () => {
  const { found } = await judged(
    '$ chronyc tracking\n506 Cannot talk to daemon\n\n$ timedatectl\n               Local time: Tue 2026-02-03 10:00:00 UTC\n           Universal time: Tue 2026-02-03 10:00:00 UTC\nSystem clock synchronized: yes\n              NTP service: active\n',
  );
  assert.equal(found, '');
});

test('what follows a failed command is judged, and what only looks like an error is', async () => {
  const mixed = await judged(
    '$ smartctl -H /dev/sda\nbash: smartctl: command not found\n$ cat /proc/mdstat\nPersonalities : [raid1]\nmd0 : active raid1 sda1[0]\n      1046528 blocks super 1.2 [2/1] [U_]\n\nunused devices: <none>\n',
  );
  assert.equal(mixed.found, 'critical disk.md-degraded');
  assert.equal(mixed.why, 'smartctl -H /dev/sda failed: bash: smartctl: command not found');
  for (const text of [
    '$ iscsiadm -m session\niscsiadm: No active sessions.\n',
    '$ coredumpctl list\nNo coredumps found.\n',
    '$ journalctl -u web -n 1\nFeb 03 10:00:00 n1 web[812]: open /etc/web/extra.conf: No such file or directory\n',
    '$ cat /sys/class/net/eth0/operstate\nunknown\n',
    '$ ras-mc-ctl --errors\nNo Memory errors.\n\nNo PCIe AER errors.\n\nNo MCE errors.\n',
  ])
    assert.deepEqual([(await judged(text)).found, (await judged(text)).why], ['', ''], text);
});

test('a report that chronyc refused hides none that it gave', async () => {
  const { found, why } = await judged(
    '$ chronyc ntpdata\n501 Not authorised\n$ chronyc tracking\nReference ID    : 00000000 ()\nStratum         : 0\nRef time (UTC)  : Thu Jan 01 00:00:00 1970\nSystem time     : 0.000000000 seconds fast of NTP time\nLast offset     : +0.000000000 seconds\nRMS offset      : 0.000000000 seconds\nFrequency       : 0.000 ppm slow\nResidual freq   : +0.000 ppm\nSkew            : 0.000 ppm\nRoot delay      : 1.000000000 seconds\nRoot dispersion : 1.000000000 seconds\nUpdate interval : 0.0 seconds\nLeap status     : Not synchronised\n',
  );
  assert.equal(found, 'warning clock.not-synchronised');
  assert.match(why, /chronyc ntpdata failed: 501/);
});
