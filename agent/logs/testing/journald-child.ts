/**
 * Runs inside a mount namespace of its own (see journal/journald.test.ts): starts a real systemd-journald,
 * writes numbered lines while it rotates its files, and reads them with many breaks. Prints what it saw as JSON.
 */

import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseCursor } from '../cursor.ts';
import { JournalSource } from '../journal/source.ts';
import { compilePattern } from '../pattern.ts';
import { startJournald } from './journald.ts';
import { collect, dice } from './read.ts';

const LINES = 3000;

const { process: journald, lines } = await startJournald(process.argv[2] ?? '');
const roll = dice(3);
let written = 0;
const writing = (async () => {
  while (written < LINES) {
    let text = '';
    for (let i = 1 + roll(60); i > 0 && written < LINES; i--) text += `line ${written++} of many\n`;
    lines.write(text);
    await delay(roll(30));
    if (roll(12) === 0) journald.kill('SIGUSR2');
  }
  lines.end();
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
