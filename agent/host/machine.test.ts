/** Machines: this one and captured ones answer alike, and what cannot be read is told apart. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from './captured-machine.ts';
import { LiveMachine } from './live-machine.ts';
import { line, number } from './machine.ts';
import { Unavailable, type UnavailableKind } from './unavailable.ts';

const root = mkdtempSync(join(tmpdir(), 'nodectl-machine-'));
after(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, 'sys/class'), { recursive: true });
writeFileSync(join(root, 'sys/class/speed'), '10000\n');
writeFileSync(join(root, 'sys/class/mode'), 'a b\nc\n');
symlinkSync('../class/speed', join(root, 'sys/class/near'));
symlinkSync('/etc/passwd', join(root, 'sys/class/far'));
mkdirSync(join(root, 'etc'));
execFileSync('mkfifo', [join(root, 'etc/pipe')]);
symlinkSync('/dev/zero', join(root, 'etc/device'));

const is = (kind: UnavailableKind) => (error: unknown) => error instanceof Unavailable && error.kind === kind;

for (const [name, machine] of [
  ['live', new LiveMachine(root)],
  ['captured', new CapturedMachine(root)],
] as const) {
  test(`${name}: a pipe or a device in the place of a file holds nobody up`, () => {
    assert.throws(() => machine.text('etc/pipe'), is('nonsense'));
    if (machine.live) assert.throws(() => machine.text('etc/device'), is('nonsense'));
    else assert.equal(machine.text('etc/device'), undefined);
  });

  test(`${name}: files, folders and links`, () => {
    assert.equal(number(machine, 'sys/class/speed'), 10_000);
    assert.equal(line(machine, 'sys/class/mode'), 'a b');
    assert.equal(machine.text('sys/class/none'), undefined);
    assert.equal(machine.text('sys/class'), undefined);
    assert.deepEqual(machine.list('sys/class'), ['far', 'mode', 'near', 'speed']);
    assert.deepEqual(machine.list('sys/none'), []);
    assert.equal(machine.link('sys/class/near'), '../class/speed');
    assert.equal(machine.link('sys/class/speed'), undefined);
    assert.ok(machine.has('sys/class/far') && !machine.has('sys/class/none'));
    assert.ok(!machine.has('sys/class/speed/below'));
    assert.equal(machine.text('sys/class/speed/below'), undefined);
  });

  test(`${name}: slow files`, async () => {
    const found = await machine.slowFiles(['sys/class/speed', 'sys/class/none', 'sys/class/mode']);
    assert.deepEqual(
      [...found],
      [
        ['sys/class/speed', '10000'],
        ['sys/class/mode', 'a b\nc'],
      ],
    );
  });
}

test('a file that hangs is given up, and named', async () => {
  execFileSync('mkfifo', [join(root, 'sys/hangs')]);
  const machine = new LiveMachine(root);
  const reading = machine.slowFiles(['sys/class/speed', 'sys/hangs', 'sys/class/mode'], { timeoutMs: 300 });
  await assert.rejects(reading, (error) => is('timeout')(error) && /sys\/hangs/.test(String(error)));
});

test('programs: output, status, and each way to be unavailable', async () => {
  const machine = new LiveMachine();
  assert.deepEqual(await machine.run('sh', ['-c', 'echo out; echo err >&2; exit 3']), {
    code: 3,
    stdout: 'out\n',
    stderr: 'err',
  });
  await assert.rejects(machine.run('no-such-program', []), is('missing-tool'));
  await assert.rejects(machine.run('sleep', ['60'], { timeoutMs: 100 }), is('timeout'));
  await assert.rejects(machine.run('yes', [], { maxBytes: 1_000 }), is('nonsense'));
  await assert.rejects(machine.run('/etc/passwd', []), is('denied'));
});

test('captured outputs are found by the words of the command line, in every usual spelling', async () => {
  mkdirSync(join(root, 'sos_commands/networking'), { recursive: true });
  mkdirSync(join(root, 'tools'));
  writeFileSync(join(root, 'sos_commands/networking/ethtool_-i_eth0'), 'sos');
  writeFileSync(join(root, 'tools/ethtool -S eth0'), 'ours');
  writeFileSync(join(root, 'chronyc-c-tracking.txt'), 'by hand');
  const machine = new CapturedMachine(root);
  const run = async (program: string, ...args: string[]) => (await machine.run(program, args)).stdout;
  assert.equal(await run('ethtool', '-i', 'eth0'), 'sos');
  assert.equal(await run('/usr/sbin/ethtool', '-S', 'eth0'), 'ours');
  assert.equal(await run('chronyc', '-c', 'tracking'), 'by hand');
  await assert.rejects(machine.run('ethtool', ['-i', 'eth1']), is('not-captured'));
});

test('a captured machine does not lead out of its folder', () => {
  const machine = new CapturedMachine(root);
  assert.equal(machine.text('sys/class/near'), '10000\n');
  assert.equal(machine.text('sys/class/far'), undefined);
  assert.equal(machine.text('../../../etc/passwd'), undefined);
});

test('the clock of this machine is finer than a millisecond, and the same as Date.now()', () => {
  const machine = new LiveMachine();
  const times = Array.from({ length: 200 }, () => {
    const before = Date.now();
    const usec = machine.nowUsec();
    // Date.now() is cut off to the millisecond.
    assert.ok(usec >= before * 1_000 - 1 && usec < (Date.now() + 1) * 1_000);
    return usec;
  });
  assert.ok(times.some((usec) => usec % 1_000 !== 0));
  assert.equal(new CapturedMachine(root, 5).nowUsec(), 5_000);
});
