/** What a machine says of itself in a few small files: names, kernel, uptime, identifiers. */

import { BOOT_ID_PATH, compactId } from './boot-id.ts';
import type { Machine } from './machine.ts';

/** What does not change while the machine runs. */
export interface SystemFacts {
  /** `uname -r`. */
  readonly kernel: string;
  /** `uname -v`. */
  readonly kernelBuild: string;
  /** `uname -m`. */
  readonly machine: string;
  /** PRETTY_NAME of os-release(5), or empty. */
  readonly os: string;
  /** 32 hexadecimal digits, as logs know boots by; changes with every boot. */
  readonly bootId: string;
  /** Of machine-id(5), or empty. */
  readonly machineId: string;
}

/** The machine's architecture as the kernel names it, by Node's name for it. */
const MACHINES: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  arm: 'armv7l',
  ia32: 'i686',
};

/** Reads facts of one machine. */
export class SystemReader {
  readonly #machine: Machine;
  #facts: SystemFacts | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Read once. What a machine does not have is empty. */
  facts(): SystemFacts {
    this.#facts ??= {
      kernel: this.#line('proc/sys/kernel/osrelease'),
      kernelBuild: this.#line('proc/sys/kernel/version'),
      machine: this.#line('proc/sys/kernel/arch') || (MACHINES[process.arch] ?? process.arch),
      os: prettyName(this.#text('etc/os-release') || this.#text('usr/lib/os-release')),
      bootId: compactId(this.#line(BOOT_ID_PATH)),
      machineId: this.#line('etc/machine-id'),
    };
    return this.#facts;
  }

  /** The host name that the kernel has now. */
  hostname(): string {
    return this.#line('proc/sys/kernel/hostname');
  }

  /** Seconds since boot, or 0 where the machine does not say. */
  uptimeSeconds(): number {
    const seconds = Number.parseFloat(this.#line('proc/uptime'));
    return Number.isFinite(seconds) ? seconds : 0;
  }

  #line(path: string): string {
    return this.#text(path).split('\n', 1)[0]?.trim() ?? '';
  }

  #text(path: string): string {
    try {
      return this.#machine.text(path) ?? '';
    } catch {
      return '';
    }
  }
}

/** PRETTY_NAME of an os-release file, or empty. Quotes and backslashes as os-release(5) has them from the shell. */
export function prettyName(text: string): string {
  const value = /^PRETTY_NAME=(.*)$/m.exec(text)?.[1]?.trim() ?? '';
  const quoted = /^(["'])(.*)\1$/.exec(value);
  if (!quoted) return value;
  return quoted[1] === '"' ? (quoted[2] ?? '').replace(/\\(["\\$`])/g, '$1') : (quoted[2] ?? '');
}
