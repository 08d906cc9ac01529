/** One command on many nodes beside the tools that people run SSH on many hosts with, and what a thousand nodes cost. */

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ContextEntry, readContexts } from '../../cli/context/contexts.ts';
import { addContext } from '../../cli/context/edit.ts';
import { Lab } from '../lab/lab.ts';
import type { Bench } from './bench.ts';
import { type Command, inTurn, median, medianMs, ratio, run as runOnce } from './rig/measure.ts';
import { onPath } from './rig/process.ts';
import { atMost, type Figure, type Findings, plain, show } from './rig/report.ts';
import { type Rig, SSH_HOSTS } from './rig/rig.ts';
import { CLIENT_OPTIONS, CURVE25519, loopbackAddress, type Sshd, sshdMissing } from './rig/sshd.ts';

const NODES = 1_000;
const LIMIT_MS = 3_000;
const LIMIT_BYTES = 180e6;
/** What Debian calls pssh. */
const PSSH = 'parallel-ssh';

/** The benchmark. */
export const fleet: Bench = {
  name: 'fleet',
  title: `one call on each of ${SSH_HOSTS} and of ${NODES} simulated nodes beside pssh and ansible on ${SSH_HOSTS} loopback hosts`,
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const contextsFile = join(rig.folder, 'fleet.yaml');
  const nodes = rig.amount(NODES, SSH_HOSTS);
  const lab = await Lab.start({ folder: join(rig.folder, 'lab'), nodes, contextsFile });
  rig.atEnd(() => lab.stop());
  const whole = (await readContexts(contextsFile)).contexts[lab.context];
  if (!whole) throw new Error('the lab has made no context');
  await addContext(
    contextsFile,
    'some',
    { ...whole, nodes: whole.nodes.slice(0, SSH_HOSTS) },
    { use: false, replace: true },
  );
  const call = (context: string): Command => ({
    ...rig.command(['version', '--all', '--context', context]),
    env: { NODECTL_CONFIG: contextsFile },
  });
  const notes: string[] = [];
  const figures = [
    ...(await besidePssh(rig, call('some'), floorCommand(rig, whole), notes)),
    ...(await besideAnsible(rig, call('some'), notes)),
    ...(await thousand(rig, call(lab.context), nodes)),
  ];
  await lab.stop();
  return {
    figures,
    notes: [...notes, 'The simulated nodes share two processes and this machine with their caller.'],
  };
}

/** The floor, on the nodes that pssh has as many hosts as. */
function floorCommand(rig: Rig, { trust, credential, nodes }: ContextEntry): Command {
  const list = join(rig.folder, 'fleet-addresses');
  writeFileSync(
    list,
    nodes
      .slice(0, SSH_HOSTS)
      .map(({ addresses }) => `${addresses[0]}\n`)
      .join(''),
  );
  return {
    program: join(rig.dist, 'lib', 'node'),
    args: [
      '--use-openssl-ca',
      join(import.meta.dirname, 'rig', 'fleet-floor.cjs'),
      // Paths in the contexts file may be relative to it.
      ...[trust, credential].map((path) => resolve(rig.folder, path)),
      list,
    ],
    env: { SSL_CERT_FILE: '/dev/null', SSL_CERT_DIR: '/dev/null' },
  };
}

async function besidePssh(rig: Rig, nodectl: Command, floor: Command, notes: string[]): Promise<Figure[]> {
  const missing = sshdMissing() ?? (onPath(PSSH) ? undefined : `${PSSH} is not installed (pssh)`);
  if (missing) {
    notes.push(`Not measured beside pssh: ${missing}.`);
    return [];
  }
  const pssh = psshCommand(rig, await rig.sshd());
  const rounds = await inTurn({ nodectl, pssh, floor }, rig.amount(5, 1));
  return [
    plain(`pssh -p 64, ${SSH_HOSTS} hosts, curve25519`, show.seconds(medianMs(rounds, 'pssh'))),
    plain(`nodectl version, ${SSH_HOSTS} nodes`, show.seconds(medianMs(rounds, 'nodectl'))),
    atMost('… of pssh', ratio(rounds, 'nodectl', 'pssh'), 0.16, show.ratio),
    plain(
      `floor: a Node script with raw mutual TLS, ${SSH_HOSTS} nodes`,
      show.seconds(medianMs(rounds, 'floor')),
    ),
    plain('… nodectl of it', show.ratio(ratio(rounds, 'nodectl', 'floor'))),
    plain('… it of pssh', show.ratio(ratio(rounds, 'floor', 'pssh'))),
  ];
}

function psshCommand(rig: Rig, { port, user, keyFile }: Sshd): Command {
  const file = join(rig.folder, 'pssh-hosts');
  const hosts = Array.from({ length: SSH_HOSTS }, (_, index) => `${loopbackAddress(index)}:${port}\n`);
  writeFileSync(file, hosts.join(''));
  const extra = ['-F', 'none', '-i', keyFile, ...CURVE25519].join(' ');
  const options = CLIENT_OPTIONS.flatMap((option) => ['-O', option]);
  return {
    program: PSSH,
    args: ['-h', file, '-l', user, '-p', '64', '-t', '120', '-x', extra, ...options, 'true'],
  };
}

async function besideAnsible(rig: Rig, nodectl: Command, notes: string[]): Promise<Figure[]> {
  const missing =
    sshdMissing() ?? (onPath('ansible') ? undefined : 'ansible is not installed (ansible-core)');
  if (missing) {
    notes.push(`Not measured beside ansible: ${missing}.`);
    return [];
  }
  const sshd = await rig.sshd();
  const commands = Object.fromEntries(
    ANSIBLE.map(({ name, module, ssh }) => [name, ansibleCommand(rig, sshd, module, ssh)]),
  );
  // A run of ansible takes as long as everything else here, and is the mean of 200 connections by itself.
  const rounds = await inTurn({ nodectl, ...commands }, 1, 0);
  notes.push(
    'ansible runs with pipelining, which is its faster way, and like ssh and pssh here without a shared connection. raw runs a command as ssh would; ping, its own test of whether a host can be used, runs a module in the host’s Python.',
  );
  return ANSIBLE.flatMap(({ name, goal }) => {
    const of = ratio(rounds, 'nodectl', name);
    return [
      plain(`${name}, ${SSH_HOSTS} hosts`, show.seconds(medianMs(rounds, name))),
      goal === undefined
        ? plain('… nodectl of it', show.ratio(of))
        : atMost('… nodectl of it', of, goal, show.ratio),
    ];
  });
}

/** Ansible as it comes, with OpenSSH's default key exchange, has the goal; beside it is the least that it takes. */
const ANSIBLE = [
  { name: 'ansible -f 50 -m ping', module: 'ping', ssh: [], goal: 0.03 },
  { name: 'ansible -f 50 -m raw', module: 'raw', ssh: [], goal: 0.03 },
  { name: 'ansible -f 50 -m raw, curve25519', module: 'raw', ssh: CURVE25519, goal: undefined },
] as const;

function ansibleCommand(
  rig: Rig,
  { port, user, keyFile }: Sshd,
  module: 'ping' | 'raw',
  ssh: readonly string[],
): Command {
  const inventory = join(rig.folder, 'ansible-hosts');
  const hosts = Array.from({ length: SSH_HOSTS }, (_, index) => `${loopbackAddress(index)}\n`);
  writeFileSync(inventory, hosts.join(''));
  const options = [...CLIENT_OPTIONS.flatMap((option) => ['-o', option]), '-F', 'none', ...ssh].join(' ');
  return {
    program: 'ansible',
    args: [
      'all',
      '-i',
      inventory,
      '-f',
      '50',
      '-m',
      module,
      ...(module === 'raw' ? ['-a', 'true'] : []),
      '-u',
      user,
      '--private-key',
      keyFile,
    ],
    env: {
      ANSIBLE_REMOTE_PORT: String(port),
      ANSIBLE_PIPELINING: '1',
      ANSIBLE_HOST_KEY_CHECKING: '0',
      ANSIBLE_SSH_ARGS: options,
      ANSIBLE_LOCAL_TEMP: join(rig.folder, 'ansible'),
      ANSIBLE_HOME: join(rig.folder, 'ansible'),
      LC_ALL: 'C.UTF-8',
    },
  };
}

async function thousand(rig: Rig, nodectl: Command, nodes: number): Promise<Figure[]> {
  const runs = [];
  for (let round = 0; round < rig.amount(5, 2); round++) runs.push(await runOnce(nodectl, { watch: true }));
  return [
    atMost(`nodectl version, ${nodes} nodes`, median(runs.map(({ ms }) => ms)), LIMIT_MS, show.seconds),
    atMost(
      '… most resident memory',
      median(runs.map(({ peakBytes }) => peakBytes)),
      LIMIT_BYTES,
      show.megabytes,
    ),
  ];
}
