/**
 * A simulated node that can be configured: its files are below a folder and really written, what is not there shows through
 * from the simulated server, and its systemd is a small one that remembers what it was told.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConfigHost } from '../config/resource.ts';
import { HostFiles } from '../host/host-files.ts';
import { LiveMachine } from '../host/live-machine.ts';
import type { Machine, ToolLimits, ToolOutput } from '../host/machine.ts';
import { isAccountTool, runAccountTool } from './accounts.ts';

/** Settings of the kernel that such a node has, with their usual values. */
const SYSCTLS: Readonly<Record<string, string>> = {
  'kernel/hostname': '',
  'net/core/somaxconn': '4096',
  'net/ipv4/ip_forward': '0',
  'net/ipv4/tcp_rmem': '4096\t131072\t6291456',
  'vm/swappiness': '60',
};

/** Units that such a node has. */
const UNITS: Readonly<Record<string, Unit>> = {
  'chrony.service': { file: 'enabled', active: 'active' },
  'ssh.service': { file: 'enabled', active: 'active' },
  'cron.service': { file: 'enabled', active: 'active' },
};

interface Unit {
  readonly file: string;
  readonly active: string;
}

/** Where such a node's systemd remembers what it was told, below its root: a real one keeps it on disk and in PID 1. */
const UNITS_FILE = 'var/lib/simulated-units.json';

/** The host of a simulated node below a folder, which is made where it is not there. */
export function simulatedConfigHost(name: string, folder: string, server: Machine): ConfigHost {
  for (const [path, value] of Object.entries({ ...SYSCTLS, 'kernel/hostname': name })) {
    const file = join(folder, 'proc/sys', path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    if (!existsSync(file)) writeFileSync(file, `${value}\n`);
  }
  // Whoever runs it is root there, so that it needs no root here.
  for (const made of ['etc', 'var/lib', 'home'])
    mkdirSync(join(folder, made), { recursive: true, mode: 0o755 });
  const first = (path: string, text: string) => {
    if (!existsSync(join(folder, path))) writeFileSync(join(folder, path), text);
  };
  first('etc/passwd', `root:x:${process.getuid?.() ?? 0}:0:root:/root:/bin/bash\n`);
  first('etc/group', `root:x:${process.getgid?.() ?? 0}:\n`);
  first('etc/shadow', 'root:*:20000:0:99999:7:::\n');
  return { machine: new ConfiguredMachine(folder, server), files: new HostFiles(folder) };
}

class ConfiguredMachine extends LiveMachine {
  readonly #server: Machine;
  readonly #folder: string;
  readonly #units: Map<string, Unit>;

  constructor(folder: string, server: Machine) {
    super(folder);
    this.#server = server;
    this.#folder = folder;
    const kept = join(folder, UNITS_FILE);
    const told = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Record<string, Unit>) : {};
    this.#units = new Map(Object.entries({ ...UNITS, ...told }));
  }

  override now(): number {
    return this.#server.now();
  }

  override text(path: string): string | undefined {
    return super.text(path) ?? this.#server.text(path);
  }

  override list(path: string): string[] {
    return [...new Set([...super.list(path), ...this.#server.list(path)])].sort();
  }

  override link(path: string): string | undefined {
    return super.link(path) ?? this.#server.link(path);
  }

  override has(path: string): boolean {
    return super.has(path) || this.#server.has(path);
  }

  override slowFiles(paths: readonly string[], limits?: ToolLimits): Promise<Map<string, string>> {
    return this.#server.slowFiles(paths, limits);
  }

  override async run(program: string, args: readonly string[], limits?: ToolLimits): Promise<ToolOutput> {
    if (program === 'systemctl') return this.#systemctl(args.filter((one) => !one.startsWith('-')));
    if (PROGRAMS.has(program)) return said('');
    if (isAccountTool(program)) return runAccountTool(this.#folder, program, args, limits?.input ?? '');
    return this.#server.run(program, args, limits);
  }

  #systemctl([verb = '', name = '']: readonly string[]): ToolOutput {
    if (verb === 'daemon-reload') return said('');
    // A unit that a document has written is there.
    const unit =
      this.#units.get(name) ??
      (this.has(`etc/systemd/system/${name}`) ? { file: 'disabled', active: 'inactive' } : undefined);
    if (verb === 'show') {
      const load = unit === undefined ? 'not-found' : unit.file === 'masked' ? 'masked' : 'loaded';
      return said(
        `LoadState=${load}\nActiveState=${unit?.active ?? 'inactive'}\nUnitFileState=${unit?.file ?? ''}\n`,
      );
    }
    if (!unit) return { code: 5, stdout: '', stderr: `Unit ${name} not found.\n` };
    const next = CHANGES[verb];
    if (!next) return { code: 1, stdout: '', stderr: `Unknown command verb ${verb}.\n` };
    this.#units.set(name, next(unit));
    writeFileSync(join(this.#folder, UNITS_FILE), JSON.stringify(Object.fromEntries(this.#units)));
    return said('');
  }
}

/** What follows changed files on a real node, and has nothing to do on a simulated one. */
const PROGRAMS = new Set(['update-ca-certificates', 'update-grub', 'modprobe']);

const CHANGES: Readonly<Record<string, (unit: Unit) => Unit>> = {
  enable: (unit) => ({ ...unit, file: 'enabled' }),
  disable: (unit) => ({ ...unit, file: 'disabled' }),
  start: (unit) => ({ ...unit, active: 'active' }),
  stop: (unit) => ({ ...unit, active: 'inactive' }),
  mask: () => ({ file: 'masked', active: 'inactive' }),
  unmask: (unit) => ({ ...unit, file: unit.file === 'masked' ? 'disabled' : unit.file }),
  'try-restart': (unit) => unit,
};

function said(stdout: string): ToolOutput {
  return { code: 0, stdout, stderr: '' };
}
