/** What chronyd is configured to do, as far as it matters for a judgement: sources, steps, the hardware clock. */

import type { Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

/** chronyd's configuration. */
export interface ChronyConfiguration {
  /** The main file: "/etc/chrony.conf". */
  readonly path: string;
  /** Lines `server` and `peer`. */
  readonly servers: number;
  /** Lines `pool`, each of which stands for up to `maxsources` servers (4 unless told). */
  readonly pools: number;
  readonly refclocks: number;
  /** Sources that are asked with Network Time Security. */
  readonly nts: number;
  /** Whether and how the clock may be stepped; a limit below 0 lets it be at any time. */
  readonly makestep: { readonly thresholdSeconds: number; readonly limit: number } | undefined;
  /** Whether the kernel keeps the hardware clock, and is told that the clock is synchronised. */
  readonly rtcsync: boolean;
  /** Whether chronyd keeps the hardware clock itself. */
  readonly rtcfile: boolean;
  /** Whether it serves its own clock where it has no source. */
  readonly local: boolean;
}

const MAIN = ['etc/chrony/chrony.conf', 'etc/chrony.conf'];
/** Files that are read at most; distributions have three or four. */
const MAX_FILES = 50;
const MAX_LINES = 5_000;

/** chronyd's configuration. */
export const chronyConfiguration = fact({
  id: 'clock.chrony-conf',
  reads: ['/etc/chrony/chrony.conf', '/etc/chrony.conf', 'the files that they include'],
  limitMs: 2_000,
  read: ({ machine }): ChronyConfiguration => {
    const main = MAIN.find((path) => machine.text(path) !== undefined);
    if (main === undefined) throw nothing(machine, '/etc/chrony.conf');
    return parseChronyConfiguration(machine, main);
  },
});

/** Reads a configuration with all that it includes. Directives are not case-sensitive (chrony.conf(5)). */
function parseChronyConfiguration(machine: Machine, main: string): ChronyConfiguration {
  const counts = { servers: 0, pools: 0, refclocks: 0, nts: 0 };
  let makestep: ChronyConfiguration['makestep'];
  const flags = { rtcsync: false, rtcfile: false, local: false };
  const waiting = [main];
  const seen = new Set<string>();
  for (let path = waiting.shift(); path !== undefined && seen.size < MAX_FILES; path = waiting.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const line of (machine.text(path) ?? '').split('\n').slice(0, MAX_LINES)) {
      const [directive = '', first = '', ...more] = line.trim().split(/\s+/);
      if (directive === '' || /^[!;#%]/.test(directive)) continue;
      switch (directive.toLowerCase()) {
        case 'server':
        case 'peer':
        case 'pool':
          if (directive.toLowerCase() === 'pool') counts.pools++;
          else counts.servers++;
          if (more.some((word) => word.toLowerCase() === 'nts')) counts.nts++;
          break;
        case 'refclock':
          counts.refclocks++;
          break;
        case 'makestep':
          makestep = { thresholdSeconds: Number(first) || 0, limit: Number(more[0]) || 0 };
          break;
        case 'rtcsync':
        case 'rtcfile':
        case 'local':
          flags[directive.toLowerCase() as keyof typeof flags] = true;
          break;
        case 'include':
          waiting.push(...matching(machine, first));
          break;
        case 'confdir':
        case 'sourcedir': {
          const ending = directive.toLowerCase() === 'confdir' ? '.conf' : '.sources';
          for (const folder of [first, ...more].filter((one) => one.startsWith('/')))
            waiting.push(...matching(machine, `${folder}/*${ending}`));
          break;
        }
      }
    }
  }
  return { path: `/${main}`, ...counts, makestep, ...flags };
}

/** Files that a path with "*" in its last part stands for; other patterns stand for nothing. */
function matching(machine: Machine, pattern: string): string[] {
  const path = pattern.replace(/^\/+/, '');
  const at = path.lastIndexOf('/');
  const folder = path.slice(0, Math.max(at, 0));
  const [before = '', after, ...rest] = path.slice(at + 1).split('*');
  if (after === undefined) return [path];
  if (rest.length > 0 || folder.includes('*')) return [];
  return machine
    .list(folder)
    .filter(
      (name) =>
        name.startsWith(before) && name.endsWith(after) && name.length >= before.length + after.length,
    )
    .map((name) => `${folder}/${name}`);
}
