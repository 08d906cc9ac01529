/** The kernel's log of machines: the ring buffer, and files of captured folders under the names that tools and people give them. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { simulatedMachine } from '../sim/server.ts';
import { CapturedMachine } from './captured-machine.ts';
import type { KernelLog } from './kernel-log.ts';
import { LiveMachine } from './live-machine.ts';
import { RecordingMachine } from './recording-machine.ts';
import { rankOfLog } from './saved-kernel-logs.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nodectl-kernel-log-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function read(log: KernelLog | undefined): string {
  const pieces: Buffer[] = [];
  for (let piece = log?.read(); piece && piece.length > 0; piece = log?.read()) pieces.push(piece);
  log?.close();
  return Buffer.concat(pieces).toString();
}

test('names of saved logs, best first', () => {
  const names: readonly (readonly [string, number | undefined])[] = [
    ['dmesg', 0],
    ['dmesg.txt', 0],
    ['dmesg_-T', 0],
    ['dmesg --time-format iso --decode', 0],
    ['journalctl_-k', 1],
    ['journalctl -k -b 0 -n 20000 -o short-iso-precise --no-pager', 1],
    ['journalctl_--no-pager_--dmesg_--boot', 1],
    ['kern.log', 2],
    ['journalctl_--no-pager_--boot', 3],
    ['messages', 4],
    ['journalctl -k -b -1 -n 3000', undefined],
    ['journalctl_--no-pager_--boot_-1', undefined],
    ['journalctl_--list-boots', undefined],
    ['journalctl -u nodectl-agent -b 0', undefined],
    ['dmesg.gz', undefined],
    ['dmesgrc', undefined],
    ['ethtool_-i_eth0', undefined],
  ];
  assert.deepEqual(
    names.map(([name]) => [name, rankOfLog(name)]),
    names,
  );
});

test('a captured machine gives all that is saved of its log', () => {
  assert.throws(() => new CapturedMachine(root).kernelLogs(), { kind: 'not-captured' });
  write('var/log/messages', 'Jan  2 15:04:05 a kernel: c\n');
  write('sos_commands/kernel/dmesg', '[ 1.0] a\n');
  write('sos_commands/logs/journalctl_--no-pager_--boot', 'Jan  2 15:04:05 a kernel: b\n');
  write('sos_commands/kernel/dmesg_-T', '');
  symlinkSync('/etc/passwd', join(root, 'var/log/syslog'));
  const logs = new CapturedMachine(root).kernelLogs();
  assert.deepEqual(
    logs.map(({ name }) => name),
    ['sos_commands/kernel/dmesg', 'sos_commands/logs/journalctl_--no-pager_--boot', 'var/log/messages'],
  );
  assert.deepEqual(logs.map(read), [
    '[ 1.0] a\n',
    'Jan  2 15:04:05 a kernel: b\n',
    'Jan  2 15:04:05 a kernel: c\n',
  ]);
});

test('of a very long file the end is read, and that is told', () => {
  write('dmesg', 'x'.repeat((64 << 20) + 10));
  const [log] = new CapturedMachine(root).kernelLogs();
  assert.equal(log?.lost, true);
  assert.equal(read(log).length, 64 << 20);
});

test('a simulated machine’s log is read once to its end', () => {
  const [log] = simulatedMachine({ name: 'a', rack: 'a', index: 0, faults: [] }).kernelLogs();
  assert.match(read(log), /^5,0,0,-;Linux version/);
  assert.equal(log?.read().length, 0);
});

test('a recording has the log, where logs are wanted', () => {
  const rules = { secret: () => false, clean: (text: string) => text, maxBytes: 1 << 20 };
  write('dev/kmsg', '6,0,0,-;a\n');
  for (const logs of [true, false]) {
    const machine = new RecordingMachine(new LiveMachine(root), { ...rules, logs });
    assert.equal(read(machine.kernelLogs()[0]), '6,0,0,-;a\n');
    assert.equal(
      machine.files().find(({ path }) => path === 'dev/kmsg')?.text,
      logs ? '6,0,0,-;a\n' : undefined,
    );
    assert.equal(machine.leftOut.length, logs ? 0 : 1);
  }
  rmSync(join(root, 'dev/kmsg'));
  const none = new RecordingMachine(new LiveMachine(root), { ...rules, logs: true });
  assert.throws(() => none.kernelLogs(), { kind: 'absent' });
  assert.equal(none.recording().errors['dev/kmsg']?.kind, 'absent');
});
