import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { onPath } from '../bench/rig/process.ts';
import { QEMU } from '../support/qemu.ts';
import { control, endOf } from './control.ts';

const skip = onPath(QEMU) ? false : `${QEMU} is missing (package qemu-system-x86)`;

/** A machine of nothing that ends where it would start anew, its control socket, and why it ended. */
async function startMachine(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-qmp-'));
  const [commands, events] = [join(folder, 'qmp'), join(folder, 'events')];
  const sockets = [commands, events].flatMap((path) => ['-qmp', `unix:${path},server=on,wait=off`]);
  const bare = ['-nodefaults', '-no-user-config', '-display', 'none', '-machine', 'none', '-monitor', 'none'];
  const qemu = spawn(QEMU, [...bare, '-action', 'reboot=shutdown', ...sockets], { stdio: 'ignore' });
  const why = endOf(qemu, events);
  t.after(async () => {
    qemu.kill('SIGKILL');
    await why;
    rmSync(folder, { recursive: true });
  });
  while (!existsSync(commands)) await sleep(20);
  // Who listens has been answered when both sockets have somebody at them.
  const heard = async () => {
    const devices = (await control(commands, 'query-chardev')) as { filename: string }[];
    return devices.every(({ filename }) => !filename.startsWith('disconnected:'));
  };
  while (!(await heard())) await sleep(20);
  return { qemu, commands, why };
}

test('a machine that was reset, and one that was ended, say so', { skip }, async (t) => {
  const reset = await startMachine(t);
  await control(reset.commands, 'system_reset');
  assert.equal(await reset.why, 'host-qmp-system-reset');
  const ended = await startMachine(t);
  await control(ended.commands, 'quit');
  assert.equal(await ended.why, 'host-qmp-quit');
});

test('one that was killed, and one that never was, say nothing', { skip }, async (t) => {
  const killed = await startMachine(t);
  killed.qemu.kill('SIGKILL');
  assert.equal(await killed.why, undefined);
  const none = spawn('/nowhere/qemu', { stdio: 'ignore' }).on('error', () => undefined);
  assert.equal(await endOf(none, '/nowhere/qmp'), undefined);
});

test('a command that QEMU refuses is an error that names it', { skip }, async (t) => {
  const { commands } = await startMachine(t);
  await assert.rejects(control(commands, 'no-such-command'), /QEMU refused no-such-command: /);
});
