/** Each check finds its trouble on a machine that has it, and nothing on one that is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryView } from '../../history/view.ts';
import { clockParts } from '../../sim/clock-parts.ts';
import { MemoryMachine } from '../../sim/memory-machine.ts';
import { found, machineOf, type Parts, pastOf, reportOf, statuses } from '../testing.ts';
import { CLOCK_CHECKS } from './checks.ts';
import { CLOCK_SAMPLER } from './samples.ts';

const healthy = clockParts({ name: 'a', rack: 'a', index: 3, faults: [] });
const HOUR = 3_600_000;

/** A simulated server that is well, but for some parts. */
function server({ files = {}, links = {}, tools = {} }: Parts = {}): MemoryMachine {
  return new MemoryMachine(
    {
      files: new Map(Object.entries({ 'proc/uptime': '90000.00 1.00\n', ...files })),
      links: new Map(Object.entries(links)),
      tools: new Map(Object.entries(tools)),
    },
    healthy,
  );
}

/** The tracking report, but for some fields. */
function tracking(change: Readonly<Record<number, string>> = {}): Record<string, string> {
  const now = (Date.now() / 1_000 - 20).toFixed(9);
  const fields = [
    ...['C000020B', '192.0.2.11', '3', now, '0.000001000', '0.000002000', '0.000021304', '-11.204'],
    ...['0.002', '0.031', '0.000412307', '0.000310291', '64.2', 'Normal'],
  ];
  return { 'chronyc -c tracking': `${fields.map((field, at) => change[at] ?? field).join(',')}\n` };
}

const UNSYNCHRONISED = tracking({ 0: '00000000', 1: '', 2: '0', 3: '0.000000000', 13: 'Not synchronised' });

/** Rows of the sources report: mode and state, name, reach, seconds since the last answer, offset. */
function sources(
  ...rows: readonly (readonly [string, string, string, number, number?])[]
): Record<string, string> {
  const line = ([marks, name, reach, ago, offset = 0]: (typeof rows)[number]) =>
    [...marks, name, 2, 6, reach, ago, offset.toFixed(9), offset.toFixed(9), '0.000611000'].join(',');
  return { 'chronyc -c sources': rows.map((row) => `${line(row)}\n`).join('') };
}

const NEVER = 4_294_967_295;
const THREE = [
  ['^*', '192.0.2.11', '377', 20],
  ['^+', '192.0.2.12', '377', 21],
  ['^+', '192.0.2.13', '377', 22],
] as const;

const of = (machine: MemoryMachine | Parts, history?: HistoryView) => found(CLOCK_CHECKS, machine, history);

test('a server that is well has no findings, and every check says how it ended', async () => {
  const report = await reportOf(CLOCK_CHECKS, server());
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.problems, []);
  const ended = statuses(report);
  assert.equal(Object.keys(ended).length, CLOCK_CHECKS.length);
  assert.ok(CLOCK_CHECKS.length >= 35);
  assert.ok(!Object.values(ended).includes('skipped'));
});

/** What is planted, and what is found. */
const TROUBLES: Readonly<Record<string, readonly [Parts, readonly string[]]>> = {
  'ahead by a tenth of a second': [{ tools: tracking({ 4: '-0.100000000' }) }, ['warning clock.offset']],
  'behind by more than a second': [
    { tools: tracking({ 4: '1.200000000' }) },
    ['critical clock.offset', 'warning clock.root-distance'],
  ],
  'not synchronised': [{ tools: UNSYNCHRONISED }, ['warning clock.not-synchronised']],
  'not synchronised yet': [
    { tools: UNSYNCHRONISED, files: { 'proc/uptime': '90.00 1.00\n' } },
    ['info clock.not-synchronised'],
  ],
  'the kernel’s bound has run out': [
    {
      tools: {
        'adjtimex --print':
          'offset: 0\nfrequency: 0\nmaxerror: 16000000\nesterror: 16000000\nstatus: 64\ntolerance: 32768000\n',
      },
    },
    ['warning clock.max-error'],
  ],
  'a reference clock that all servers contradict': [
    {
      tools: sources(
        ['#*', 'GPS', '377', 12, 0.0018],
        ['^?', '192.0.2.12', '377', 42, 0.07],
        ['^?', '192.0.2.13', '377', 43, 0.059],
        ['^?', '192.0.2.14', '377', 43, 0.059],
      ),
    },
    ['warning clock.followed-disagrees GPS'],
  ],
  'a reference clock that one of three servers contradicts': [
    {
      tools: sources(
        ['#*', 'GPS', '377', 12],
        ['^-', '192.0.2.12', '377', 42, 0.07],
        ['^-', '192.0.2.13', '377', 43, 0.001],
        ['^-', '192.0.2.14', '377', 43],
      ),
    },
    [],
  ],
  'far from a reference clock': [{ tools: tracking({ 11: '1.5' }) }, ['warning clock.root-distance']],
  'a long chain': [{ tools: tracking({ 2: '11' }) }, ['warning clock.stratum']],
  'its own reference, although it has sources': [
    { tools: tracking({ 0: '7F7F0101', 1: '', 2: '10' }) },
    ['warning clock.local-reference'],
  ],
  'its own reference, as configured': [
    {
      tools: {
        ...tracking({ 0: '7F7F0101', 1: '', 2: '10' }),
        'chronyc -c sources': '',
        'chronyc -c activity': '0,0,0,0,0\n',
      },
      files: { 'etc/chrony/chrony.conf': 'local stratum 10\nrtcsync\n' },
    },
    ['info clock.local-reference'],
  ],
  'corrected long ago': [
    { tools: tracking({ 3: (Date.now() / 1_000 - 20_000).toFixed(9) }) },
    ['warning clock.last-update'],
  ],
  'a leap second': [{ tools: tracking({ 13: 'Insert second' }) }, ['warning clock.leap-second']],
  'no sources': [
    { tools: { ...UNSYNCHRONISED, 'chronyc -c sources': '', 'chronyc -c activity': '0,0,0,0,0\n' } },
    ['warning clock.no-source', 'warning clock.not-synchronised'],
  ],
  'no source answers': [
    { tools: { ...UNSYNCHRONISED, ...sources(['^?', '192.0.2.11', '0', NEVER]) } },
    ['warning clock.no-reachable-source', 'warning clock.not-synchronised'],
  ],
  'one source does not answer': [
    { tools: sources(...THREE, ['^?', '192.0.2.14', '0', 90_000]) },
    ['info clock.source-unreachable 192.0.2.14'],
  ],
  'names that are not resolved': [
    { tools: { 'chronyc -c activity': '3,0,0,0,2\n' } },
    ['info clock.unresolved-source'],
  ],
  'sources that are switched off': [
    {
      tools: {
        ...UNSYNCHRONISED,
        ...sources(['^?', '192.0.2.11', '0', NEVER]),
        'chronyc -c activity': '0,1,0,0,0\n',
      },
    },
    ['warning clock.no-reachable-source', 'warning clock.not-synchronised', 'warning clock.sources-offline'],
  ],
  'two sources': [{ tools: sources(...THREE.slice(0, 2)) }, ['info clock.few-sources']],
  'one source, of the cloud': [{ tools: sources(['^*', '169.254.169.123', '377', 20]) }, []],
  'one source, at the machine': [{ tools: sources(['#*', 'PHC0', '377', 2]) }, []],
  'a falseticker': [
    { tools: sources(...THREE, ['^x', '192.0.2.14', '377', 20, 4.2]) },
    ['warning clock.falseticker 192.0.2.14'],
  ],
  'no majority': [
    {
      tools: {
        ...UNSYNCHRONISED,
        ...sources(['^x', '192.0.2.11', '377', 20, 4.2], ['^x', '192.0.2.12', '377', 20]),
      },
    },
    ['critical clock.sources-disagree', 'info clock.few-sources', 'warning clock.not-synchronised'],
  ],
  'a source that varies': [
    { tools: sources(...THREE, ['^~', '192.0.2.14', '377', 20]) },
    ['warning clock.source-jittery 192.0.2.14'],
  ],
  'a source that loses packets': [
    { tools: sources(['^*', '192.0.2.11', '252', 20], ...THREE.slice(1)) },
    ['info clock.source-lossy 192.0.2.11'],
  ],
  'a source that was found lately': [
    { tools: sources(['^*', '192.0.2.11', '7', 20], ...THREE.slice(1)) },
    [],
  ],
  'NTS without cookies': [
    { tools: { 'chronyc -c authdata': '192.0.2.11,NTS,1,15,256,90000,4,1,0,100\n' } },
    ['warning clock.nts-failing 192.0.2.11'],
  ],
  'a wrong key': [
    {
      tools: {
        'chronyc -c ntpdata':
          '192.0.2.11,C000020B,123,192.0.2.100,C0000264,Normal,4,Server,2,6,64,-24,0.000000060,0.000198,0.000122,C0000201,,1795824000.0,0.0,0.0002,0.00000008,0.00003,0.02,111,011,0000,No,No,Kernel,Kernel,20,20,0,0\n',
      },
    },
    ['warning clock.packets-rejected 192.0.2.11'],
  ],
  'a source at the other end of the world': [
    { tools: tracking({ 10: '0.280' }) },
    ['info clock.distant-source'],
  ],
  'a server that drops': [
    { tools: { 'chronyc -c serverstats': '90000,4500,12,0,0,0,0,0,0,0,0\n' } },
    ['info clock.server-drops chronyd'],
  ],
  'a bad oscillator': [{ tools: tracking({ 7: '-180.5' }) }, ['warning clock.frequency']],
  'a clock that cannot be kept': [{ tools: tracking({ 7: '499.9' }) }, ['critical clock.frequency']],
  'a frequency that is not known': [{ tools: tracking({ 9: '450.0' }) }, ['warning clock.skew']],
  'the TSC was given up': [
    {
      files: {
        'sys/devices/system/clocksource/clocksource0/current_clocksource': 'hpet\n',
        'sys/devices/system/clocksource/clocksource0/available_clocksource': 'hpet acpi_pm \n',
      },
    },
    ['warning clock.clocksource'],
  ],
  'a slow clock by choice': [
    { files: { 'sys/devices/system/clocksource/clocksource0/current_clocksource': 'acpi_pm\n' } },
    ['warning clock.clocksource'],
  ],
  'off again and again': [{ tools: tracking({ 5: '0.020', 6: '0.040' }) }, ['warning clock.unsteady']],
  'off once, and right since': [{ tools: tracking({ 5: '0.000020', 6: '0.040' }) }, []],
  'two daemons': [
    { files: { 'sys/fs/cgroup/system.slice/systemd-timesyncd.service/cgroup.procs': '' } },
    ['warning clock.two-daemons'],
  ],
  'chronyd without rtcsync': [
    {
      files: { 'etc/chrony/chrony.conf': 'pool ntp.example\nmakestep 1 3\n' },
      tools: {
        'adjtimex --print':
          'offset: 0\nfrequency: 0\nmaxerror: 16000000\nesterror: 16000000\nstatus: 64\ntolerance: 32768000\n',
      },
    },
    ['info clock.rtcsync'],
  ],
  'chronyd that never steps': [
    { files: { 'etc/chrony/chrony.conf': 'pool ntp.example\nrtcsync\n' } },
    ['info clock.makestep'],
  ],
  'chronyd that always steps': [
    { files: { 'etc/chrony/chrony.conf': 'pool ntp.example\nrtcsync\nmakestep 0.1 -1\n' } },
    ['info clock.steps-always'],
  ],
  'another zone': [
    { links: { 'etc/localtime': '../usr/share/zoneinfo/Europe/Berlin' } },
    ['info clock.time-zone'],
  ],
  'a hardware clock that is off': [
    { files: { 'sys/class/rtc/rtc0/since_epoch': `${Math.floor(Date.now() / 1_000) - 120}\n` } },
    ['warning clock.rtc-offset rtc0'],
  ],
  'a hardware clock of another year': [
    { files: { 'sys/class/rtc/rtc0/since_epoch': '1000000000\n' } },
    ['critical clock.rtc-offset rtc0'],
  ],
  'a hardware clock in local time': [
    {
      files: {
        'sys/class/rtc/rtc0/since_epoch': `${Math.floor(Date.now() / 1_000) + 7_200}\n`,
        'etc/adjtime': '0.0 0 0.0\n0\nLOCAL\n',
      },
    },
    ['warning clock.rtc-local rtc0'],
  ],
};

for (const [name, [parts, expected]] of Object.entries(TROUBLES))
  test(name, async () => {
    assert.deepEqual(await of(server(parts)), [...expected].sort());
  });

test('PTP: a port that is faulty, one that follows nothing, an offset', async () => {
  const slice = 'sys/fs/cgroup/system.slice/ptp4l.service/cgroup.procs';
  const pmc = (state: string, offset: number) => ({
    'pmc -u -b 0 GET PORT_DATA_SET GET CURRENT_DATA_SET GET TIME_STATUS_NP': `portIdentity a-1\nportState ${state}\nmaster_offset ${offset}\ngmPresent true\ngmIdentity b\n`,
  });
  const at = (state: string, offset = 3) => of(server({ files: { [slice]: '' }, tools: pmc(state, offset) }));
  assert.deepEqual(await at('SLAVE'), []);
  assert.deepEqual(await at('MASTER'), []);
  assert.deepEqual(await at('FAULTY'), ['warning clock.ptp-not-locked a-1']);
  assert.deepEqual(await at('LISTENING'), ['warning clock.ptp-not-locked a-1']);
  assert.deepEqual(await at('SLAVE', -4_000_000), ['warning clock.ptp-offset']);
});

test('nothing sets the clock, or something outside does', async () => {
  const kernel = (status: number, maxerror: number) => ({
    files: { 'proc/1/comm': 'init\n', 'etc/timezone': 'UTC\n', 'proc/uptime': '90000.00 1.00\n' },
    tools: {
      'adjtimex --print': `offset: 0\nfrequency: 0\nmaxerror: ${maxerror}\nesterror: 0\nstatus: ${status}\ntolerance: 32768000\n`,
    },
  });
  assert.deepEqual(await of(kernel(64, 16_000_000)), [
    'warning clock.no-daemon',
    'warning clock.not-synchronised',
  ]);
  assert.deepEqual(await of(kernel(0, 20_000)), []);
});

test('a clock of which nothing can be read is skipped, never well', async () => {
  const report = await reportOf(CLOCK_CHECKS, machineOf({ files: { 'proc/version': 'Linux\n' } }));
  const ended = statuses(report);
  assert.equal(ended['clock.offset'], 'skipped');
  assert.equal(ended['clock.not-synchronised'], 'skipped');
  assert.equal(ended['clock.two-daemons'], 'skipped');
  assert.deepEqual(report.findings, []);
});

test('the past: steps, a moving frequency, and times in which it was off', async () => {
  const series = (values: readonly number[]) =>
    values.map((value, at) => [(values.length - at) * 60_000, value] as const);
  const steady = Array.from({ length: 60 }, () => 1_795_000_000);
  assert.deepEqual(await of(server(), pastOf({ 'clock//boot_time_seconds': series(steady) })), []);
  const stepped = steady.map((value, at) => (at > 30 ? value - 3.5 : value));
  const [jump] = (
    await reportOf(CLOCK_CHECKS, server(), pastOf({ 'clock//boot_time_seconds': series(stepped) }))
  ).findings;
  assert.equal(jump?.id, 'clock.jumped');
  assert.equal(jump.parameters.largestStepSeconds, -3.5);
  // A boot in between moves the moment of boot, too, and is no step.
  const now = Date.now() / 1_000;
  const rebooted = steady.map((value, at) => (at > 30 ? now - 1_750 : value));
  assert.deepEqual(await of(server(), pastOf({ 'clock//boot_time_seconds': series(rebooted) })), []);

  const moving = Array.from({ length: 60 }, (_, at) => -11 + at / 2);
  assert.deepEqual(await of(server(), pastOf({ 'clock//frequency_ppm': series(moving) })), [
    'warning clock.drift-trend',
  ]);
  const settling = Array.from({ length: 60 }, (_, at) => (at < 2 ? 400 : -11));
  assert.deepEqual(await of(server(), pastOf({ 'clock//frequency_ppm': series(settling) })), []);

  const off = Array.from({ length: 60 }, (_, at) => (at > 20 && at < 30 ? 0.3 : 0.0001));
  assert.deepEqual(await of(server(), pastOf({ 'clock//offset_seconds': series(off) })), [
    'info clock.past-offset',
  ]);
  assert.deepEqual(
    await of(
      server(),
      pastOf({
        'clock//offset_seconds': [
          [30 * HOUR, 3],
          [60_000, 0],
          [30_000, 0],
        ],
      }),
    ),
    [],
  );
});

test('every threshold has a unit or counts something, and a source; every id is of this area', () => {
  for (const { id, area, about, thresholds } of CLOCK_CHECKS) {
    assert.match(id, /^clock\.[a-z-]+$/);
    assert.equal(area, 'clock');
    assert.ok(about.length > 60);
    for (const { source } of Object.values(thresholds)) assert.ok(source.length > 10);
  }
});

test('the moment of boot is not sampled where the process had to wait between the clock and the uptime', async () => {
  const booted = async (waitMs: number) => {
    let now = 1_795_000_000_000;
    const uptime = () => {
      now += waitMs;
      return '1000.00 1.00\n';
    };
    const machine = new (class extends MemoryMachine {
      override now = () => now;
    })({ files: new Map([['proc/uptime', uptime]]) });
    const samples = await CLOCK_SAMPLER.read(machine, new AbortController().signal);
    return samples.find(({ series }) => series === 'clock//boot_time_seconds')?.value;
  };
  assert.equal(await booted(20), 1_794_999_000);
  assert.equal(await booted(700), undefined);
});
