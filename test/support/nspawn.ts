/**
 * A machine of its own with a real systemd, in a container of systemd-nspawn: a root that is made for it, the host's /usr below ours,
 * read-only, and the host's network, or a namespace's. Its systemd sees nothing else of the host: one that ran on the host's own root would
 * empty its temporary folders.
 */

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Units of the host's /usr that this machine has no use for, or that would touch the host's network. */
const MASKED = [
  ...['systemd-sysctl', 'systemd-networkd', 'systemd-resolved', 'systemd-timesyncd', 'systemd-udevd'],
  ...['systemd-udev-trigger', 'systemd-logind', 'systemd-modules-load', 'console-getty', 'networking'],
].map((name) => `${name}.service`);

/** Why there can be no such machine here, or undefined. */
export function noNspawn(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can start systemd-nspawn';
  if (spawnSync('systemd-nspawn', ['--version']).status !== 0) return 'systemd-nspawn is not there';
  return undefined;
}

/** systemd-nspawn's exit status for a machine that restarts, where it keeps its unit. */
const RESTARTED = 133;

/** How a machine is booted. */
export interface NspawnBoot {
  /** Words of its systemd's command line, which it takes for the kernel's. */
  readonly words?: readonly string[];
  /** Whether it has no network but a loopback of its own. */
  readonly alone?: boolean;
  /** The network namespace that it is in and may change, as `ip netns` names it. */
  readonly namespace?: string;
  /** Unit that has to be active for it to be up; all of it where none is named. */
  readonly upWith?: string;
}

/** The machine. */
export class NspawnMachine {
  /** Its root; write what it is made of before it is started. */
  readonly root: string;
  readonly #top = mkdtempSync(join(tmpdir(), 'nodectl-nspawn-'));
  #process: ChildProcess | undefined;
  #console = '';

  /** @param needs units that it has all the same, of those that are masked otherwise */
  constructor(needs: readonly string[] = []) {
    this.root = join(this.#top, 'root');
    for (const folder of [
      'etc/systemd/system',
      'usr',
      'var',
      'run',
      'tmp',
      'proc',
      'sys',
      'dev',
      'root',
      'opt',
    ])
      mkdirSync(join(this.root, folder), { recursive: true });
    mkdirSync(join(this.#top, 'usr', 'lib'), { recursive: true });
    for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(this.root, name));
    this.write('etc/passwd', 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n');
    this.write('etc/group', 'root:x:0:\nnogroup:x:65534:\nsystemd-journal:x:101:\ntty:x:5:\n');
    this.write('etc/os-release', 'ID=nodectl-test\nNAME=nodectl-test\nVERSION_ID=1\n');
    // With an id of its own it is not its first boot, in which systemd would enable every unit that the host has.
    this.write('etc/machine-id', '0123456789abcdef0123456789abcdef\n');
    for (const unit of MASKED.filter((one) => !needs.includes(one)))
      symlinkSync('/dev/null', join(this.root, 'etc/systemd/system', unit));
  }

  /** The end of what its console showed. */
  get console(): string {
    return this.#console;
  }

  /** A folder that it has below /usr, over the host's. */
  usr(...path: string[]): string {
    return join(this.#top, 'usr', ...path);
  }

  /** Writes a file of it. */
  write(path: string, text: string, mode = 0o644): void {
    const target = join(this.root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, { mode });
  }

  /** Enables a unit for a target. */
  enable(unit: string, target: string): void {
    const folder = join(this.root, 'etc/systemd/system', `${target}.wants`);
    mkdirSync(folder, { recursive: true });
    symlinkSync(`../${unit}`, join(folder, unit));
  }

  /** Boots it, with folders of the host's bound into it, read-only. */
  async start(binds: Readonly<Record<string, string>>, boot: NspawnBoot = {}): Promise<void> {
    const { words = [], alone = false, namespace, upWith } = boot;
    // From inside the namespace: with --network-namespace-path its /sys would show the host's interfaces.
    const inside = namespace === undefined ? [] : ['nsenter', `--net=/run/netns/${namespace}`, '--'];
    const [program = '', ...first] = [...inside, 'systemd-nspawn'];
    this.#process = spawn(
      program,
      [
        ...first,
        ...['--register=no', '--keep-unit', '--quiet', '-M', basename(this.#top), '--console=pipe'],
        ...['--resolv-conf=off', '--timezone=off', '-D', this.root, `--overlay-ro=/usr:${this.usr()}:/usr`],
        ...Object.entries(binds).map(([from, to]) => `--bind-ro=${from}:${to}`),
        ...(alone ? ['--private-network'] : []),
        ...(namespace === undefined ? [] : ['--capability=CAP_NET_ADMIN']),
        ...['--boot', ...words],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
      },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (part: Buffer) => {
        this.#console = (this.#console + part.toString()).slice(-16_384);
      });
    for (let tries = 0; ; tries++) {
      const asked = upWith === undefined ? ['is-system-running'] : ['is-active', upWith];
      const state = await this.run('systemctl', ...asked).catch((error: unknown) => String(error));
      if (/^(?:running|degraded|active)/.test(state)) return;
      // It was up, and is gone again.
      if (upWith !== undefined && this.#process.exitCode === RESTARTED) return;
      if (tries > 300 || this.#process.exitCode !== null)
        throw new Error(`it did not boot: ${state}\n${this.#console}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Runs a program in it and gives what it prints, whatever its status. */
  async run(program: string, ...args: string[]): Promise<string> {
    const namespaces = ['-t', String(this.#leader()), '-m', '-u', '-i', '-p', '-C', '-r', '-w'];
    try {
      const { stdout } = await promisify(execFile)('nsenter', [...namespaces, '--', program, ...args], {
        timeout: 60_000,
        maxBuffer: 16 << 20,
      });
      return stdout;
    } catch (error) {
      const {
        stdout = '',
        stderr = '',
        code,
      } = error as { stdout?: string; stderr?: string; code?: unknown };
      if (typeof code === 'number' && stdout !== '') return stdout;
      throw new Error(`${program} failed with ${code}: ${stderr}`);
    }
  }

  /** How it went down by itself; "runs" where it still does after so many ms. */
  async end(ms: number): Promise<'restarted' | 'powered off' | 'runs'> {
    for (const until = performance.now() + ms; ; ) {
      const { exitCode = null } = this.#process ?? {};
      if (exitCode === RESTARTED) return 'restarted';
      if (exitCode === 0) return 'powered off';
      if (exitCode !== null) throw new Error(`systemd-nspawn ended with ${exitCode}\n${this.#console}`);
      if (performance.now() > until) return 'runs';
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Shuts it down and removes it. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const force = setTimeout(() => this.#kill(child), 30_000);
      await ended;
      clearTimeout(force);
    }
    rmSync(this.#top, { recursive: true, force: true });
  }

  /** Ends it at once. Its first process outlives a systemd-nspawn that is killed, and takes all others with it. */
  #kill(child: ChildProcess): void {
    try {
      process.kill(this.#leader(), 'SIGKILL');
    } catch {
      // It has none any more, or not yet.
    }
    child.kill('SIGKILL');
  }

  /** The first process of it, as the host sees it. */
  #leader(): number {
    const pid = this.#process?.pid ?? 0;
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    if (!child) throw new Error('it has no process yet');
    return Number(child);
  }
}
