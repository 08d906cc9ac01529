/**
 * `npm run lab`: a fleet of simulated nodes on loopback until Ctrl-C.
 *
 *   npm run lab                         three nodes, in the foreground
 *   npm run lab -- --nodes 50 --detach  fifty, in the background
 *   npm run lab -- --status             whether one runs
 *   npm run lab -- --stop               ends it
 */

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Failure } from '../../proto/failure.ts';
import { cleanUp, Lab } from './lab.ts';
import { defaultLabFolder, isAlive, readState } from './state.ts';

const HELP = `npm run lab -- [--nodes N] [--detach] [--dir FOLDER]
npm run lab -- --status | --stop [--dir FOLDER]

  --nodes N      how many nodes, 1 to 1000 (default 3)
  --detach       leave it running in the background
  --status       say whether a lab runs
  --stop         end it and take its context away
  --dir FOLDER   where it keeps what it makes (default ~/.local/state/nodectl/lab)
`;
const MAX_NODES = 1_000;
/** Against a start that hangs, not against a machine that is slow: a lab that cannot start ends by itself. */
const START_MS = 120_000;
const START_MS_A_NODE = 1_000;
const STOP_MS = 30_000;

const say = (text: string) => process.stdout.write(`${text}\n`);
// Who reads only the first lines, as head does, has the lab all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string', default: '3' },
      detach: { type: 'boolean' },
      status: { type: 'boolean' },
      stop: { type: 'boolean' },
      dir: { type: 'string', default: defaultLabFolder() },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.status) return status(values.dir);
  if (values.stop) return stop(values.dir);
  const nodes = Number(values.nodes);
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > MAX_NODES)
    throw new Failure('BAD_ARGUMENT', `--nodes ${values.nodes} is not a number from 1 to ${MAX_NODES}`);
  const state = readState(values.dir);
  if (state && isAlive(state))
    throw new Failure('BAD_ARGUMENT', `a lab of ${state.nodes} nodes runs already, as process ${state.pid}`, {
      hint: 'end it: npm run lab -- --stop',
    });
  // One that was killed may have left its context behind.
  await cleanUp(values.dir);
  if (values.detach) return detach(values.dir, nodes);
  return foreground(values.dir, nodes);
}

async function foreground(folder: string, nodes: number): Promise<void> {
  const lab = await Lab.start({ folder, nodes, progress: say });
  introduce(nodes, lab.leftOut);
  say('Ctrl-C ends it.');
  await new Promise<void>((resolve) => {
    // A timer keeps the process up while nothing else happens.
    const stay = setInterval(() => {}, 2 ** 31 - 1);
    const end = () => {
      clearInterval(stay);
      resolve();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
  await lab.stop();
  say('The lab is gone, and so is its context.');
}

function introduce(nodes: number, leftOut: readonly string[]): void {
  for (const sentence of leftOut) say(sentence);
  say(`${nodes} nodes serve. The context "lab" is current; try:`);
  say('  ./nodectl get nodes');
  say('  ./nodectl logs --list -n web-1');
  if (!leftOut.some((sentence) => sentence.includes('/dev/kmsg'))) say('  ./nodectl dmesg -f --all');
}

/** Starts this program again in the background and waits until its nodes serve. */
async function detach(folder: string, nodes: number): Promise<void> {
  // Beside the folder, which a lab that fails takes away.
  const log = `${folder}.log`;
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  const output = openSync(log, 'w', 0o600);
  const child = spawn(process.execPath, [import.meta.filename, '--nodes', String(nodes), '--dir', folder], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  const end = Date.now() + START_MS + nodes * START_MS_A_NODE;
  for (; Date.now() < end && !ended; await sleep(50)) {
    const state = readState(folder);
    if (state?.pid !== child.pid || !state?.ready) continue;
    introduce(nodes, state.leftOut);
    say('It runs in the background; end it: npm run lab -- --stop');
    child.unref();
    return;
  }
  const tail = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
  child.kill('SIGTERM');
  throw new Failure('INTERNAL', `the lab did not start; it said:\n${tail}`);
}

function status(folder: string): void {
  const state = readState(folder);
  if (state && isAlive(state))
    say(`A lab of ${state.nodes} nodes ${state.ready ? 'runs' : 'is starting'}, as process ${state.pid}.`);
  else {
    say('No lab runs.');
    process.exitCode = 1;
  }
}

async function stop(folder: string): Promise<void> {
  const state = readState(folder);
  if (!state) {
    say('No lab runs.');
    return;
  }
  if (isAlive(state)) {
    process.kill(state.pid, 'SIGTERM');
    for (const end = Date.now() + STOP_MS; isAlive(state) && Date.now() < end; ) await sleep(50);
    if (isAlive(state)) {
      process.kill(state.pid, 'SIGKILL');
      while (isAlive(state)) await sleep(20);
    }
  }
  await cleanUp(folder);
  say('The lab is gone, and so is its context.');
}

try {
  await main();
} catch (error) {
  const { message, hint, reason } = Failure.from(error);
  process.stderr.write(`error: ${message} [${reason}]\n${hint ? ` hint: ${hint}\n` : ''}`);
  process.exitCode = 1;
}
