/** `nodectl clock` as whole runs: tables and pages over captured machines, --skew over made-up nodes. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import { wallUsec } from '../../../proto/wall-clock.ts';
import { FakeFleet, type FakeNode } from '../../testing/fleet.ts';
import { runCli } from '../../testing/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-clock-'));
after(() => rmSync(folder, { recursive: true }));

function capture(node: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, node, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return join(folder, node);
}

const off = capture('off-1', {
  'tools/chronyc -c tracking':
    '0A000001,10.0.0.1,3,1769004123.5,-0.310000000,0.000007000,0.000031000,-21.500,-0.002,0.090,0.012000000,0.003000000,64.5,Normal\n',
  'tools/chronyc -c sources':
    '^,*,10.0.0.1,2,6,377,12,0.000007000,0.000009000,0.011000000\n^,?,2001:db8::1:2,0,6,0,4294967295,0.000000000,0.000000000,0.000000000\n',
  'tools/chronyc -c selectdata':
    '*,10.0.0.1,N,-,-,-,-,-,-,-,-,-,-,12,1.0,-0.011,0.011,Normal\nM,2001:db8::1:2,N,-,-,-,-,-,-,-,-,-,-,4294967295,1.0,0,0,Not synchronised\n',
  'tools/ps aux': 'root 801 0.0 0.0 4992 3288 ? S Jan01 0:00 /usr/sbin/chronyd -F 1\n',
  'tools/adjtimex --print':
    'offset: 0\nfrequency: 1409024\nmaxerror: 14500\nesterror: 310\nstatus: 8193\ntolerance: 32768000\ntick: 10000\n',
  'etc/chrony/chrony.conf': 'pool ntp.example\nrtcsync\n',
  'sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc\n',
  'sys/devices/system/clocksource/clocksource0/available_clocksource': 'tsc hpet \n',
});
const lost = capture('lost-1', {
  'sos_commands/chrony/chronyc_tracking': `Reference ID    : 00000000 ()
Stratum         : 0
Ref time (UTC)  : Thu Jan 01 00:00:00 1970
System time     : 0.000000000 seconds fast of NTP time
Last offset     : +0.000000000 seconds
RMS offset      : 0.000000000 seconds
Frequency       : 1.250 ppm slow
Residual freq   : +0.000 ppm
Skew            : 0.000 ppm
Root delay      : 1.000000000 seconds
Root dispersion : 1.000000000 seconds
Update interval : 0.0 seconds
Leap status     : Not synchronised
`,
  'proc/version': '',
});

test('one node is shown whole, with its sources', async () => {
  const { stdout, status } = await runCli(['clock', '--from', off], {});
  assert.equal(status, 0);
  for (const part of [
    /^off-1 {2}synchronised, /m,
    /running +chronyd$/m,
    /follows +10\.0\.0\.1, so that it is at stratum 3/,
    /offset +310 ms ahead, wrong by at most 319 ms/,
    /drift +-21\.5 ppm if left alone, known to 0\.09 ppm/,
    /leap second +none/,
    /\* {2}10\.0\.0\.1 +best +2 +64 s +8\/8 +12 s +\+7 µs +11 ms/,
    /\? {2}2001:db8::1:2 +missing-samples +0 +64 s +0\/8 +never +- +-/,
    /told +that the clock is set/,
    /correction +\+21\.5 ppm/,
    /clock source +tsc \(could use tsc, hpet\)/,
    /sources +1 pools/,
    /steps +never/,
  ])
    assert.match(stdout, part);
});

test('several nodes are a table; a clock that is not set has no offset', async () => {
  const { stdout } = await runCli(['clock', '--from', off, '--from', lost], {});
  assert.match(stdout, /^NODE +SYNC +OFFSET +PPM +ST +SOURCE +LEAP +BOUND +DAEMON +CLOCKSOURCE$/m);
  assert.match(stdout, /^off-1 +yes +\+310 ms +-21\.5 +3 +10\.0\.0\.1 +none +319 ms +chrony +tsc$/m);
  assert.match(stdout, /^lost-1 +no +- +-1\.25 +- +- +- +- +chrony +-$/m);
  const verbose = await runCli(['clock', '--verbose', '--from', off, '--from', lost], {});
  assert.match(verbose.stdout, /^lost-1 {2}NOT SYNCHRONISED/m);
  const json = await runCli(['clock', '--from', lost, '--from', off, '-o', 'json'], {});
  const [first, second] = JSON.parse(json.stdout).items;
  assert.equal(first.state.offsetSeconds, undefined);
  assert.deepEqual([second.node, second.state.sync], ['off-1', 'CLOCK_SYNC_SYNCHRONISED']);
  assert.equal(second.state.offsetSeconds, 0.31);
  assert.doesNotMatch(json.stdout, /"_/);
});

test('on a terminal of 80 columns the numbers stay whole, and no node’s text is obeyed', async () => {
  const evil = capture('evil-1', {
    'tools/chronyc -c tracking':
      '47505300,\x1b[31mGPS,1,1769004123.5,0.0,0.0,0.0,-21.500,0.0,0.090,0.0,0.0,64.5,Normal\n',
  });
  const table = await runCli(['clock', '--from', off, '--from', evil], { columns: 80 });
  for (const line of table.stdout.split('\n')) assert.ok(line.replace(/\x1b\[\d*m/g, '').length <= 80);
  assert.match(table.stdout, /\+310 ms +-21\.5/);
  for (const args of [
    ['--from', evil],
    ['--from', off, '--from', evil],
  ]) {
    const { stdout } = await runCli(['clock', ...args], { columns: 80 });
    assert.ok(!stdout.includes('\x1b[31m'));
  }
});

/** A node whose clock is ahead by so much. */
const ahead = (seconds: number): FakeNode => ({
  answers: {
    ExchangeTime: () => {
      const usec = wallUsec() + seconds * 1e6;
      return { receiveUsec: usec, transmitUsec: usec };
    },
  },
});

async function skew(nodes: Record<string, FakeNode>, ...args: string[]) {
  const fleet = new FakeFleet(nodes);
  try {
    const result = await runCli(['clock', '--skew', ...args], { env: fleet.env, open: fleet.connect });
    return { ...result, calls: fleet.calls };
  } finally {
    fleet.remove();
  }
}

const REFUSED = new Failure('CONNECTION_REFUSED', 'nobody listens there');

test('--skew tells which node is off, of this machine and of the median, and ends with 10', async () => {
  const nodes = { a: ahead(0), b: ahead(0.31), c: ahead(0.001), d: { unreachable: REFUSED } };
  const { stdout, stderr, status, calls } = await skew(nodes, '--samples', '3');
  assert.match(stdout, /^NODE +OFFSET +± +OF MEDIAN +± +ROUND TRIP +CLOCK$/m);
  assert.match(stdout, /^b +\+3\d\d ms .* warning$/m);
  assert.match(stdout, /^a .* ok$/m);
  assert.match(stdout, /^Off by more than 50 ms: b\.$/m);
  assert.match(stdout, /^Furthest apart: b is 3\d\d ms \(±.*\) ahead of a\.$/m);
  assert.match(stdout, /^The median of the nodes is within .* of this machine’s clock\.$/m);
  assert.match(stderr, /nobody listens there/);
  // One that could not be asked is what the status tells first.
  assert.equal(status, 3);
  assert.equal(calls.filter((call) => call === 'b ExchangeTime').length, 4);
  assert.equal((await skew({ a: ahead(0), b: ahead(0.31), c: ahead(0) })).status, 10);
  assert.equal((await skew({ a: ahead(0), b: ahead(-3), c: ahead(0) })).status, 11);
  assert.equal((await skew({ a: ahead(0), b: ahead(0.31), c: ahead(0) }, '--threshold', '500ms')).status, 0);
  assert.equal((await skew({ a: ahead(0), b: ahead(0.01) })).status, 0);
});

test('--skew: where all nodes agree and this machine does not, this machine is told to be off', async () => {
  const { stdout, status } = await skew({ a: ahead(5), b: ahead(5), c: ahead(5) });
  assert.match(stdout, /This machine’s own clock is 5 s \(±.*\) behind the median of the nodes/);
  assert.equal(status, 0);
});

test('--skew for programs', async () => {
  const { stdout } = await skew({ a: ahead(0), b: ahead(0.31), c: ahead(0) }, '-o', 'json');
  const { items, median, furthest } = JSON.parse(stdout);
  const [, b] = items;
  assert.equal(b.judgement, 'warning');
  assert.ok(Math.abs(b.offsetSeconds - 0.31) <= b.errorSeconds + 0.001);
  assert.ok(Math.abs(b.fromMedianSeconds - 0.31) < 0.1);
  assert.equal(b.samples, 8);
  assert.ok(Math.abs(median.offsetSeconds) < 0.1);
  assert.equal(furthest.ahead, 'b');
});

test('--skew: what cannot be asked is refused', async () => {
  assert.equal((await skew({ a: ahead(0) }, '--samples', '0')).status, 2);
  assert.equal((await skew({ a: ahead(0) }, '--samples', '1001')).status, 2);
  assert.equal((await skew({ a: ahead(0) }, '--from', off)).status, 2);
  const old = await skew({ a: { answers: {} } });
  assert.match(old.stderr, /does not know/);
  assert.notEqual(old.status, 0);
});
