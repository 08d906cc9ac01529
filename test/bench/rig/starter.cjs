/**
 * Starts the measured programs on behalf of the bench, and times them. To start a process takes the longer the more memory
 * the one who starts it has (0.1 ms a MB): the bench, with a lab and all that in it, would add 10 ms to every figure. So
 * this program stays small. It takes one command at a time as a message, and answers with what it saw.
 */

const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

const STDERR_KEPT = 4_000;

process.on('message', ({ program, args, env, limitMs, watch, count }) => {
  const answer = { ms: 0, bytes: 0, lines: 0, peakBytes: 0, end: '', stderr: '' };
  const began = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    // A group of its own: what it starts ends with it, and would else keep its output open for ever.
    detached: true,
  });
  const limit = setTimeout(() => endGroup(child.pid), limitMs);
  child.stdout.on('data', (chunk) => {
    answer.bytes += chunk.length;
    if (count) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) answer.lines++;
  });
  child.stderr.on('data', (chunk) => {
    answer.stderr = (answer.stderr + chunk.toString()).slice(-STDERR_KEPT);
  });
  const timer = watch
    ? setInterval(() => {
        answer.peakBytes = Math.max(answer.peakBytes, highWater(child.pid));
      }, 10)
    : undefined;
  const finish = (end) => {
    clearTimeout(limit);
    clearInterval(timer);
    process.send({ ...answer, ms: performance.now() - began, end });
  };
  child.once('error', (error) => finish(error.message));
  child.once('close', (code, signal) => finish(String(code ?? signal)));
});

/** Ends a program and all that it has started. */
function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself just now.
  }
}

/** The most resident memory of a running process in bytes, 0 once it has ended. */
function highWater(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
