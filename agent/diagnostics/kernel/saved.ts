/**
 * What programs printed on a captured machine, where its files were not captured: a report of sosreport has `sysctl -a`,
 * `uname -a`, `lsmod` and `dmidecode`, and little of /proc/sys. On a live machine nothing is run.
 */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';

/** The first of some saved outputs; undefined on a live machine, or where none was saved. @throws Unavailable */
export async function savedOutput(
  machine: Machine,
  ...commands: readonly (readonly [program: string, ...args: string[]])[]
): Promise<string | undefined> {
  if (machine.live) return undefined;
  for (const [program, ...args] of commands)
    try {
      return (await machine.run(program, args)).stdout;
    } catch (error) {
      if (!(error instanceof Unavailable) || error.kind !== 'not-captured') throw error;
    }
  return undefined;
}

const MAX_LINES = 20_000;

/** Parses `sysctl -a`: "kernel.panic = 10". */
export function parseSysctlOutput(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const row of text.split(/\r?\n/, MAX_LINES)) {
    const match = /^([\w.*/:@-]+) = ?(.*)$/.exec(row);
    if (match?.[1]) found.set(match[1], match[2] ?? '');
  }
  return found;
}

/** Kernel parameters that a captured `sysctl -a` has, by name; none on a live machine. */
export const savedSysctls = fact({
  id: 'kernel.saved-sysctls',
  reads: ['sysctl -a, on a captured machine'],
  limitMs: 1_000,
  read: async ({ machine }): Promise<ReadonlyMap<string, string>> =>
    parseSysctlOutput((await savedOutput(machine, ['sysctl', '-a'])) ?? ''),
});

/** A kernel parameter by its name, from /proc/sys or from what was saved; undefined where it is nowhere. @throws Unavailable */
export function sysctlText(
  machine: Machine,
  saved: ReadonlyMap<string, string>,
  key: string,
): string | undefined {
  return (
    machine
      .text(`proc/sys/${key.replaceAll('.', '/')}`)
      ?.split('\n', 1)[0]
      ?.trim() ?? saved.get(key)
  );
}

/** A kernel parameter that is a number. @throws Unavailable */
export function sysctlNumber(
  machine: Machine,
  saved: ReadonlyMap<string, string>,
  key: string,
): number | undefined {
  const text = sysctlText(machine, saved, key);
  const value = Number(text);
  return text === undefined || text === '' || !Number.isFinite(value) ? undefined : value;
}

/** Parses `uname -a`: "Linux HOST RELEASE #BUILD… MACHINE…". */
export function parseUname(text: string): { release: string; build: string } | undefined {
  const match =
    /^Linux \S+ (\d\S+)(?: (#.*?))?(?: (?:x86_64|aarch64|i686|ppc64le|s390x|riscv64|armv\w+).*)?$/m.exec(
      text,
    );
  if (match?.[1]) return { release: match[1], build: match[2] ?? '' };
  const plain = /^(\d+\.\d+\S*)\s*$/.exec(text.trim());
  return plain?.[1] ? { release: plain[1], build: '' } : undefined;
}

/** Parses `dmidecode`: a value of a section, "System Information" and "Product Name". */
export function dmiValue(text: string, section: string, name: string): string {
  const at = text.indexOf(`\n${section}\n`);
  if (at < 0) return '';
  const block = text.slice(at + 1, at + 4_000).split(/\n\n/, 1)[0] ?? '';
  for (const row of block.split('\n')) {
    const found = /^\s+([^:]+): ?(.*)$/.exec(row);
    if (found?.[1] === name) return found[2]?.trim() ?? '';
  }
  return '';
}
