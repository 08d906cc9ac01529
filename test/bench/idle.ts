/** What an agent costs a node on which nothing happens. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { cleanEnvironment } from './rig/environment.ts';
import { median } from './rig/measure.ts';
import { type Footprint, footprint, freePort, voluntarySwitches, waitForPort } from './rig/process.ts';
import { atMost, type Findings, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';

/** An agent settles in this time: V8 collects what only its start needed, and collects once or twice more. */
const SETTLE_MS = 60_000;
/** It is watched over a tick of the history, in windows of which the tick is in one or two. */
const WINDOWS = 14;
const WINDOW_MS = 5_000;

/** The benchmark. */
export const idle: Bench = {
  name: 'idle',
  title: 'a packaged agent that nobody calls',
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  // As an installed agent has one: reading it must leave nothing behind.
  const config = join(rig.folder, 'idle.yaml');
  writeFileSync(config, 'labels: { role: web }\n');
  const { pid, stop } = await rig.startAgent('idle-1', ['--config', config]);
  await sleep(rig.amount(SETTLE_MS, 5_000));
  const switches: number[] = [];
  for (let at = 0; at < rig.amount(WINDOWS, 2); at++) {
    const before = voluntarySwitches(pid);
    await sleep(WINDOW_MS);
    switches.push(voluntarySwitches(pid) - before);
  }
  const { residentBytes, anonymousBytes } = footprint(pid);
  await stop();
  const floor = await floorFootprint(rig);
  return {
    figures: [
      atMost('resident memory', residentBytes, 60e6, show.megabytes),
      atMost('anonymous memory', anonymousBytes, 18e6, show.megabytes),
      plain(
        'floor: Node alone, listening for HTTP/2 over TLS, resident',
        show.megabytes(floor.residentBytes),
      ),
      plain('… anonymous', show.megabytes(floor.anonymousBytes)),
      atMost(
        'wake-ups of all threads, between ticks',
        median(switches) / (WINDOW_MS / 1_000),
        0.1,
        show.aSecond,
      ),
      plain('wake-ups of a tick of the history', String(Math.max(...switches))),
    ],
    notes: [
      'The agent has given pages of the node binary back that only its start needed; they stay in the page cache (packaging/README.md).',
    ],
  };
}

/** Settings as the agent's launcher has them, as far as they change memory. */
const LAUNCHER = { MALLOC_ARENA_MAX: '2', SSL_CERT_FILE: '/dev/null', SSL_CERT_DIR: '/dev/null' };

/** What the same Node holds at rest without our code. */
async function floorFootprint(rig: Rig): Promise<Footprint> {
  const port = await freePort();
  const { root, chain, key } = rig.credential;
  const script = join(import.meta.dirname, 'rig', 'idle-floor.cjs');
  const child = spawn(
    join(rig.dist, 'lib', 'node'),
    ['--use-openssl-ca', script, String(port), root, chain, key],
    { stdio: 'ignore', env: { ...cleanEnvironment(), ...LAUNCHER } },
  );
  const end = once(child, 'exit');
  try {
    await waitForPort('127.0.0.1', port, () => (child.exitCode === null ? undefined : 'the floor ended'));
    await sleep(rig.amount(SETTLE_MS, 5_000));
    return footprint(child.pid ?? 0);
  } finally {
    child.kill('SIGTERM');
    await end;
  }
}
