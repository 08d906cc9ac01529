/**
 * Runs inside a mount namespace of its own (see journal/journald.test.ts): starts a real systemd-journald on empty /run and
 * /var/log, writes numbered lines while it rotates its files, and reads them with many breaks. Prints what it saw as JSON.
 */

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseCursor } from '../cursor.ts';
import { JournalSource } from '../journal/source.ts';
import { compilePattern } from '../pattern.ts';
import { collect, dice } from './read.ts';

const LINES = 3000;

// Nothing here may ever touch the machine's own folders: the one who started this says which namespace it must not be.
const outside = process.argv[2] ?? '';
if (!outside.startsWith('mnt:') || readlinkSync('/proc/self/ns/mnt') === outside) {
  throw new Error('this must run in a mount namespace of its own');
}
const mount = (...args: string[]) => execFileSync('mount', args);
mount('-t', 'tmpfs', 'run', '/run');
mkdirSync('/run/systemd/journal', { recursive: true });
mkdirSync('/run/log', { recursive: true });
mount('-t', 'tmpfs', 'log', '/var/log');
writeFileSync('/run/machine-id', `${process.pid.toString(16).padStart(32, 'a')}\n`);
mount('--bind', '/run/machine-id', '/etc/machine-id');

const journald = spawn('/lib/systemd/systemd-journald', [], { stdio: 'ignore' });
process.on('exit', () => journald.kill('SIGKILL'));
// The test's time limit ends this process by a signal, which must not leave the daemon behind.
process.once('SIGTERM', () => {
  journald.kill('SIGKILL');
  process.kill(process.pid, 'SIGKILL');
});
while (!existsSync('/run/systemd/journal/stdout')) await delay(20);

const cat = spawn('systemd-cat', ['-t', 'counter', '-p', 'warning', 'cat'], {
  stdio: ['pipe', 'ignore', 'inherit'],
});
const roll = dice(3);
let written = 0;
const writing = (async () => {
  while (written < LINES) {
    let text = '';
    for (let i = 1 + roll(60); i > 0 && written < LINES; i--) text += `line ${written++} of many\n`;
    cat.stdin.write(text);
    await delay(roll(30));
    // Two signals that make it rotate its files and write out what it holds.
    if (roll(12) === 0) journald.kill('SIGUSR2');
  }
  cat.stdin.end();
})();

const source = new JournalSource({});
const seen: number[] = [];
let cursor = '';
let breaks = 0;
const gaps: unknown[] = [];
// What did not come by then does not come: the report shows what is missing.
const deadline = Date.now() + 60_000;
while (seen.length < LINES && Date.now() < deadline) {
  const limit = breaks < 50 ? 1 + roll(100) : Number.POSITIVE_INFINITY;
  const options = {
    follow: true,
    matcher: compilePattern('^line \\d+ of', false),
    cursor: cursor === '' ? undefined : parseCursor(cursor, 'JOURNAL'),
  };
  const read = await collect(source, options, (sofar) => {
    const enough = sofar.records.length >= limit || seen.length + sofar.records.length >= LINES;
    return enough || Date.now() > deadline;
  });
  gaps.push(...read.gaps);
  const arrived = read.records.slice(0, limit);
  for (const record of arrived) seen.push(Number(record.text.split(' ')[1]));
  cursor = arrived.at(-1)?.cursor ?? cursor;
  breaks++;
}
await writing;
const info = await source.inspect();
const kernel = await collect(source, { fields: ['_TRANSPORT'], tail: 5 });
const last = await collect(source, { priorityMask: 1 << 4, tail: 1, fields: ['_TRANSPORT'] });
const files = execFileSync('find', ['/run/log/journal', '-name', '*.journal'])
  .toString()
  .trim()
  .split('\n').length;
journald.kill('SIGTERM');
const wrong = seen.findIndex((number, i) => number !== i);
const origin = last.records[0]?.origin;
const complete = await collect(source, { matcher: compilePattern('^line \\d+ of', false) });
const report = {
  inJournal: complete.texts.length,
  count: seen.length,
  wrong,
  around: seen.slice(Math.max(0, wrong - 2), wrong + 3),
  breaks,
  gaps,
  files,
  unavailable: info.unavailable,
  tail: kernel.texts.length,
  identifier: origin?.identifier,
  transport: last.records[0]?.fields._TRANSPORT?.toString(),
  priority: last.records[0]?.priority,
};
process.stdout.write(JSON.stringify(report));
