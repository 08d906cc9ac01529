/** More of what people save: InfiniBand, teams, queues, services, clusters, boards; and forms of outputs that are known by their first lines. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const TEAM = (runner: string, ports: string) =>
  `setup:\n  runner: ${runner}\nports:\n${ports}runner:\n  active: yes\n`;
const PORT = (name: string, up: string, more = '') =>
  `  ${name}\n    link watches:\n      link summary: ${up}\n      instance[link_watch_0]:\n        name: ethtool\n        link: ${up}\n        down count: 3\n${more}`;
const SELECTED = (yes: string, state: string) =>
  `    runner:\n      aggregator ID: 2\n      selected: ${yes}\n      state: ${state}\n`;
const CA = (name: string, state: string, physical: string, layer = 'InfiniBand') =>
  `CA '${name}'\n\tCA type: MT4123\n\tNumber of ports: 1\n\tPort 1:\n\t\tState: ${state}\n\t\tPhysical state: ${physical}\n\t\tRate: 200\n\t\tLink layer: ${layer}\n`;
const COUNTED = (values: Readonly<Record<string, number>>) =>
  `# Port extended counters: Lid 21 port 1 (CapMask: 0x1600)\n${Object.entries(values)
    .map(([name, value]) => `${name}:${'.'.repeat(34 - name.length)}${value}\n`)
    .join('')}`;
const QUEUE = (dropped: number) =>
  `qdisc mq 0: root \n Sent 10000000 bytes 100000 pkt (dropped ${dropped}, overlimits 0 requeues 12) \n backlog 0b 0p requeues 12\nqdisc fq_codel 0: parent :1 limit 10240p\n Sent 10000000 bytes 100000 pkt (dropped ${dropped}, overlimits 0 requeues 12) \n backlog 0b 0p requeues 12\n`;
const STATUS = (active: string) =>
  `● kubelet.service - kubelet: The Kubernetes Node Agent\n     Loaded: loaded (/lib/systemd/system/kubelet.service; enabled)\n    Drop-In: /etc/systemd/system/kubelet.service.d\n     Active: ${active} since Mon 2026-11-02 10:00:00 UTC; 5s ago\n`;
const POOL = (state: string, disk: string) =>
  `  pool: tank\n state: ${state}\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n\ttank        ${state}     0     0     0\n\t  mirror-0  ${state}     0     0     0\n\t    sda     ONLINE       0     0     0\n\t    sdb     ${disk}      0     0     0\n\nerrors: No known data errors\n`;
const SDR = (asserted: string) =>
  `Sensor ID              : Pwr Unit Redund (0x2)\n Entity ID             : 21.1 (Power Management)\n Sensor Type (Discrete): Power Unit (0x09)\n States Asserted       : Power Unit\n                         [${asserted}]\n Assertions Enabled    : Power Unit\n                         [Fully Redundant]\n                         [Redundancy Lost]\n`;
const VERBOSE = (status: string, reading = '412 (+/- 1) RPM') =>
  `Sensor ID              : Fan 3 (0x30)\n Entity ID             : 7.1 (System Board)\n Sensor Type (Threshold)  : Fan (0x04)\n Sensor Reading        : ${reading}\n Status                : ${status}\n Lower Critical        : 480.000\n Upper Non-Critical    : 9000.000\n`;

for (const [what, text, expected] of [
  [
    'ipmitool -v sdr of a fan below its first limit',
    VERBOSE('Lower Non-Critical'),
    ['warning system.board-sensor Fan 3'],
  ],
  [
    'ipmitool sensor get of a fan below its second limit',
    `Locating sensor record...\n${VERBOSE('Lower Critical')}`,
    ['critical system.board-sensor Fan 3'],
  ],
  [
    'ipmitool -v sdr of a fan below its last limit',
    VERBOSE('Lower Non-Recoverable'),
    ['critical system.board-sensor Fan 3'],
  ],
  ['ipmitool -v sdr of a fan that is well', VERBOSE('ok'), []],
  ['ipmitool -v sdr of a fan that is not there', VERBOSE('Lower Critical', 'No Reading'), []],
  [
    'ibstat of a port without a partner',
    CA('mlx5_0', 'Down', 'Polling'),
    ['warning nic.infiniband-port mlx5_0 port 1'],
  ],
  [
    'ibstat of a port without a subnet manager',
    CA('mlx5_0', 'Initializing', 'LinkUp') + CA('mlx5_1', 'Active', 'LinkUp'),
    ['warning nic.infiniband-port mlx5_0 port 1'],
  ],
  [
    'ibstat of a port that is not used beside one that is, and of Ethernet',
    CA('mlx5_0', 'Active', 'LinkUp') +
      CA('mlx5_1', 'Down', 'Polling') +
      CA('mlx5_2', 'Down', 'Disabled', 'Ethernet'),
    ['info nic.infiniband-port mlx5_1 port 1', 'info nic.infiniband-port mlx5_2 port 1'],
  ],
  [
    'ibstatus',
    "Infiniband device 'mlx4_0' port 1 status:\n\tdefault gid:\t fe80::1\n\tstate:\t\t 1: DOWN\n\tphys state:\t 2: Polling\n\trate:\t\t 10 Gb/sec (4X)\n\tlink_layer:\t InfiniBand\n",
    ['warning nic.infiniband-port mlx4_0 port 1'],
  ],
  [
    'perfquery with errors of the line',
    COUNTED({
      PortXmitData: 13_672_645_927,
      SymbolErrorCounter: 65_535,
      LinkDownedCounter: 8,
      PortRcvErrors: 912,
    }),
    ['warning nic.infiniband-errors Lid 21 port 1'],
  ],
  [
    'perfquery of a sound port',
    COUNTED({
      PortXmitData: 13_672_645_927,
      SymbolErrorCounter: 0,
      LinkDownedCounter: 1,
      PortXmitWait: 99_999,
    }),
    [],
  ],
  [
    'teamdctl with a port that is down',
    `# teamdctl team0 state\n${TEAM('activebackup', PORT('eno1', 'up') + PORT('eno2', 'down'))}`,
    ['warning nic.team-port eno2'],
  ],
  [
    'teamdctl with a port that LACP leaves out',
    TEAM(
      'lacp',
      PORT('eno1', 'up', SELECTED('yes', 'current')) + PORT('eno2', 'up', SELECTED('no', 'defaulted')),
    ),
    ['warning nic.team-port eno2'],
  ],
  [
    'teamdctl of a team that is whole',
    TEAM(
      'lacp',
      PORT('eno1', 'up', SELECTED('yes', 'current')) + PORT('eno2', 'up', SELECTED('yes', 'current')),
    ),
    [],
  ],
  [
    'teamdctl as JSON',
    `$ teamdctl team0 state dump\n${JSON.stringify({ setup: { runner_name: 'lacp' }, ports: { eno1: { link: { up: true }, link_watches: { up: true }, runner: { selected: true, state: 'current' } }, eno2: { link: { up: false }, link_watches: { up: false } } } }, null, 4)}\n`,
    ['warning nic.team-port eno2'],
  ],
  ['tc of one interface', `# tc -s qdisc show dev eth0\n${QUEUE(9_000)}`, ['warning nic.queue-drops eth0']],
  ['tc of one interface that is well', `# tc -s qdisc show dev eth0\n${QUEUE(3)}`, []],
  [
    'tc of all interfaces',
    `qdisc noqueue 0: dev lo root refcnt 2 \n Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) \n${QUEUE(9_000).replace('0: root', '0: dev eno1 root')}`,
    ['warning nic.queue-drops eno1'],
  ],
  [
    'systemctl --failed without its command',
    '  UNIT                      LOAD   ACTIVE SUB    DESCRIPTION\n* nfs-server.service        loaded failed failed NFS server and services\n1 loaded units listed. Pass --all to see loaded but inactive units, too.\n',
    ['warning system.unit-failed nfs-server.service'],
  ],
  [
    'systemctl status of a service that ends again and again',
    STATUS('activating (auto-restart) (Result: exit-code)'),
    ['warning system.unit-restarts kubelet.service'],
  ],
  ['systemctl status of a service that runs', STATUS('active (running)'), []],
  [
    'systemd-analyze',
    'Startup finished in 12.102s (firmware) + 4.010s (loader) + 3.910s (kernel) + 5min 31.021s (userspace) = 5min 51.045s \n$ systemd-analyze blame\n5min 2.012s NetworkManager-wait-online.service\n',
    ['info system.boot-slow'],
  ],
  [
    'systemd-analyze of a quick boot',
    'Startup finished in 3.910s (kernel) + 21.021s (userspace) = 24.931s \n',
    [],
  ],
  [
    'kubectl get events',
    'LAST SEEN   TYPE      REASON                   OBJECT          MESSAGE\n3m          Warning   SystemOOM                node/n3         System OOM encountered, victim process: java\n9m          Normal    NodeReady                node/n4         Node n4 status is now: NodeReady\n1m          Warning   Unhealthy                pod/x           Readiness probe failed\n',
    ['warning system.kubernetes-events n3'],
  ],
  [
    'kubectl top nodes',
    '$ kubectl top nodes\nNAME   CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\nn1     1201m        15%    12101Mi         39%\nn2     7901m        98%    30101Mi         97%\n',
    ['warning system.kubernetes-use n2'],
  ],
  ['zpool status without its command', POOL('DEGRADED', 'UNAVAIL'), ['warning disk.zpool-degraded tank']],
  ['zpool status of a whole pool', POOL('ONLINE', 'ONLINE'), []],
  [
    'ipmitool -v sdr',
    `# ipmitool -v sdr\n${SDR('Redundancy Lost')}`,
    ['critical system.board-sensor Pwr Unit Redund'],
  ],
  ['ipmitool -v sdr of what is well', SDR('Fully Redundant'), []],
  [
    'df -i alone',
    '$ df -i\nFilesystem      Inodes   IUsed   IFree IUse% Mounted on\n/dev/sda2      1310720  210000 1100720   17% /\n/dev/sda3       655360  655360       0  100% /var\n',
    ['critical disk.inodes-full /var'],
  ],
  [
    'df of snaps and a disc, which are full by nature',
    'Filesystem     Type      Size  Used Avail Use% Mounted on\n/dev/sda1      ext4       20G  8.0G   12G  40% /\n/dev/loop3     squashfs   64M   64M     0 100% /snap/core20/2318\n/dev/sr0       iso9660   2.0G  2.0G     0 100% /media/cdrom0\n',
    [],
  ],
  [
    'mlxlink of a port whose cable is out',
    '[root@g ~]# mlxlink -d mlx5_2 -c\n\nOperational Info\n----------------\nState                           : Polling\nSpeed                           : N/A\n\nTroubleshooting Info\n--------------------\nStatus Opcode                   : 1024\nRecommendation                  : Cable is unplugged\n',
    ['warning nic.mlxlink-advice mlx5_2'],
  ],
  [
    'lscpu of a processor whose faults are open, in one of its layouts',
    'Architecture:                    x86_64\nCPU(s):                          4\nVulnerability Mds:               Vulnerable: Clear CPU buffers attempted, no microcode; SMT disabled\nVulnerability Meltdown:          Mitigation; PTI\n',
    ['warning kernel.mitigations-missing'],
  ],
  [
    'lscpu of a processor whose faults are not, in the other',
    'Architecture:            x86_64\nVulnerabilities:\n  Mds:                   Not affected\n  Spectre v1:            Mitigation; usercopy/swapgs barriers and __user pointer sanitization\n',
    [],
  ],
  [
    'iostat of a disk that is at its limit with one request at a time',
    `Device            r/s     w/s     rkB/s     wkB/s   rrqm/s   wrqm/s  %rrqm  %wrqm r_await w_await aqu-sz rareq-sz wareq-sz  svctm  %util\n${'sda 0.00 80.00 0.00 900.00 0.00 0.00 0.00 0.00 0.00 12.00 0.98 0.00 11.25 12.20 98.40\n\nDevice            r/s     w/s     rkB/s     wkB/s   rrqm/s   wrqm/s  %rrqm  %wrqm r_await w_await aqu-sz rareq-sz wareq-sz  svctm  %util\n'.repeat(2)}`,
    ['warning disk.saturated sda'],
  ],
  [
    'one line of the kernel’s log in a sentence’s fence',
    'Since the update I see this:\n\n```\nMay  7 06:45:12 errol kernel: [21584690.529877] e1000e 0000:00:19.0 eth0: Detected Hardware Unit Hang:\n```\n',
    ['warning kernel-log.nic-e1000e-hang eth0'],
  ],
  [
    'a line of OpenWrt’s logread',
    'Mon Dec 31 10:50:03 2018 kern.err kernel: [40155.078978] e1000e 0000:00:19.0 eth0: Detected Hardware Unit Hang:\n',
    ['warning kernel-log.nic-e1000e-hang eth0'],
  ],
  [
    'a line with the time of ISO 8601 and no host, quoted',
    '> 2026-07-30T11:50:07.262550-05:00 kernel: e1000e 0000:00:19.0 eth0: Detected Hardware Unit Hang:\n',
    ['warning kernel-log.nic-e1000e-hang eth0'],
  ],
  [
    'an array of which a line was kept, in a mail quoted many times',
    '>>>>>>> md51 : inactive sdd51[3](S) sdb51[0](S) sdc51[1](S)\n>>>>>>>       11720658432 blocks super 1.2\n',
    ['critical disk.md-inactive md51'],
  ],
  [
    'mdadm -D of after the failure, below /proc/mdstat of before it',
    '# cat /proc/mdstat\nPersonalities : [raid5]\nmd7 : active raid5 sdc1[3] sdb1[1] sda1[0]\n      2000 blocks super 1.2 level 5 [3/3] [UUU]\n\nunused devices: <none>\n# mdadm -D /dev/md7\n/dev/md7:\n        Raid Level : raid5\n      Raid Devices : 3\n             State : clean, degraded\n    Active Devices : 2\n\n    Number   Major   Minor   RaidDevice State\n       0       8        1        0      active sync   /dev/sda1\n       1       8       17        1      active sync   /dev/sdb1\n       -       0        0        2      removed\n\n       3       8       33        -      faulty   /dev/sdc1\n',
    ['critical disk.md-degraded md7'],
  ],
  [
    'iostat of a fast disk that works on many at a time',
    `Device            r/s     w/s     rkB/s     wkB/s   rrqm/s   wrqm/s  %rrqm  %wrqm r_await w_await aqu-sz rareq-sz wareq-sz  svctm  %util\nnvme0n1 260000 0.00 900000 0.00 0.00 0.00 0.00 0.00 0.31 0.00 80.70 4.00 0.00 0.00 99.90\n`,
    [],
  ],
  ['the first line of /proc/meminfo', '$ grep MemTotal /proc/meminfo\nMemTotal:       16146424 kB\n', []],
  ['words below a command that nobody ran', '# journalctl -b -1\n\nshows the boot before this one.\n', []],
  ['a web server’s answer', 'HTTP/2 200\nserver: x\nServer: ECS (dcb/7F84)\nx-cache: HIT\n', []],
  [
    'some lines of ps, and of systemctl list-units, which do not tell what else runs',
    '# ps -ef\nUID          PID    PPID  C STIME TTY          TIME CMD\nroot       16475       1  0 Dec24 ?    00:00:04 trickled -d 50 -u 10\n\n# systemctl list-units\n  UNIT         LOAD   ACTIVE SUB     DESCRIPTION\n  sshd.service loaded active running OpenSSH server daemon\n',
    [],
  ],
  [
    'free in whole GiB of a small machine',
    '# free -g\n       total used free shared buff/cache available\nMem:       1    1    0      0          0         0\nSwap:      6    0    6\n',
    [],
  ],
  [
    'swapon --show',
    'NAME      TYPE SIZE  USED PRIO\n/swapfile file   2G    2G   -2\n',
    ['critical memory.swap-full'],
  ],
  [
    'ibstat of one port of many that is down',
    CA('mlx5_0', 'Active', 'LinkUp') + CA('mlx5_1', 'Active', 'LinkUp') + CA('mlx5_2', 'Down', 'Polling'),
    ['warning nic.infiniband-port mlx5_2 port 1'],
  ],
  [
    'the journal’s errors of services alone',
    '-- Logs begin at Mon 2026-11-02 09:00:00 UTC --\nNov 02 09:10:12 web1 sshd[1234]: error: kex_exchange_identification: Connection closed by remote host\n',
    [],
  ],
] as const)
  test(`what is found in ${what}`, async () => assert.deepEqual(await troubles(text), expected));

test('a file that is named after its command is read once, whatever is found within it', async () => {
  assert.deepEqual(await troubles('mc1: csrow1: DIMM_B2: 13 Corrected Errors\n', 'edac-util_-v.txt'), [
    'info memory.corrected-errors DIMM_B2',
  ]);
});
