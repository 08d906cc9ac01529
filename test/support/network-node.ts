/** A node with a systemd, a networkd and an agent of its own in a network namespace, for tests of what moves its addresses. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { saveNodeFolder } from '../../pki/pair-file.ts';
import { onPath } from '../bench/rig/process.ts';
import { NspawnMachine, noNspawn } from './nspawn.ts';
import type { TestPki } from './pki.ts';

const top = resolve(import.meta.dirname, '..', '..');
const PROGRAMS = ['ip', 'nsenter', 'dbus-daemon', 'networkctl'];
const UNITS = ['dbus.socket', 'systemd-networkd.service'];
/** Where the node has the runtime and the agent's source. */
const [NODE, SOURCE] = ['/opt/node', '/opt/nodectl'];
/** Accounts that its services run as, numbered as here, where the files below /usr come from. */
const ACCOUNTS = /^(?:root|nobody|nogroup|tty|messagebus|systemd-[a-z]+):/;

/** Why no such node can be run here, or undefined. */
export function networkNodeMissing(): string | undefined {
  const missing = noNspawn();
  if (missing) return missing;
  const program = PROGRAMS.find((one) => !onPath(one));
  if (program) return `${program} is not installed`;
  const space = `nodectl-probe-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', space]);
  spawnSync('ip', ['netns', 'delete', space]);
  return made.status === 0 ? undefined : 'network namespaces cannot be made here';
}

/** What a node is made from. */
export interface NetworkNodeParts {
  readonly name: string;
  readonly pki: TestPki;
  /** The network namespace, as `ip netns` names it. */
  readonly namespace: string;
  /** Text of its file for networkd, before any document. */
  readonly network: string;
}

/** Starts one; that its agent serves, on port 7443, is not waited for. */
export async function startNetworkNode(parts: NetworkNodeParts): Promise<NspawnMachine> {
  const { name, pki, namespace, network } = parts;
  const machine = new NspawnMachine(UNITS);
  const accounts = (path: string) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((row) => ACCOUNTS.test(row))
      .map((row) => `${row}\n`)
      .join('');
  machine.write('etc/passwd', accounts('/etc/passwd'));
  machine.write('etc/group', accounts('/etc/group'));
  machine.write('etc/hostname', `${name}\n`);
  machine.write('etc/systemd/network/50-test.network', network);
  machine.write('etc/nodectl/agent.yaml', 'listen: ["0.0.0.0:7443"]\n');
  machine.write(
    'etc/systemd/system/nodectl-agent.service',
    [
      '[Unit]\nDescription=nodectl agent\n[Service]\nType=notify\nNotifyAccess=all\nStandardError=journal+console',
      `ExecStart=${NODE} ${SOURCE}/agent/main.ts --config /etc/nodectl/agent.yaml`,
      'Restart=always\nStateDirectory=nodectl\n',
    ].join('\n'),
  );
  machine.enable('nodectl-agent.service', 'multi-user.target');
  const wants = join(machine.root, 'etc/systemd/system/multi-user.target.wants');
  symlinkSync('/lib/systemd/system/systemd-networkd.service', join(wants, 'systemd-networkd.service'));
  symlinkSync(
    '/lib/systemd/system/multi-user.target',
    join(machine.root, 'etc/systemd/system/default.target'),
  );
  const state = join(machine.root, 'var/lib/nodectl');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const { key, chain } = await pki.node(name);
  saveNodeFolder(state, key, chain, pki.trust);
  try {
    await machine.start(
      { [top]: SOURCE, [process.execPath]: NODE },
      { namespace, upWith: 'multi-user.target' },
    );
  } catch (error) {
    await machine.stop();
    throw error;
  }
  return machine;
}
