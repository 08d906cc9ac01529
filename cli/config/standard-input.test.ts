/** A document that is to come from standard input, and does not. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FakeFleet } from '../testing/fleet.ts';

const fleet = new FakeFleet({ 'web-1': {} });
after(() => fleet.remove());

test('one Ctrl-C ends the wait for a document', { timeout: 30_000 }, async (t) => {
  const program = fileURLToPath(new URL('../nodectl.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'config', 'diff', '-f', '-', '-n', 'web-1'], {
    env: { PATH: process.env.PATH, ...fleet.env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  const ended = once(child, 'close');
  // More than a pipe holds: when it is gone, the command reads, and has long listened for signals.
  child.stdin.write('# a remark\n'.repeat(16_000));
  while (child.stdin.writableLength > 0) await sleep(20);
  child.kill('SIGINT');
  const [status] = (await Promise.race([ended, sleep(10_000, ['still waits'])])) as [number | string | null];
  assert.equal(status, 130, said);
});
