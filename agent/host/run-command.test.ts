import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand, startCommand } from './run-command.ts';

test('a program runs with an argument list that no shell sees', async () => {
  const result = await runCommand({ program: 'printf', args: ['%s', '$(id); a b'], timeoutMs: 10_000 });
  assert.deepEqual([result.code, result.stdout.toString()], [0, '$(id); a b']);
});

test('status and messages of a program that fails are handed over', async () => {
  const result = await runCommand({ program: 'ls', args: ['/does/not/exist'], timeoutMs: 10_000 });
  assert.notEqual(result.code, 0);
  assert.match(result.stderr, /exist/);
});

test('a program that prints without end is cut off', async () => {
  const result = await runCommand({ program: 'yes', args: [], timeoutMs: 60_000, maxBytes: 100_000 });
  assert.equal(result.stdout.length, 100_000);
  assert.equal(result.truncated, true);
});

test('a program that takes too long, is missing, or is no longer wanted is a failure', async () => {
  await assert.rejects(runCommand({ program: 'sleep', args: ['600'], timeoutMs: 50 }), {
    reason: 'HOST_TOOL_FAILED',
  });
  await assert.rejects(runCommand({ program: 'no-such-program', args: [], timeoutMs: 50 }), {
    reason: 'HOST_TOOL_FAILED',
  });
  await assert.rejects(
    runCommand({ program: 'sleep', args: ['600'], timeoutMs: 60_000, signal: AbortSignal.timeout(20) }),
    { reason: 'CANCELLED' },
  );
});

test('a running program is read as slowly as the reader likes and ended when it has enough', async () => {
  const running = startCommand({ program: 'yes', args: [] });
  for await (const chunk of running.stdout) {
    assert.ok(chunk.length > 0);
    break;
  }
  await running.stop();
  const { error } = await startCommand({ program: 'no-such-program', args: [] }).ended;
  assert.ok(error);
});
