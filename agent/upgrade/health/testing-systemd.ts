/**
 * A systemd in a container with a root of its own, for tests of units: /usr is this machine's, read-only; everything else is a
 * folder that the test makes. Its reboot and its power-off end the container, and are told apart.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** systemd-nspawn's own exit status for a container that rebooted, with --keep-unit. */
const REBOOTED = 133;
const UP_MS = 30_000;
const END_MS = 60_000;

/** Why containers cannot be run here, or undefined. */
export function noContainers(): string | undefined {
  if (process.getuid?.() !== 0) return 'systemd-nspawn needs root';
  if (!existsSync('/usr/bin/systemd-nspawn')) return 'systemd-nspawn is not installed (systemd-container)';
  if (!existsSync('/usr/lib/systemd/systemd')) return 'systemd is not installed';
  return undefined;
}

/** What the container is made of. */
export interface ContainerParts {
  /** Unit files to copy, with whether sysinit.target starts them. */
  readonly units: Readonly<Record<string, boolean>>;
  /** Files by their absolute paths. */
  readonly files: Readonly<Record<string, string>>;
  /** What /proc/cmdline says, for programs; the host's would show through. */
  readonly commandLine: string;
}

/** A container whose systemd runs. */
export class SystemdContainer {
  readonly root: string;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<number>;
  #leader = 0;

  private constructor(folder: string, root: string) {
    this.#folder = folder;
    this.root = root;
    const args = [
      '--register=no',
      '--keep-unit',
      '--quiet',
      `--machine=nodectl-${process.pid}`,
      '--console=pipe',
    ];
    this.#process = spawn(
      'systemd-nspawn',
      [...args, `--directory=${root}`, '--bind-ro=/usr', '--private-network', '--boot', 'nodectl.slot=b'],
      { stdio: 'ignore', env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' } },
    );
    this.#ended = new Promise((resolve, reject) => {
      this.#process.once('exit', (code, signal) => resolve(code ?? (signal ? -1 : 0)));
      this.#process.once('error', reject);
    });
  }

  /** Starts one and waits until its systemd answers. */
  static async start(parts: ContainerParts): Promise<SystemdContainer> {
    const folder = mkdtempSync(join(tmpdir(), 'nodectl-units-'));
    const root = join(folder, 'root');
    const made = [
      'etc/systemd/system/sysinit.target.wants',
      'var',
      'root',
      'tmp',
      'dev',
      'proc',
      'sys',
      'run',
      'usr',
    ];
    for (const one of made) mkdirSync(join(root, one), { recursive: true });
    for (const one of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${one}`, join(root, one));
    copyFileSync('/usr/lib/os-release', join(root, 'etc/os-release'));
    writeFileSync(join(root, 'etc/machine-id'), `${'0123456789abcdef'.repeat(2)}\n`);
    const system = join(root, 'etc/systemd/system');
    symlinkSync('/usr/lib/systemd/system/basic.target', join(system, 'default.target'));
    for (const [unit, starts] of Object.entries(parts.units)) {
      copyFileSync(unit, join(system, basename(unit)));
      if (starts) symlinkSync(`../${basename(unit)}`, join(system, 'sysinit.target.wants', basename(unit)));
    }
    const files = {
      ...parts.files,
      '/etc/cmdline': `${parts.commandLine}\n`,
      '/etc/systemd/system/cmdline.service': [
        '[Unit]\nDefaultDependencies=no\nBefore=nodectl-upgrade-deadline.service',
        '[Service]\nType=oneshot\nExecStart=/bin/mount --bind /etc/cmdline /proc/cmdline\n',
      ].join('\n'),
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    symlinkSync('../cmdline.service', join(system, 'sysinit.target.wants/cmdline.service'));
    const container = new SystemdContainer(folder, root);
    try {
      await container.#up();
    } catch (error) {
      await container.remove();
      throw error;
    }
    return container;
  }

  /** Runs a program in it and gives what it printed, whatever its status. */
  async run(program: string, ...args: string[]): Promise<string> {
    const into = ['-t', `${this.#leader}`, '-m', '-u', '-i', '-n', '-p', '-C', '-r', '-w', '--'];
    return run('nsenter', [...into, program, ...args], { timeout: 20_000 }).then(
      ({ stdout }) => stdout.trim(),
      (error: { stdout?: string }) => (error.stdout ?? '').trim(),
    );
  }

  /** How it ended; "runs" where it still does after so many ms. */
  async end(ms = END_MS): Promise<'rebooted' | 'powered off' | 'killed' | 'runs'> {
    const over = new AbortController();
    const late = wait(ms, undefined, { signal: over.signal }).catch(() => undefined);
    const code = await Promise.race([this.#ended, late]);
    over.abort();
    if (code === undefined) return 'runs';
    if (code === REBOOTED) return 'rebooted';
    if (code === 0) return 'powered off';
    return 'killed';
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      // systemd-nspawn ends with its container's PID 1; a container that never came up, with the signal.
      if (this.#leader > 0 && existsSync(`/proc/${this.#leader}`)) process.kill(this.#leader, 'SIGKILL');
      else this.#process.kill('SIGTERM');
      if ((await this.end(5_000)) === 'runs') this.#process.kill('SIGKILL');
      await this.#ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #up(): Promise<void> {
    const until = Date.now() + UP_MS;
    while (Date.now() < until) {
      if (this.#process.exitCode !== null) return;
      const { pid } = this.#process;
      // At first it is one that makes the container's and ends.
      this.#leader = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]) || 0;
      if (this.#leader > 0 && (await this.run('systemctl', 'is-active', 'basic.target')) === 'active') return;
      await wait(50);
    }
    throw new Error(`the container's systemd did not come up within ${UP_MS} ms`);
  }
}
