/** What the history costs: the processor time of a tick, the room of a week, and how long a check waits for the past. */

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followKernelLog } from '../../agent/diagnostics/signatures/log-worker.ts';
import { History } from '../../agent/history/history.ts';
import { Ring } from '../../agent/history/ring.ts';
import { RingView } from '../../agent/history/ring-view.ts';
import { SAMPLERS } from '../../agent/history/samplers.ts';
import { bigServer } from '../../agent/history/testing/load.ts';
import { LiveMachine } from '../../agent/host/live-machine.ts';
import type { Bench } from './bench.ts';
import { processorMs } from './rig/process.ts';
import { atMost, type Findings, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';

const MINUTE = 60_000;
const WEEK_TICKS = 7 * 1_440;
const SERIES = 500;
/** 0.1 % of a core, at a tick a minute. */
const TICK_LIMIT_MS = 60;
const WEEK_LIMIT_BYTES = 20 << 20;
const LIMITS = { maxBytes: WEEK_LIMIT_BYTES, keepMs: 7 * 1_440 * MINUTE };
const BOOT = 'ab'.repeat(16);

/** The benchmark. */
export const history: Bench = {
  name: 'history',
  title: `sampling all that is sampled of this machine, and a week of ${SERIES} series`,
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-bench-history-'));
  try {
    const here = await tickCost(join(folder, 'here'), rig.amount(100, 20));
    const ticks = rig.amount(WEEK_TICKS, 500);
    const week = await weekCost(join(folder, 'week'), ticks);
    const bytes = (week.bytes / ticks) * WEEK_TICKS;
    return {
      figures: [
        atMost('processor time of a tick on this machine', here.ms, TICK_LIMIT_MS, show.ms),
        plain('… series', String(here.series)),
        plain('… of it in programs that are run', show.ms(here.childMs)),
        plain('processor time to look through the kernel’s log, once in ten minutes', await logCost()),
        atMost(`processor time to write ${SERIES} series`, week.ms, TICK_LIMIT_MS, show.ms),
        atMost(`a week of ${SERIES} series, a sample a minute`, bytes, WEEK_LIMIT_BYTES, show.megabytes),
        plain('growth of all series over 10 minutes, first asked for', show.ms(week.recentMs)),
        plain('the newest rise of all series, first asked for', show.ms(week.wholeMs)),
      ],
      notes: ['Processor time is that of all threads of the process, and of the programs that it ran.'],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Processor time of this process, and of its children that have ended, in ms. */
function spent(): { own: number; children: number } {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1_000, children: processorMs(process.pid).children };
}

async function tickCost(folder: string, ticks: number) {
  const machine = new LiveMachine();
  const one = new History({
    ...{ folder, machine, everyMs: MINUTE, limits: LIMITS, samplers: async () => SAMPLERS },
  });
  for (let at = 0; at < 5; at++) await one.tick();
  const before = spent();
  for (let at = 0; at < ticks; at++) await one.tick();
  const after = spent();
  await one.stop();
  const childMs = (after.children - before.children) / ticks;
  return {
    ms: (after.own - before.own) / ticks + childMs,
    childMs,
    series: one.view.series('').length,
  };
}

/** What it takes to look through all of the kernel's log, or why it cannot be. */
async function logCost(): Promise<string> {
  try {
    const source = followKernelLog(new LiveMachine());
    const before = spent();
    await source.next();
    const after = spent();
    source.close();
    return show.ms(after.own - before.own + after.children - before.children);
  } catch (error) {
    return (error as Error).message;
  }
}

async function weekCost(folder: string, ticks: number) {
  const ring = await Ring.open(folder, LIMITS, BOOT);
  const next = bigServer(SERIES);
  const wall = Date.UTC(2026, 0, 1);
  const before = spent();
  for (let n = 1; n <= ticks; n++)
    await ring.append({ boot: BOOT, sinceBoot: n * MINUTE, wall: wall + n * MINUTE }, next());
  const ms = (spent().own - before.own) / ticks;
  await ring.close();
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const now = { wall: wall + ticks * MINUTE, boot: { id: BOOT, sinceBoot: ticks * MINUTE } };
  const view = new RingView({ folder, now: () => now });
  const names = view.series('');
  view.forget();
  const began = performance.now();
  for (const name of names) view.growth(name, 10 * MINUTE);
  const recentMs = performance.now() - began;
  view.forget();
  const again = performance.now();
  for (const name of names) view.lastGrowth(name);
  return { ms, bytes, recentMs, wholeMs: performance.now() - again };
}
