/** Kernel parameters that are configured, and what is in force. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { savedSysctls } from './saved.ts';
import { readSysctlFiles, resolveSysctls, SYSCTL_FOLDERS } from './sysctl-files.ts';

/** A configured parameter whose value is not in force. */
export interface SysctlDifference {
  /** "net.ipv4.ip_forward". */
  readonly key: string;
  readonly configured: string;
  /** Undefined where the kernel has no such parameter. */
  readonly actual: string | undefined;
  /** "/etc/sysctl.d/50-x.conf:3". */
  readonly where: string;
}

/** What came of the comparison. */
export interface SysctlFact {
  /** How many parameters are configured. */
  readonly configured: number;
  readonly differences: readonly SysctlDifference[];
}

const MAX_EXPANDED = 2_000;

/** Paths below /proc/sys that match a pattern of shell wildcards, step by step. */
function expandSysctl(machine: Machine, pattern: string): string[] {
  let found = [''];
  for (const step of pattern.split('/')) {
    const matches = /[*?[]/.test(step) ? wildcard(step) : undefined;
    found = found.flatMap((folder) => {
      if (!matches) return [folder === '' ? step : `${folder}/${step}`];
      return machine
        .list(`proc/sys/${folder}`)
        .filter(matches)
        .map((name) => (folder === '' ? name : `${folder}/${name}`));
    });
    if (found.length > MAX_EXPANDED) found = found.slice(0, MAX_EXPANDED);
  }
  return found.filter((path) => machine.has(`proc/sys/${path}`));
}

function wildcard(step: string): (name: string) => boolean {
  const source = step
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
    .replace(/\[!/g, '[^');
  try {
    const pattern = new RegExp(`^${source}$`);
    return (name) => pattern.test(name);
  } catch {
    return () => false;
  }
}

/** Whether two values say the same: the kernel writes tabs for spaces, and numbers without leading zeros or as decimals. */
export function sameValue(configured: string, actual: string): boolean {
  const words = (text: string) => text.trim().split(/[\s,]+/);
  const [a, b] = [words(configured), words(actual)];
  return (
    a.length === b.length &&
    a.every((word, index) => {
      const other = b[index] ?? '';
      return word === other || (word !== '' && other !== '' && Number(word) === Number(other));
    })
  );
}

/** Parameters that act when they are written, have no value to compare, or are kept by the kernel in another form. */
const NO_STATE =
  /(?:^|\/)(?:flush|drop_caches|compact_memory|random_fail|stat_refresh)$|^kernel\/(?:tainted|sysrq-trigger)$/;

/** The comparison. */
export const sysctls = fact({
  id: 'kernel.sysctl',
  reads: [...SYSCTL_FOLDERS.map((folder) => `/${folder}/*.conf`), '/proc/sys'],
  limitMs: 3_000,
  read: async ({ machine, part, get }): Promise<SysctlFact> => {
    const saved = await get(savedSysctls);
    if (!machine.has('proc/sys') && saved.size === 0)
      throw new Unavailable('not-captured', 'neither /proc/sys nor sysctl -a was captured');
    const wanted = resolveSysctls(readSysctlFiles(machine), (pattern) => expandSysctl(machine, pattern));
    const differences: SysctlDifference[] = [];
    for (const [path, { value = '', optional, where }] of wanted) {
      if (NO_STATE.test(path)) continue;
      const key = keyOf(path);
      const actual =
        (await part(`sysctl ${key}`, () => readIfReadable(machine, `proc/sys/${path}`))) ?? saved.get(key);
      if (actual === null || (actual === undefined && optional)) continue;
      // That a captured machine lacks a file does not say that its kernel has no such parameter.
      if (actual === undefined && !machine.live) continue;
      if (actual === undefined || !(sameValue(value, actual) || sameValue(withoutComment(value), actual)))
        differences.push({ key, configured: value, actual: actual?.trim(), where });
    }
    return { configured: wanted.size, differences };
  },
});

/** A comment behind a value is none to systemd-sysctl, but the kernel takes the number before it all the same. */
function withoutComment(value: string): string {
  return value.replace(/\s+[#;].*$/, '');
}

/** Undefined where there is no such parameter; null where it can only be written. */
function readIfReadable(machine: Machine, path: string): string | undefined | null {
  try {
    return machine.text(path) ?? (machine.has(path) ? null : undefined);
  } catch (error) {
    if (error instanceof Unavailable && error.kind === 'denied') return null;
    throw error;
  }
}

function keyOf(path: string): string {
  return path.replace(/[./]/g, (one) => (one === '/' ? '.' : '/'));
}
