/** How fast troubles are recognised in a kernel's log, in one thread. */

import { catalogue, SIGNATURES } from '../../agent/diagnostics/signatures/catalogue.ts';
import { compileForScan, LineScanner, planForScan } from '../../agent/diagnostics/signatures/line-scanner.ts';
import { benignLogs, samples } from '../../agent/diagnostics/signatures/testing/samples.ts';
import { packPlan, unpackPlan } from '../../agent/diagnostics/signatures/wording-plan.ts';
import type { Bench } from './bench.ts';
import { median } from './rig/measure.ts';
import { atLeast, type Findings, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';

const LINES = 500_000;
const ROUNDS = 7;
const GOAL = 500_000;
/** One line in so many is a trouble. */
const TROUBLE_EVERY = 100;
const PIECE = 1 << 18;

/** The benchmark. */
export const signatures: Bench = {
  name: 'signatures',
  title: `recognising ${SIGNATURES.length} signatures in a kernel’s log, one thread`,
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const count = rig.amount(LINES, 50_000);
  const healthy = logOf(count, Number.POSITIVE_INFINITY);
  const mixed = logOf(count, TROUBLE_EVERY);
  const unlike = logOf(count, Number.POSITIVE_INFINITY, (at) => ` ${word(at)}`);
  const began = process.cpuUsage();
  const plan = planForScan(SIGNATURES);
  const planned = spentMs(began);
  const packed = packPlan(plan);
  const unpacking = process.cpuUsage();
  compileForScan(SIGNATURES, unpackPlan(packed));
  const compiled = spentMs(unpacking);
  // Once before it is measured: the engine compiles what it sees often.
  scan(mixed);
  const speeds = { healthy: [] as number[], mixed: [] as number[], unlike: [] as number[] };
  let hits = 0;
  for (let round = 0; round < rig.amount(ROUNDS, 2); round++) {
    speeds.healthy.push(speedOf(healthy, count).speed);
    speeds.unlike.push(speedOf(unlike, count).speed);
    const one = speedOf(mixed, count);
    speeds.mixed.push(one.speed);
    hits = one.hits;
  }
  const templates = SIGNATURES.reduce((sum, { lines }) => sum + lines.length, 0);
  return {
    figures: [
      atLeast('lines of a healthy log', median(speeds.healthy), GOAL, show.aSecond),
      atLeast(
        'lines of a log of which one in a hundred is a trouble',
        median(speeds.mixed),
        GOAL,
        show.aSecond,
      ),
      plain('lines of which no two differ in numbers only', show.aSecond(median(speeds.unlike))),
      plain('… bytes', show.megabytesASecond((median(speeds.mixed) * mixed.length) / count)),
      plain('… lines that were recognised', `${hits} of ${count}`),
      plain('wordings', String(templates)),
      plain('working out how they are found, once a build', show.ms(planned)),
      plain('making the table of that, once a process', show.ms(compiled)),
    ],
    notes: [
      `Processor time. The log is ${benignLogs().flatMap(({ lines }) => lines).length} lines of servers, guests and boards in the formats of dmesg, syslog and journalctl, again and again, as in a large log the same messages come with other numbers.`,
    ],
  };
}

/** A word of letters, another one for each number. */
function word(at: number): string {
  return at.toString(36).replace(/\d/g, (digit) => 'GHIJKLMNOP'[Number(digit)] as string);
}

/** A log of so many lines. @param behind what stands behind a line of healthy machines */
function logOf(count: number, troubleEvery: number, behind = (_: number): string => ''): Buffer {
  const healthy = benignLogs().flatMap(({ lines }) => lines);
  const troubles = samples().samples.map(({ text }) => text);
  const lines: string[] = [];
  for (let at = 0; at < count; at++)
    lines.push(
      at % troubleEvery === troubleEvery - 1
        ? `[${at}.000000] ${troubles[(at * 7) % troubles.length]}`
        : `${healthy[(at * 31) % healthy.length]}${behind(at)}`,
    );
  return Buffer.from(`${lines.join('\n')}\n`);
}

function scan(log: Buffer): number {
  let hits = 0;
  const scanner = new LineScanner(catalogue(), { referenceMs: Date.now(), hit: () => hits++ });
  for (let at = 0; at < log.length; at += PIECE) scanner.push(log.subarray(at, at + PIECE));
  scanner.end();
  return hits;
}

/** Lines a second of processor time. */
function speedOf(log: Buffer, lines: number): { speed: number; hits: number } {
  const began = process.cpuUsage();
  const hits = scan(log);
  return { speed: (lines * 1_000) / spentMs(began), hits };
}

function spentMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}
