/**
 * A node in a container, for tests of what takes a real systemd: systemd-nspawn over a root of its own, whose /usr is this
 * machine's, read-only, with the agent from its source. It is in a network namespace that the test made, and everything of it
 * but that is gone when it is stopped.
 */

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { saveNodeFolder } from '../../pki/pair-file.ts';
import { onPath } from '../bench/rig/process.ts';
import type { TestPki } from './pki.ts';

const top = resolve(import.meta.dirname, '..', '..');
const exec = promisify(execFile);
const PROGRAMS = ['systemd-nspawn', 'ip', 'nsenter', 'dbus-daemon', 'networkctl'];
const RUN_MS = 60_000;
const STOP_MS = 30_000;
/** Where the container has the runtime and the source. */
const [NODE, SOURCE] = ['/opt/node', '/opt/nodectl'];

/** Why no container can be run here, or undefined. */
export function containerMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root, for containers and network namespaces';
  const program = PROGRAMS.find((one) => !onPath(one));
  if (program) return `${program} is not installed`;
  const space = `nodectl-probe-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', space]);
  spawnSync('ip', ['netns', 'delete', space]);
  return made.status === 0 ? undefined : 'network namespaces cannot be made here';
}

/** What a container is made from. */
export interface ContainerParts {
  /** The node's name. */
  readonly node: string;
  readonly pki: TestPki;
  /** The network namespace, as `ip netns` names it. */
  readonly namespace: string;
  /** Further files by their absolute paths. */
  readonly files: Readonly<Record<string, string>>;
}

/** A running container. */
export class Container {
  readonly #folder: string;
  readonly #process: ChildProcess;
  #output = '';

  private constructor(folder: string, { node, namespace }: ContainerParts) {
    this.#folder = folder;
    this.#process = spawn(
      'nsenter',
      [
        // From inside the namespace, not by --network-namespace-path: /sys would show this machine's interfaces.
        ...[`--net=/run/netns/${namespace}`, '--', 'systemd-nspawn'],
        // This machine's own systemd has no part in it: where there is one, it does not hear of the container.
        ...['--register=no', '--keep-unit', '--quiet', '--console=pipe', `--machine=${node}-${process.pid}`],
        ...[`--directory=${join(folder, 'root')}`, '--bind-ro=/usr', `--bind-ro=${top}:${SOURCE}`],
        ...[`--bind-ro=${process.execPath}:${NODE}`],
        ...['--capability=CAP_NET_ADMIN', '--boot'],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
      },
    );
    const keep = (part: Buffer) => {
      this.#output = (this.#output + part.toString()).slice(-10_000);
    };
    this.#process.stdout?.on('data', keep);
    this.#process.stderr?.on('data', keep);
  }

  /** Starts one; that its agent serves is not waited for. */
  static async start(parts: ContainerParts): Promise<Container> {
    const folder = mkdtempSync(join(tmpdir(), 'nodectl-container-'));
    await makeRoot(join(folder, 'root'), parts);
    return new Container(folder, parts);
  }

  /** The end of what its console showed. */
  get console(): string {
    return this.#output;
  }

  /** The text of a file below its root. */
  read(path: string): string {
    return readFileSync(join(this.#folder, 'root', path), 'utf8');
  }

  /** Runs a program in it, and gives what it printed. Throws its error where it fails. */
  async run(program: string, ...args: string[]): Promise<string> {
    const spaces = ['-m', '-u', '-i', '-n', '-p', '-C', '-r', '-w'];
    const { stdout } = await exec(
      'nsenter',
      ['-t', String(this.#leader()), ...spaces, '--', program, ...args],
      {
        timeout: RUN_MS,
      },
    );
    return stdout;
  }

  /** Ends it, and removes its files. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
      // systemd-nspawn ends with its container's PID 1; before there is one, by itself.
      const leader = this.#leader();
      if (leader > 0) process.kill(leader, 'SIGKILL');
      else this.#process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The container's PID 1 as this machine numbers it; 0 where there is none yet. */
  #leader(): number {
    const { pid } = this.#process;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  }
}

/** Asks until something holds. Throws an Error with what else is known where it does not within a minute. */
export async function until(what: string, holds: () => Promise<boolean>, known: () => string): Promise<void> {
  for (const end = Date.now() + RUN_MS; !(await holds()); await sleep(200))
    if (Date.now() > end) throw new Error(`waited in vain until ${what}:\n${known()}`);
}

/** The folders and files of a node: accounts that its services need, the agent with its unit and its certificate. */
async function makeRoot(root: string, { node, pki, files }: ContainerParts): Promise<void> {
  for (const one of ['usr', 'var/lib', 'proc', 'sys', 'dev', 'run', 'tmp', 'root', 'opt/nodectl'])
    mkdirSync(join(root, one), { recursive: true });
  // Of which files and folders above are made with this process' mask: its services are other users.
  for (const one of ['', 'var', 'var/lib', 'opt', 'opt/nodectl']) chmodSync(join(root, one), 0o755);
  for (const one of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${one}`, join(root, one));
  const accounts = (path: string) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((row) => /^(?:root|nobody|nogroup|messagebus|systemd-[a-z]+|adm|shadow|utmp):/.test(row))
      .map((row) => `${row}\n`)
      .join('');
  const all: Record<string, string> = {
    '/etc/passwd': accounts('/etc/passwd'),
    '/etc/group': accounts('/etc/group'),
    '/etc/hostname': `${node}\n`,
    '/etc/machine-id': '',
    '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
    '/etc/os-release': 'ID=test\n',
    '/opt/node': '',
    '/etc/nodectl/agent.yaml': 'listen: ["0.0.0.0:7443"]\n',
    '/etc/systemd/system/nodectl-agent.service': [
      '[Unit]\nDescription=nodectl agent\n[Service]\nType=notify\nNotifyAccess=all\nStandardError=journal+console',
      `ExecStart=${NODE} ${SOURCE}/agent/main.ts --config /etc/nodectl/agent.yaml`,
      'Restart=always\nStateDirectory=nodectl\n',
    ].join('\n'),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(root, dirname(path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(root, path), text, { mode: 0o644 });
  }
  const units = join(root, 'etc/systemd/system');
  mkdirSync(join(units, 'multi-user.target.wants'));
  symlinkSync('/lib/systemd/system/multi-user.target', join(units, 'default.target'));
  symlinkSync('../nodectl-agent.service', join(units, 'multi-user.target.wants/nodectl-agent.service'));
  symlinkSync(
    '/lib/systemd/system/systemd-networkd.service',
    join(units, 'multi-user.target.wants/systemd-networkd.service'),
  );
  const state = join(root, 'var/lib/nodectl');
  mkdirSync(state, { mode: 0o700 });
  const { key, chain } = await pki.node(node);
  saveNodeFolder(state, key, chain, pki.trust);
}
