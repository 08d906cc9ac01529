import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

test('a child that holds the output open holds nobody up', async () => {
  const began = performance.now();
  const { code, stdout } = await runCommand({
    program: 'sh',
    args: ['-c', 'sleep 7199 & echo $!; exit 3'],
    timeoutMs: 60_000,
  });
  assert.equal(code, 3);
  assert.ok(performance.now() - began < 30_000);
  await gone(Number(stdout.toString()));
});

test('what a program printed before its end is all read, however much it is', async () => {
  const { stdout } = await runCommand({
    program: 'sh',
    args: ['-c', 'head -c 3000000 /dev/zero; sleep 7198 & exit 0'],
    timeoutMs: 60_000,
  });
  assert.equal(stdout.length, 3_000_000);
});

test('a program that ended in time is not given up because this process was too busy to see it', async () => {
  const running = runCommand({ program: 'echo', args: ['out'], timeoutMs: 1 });
  blockUntilEnded();
  assert.deepEqual((await running).stdout.toString(), 'out\n');
});

test('the children of a program that is ended end too, and its end is told', async () => {
  let partial = '';
  const ended = Promise.withResolvers<void>();
  await assert.rejects(
    runCommand({
      program: 'sh',
      args: ['-c', 'trap "" TERM; echo $$; sleep 7197; sleep 7197'],
      timeoutMs: 300,
      onTimeout: (bytes) => {
        partial = bytes.toString();
      },
      onGone: ended.resolve,
    }),
    { reason: 'HOST_TOOL_FAILED' },
  );
  await ended.promise;
  await gone(-Number(partial));
});

/** Waits until there is no process, or no group where the number is negative. */
async function gone(pid: number): Promise<void> {
  assert.ok(Math.abs(pid) > 1);
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Keeps this thread from doing anything until its one child has ended and is waited for (state Z, proc_pid_stat(5)). */
function blockUntilEnded(): void {
  const ended = () => {
    const [child] = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
    return / Z /.test(readFileSync(`/proc/${child}/stat`, 'utf8'));
  };
  while (!ended()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
}
