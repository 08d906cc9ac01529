/** One command in a fresh process against one SSH command: what a person waits for, and what a script pays for each call. */

import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { type Command, inTurn, medianMs, ratio } from './rig/measure.ts';
import { atMost, type Findings, plain, show } from './rig/report.ts';
import { NODE, type Rig } from './rig/rig.ts';
import { CURVE25519, sshdMissing } from './rig/sshd.ts';

/** Bare Node needs 36 ms on the machine that this goal was set on; see the figures beside it. */
const HELP_LIMIT_MS = 60;

/** The benchmark. */
export const coldCall: Bench = {
  name: 'cold-call',
  title: 'one cold `nodectl version -n NODE` (start, mTLS, one unary call) beside `ssh host true`',
  missing: sshdMissing,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const sshd = await rig.sshd();
  const { address } = await rig.agent();
  const [host = '', port = ''] = address.split(':');
  const { root, chain, key } = rig.credential;
  const floor = join(import.meta.dirname, 'rig', 'floor.cjs');
  const commands: Record<string, Command> = {
    ssh: { program: 'ssh', args: [...sshd.options, '127.0.0.1', 'true'] },
    curve25519: { program: 'ssh', args: [...sshd.options, ...CURVE25519, '127.0.0.1', 'true'] },
    floor: { program: process.execPath, args: [floor, host, port, root, chain, key] },
    version: rig.command(['version', '-n', NODE]),
    help: rig.command(['--help']),
    node: { program: process.execPath, args: ['-e', '0'] },
  };
  const rounds = await inTurn(commands, rig.amount(31, 5), 2);
  const ms = (name: string) => show.ms(medianMs(rounds, name));
  return {
    figures: [
      plain('ssh host true, default key exchange (post-quantum)', ms('ssh')),
      plain('ssh host true, curve25519', ms('curve25519')),
      plain('floor: a Node script with raw mutual TLS', ms('floor')),
      plain('bare Node, node -e 0', ms('node')),
      plain('nodectl version -n NODE', ms('version')),
      atMost('… of ssh, default key exchange', ratio(rounds, 'version', 'ssh'), 0.4, show.ratio),
      atMost('… of ssh, curve25519', ratio(rounds, 'version', 'curve25519'), 0.65, show.ratio),
      atMost('… of the floor', ratio(rounds, 'version', 'floor'), 1.6, show.ratio),
      atMost('nodectl --help', medianMs(rounds, 'help'), HELP_LIMIT_MS, show.ms),
    ],
    notes: ['The agent and sshd are warm; every command is a process of its own.'],
  };
}
