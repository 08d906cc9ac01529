/** Logs of time services and small tools around clocks and RDMA, as people paste them, each with a healthy counterpart. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { reportOf, statuses } from './testing.ts';

const CHRONYD = (...words: string[]) =>
  words.map((one, at) => `Mar 04 10:0${at}:01 node1 chronyd[812]: ${one}\n`).join('');
const TIMESYNCD = (...words: string[]) =>
  words.map((one) => `Mar 04 10:00:01 db2 systemd-timesyncd[512]: ${one}\n`).join('');
const WRONG = (seconds: number) => `System clock wrong by ${seconds.toFixed(6)} seconds`;
const NTPD = (words: string) => ` 4 Mar 10:00:01 ntpd[1234]: ${words}\n`;
const STATUS = (log: string) =>
  `# systemctl status chronyd\n● chronyd.service - NTP client/server\n   Loaded: loaded (/usr/lib/systemd/system/chronyd.service; enabled)\n   Active: active (running) since Mon 2021-03-01 10:12:01 UTC; 3 days ago\n Main PID: 812 (chronyd)\n\n${log}`;
const NTPQ = (reach: number) =>
  `     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================\n 44.190.6.254    127.67.113.92    2 u    1   64    ${reach}   23.399   -2.805   2.131\n 192.0.2.4       130.133.1.10     2 u    -   64    ${reach}   93.053   -0.807   2.839\n`;
const TRACKING = (interval: number) =>
  `Reference ID    : D42D9003 (192.0.2.7)\nStratum         : 3\nRef time (UTC)  : Sat Aug 06 19:37:15 2022\nSystem time     : 0.002129977 seconds slow of NTP time\nLast offset     : -0.002588879 seconds\nRMS offset      : 0.002588879 seconds\nFrequency       : 32.084 ppm slow\nResidual freq   : +433.384 ppm\nSkew            : 320.773 ppm\nRoot delay      : 0.051406730 seconds\nRoot dispersion : 0.038293995 seconds\nUpdate interval : ${interval} seconds\nLeap status     : Normal\n`;
const HWCLOCK = (read: string, date: string) => `$ sudo hwclock --show\n${read}\n$ date\n${date}\n`;
const TIMEDATECTL = (rtc: string) =>
  `$ timedatectl\n           Universal time: Mon 2024-03-04 10:00:00 UTC\n                 RTC time: ${rtc}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: no\n              NTP service: active\n          RTC in local TZ: no\n`;
const COUNTERS = (driver: string, ...lines: string[]) =>
  `# ethtool -i eth0\ndriver: ${driver}\nversion: 6.1\n\n# ethtool -S eth0\nNIC statistics:\n${lines.map((line) => `     ${line}\n`).join('')}`;
const RDMA = (timeouts: number) =>
  `$ rdma statistic show link mlx5_0/1\nlink mlx5_0/1 rx_write_requests 812312 rx_read_requests 12 out_of_buffer 0 packet_seq_err 0 local_ack_timeout_err ${timeouts} rnr_nak_retry_err 3\n`;

const PTP4L = (...words: string[]) => words.map((one, at) => `ptp4l[${166 + at}.123]: ${one}\n`).join('');
const ALONE = (flags: string, address = '') =>
  `$ ip addr show eth0\n2: eth0: <${flags}> mtu 1500 qdisc mq state DOWN group default qlen 1000\n    link/ether 00:25:90:22:33:44 brd ff:ff:ff:ff:ff:ff\n${address}`;
const SETTINGS = (name: string, link: string) =>
  `Settings for ${name}:\n\tSupported link modes:   1000baseT/Full\n\tSpeed: ${link === 'yes' ? '1000Mb/s' : 'Unknown!'}\n\tPort: Twisted Pair\n\tLink detected: ${link}\n`;
const JUMP = [
  'clockcheck: clock jumped forward or running faster than expected!',
  'port 1: SLAVE to UNCALIBRATED on SYNCHRONIZATION_FAULT',
  'port 1: UNCALIBRATED to SLAVE on MASTER_CLOCK_SELECTED',
];
const SOCKETS = (pages: number) =>
  `$ cat /proc/net/sockstat\nsockets: used 3037\nTCP: inuse 1365 orphan 17 tw 2030 alloc 2788 mem ${pages}\n$ cat /proc/sys/net/ipv4/tcp_mem\n190000\t195000\t200000\n`;

for (const [what, text, expected] of [
  [
    'a hardware clock years behind, read by one command line with date',
    '# date; hwclock -r\nTue 05 Mar 2024 10:20:31 AM CET\n2019-01-01 03:12:11.123456+01:00\n',
    ['critical clock.rtc-offset'],
  ],
  [
    'one that is right, read so',
    '# date && hwclock -r\nTue Mar  5 10:20:31 UTC 2024\n2024-03-05 10:20:31.123456+00:00\n',
    [],
  ],
  [
    'one that is wrong, as labelled lines',
    'hwclock -r: 2024-03-05 09:40:31.123456+00:00\ndate: Tue Mar  5 10:20:31 UTC 2024\n',
    ['critical clock.rtc-offset'],
  ],
  [
    'one that is right, as labelled lines',
    'date: Tue Mar  5 10:20:31 UTC 2024\nhwclock: 2024-03-05 10:20:31.123456+00:00\n',
    [],
  ],
  [
    'openntpd that slews, without its name',
    'adjusting local clock by -12.345678s\n',
    ['warning clock.log-wrong'],
  ],
  ['openntpd that slews little', 'adjusting local clock by 0.041234s\n', []],
  [
    'openntpd that slews what it found at its start',
    'Mar  4 11:12:13 host7 ntpd[812]: ntp engine ready\nMar  4 11:12:15 host7 ntpd[812]: adjusting local clock by -12.345678s\nMar  4 11:16:13 host7 ntpd[812]: adjusting local clock by -12.245678s\nMar  4 11:20:13 host7 ntpd[812]: clock is now synced\n',
    [],
  ],
  [
    'openntpd without a source, without its name',
    'Mar  4 11:12:13 peer 192.0.2.1 now invalid\n',
    ['warning clock.log-no-source'],
  ],
  ['openntpd that lost one of its sources', 'clock is now synced\npeer 192.0.2.1 now invalid\n', []],
  [
    'openntpd that got no reply',
    'no reply received in time, skipping initial time setting\n',
    ['warning clock.log-no-source'],
  ],
  ['openntpd that is unsynced', 'clock is now unsynced\n', ['warning clock.log-no-source']],
  ['openntpd that was unsynced', 'clock is now unsynced\nclock is now synced\n', []],
  [
    'chronyd whose sources do not agree',
    CHRONYD('Selected source 192.0.2.1', "Can't synchronise: no majority"),
    ['warning clock.log-no-source'],
  ],
  [
    'chronyd that stepped the clock, in Japanese',
    ' 1月 27 10:00:01 node1 chronyd[812]: System clock was stepped by -32400.000012 seconds\n',
    ['warning clock.log-wrong'],
  ],
  [
    'chronyd that steps at its start, and says so twice',
    CHRONYD('chronyd version 4.3 starting', WRONG(9), 'System clock was stepped by 9.000000 seconds'),
    [],
  ],
  [
    'ntpd at its start',
    NTPD('kernel reports TIME_ERROR: 0x2041: Clock Unsynchronized').repeat(2),
    ['info clock.log-unsynchronised'],
  ],
  [
    'ntpd whose kernel stays unsynchronised',
    NTPD('kernel reports TIME_ERROR: 0x41: Clock Unsynchronized') +
      NTPD('kernel reports TIME_ERROR: 0x41: Clock Unsynchronized').replace('10:00', '13:20'),
    ['warning clock.log-unsynchronised'],
  ],
  [
    'ntpd that started again',
    NTPD('kernel reports TIME_ERROR: 0x41: Clock Unsynchronized') +
      (
        NTPD('ntpd 4.2.8p15@1.3728-o: Starting') +
        NTPD('kernel reports TIME_ERROR: 0x41: Clock Unsynchronized')
      ).replaceAll('10:00', '13:20'),
    ['info clock.log-unsynchronised'],
  ],
  [
    'chronyd that found one again',
    CHRONYD("Can't synchronise: no selectable sources", 'Selected source 192.0.2.1'),
    [],
  ],
  [
    'chronyd that finds the clock wrong at its start',
    CHRONYD('chronyd version 4.3 starting (+CMDMON)', 'Selected source 192.0.2.1', WRONG(1721.9)),
    [],
  ],
  ['chronyd that finds it wrong later', STATUS(CHRONYD(WRONG(15.28))), ['warning clock.log-wrong']],
  [
    'chronyd that steps it to and fro',
    CHRONYD(WRONG(1.7), WRONG(-1.9), WRONG(1.8)),
    ['warning clock.log-wrong'],
  ],
  [
    'timesyncd without answers',
    TIMESYNCD(...Array<string>(3).fill('Timed out waiting for reply from 192.0.2.9:123 (ntp.example).')),
    ['warning clock.log-no-source'],
  ],
  [
    'timesyncd that had one in the end',
    TIMESYNCD(
      'Timed out waiting for reply from 192.0.2.9:123 (ntp.example).',
      'Initial clock synchronization to Mon 2024-03-04 10:00:01 UTC.',
    ),
    [],
  ],
  [
    'ntpd that gave up',
    NTPD(
      'time correction of 4211 seconds exceeds sanity limit (1000); set clock manually to the correct UTC time.',
    ),
    ['critical clock.log-refused'],
  ],
  [
    'ntpd that gave up and does not say by how much',
    NTPD('Clock offset exceeds panic threshold.'),
    ['critical clock.log-refused'],
  ],
  [
    'ntpd that cannot correct so much',
    NTPD('frequency error 512 PPM exceeds tolerance 500 PPM'),
    ['warning clock.log-refused'],
  ],
  [
    'ntpctl without a peer',
    '$ ntpctl -s all\n0/4 peers valid, clock unsynced\n',
    ['warning clock.not-synchronised'],
  ],
  ['ntpctl with some', '$ ntpctl -s all\n3/4 peers valid, clock synced, stratum 2\n', []],
  ['ntpq just after the start', NTPQ(1), []],
  ['ntpq that follows none', NTPQ(377), ['warning clock.not-synchronised']],
  ['chronyc just after the start', TRACKING(2.2), []],
  ['chronyc with a wide frequency', TRACKING(64.2), ['warning clock.skew']],
  [
    'show-timesync without an answer, no command above it',
    'LinkNTPServers=\nSystemNTPServers=192.0.2.9\nServerName=192.0.2.9\nServerAddress=(null)\nPollIntervalUSec=0\nFrequency=0\n',
    ['warning clock.not-synchronised'],
  ],
  [
    'hwclock years behind',
    HWCLOCK('2017-08-01 03:12:11.123456+00:00', 'Mon Mar  4 10:12:11 UTC 2024'),
    ['critical clock.rtc-offset'],
  ],
  [
    'hwclock in another zone',
    HWCLOCK('2024-03-04 12:12:09.123456+02:00', 'Mon Mar  4 10:12:11 UTC 2024'),
    [],
  ],
  [
    'hwclock of old, both in local time',
    HWCLOCK('Mon 04 Mar 2024 05:12:11 PM EST  -0.123456 seconds', 'Mon Mar  4 17:12:12 EST 2024'),
    [],
  ],
  [
    'an RTC years off beside a clock that nothing set',
    TIMEDATECTL('Tue 2017-08-01 03:12:11'),
    ['warning clock.not-synchronised', 'warning clock.rtc-offset'],
  ],
  [
    'phc_ctl 37 s apart',
    '$ sudo phc_ctl eth0 cmp\nphc_ctl[1234.567]: offset from CLOCK_REALTIME is -37000000911ns\n',
    ['warning clock.ptp-offset phc2sys'],
  ],
  [
    'phc_ctl next to it',
    '$ sudo phc_ctl eth0 cmp\nphc_ctl[1234.567]: offset from CLOCK_REALTIME is -911ns\n',
    [],
  ],
  ['rdma statistic with losses', RDMA(41_231), ['warning nic.rdma-losses mlx5_0 port 1']],
  ['rdma statistic without', RDMA(4), []],
  [
    'rdma link of InfiniBand',
    '$ rdma link show\nlink mlx5_0/1 subnet_prefix fe80:0000:0000:0000 lid 4 sm_lid 1 lmc 0 state DOWN physical_state POLLING\n',
    ['warning nic.infiniband-port mlx5_0 port 1'],
  ],
  [
    'rdma, a port whose link is up and that stays down',
    `CA 'ibp3s0f0'\n\tPort 1:\n\t\tState: Active\n\t\tPhysical state: LinkUp\n\t\tLink layer: InfiniBand\nCA 'ibp3s0f1'\n\tPort 1:\n\t\tState: Down\n\t\tPhysical state: LinkUp\n\t\tLink layer: InfiniBand\n`,
    ['warning nic.infiniband-port ibp3s0f1 port 1'],
  ],
  [
    'pause frames that a switch sends',
    COUNTERS('mlx5_core', 'tx_packets: 90000000', 'rx_prio3_pause: 9123456'),
    ['warning nic.paused eth0'],
  ],
  ['a few of them', COUNTERS('mlx5_core', 'tx_packets: 90000000', 'rx_prio3_pause: 12345'), []],
  [
    'drops that an XDP program meant',
    COUNTERS(
      'virtio_net',
      'rx_queue_0_packets: 80341229',
      'rx_queue_0_drops: 79420000',
      'rx_queue_0_xdp_drops: 79419999',
    ),
    [],
  ],
  [
    'drops under a name of no table',
    COUNTERS('new_nic', 'rx_packets: 80341229', 'rx_pkts_dropped: 9341229'),
    ['warning nic.receive-drops eth0'],
  ],
  ['what a filter dropped', COUNTERS('new_nic', 'rx_packets: 80341229', 'rx_vlan_filter_drop: 9341229'), []],
  ['ethtool of one interface, without a link', SETTINGS('eno1', 'no'), ['info nic.link-down eno1']],
  ['ethtool of two, of which one has none', SETTINGS('eno1', 'no') + SETTINGS('eno2', 'yes'), []],
  [
    'ip addr of one interface without a link',
    ALONE('NO-CARRIER,BROADCAST,MULTICAST,UP'),
    ['warning nic.link-down eth0'],
  ],
  [
    'ip addr of one that has an address',
    ALONE('NO-CARRIER,BROADCAST,MULTICAST,UP', '    inet 192.0.2.5/24 scope global eth0\n'),
    ['critical nic.link-down eth0'],
  ],
  ['ip addr of one with a link', ALONE('BROADCAST,MULTICAST,UP,LOWER_UP'), []],
  ['ptp4l whose clock jumps', PTP4L(...JUMP, ...JUMP), ['warning clock.ptp-jumps ptp4l']],
  ['ptp4l whose clock jumped once', PTP4L(...JUMP), []],
  [
    'ptp4l without stamps',
    PTP4L('timed out while polling for tx timestamp', 'port 1: LISTENING to SLAVE on RS_SLAVE'),
    ['warning clock.ptp-not-locked ptp4l'],
  ],
  [
    'phc2sys that waits',
    'phc2sys[3200.112]: Waiting for ptp4l...\n',
    ['warning clock.ptp-not-locked phc2sys'],
  ],
  ['TCP with little memory, by sockstat', SOCKETS(194_109), ['warning nic.tcp-memory']],
  ['TCP with enough', SOCKETS(4_109), []],
  [
    'netstat -s, of which somebody kept lines',
    '# netstat -s | grep -i listen\n    2608 times the listen queue of a socket overflowed\n    5608 SYNs to LISTEN sockets dropped\n',
    ['warning nic.tcp-listen-overflows'],
  ],
] as [string, string, string[]][])
  test(`pasted: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !/^info (?!nic\.link-down|clock\.log-unsynchronised)/.test(one)),
      expected,
    );
  });

test('an interface of which features alone were saved is not taken for one without errors', async () => {
  const root = newRoot();
  writeFileSync(join(root, 'note.txt'), '# ethtool -k eth0\nFeatures for eth0:\nrx-checksumming: on\n');
  const ended = statuses(await reportOf(CHECKS, new CapturedMachine(root)));
  for (const id of [
    'nic.crc-errors',
    'nic.receive-errors',
    'nic.ring-overflow',
    'nic.link-down',
    'nic.half-duplex',
  ])
    assert.equal(ended[id], 'skipped', id);
});

test('/proc/net/netstat without /proc/net/snmp is judged, and counters that it lacks are not', async () => {
  const root = newRoot();
  mkdirSync(join(root, 'proc/net'), { recursive: true });
  writeFileSync(join(root, 'proc/net/netstat'), 'TcpExt: SyncookiesSent ListenOverflows\nTcpExt: 0 9000\n');
  const report = await reportOf(CHECKS, new CapturedMachine(root));
  assert.deepEqual(
    report.findings.map(({ id }) => id),
    ['nic.tcp-listen-overflows'],
  );
  assert.equal(statuses(report)['nic.tcp-retransmits'], 'skipped');
});
