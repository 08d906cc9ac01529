/**
 * `npm run test:kills -- --count 10000`: kills a real agent so often in the middle of upgrades, and prints what came of it.
 * --seed N draws the same upgrades again, --jobs N takes so many nodes at a time, --minutes N ends it before the count is reached, as Ctrl-C does.
 */

import { parseArgs } from 'node:util';
import { runKills } from './kills.ts';
import { type KillReport, reportLine, reportTable } from './tally.ts';

const TELL_MS = 10_000;
/** Kills of a node: its audit log is then some thousand records long. */
const EACH = 250;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    jobs: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1440' },
  },
});
const [count, seed, jobs] = [Number(values.count), Number(values.seed), Number(values.jobs)];
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(Number(values.minutes) * 60_000)]);
const began = performance.now();
let told = began;
let report: KillReport | undefined;
const line = (now: KillReport) =>
  `${((performance.now() - began) / 1_000 / Math.max(1, now.kills)).toFixed(2)} s a kill; ${reportLine(now)}\n`;
process.stdout.write(`seed ${seed}\n`);
try {
  await runKills({
    ...{ count, seed, jobs, each: EACH, signal },
    progress: (now) => {
      report = now;
      if (performance.now() - told < TELL_MS) return;
      told = performance.now();
      process.stdout.write(line(now));
    },
  });
} finally {
  // Also where something did not hold: what was counted until then counts.
  if (report) process.stdout.write(reportTable(report) + line(report));
}
