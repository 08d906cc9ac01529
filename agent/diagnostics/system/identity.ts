/** Who the machine takes itself for, and whom it asks for names. */

import { line, type Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

/** The machine's identity. */
export interface Identity {
  /** 32 hexadecimal digits as a rule; empty where the file is empty, undefined where there is none. */
  readonly machineId: string | undefined;
  readonly hostname: string;
  /** Whether the machine itself was asked: what was saved may be of an image, or of a machine whose name was taken out. */
  readonly live: boolean;
  /** Names of the operating system, and the day its support ends ("2028-06-30") where its maker tells it. */
  readonly os: string;
  readonly supportEnd: string;
  readonly nowMs: number;
}

/** A value of /etc/os-release, without its quotes. */
function osValue(text: string, name: string): string {
  return (
    new RegExp(`^${name}=(.*)$`, 'm')
      .exec(text)?.[1]
      ?.trim()
      .replace(/^(["'])(.*)\1$/, '$2') ?? ''
  );
}

/** Identity. */
export const identity = fact({
  id: 'system.identity',
  reads: ['/etc/machine-id', '/proc/sys/kernel/hostname', '/etc/os-release'],
  limitMs: 1_000,
  read: ({ machine }): Identity => {
    const text = (machine.text('etc/os-release') ?? machine.text('usr/lib/os-release') ?? '').slice(
      0,
      65_536,
    );
    const hostname = line(machine, 'proc/sys/kernel/hostname') ?? line(machine, 'etc/hostname');
    if (hostname === undefined) throw nothing(machine, 'host name');
    return {
      machineId: line(machine, 'etc/machine-id'),
      ...{ hostname, live: machine.live },
      os: osValue(text, 'PRETTY_NAME') || osValue(text, 'NAME'),
      supportEnd: osValue(text, 'SUPPORT_END'),
      nowMs: machine.now(),
    };
  },
});

/** /etc/resolv.conf. */
export interface Resolver {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  /** Whether systemd-resolved has its state there: its stub answers on 127.0.0.53. */
  readonly resolved: boolean;
}

/** Parses resolv.conf(5): the last search or domain counts. */
export function parseResolvConf(text: string): Omit<Resolver, 'resolved'> {
  const servers: string[] = [];
  let search: string[] = [];
  for (const row of text.split('\n').slice(0, 1_000)) {
    const [key = '', ...words] = row
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    if (key === 'nameserver' && words[0] !== undefined) servers.push(words[0]);
    if (key === 'search' || key === 'domain') search = words;
  }
  return { servers, search };
}

function resolvedRuns(machine: Machine): boolean {
  return (
    machine.has('run/systemd/resolve/stub-resolv.conf') || machine.has('run/systemd/resolve/resolv.conf')
  );
}

/** Whom the C library asks for names. */
export const resolver = fact({
  id: 'system.resolver',
  reads: ['/etc/resolv.conf', '/run/systemd/resolve'],
  limitMs: 1_000,
  read: ({ machine }): Resolver => {
    const text = machine.text('etc/resolv.conf');
    if (text === undefined) {
      // A link to a file of resolved's that is gone is a file without servers; no link and no file is another matter.
      if (machine.link('etc/resolv.conf') === undefined) throw nothing(machine, '/etc/resolv.conf');
      return { servers: [], search: [], resolved: resolvedRuns(machine) };
    }
    return { ...parseResolvConf(text), resolved: resolvedRuns(machine) };
  },
});

/** The sum over all processors of a row of /proc/interrupts that has a name: "MCE:   0   0  Machine check exceptions". 0 where there is none. */
export function interruptsNamed(rows: readonly string[], name: string): number {
  return (rows.find((row) => row.trimStart().startsWith(`${name}:`)) ?? '')
    .trim()
    .split(/\s+/)
    .slice(1)
    .filter((word) => /^\d+$/.test(word))
    .reduce((sum, word) => sum + Number(word), 0);
}

/** Machine check exceptions by /proc/interrupts: "MCE: 0 0  Machine check exceptions", a column a processor. */
export const machineChecks = fact({
  id: 'system.machine-checks',
  reads: ['/proc/interrupts'],
  limitMs: 1_000,
  read: ({
    machine,
  }): { readonly exceptions: number; readonly thresholds: number; readonly deferred: number } => {
    const text = machine.text('proc/interrupts');
    if (text === undefined || !/^\s*MCE:/m.test(text)) throw nothing(machine, 'count of machine checks');
    const rows = text.split('\n');
    const of = (name: string) => interruptsNamed(rows, name);
    return { exceptions: of('MCE'), thresholds: of('THR'), deferred: of('DFR') };
  },
});
