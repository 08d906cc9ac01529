/** `nodectl diag`: on one node from a cold start, beside the slowest program that the node has to wait for, and over a fleet. */

import { join } from 'node:path';
import { DiagnosticsDomain } from '../../agent/diagnostics/domain.ts';
import { LiveMachine } from '../../agent/host/live-machine.ts';
import type { ToolLimits, ToolOutput } from '../../agent/host/machine.ts';
import { Lab } from '../lab/lab.ts';
import type { Bench } from './bench.ts';
import { type Command, inTurn, median, medianMs, run as runOnce } from './rig/measure.ts';
import { atMost, type Figure, type Findings, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';

const NODE = 'bench-diag';
const NODES = 200;
const COLD_LIMIT_MS = 400;
const FLEET_LIMIT_MS = 6_000;
/** Warnings and criticals are what it is there to find. */
const STATUSES = [0, 10, 11];

/** The benchmark. */
export const diag: Bench = {
  name: 'diag',
  title: `one cold \`nodectl diag -n NODE\` of all checks on this machine, and on ${NODES} simulated nodes`,
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  // An agent of its own: the context's node is the agent that was started last.
  await rig.startAgent(NODE);
  const command: Command = { ...rig.command(['diag', '-n', NODE]), statuses: STATUSES };
  const rounds = await inTurn({ diag: command }, rig.amount(15, 3), 2);
  const cold = medianMs(rounds, 'diag');
  const slowest = await slowestTool(rig.amount(7, 2));
  return {
    figures: [
      atMost('nodectl diag -n NODE', cold, COLD_LIMIT_MS, show.ms),
      plain('slowest program that it waits for', `${slowest.line}, ${show.ms(slowest.ms)}`),
      atMost('… diag of it', cold / slowest.ms, 2, show.ratio),
      ...(await fleet(rig)),
    ],
    notes: [
      'The agent is warm; the command is a process of its own. The checks are those of this machine with the programs that it has.',
    ],
  };
}

/** This machine, with how long each program took. */
class TimedMachine extends LiveMachine {
  readonly times = new Map<string, number>();

  override async run(program: string, args: readonly string[], limits?: ToolLimits): Promise<ToolOutput> {
    const began = performance.now();
    try {
      return await super.run(program, args, limits);
    } finally {
      this.times.set([program, ...args].join(' '), performance.now() - began);
    }
  }
}

async function slowestTool(rounds: number): Promise<{ line: string; ms: number }> {
  const all = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const machine = new TimedMachine();
    const domain = new DiagnosticsDomain({ node: NODE, machine });
    await domain.diagnose({ areas: [], ids: [] }, new AbortController().signal);
    for (const [line, ms] of machine.times) all.set(line, [...(all.get(line) ?? []), ms]);
  }
  const medians = [...all].map(([line, times]) => ({ line, ms: median(times) }));
  return medians.sort((a, b) => b.ms - a.ms)[0] ?? { line: 'none', ms: Number.NaN };
}

async function fleet(rig: Rig): Promise<Figure[]> {
  const contextsFile = join(rig.folder, 'diag-fleet.yaml');
  const nodes = rig.amount(NODES, 20);
  const lab = await Lab.start({ folder: join(rig.folder, 'diag-lab'), nodes, contextsFile });
  try {
    const command: Command = {
      ...rig.command(['diag', '--all', '--context', lab.context]),
      env: { NODECTL_CONFIG: contextsFile },
      statuses: STATUSES,
    };
    const runs = [];
    for (let round = 0; round < rig.amount(5, 2); round++) runs.push(await runOnce(command, { watch: true }));
    return [
      atMost(`nodectl diag, ${nodes} nodes`, median(runs.map(({ ms }) => ms)), FLEET_LIMIT_MS, show.seconds),
      plain('… most resident memory', show.megabytes(median(runs.map(({ peakBytes }) => peakBytes)))),
    ];
  } finally {
    await lab.stop();
  }
}
