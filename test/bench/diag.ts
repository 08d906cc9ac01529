/** `nodectl diag`: on one node from a cold start, beside the slowest program that the node has to wait for, and over a fleet. */

import { join } from 'node:path';
import { DiagnosticsDomain } from '../../agent/diagnostics/domain.ts';
import { LiveMachine } from '../../agent/host/live-machine.ts';
import type { ToolLimits, ToolOutput } from '../../agent/host/machine.ts';
import { Lab } from '../lab/lab.ts';
import type { Bench } from './bench.ts';
import { type Command, inTurn, median, medianMs, type Run, run as runOnce } from './rig/measure.ts';
import { processorMs } from './rig/process.ts';
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
  const { address } = await rig.startAgent(NODE);
  const command: Command = { ...rig.command(['diag', '-n', NODE]), statuses: STATUSES };
  const first = await runOnce(command);
  const rounds = await inTurn({ diag: command }, rig.amount(15, 3));
  const cold = medianMs(rounds, 'diag');
  const own = median((rounds.runs.diag ?? []).map((one) => one.processorMs));
  const onNode = await checksMs(rig, address, rig.amount(15, 3));
  const slowest = await slowestTool(rig.amount(15, 3));
  return {
    figures: [
      atMost('nodectl diag -n NODE', cold, COLD_LIMIT_MS, show.ms),
      plain('… processor time of nodectl', show.ms(own)),
      plain('… the checks on the node', show.ms(onNode)),
      plain('slowest program that they wait for', `${slowest.line}, ${show.ms(slowest.ms)}`),
      atMost('… nodectl diag of it', cold / slowest.ms, 2, show.ratio),
      plain('… the checks on the node of it', show.ratio(onNode / slowest.ms)),
      plain('the first diag of an agent since its start', show.ms(first.ms)),
      ...(await fleet(rig)),
    ],
    notes: [
      'The agent has loaded its checks but for the first diag; the command is a process of its own. The checks are those of this machine with the programs that it has.',
      'A command that waits for no program takes as long as `nodectl version` (cold-call), which is most of the first figure where programs are quick.',
    ],
  };
}

/** How long a node says that its checks take, asked on one connection. */
async function checksMs(rig: Rig, address: string, rounds: number): Promise<number> {
  const channel = await rig.open(NODE, address);
  try {
    const took: number[] = [];
    for (let round = 0; round < rounds; round++)
      took.push((await channel.unary('nodectl.v1.DiagnosticsService/Diagnose', {})).tookUsec / 1_000);
    return median(took);
  } finally {
    channel.close();
  }
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
    const spent = () => lab.processes.reduce((sum, pid) => sum + processorMs(pid).own, 0);
    const runs: (Run & { nodesMs: number })[] = [];
    for (let round = 0; round < rig.amount(4, 2); round++) {
      const before = spent();
      const took = await runOnce(command, { watch: true });
      runs.push({ ...took, nodesMs: spent() - before });
    }
    const of = (figure: (one: (typeof runs)[number]) => number) => median(runs.map(figure));
    return [
      atMost(
        `nodectl diag, ${nodes} nodes`,
        of(({ ms }) => ms),
        FLEET_LIMIT_MS,
        show.seconds,
      ),
      plain('… processor time of nodectl', show.seconds(of((one) => one.processorMs))),
      plain('… processor time of the simulated nodes', show.seconds(of(({ nodesMs }) => nodesMs))),
      plain('… most resident memory', show.megabytes(of(({ peakBytes }) => peakBytes))),
    ];
  } finally {
    await lab.stop();
  }
}
