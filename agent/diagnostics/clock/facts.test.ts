/** What is read of the clock, in the forms in which it is printed and saved. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from '../../host/captured-machine.ts';
import { LiveMachine } from '../../host/live-machine.ts';
import type { Machine } from '../../host/machine.ts';
import { Unavailable, type UnavailableKind } from '../../host/unavailable.ts';
import type { Fact } from '../fact.ts';
import { FactStore } from '../fact-store.ts';
import { machineOf, type Parts } from '../testing.ts';
import { chrony } from './chrony.ts';
import { chronyConfiguration } from './chrony-conf.ts';
import { clocksource } from './clocksource.ts';
import { timeDaemons } from './daemons.ts';
import { kernelClock } from './kernel-clock.ts';
import { ptp } from './ptp.ts';
import { rtc } from './rtc.ts';
import { clockState } from './state.ts';
import { timeZone, toldSynchronised } from './timedatectl.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-clock-'));
after(() => rmSync(folder, { recursive: true }));
let captures = 0;

/** A captured machine of these files. */
function captured(files: Readonly<Record<string, string>>): CapturedMachine {
  const root = join(folder, String(captures++));
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return new CapturedMachine(root);
}

/** Reads a fact; gives it and what could not be read. */
async function read<T>(fact: Fact<T>, machine: Machine | Parts): Promise<{ value: T; problems: string[] }> {
  const store = new FactStore('text' in machine ? machine : machineOf(machine), new AbortController().signal);
  const value = await store.get(fact);
  return { value, problems: store.problems.map(({ what, kind }) => `${kind} ${what}`) };
}

const value = async <T>(fact: Fact<T>, machine: Machine | Parts) => (await read(fact, machine)).value;
const is = (kind: UnavailableKind) => (error: unknown) => error instanceof Unavailable && error.kind === kind;

const TRACKING =
  '0A000001,10.0.0.1,3,1769004123.5,-0.310000000,0.000007000,0.000031000,-21.500,-0.002,0.090,0.012000000,0.003000000,64.5,Normal';
const SOURCE = '^,*,10.0.0.1,2,6,377,12,0.000007000,0.000009000,0.011000000';
const STATS = '10.0.0.1,9,5,512,-0.003,0.061,0.000040000,0.000110000';
const OPEN = 'chronyc -c -m tracking sources sourcestats activity';
const ROOT_ONLY = 'chronyc -c -m selectdata authdata serverstats ntpdata';

test('chrony: all reports of two runs', async () => {
  const { value: reports, problems } = await read(chrony, {
    tools: {
      'chronyc -v': 'chronyc (chrony) version 4.5 (+READLINE +SECHASH +IPV6 -DEBUG)\n',
      [OPEN]: `${TRACKING}\n${SOURCE}\n${STATS}\n1,0,0,0,0\n`,
      [ROOT_ONLY]:
        '*,10.0.0.1,N,-,-,-,-,-,-,-,-,-,-,12,1.0,-0.011,0.011,Normal\n10.0.0.1,-,0,0,0,4294967295,0,0,0,0\n1,0,2,0,0,0,0,9,0,0,0,0,0,0,0,0,0\n',
    },
  });
  assert.deepEqual(problems, []);
  assert.equal(reports.version, '4.5');
  assert.equal(reports.tracking.offset, 0.31);
  assert.equal(reports.sources?.[0]?.state, 'best');
  assert.equal(reports.sourcestats?.length, 1);
  assert.equal(reports.activity?.online, 1);
  assert.equal(reports.selectdata?.[0]?.state, 'best');
  assert.equal(reports.authdata?.[0]?.mode, 'none');
  // What 4.5 counts here is not what it says.
  assert.equal(reports.serverstats?.authenticated, undefined);
  assert.deepEqual(reports.ntpdata, []);
});

test('chrony: as another user than root, the reports for root are told to be denied, once', async () => {
  const { value: reports, problems } = await read(chrony, {
    tools: { [OPEN]: `${TRACKING}\n${SOURCE}\n${STATS}\n1,0,0,0,0\n`, [ROOT_ONLY]: '501 Not authorised\n' },
  });
  assert.equal(reports.selectdata, undefined);
  assert.equal(reports.sources?.length, 1);
  assert.deepEqual(problems, ['denied chronyc selectdata']);
});

test('chrony: what cannot be read, and why', async () => {
  const unit = { 'sys/fs/cgroup/system.slice/chronyd.service/cgroup.procs': '' };
  const other = { 'sys/fs/cgroup/system.slice/systemd-timesyncd.service/cgroup.procs': '' };
  const gone = { [OPEN]: '506 Cannot talk to daemon\n', [ROOT_ONLY]: '506 Cannot talk to daemon\n' };
  await assert.rejects(read(chrony, { files: unit, tools: gone }), is('failed'));
  await assert.rejects(read(chrony, { files: other, tools: gone }), is('absent'));
  await assert.rejects(read(chrony, { files: other }), is('absent'));
  await assert.rejects(read(chrony, { files: unit }), is('missing-tool'));
  await assert.rejects(read(chrony, { files: unit, tools: { [OPEN]: 'hello\n' } }), is('failed'));
  await assert.rejects(
    read(chrony, { files: unit, tools: { 'chronyc -c tracking': '1,2,3\n' } }),
    is('nonsense'),
  );
  await assert.rejects(read(chrony, captured({ 'proc/version': '' })), is('not-captured'));
});

test('chrony: saved by sosreport and by hand, for people', async () => {
  const sheet = `Reference ID    : 0A000001 (ntp1.example.net)
Stratum         : 3
Ref time (UTC)  : Wed Jan 21 14:02:03 2026
System time     : 0.310000000 seconds fast of NTP time
Last offset     : +0.000007000 seconds
RMS offset      : 0.000031000 seconds
Frequency       : 21.500 ppm slow
Residual freq   : -0.002 ppm
Skew            : 0.090 ppm
Root delay      : 0.012000000 seconds
Root dispersion : 0.003000000 seconds
Update interval : 64.5 seconds
Leap status     : Normal
`;
  const table = `MS Name/IP address         Stratum Poll Reach LastRx Last sample
===============================================================================
^* 10.0.0.1                      2   6   377    12  +7000ns[+9000ns] +/-   11ms
`;
  for (const files of [
    { 'sos_commands/chrony/chronyc_tracking': sheet, 'sos_commands/chrony/chronyc_-n_sources': table },
    { 'chronyc -n tracking.txt': sheet, 'chronyc sources -v.txt': table },
    { 'tools/chronyc -c tracking': `${TRACKING}\n`, 'tools/chronyc -c sources': `${SOURCE}\n` },
    { [`tools/${OPEN}`]: `${TRACKING}\n${SOURCE}\n` },
  ]) {
    const state = await value(clockState, captured(files));
    assert.equal(state.daemon, 'chrony');
    assert.equal(state.offset, 0.31);
    assert.equal(state.sync, 'synchronised');
    assert.equal(state.updatedAgo, undefined);
    const reports = await value(chrony, captured(files));
    assert.equal(reports.sources?.[0]?.offset, 7e-6);
  }
});

test('a captured machine with chrony is not said to lack the outputs of others', async () => {
  const files = {
    'tools/chronyc -c tracking': `${TRACKING}\n`,
    'tools/chronyc -c sources': `${SOURCE}\n`,
    'tools/ps aux': 'root 801 0.0 0.0 1 1 ? S Jan01 0:00 /usr/sbin/chronyd -F 1\n',
  };
  const { problems } = await read(clockState, captured(files));
  assert.deepEqual(
    problems.filter((one) => /ntpd|timesyncd|daemons/.test(one)),
    [],
  );
});

test('ntpd: the table alone, as sosreport saves it', async () => {
  const table = `     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
*10.0.0.1        .GPS.            1 u   16   64  377    0.162    0.780   0.016
`;
  const state = await value(clockState, captured({ 'sos_commands/ntp/ntpq_-pn': table }));
  assert.deepEqual(
    [state.daemon, state.sync, state.source, state.stratum],
    ['ntpd', 'synchronised', '10.0.0.1', 2],
  );
  assert.equal(state.offset, -0.00078);
});

test('daemons: by units, by processes, by what ps printed', async () => {
  const names = async (machine: Machine | Parts) =>
    (await value(timeDaemons, machine)).map((one) => `${one.name}${one.setsClock ? '' : ' watches'}`);
  const slice = 'sys/fs/cgroup/system.slice';
  const units = {
    [`${slice}/chrony.service/cgroup.procs`]: '812\n813\n',
    'proc/812/cmdline': '/usr/sbin/chronyd\0-F\x001\0',
    [`${slice}/ssh.service/cgroup.procs`]: '1\n',
    [`${slice}/system-ptp4l.slice/ptp4l@eth0.service/cgroup.procs`]: '900\n',
    [`${slice}/system-phc2sys.slice/phc2sys@eth0.service/cgroup.procs`]: '901\n',
    'proc/901/cmdline': 'phc2sys\0-s\0CLOCK_REALTIME\0-c\0eth0\0-w\0',
  };
  assert.deepEqual(await names({ files: units }), ['chronyd', 'phc2sys watches', 'ptp4l watches']);
  const steering = {
    ...units,
    'proc/901/cmdline': 'phc2sys\0-s\0eth0\0-w\0',
    'proc/812/cmdline': 'chronyd\0-x\0',
  };
  assert.deepEqual(await names({ files: steering }), ['chronyd watches', 'phc2sys', 'ptp4l watches']);
  const older = { 'sys/fs/cgroup/systemd/system.slice/ntpsec.service/cgroup.procs': '' };
  assert.deepEqual(await names({ files: older }), ['ntpd']);
  const processes = {
    'proc/1/comm': 'init\n',
    'proc/44/comm': 'systemd-timesyn\n',
    'proc/45/comm': 'chronyd\n',
    'proc/46/comm': 'chronyd\n',
    'proc/46/cmdline': 'chronyd\0-x\0',
  };
  assert.deepEqual(await names({ files: processes }), ['chronyd', 'systemd-timesyncd']);
  assert.deepEqual(await names({ files: { 'proc/1/comm': 'init\n' } }), []);
  const ps = `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root         801  0.0  0.0   4992  3288 ?        S    Jan01   0:00 /usr/sbin/ntpd -p /var/run/ntpd.pid -g -u 105:113
root        9001  0.0  0.0   4992  3288 pts/0    S+   10:00   0:00 grep chronyd
root         810  0.0  0.0   4992  3288 ?        S    Jan01   0:00 /usr/sbin/phc2sys -a -r -E ntpshm
`;
  assert.deepEqual(await names(captured({ 'sos_commands/process/ps_aux': ps })), ['ntpd', 'phc2sys watches']);
  const list =
    '  chronyd.service   loaded active running NTP client/server\n● ntpd.service loaded failed failed NTP\n';
  assert.deepEqual(await names(captured({ 'systemctl list-units.txt': list })), ['chronyd']);
  await assert.rejects(names(captured({ 'proc/version': '' })), is('not-captured'));
});

test('the configuration of chronyd, with what it includes', async () => {
  const files = {
    'etc/chrony/chrony.conf': `# comment
! another
confdir /etc/chrony/conf.d
sourcedir /run/chrony-dhcp /etc/chrony/sources.d
include /etc/chrony/more.conf
pool 2.debian.pool.ntp.org iburst
MakeStep 1 3
rtcsync
refclock PPS /dev/pps0
`,
    'etc/chrony/conf.d/a.conf': 'server 10.0.0.1 iburst nts\r\n',
    'etc/chrony/conf.d/b.txt': 'local stratum 10\n',
    'etc/chrony/sources.d/x.sources': 'server 10.0.0.2\npeer 10.0.0.3\n',
    'etc/chrony/more.conf': 'include /etc/chrony/chrony.conf\n',
  };
  assert.deepEqual(await value(chronyConfiguration, { files }), {
    path: '/etc/chrony/chrony.conf',
    ...{ servers: 3, pools: 1, refclocks: 1, nts: 1 },
    makestep: { thresholdSeconds: 1, limit: 3 },
    ...{ rtcsync: true, rtcfile: false, local: false },
  });
  const red = await value(chronyConfiguration, {
    files: { 'etc/chrony.conf': 'local stratum 10\nmakestep 0.1 -1\n' },
  });
  assert.equal(red.local, true);
  assert.deepEqual(red.makestep, { thresholdSeconds: 0.1, limit: -1 });
  await assert.rejects(read(chronyConfiguration, {}), is('absent'));
});

const ADJTIMEX = `         mode: 0
       offset: -12345
    frequency: -1966080
     maxerror: 263240
     esterror: 102
       status: 8209
time_constant: 2
    precision: 1
    tolerance: 32768000
         tick: 10000
     raw time:  1795826143s 326002us = 1795826143.326002
 return value = 1
`;

test('the kernel’s state: adjtimex, busybox, ntptime', async () => {
  const print = { 'adjtimex --print': ADJTIMEX };
  const kernel = await value(kernelClock, { tools: print });
  assert.deepEqual(kernel, {
    synchronised: true,
    flags: ['PLL', 'INS', 'NANO'],
    offset: -12.345e-6,
    frequency: -30,
    maxError: 0.26324,
    estimatedError: 0.000102,
    tolerance: 500,
    tick: 10_000,
    tai: undefined,
  });
  const busybox = `    mode:         0
-o  offset:       0 us
-f  freq.adjust:  65536 (65536 = 1ppm)
    maxerror:     16000000
    esterror:     16000000
    status:       64 (UNSYNC)
-p  timeconstant: 10
    precision:    1 us
    tolerance:    32768000
-t  tick:         10000 us
    time.tv_sec:  1795826143
    time.tv_usec: 326002
    return value: 5 (clock not synchronized)
`;
  const unset = await value(kernelClock, captured({ 'adjtimex_-p': busybox }));
  assert.equal(unset.synchronised, false);
  assert.equal(unset.frequency, 1);
  assert.equal(unset.maxError, 16);
  assert.equal(unset.tolerance, 500);
  const ntptime = `ntp_gettime() returns code 0 (OK)
  time ec9dc60d.1adbd720  Sat, Oct 18 2025  3:53:49.104, (.104917550),
  maximum error 263240 us, estimated error 102 us, TAI offset 37
ntp_adjtime() returns code 0 (OK)
  modes 0x0 (),
  offset -8.500 us, frequency -37.708 ppm, interval 1 s,
  maximum error 263240 us, estimated error 102 us,
  status 0x2011 (PLL,INS,NANO),
  time constant 2, precision 0.001 us, tolerance 500 ppm,
`;
  const told = await value(kernelClock, captured({ 'sos_commands/ntp/ntptime': ntptime }));
  assert.deepEqual(told.flags, ['PLL', 'INS', 'NANO']);
  assert.equal(told.offset, -8.5e-6);
  assert.equal(told.frequency, -37.708);
  assert.equal(told.tai, 37);
  await assert.rejects(read(kernelClock, { tools: { 'adjtimex --print': 'oops\n' } }), is('nonsense'));
  const refused = `${ADJTIMEX.replace(/-?\d+$/gm, '0')} return value = -1\n`;
  await assert.rejects(read(kernelClock, { tools: { 'adjtimex --print': refused } }), is('denied'));
  await assert.rejects(read(kernelClock, {}), is('missing-tool'));
  await assert.rejects(read(kernelClock, captured({ 'proc/version': '' })), is('not-captured'));
});

test('the kernel’s state of this machine, by the agent’s own runtime where no program is installed', async () => {
  const kernel = await value(kernelClock, new LiveMachine());
  assert.ok(kernel.maxError >= 0 && kernel.maxError <= 16);
  assert.equal(kernel.synchronised, !kernel.flags.includes('UNSYNC'));
  assert.equal(kernel.tolerance, 500);
});

test('the clock source', async () => {
  const path = 'sys/devices/system/clocksource/clocksource0';
  const files = {
    [`${path}/current_clocksource`]: 'hpet\n',
    [`${path}/available_clocksource`]: 'hpet acpi_pm \n',
    'proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu tsc constant_tsc nonstop_tsc\n',
    'sys/class/dmi/id/sys_vendor': 'QEMU\n',
  };
  assert.deepEqual(await value(clocksource, { files }), {
    current: 'hpet',
    available: ['hpet', 'acpi_pm'],
    hypervisor: 'kvm',
    steadyTsc: true,
  });
  await assert.rejects(read(clocksource, {}), is('absent'));
});

test('the hardware clock: its time beside the system’s, and its zone', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const files = {
    'sys/class/rtc/rtc0/since_epoch': `${now - 90}\n`,
    'sys/class/rtc/rtc0/name': 'rtc_cmos rtc_cmos\n',
    'sys/class/rtc/rtc0/hctosys': '1\n',
    'etc/adjtime': '0.0 0 0.0\n0\nUTC\n',
  };
  const clock = await value(rtc, { files });
  assert.equal(clock.driver, 'rtc_cmos');
  assert.ok(Math.abs((clock.offset ?? 0) + 90) < 5);
  const local = await value(rtc, { files: { ...files, 'etc/adjtime': '0.0 0 0.0\n0\nLOCAL\n' } });
  assert.deepEqual([local.local, local.offset], [true, undefined]);
  await assert.rejects(read(rtc, {}), is('absent'));

  const saved = `               Local time: Wed 2025-09-10 11:00:31 +06
           Universal time: Wed 2025-09-10 05:00:31 UTC
                 RTC time: Wed 2025-09-10 04:58:29
                Time zone: Asia/Dhaka (+06, +0600)
System clock synchronized: yes
              NTP service: active
          RTC in local TZ: no
`;
  const machine = captured({ 'sos_commands/systemd/timedatectl': saved });
  assert.equal((await value(rtc, machine)).offset, -122);
  assert.equal(await value(timeZone, machine), 'Asia/Dhaka');
  const { sync, daemon } = await value(clockState, machine);
  assert.deepEqual([sync, daemon], ['synchronised', 'kernel']);
  const show =
    'Timezone=Europe/Berlin\nLocalRTC=yes\nCanNTP=yes\nNTP=yes\nNTPSynchronized=no\nTimeUSec=Wed 2025-09-10 07:00:31 CEST\n';
  const shown = captured({ timedatectl_show: show });
  assert.equal((await value(rtc, shown)).local, true);
  assert.equal((await value(clockState, shown)).sync, 'unsynchronised');
});

test('the time zone', async () => {
  const zone = (parts: Parts) => value(timeZone, parts);
  assert.equal(
    await zone({ links: { 'etc/localtime': '/usr/share/zoneinfo/Europe/Berlin' } }),
    'Europe/Berlin',
  );
  assert.equal(await zone({ files: { 'etc/timezone': 'Etc/UTC\n' } }), 'Etc/UTC');
  assert.equal(await zone({}), 'UTC');
});

test('PTP: clocks, and what pmc says of ptp4l', async () => {
  const pmc = `sending: GET PORT_DATA_SET
sending: GET CURRENT_DATA_SET
sending: GET TIME_STATUS_NP
	b49691.fffe.6b4b2e-1 seq 0 RESPONSE MANAGEMENT PORT_DATA_SET
		portIdentity            b49691.fffe.6b4b2e-1
		portState               SLAVE
		logMinDelayReqInterval  0
	b49691.fffe.6b4b2e-0 seq 1 RESPONSE MANAGEMENT CURRENT_DATA_SET
		stepsRemoved     1
		offsetFromMaster -12.5
		meanPathDelay    531.0
	b49691.fffe.6b4b2e-0 seq 2 RESPONSE MANAGEMENT TIME_STATUS_NP
		master_offset              -13
		gmPresent                  true
		gmIdentity                 00b0ae.fffe.02a3f1
`;
  const files = {
    'sys/class/ptp/ptp0/clock_name': 'ixgbe-eno1-clk\n',
    'sys/class/ptp/ptp0/device/net/eno1/mtu': '1500\n',
    'proc/77/comm': 'ptp4l\n',
  };
  const tools = { 'pmc -u -b 0 GET PORT_DATA_SET GET CURRENT_DATA_SET GET TIME_STATUS_NP': pmc };
  const found = await value(ptp, { files, tools });
  assert.deepEqual(found.clocks, [{ name: 'ptp0', clockName: 'ixgbe-eno1-clk', interfaces: ['eno1'] }]);
  assert.deepEqual(found.ptp4l, {
    ports: [{ identity: 'b49691.fffe.6b4b2e-1', state: 'SLAVE' }],
    offset: -13e-9,
    grandmasterPresent: true,
    grandmaster: '00b0ae.fffe.02a3f1',
    meanPathDelay: 531e-9,
  });
  const { value: without, problems } = await read(ptp, { files });
  assert.equal(without.ptp4l, undefined);
  assert.deepEqual(problems, ['missing-tool pmc']);
});

test('whether the clock is set, as a captured timedatectl tells', async () => {
  const told = (text: string) => value(toldSynchronised, captured({ timedatectl: text }));
  assert.equal(await told('System clock synchronized: yes\n              NTP service: inactive\n'), true);
  assert.equal(await told('System clock synchronized: no\n'), false);
  const ntpstat = (text: string) => value(toldSynchronised, captured({ ntpstat: text }));
  assert.equal(await ntpstat('unsynchronised\n   polling server every 8 s\n'), false);
  assert.equal(await ntpstat('synchronised to NTP server (192.0.2.1) at stratum 3\n'), true);
  assert.equal(await value(toldSynchronised, captured({})), undefined);
});

test('a captured table of sources alone tells what is followed', async () => {
  const table = (mark: string) =>
    'MS Name/IP address         Stratum Poll Reach LastRx Last sample\n' +
    '===============================================================================\n' +
    `^${mark} 192.0.2.1                     2   6   377    20   +11us[  +15us] +/-   10ms\n`;
  const of = (mark: string) => value(clockState, captured({ 'chronyc sources': table(mark) }));
  const { sync, stratum, source, offset } = await of('*');
  assert.deepEqual({ sync, stratum, source }, { sync: 'synchronised', stratum: 3, source: '192.0.2.1' });
  assert.equal(Math.round((offset ?? 0) * 1e6), 11);
  assert.equal((await of('?')).sync, 'unsynchronised');
});
