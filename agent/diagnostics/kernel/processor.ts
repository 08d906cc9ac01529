/** The processors: model and microcode, by /proc/cpuinfo. */

import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

/** What processors a machine has. */
export interface Processors {
  readonly count: number;
  /** "GenuineIntel", "AuthenticAMD", "ARM" …; empty where it is not told. */
  readonly vendor: string;
  /** Decimal, as the kernel writes them; undefined on other architectures. */
  readonly family: number | undefined;
  readonly model: number | undefined;
  readonly stepping: number | undefined;
  /** "AMD EPYC 7763 64-Core Processor". */
  readonly name: string;
  /** Revisions of the microcode ("0xd0003a5") by the processors that run them, most first. */
  readonly microcode: readonly { readonly revision: string; readonly cpus: readonly number[] }[];
}

const MAX_PROCESSORS = 8_192;

/** Parses /proc/cpuinfo of x86, arm64, ppc64le and s390x. */
export function parseCpuinfo(text: string): Processors {
  const revisions = new Map<string, number[]>();
  const first = new Map<string, string>();
  let count = 0;
  let cpu = -1;
  for (const row of text.split('\n')) {
    const at = row.indexOf(':');
    if (at < 0) continue;
    const key = row.slice(0, at).trim();
    const value = row.slice(at + 1).trim();
    // On s390x a processor is "processor 0: version = …".
    if (/^processor(?: \d+)?$/.test(key) && count < MAX_PROCESSORS) {
      cpu = Number(/^\d+$/.test(value) ? value : key.replace(/\D/g, ''));
      count++;
    } else if (key === 'microcode' && cpu >= 0) {
      const revision = /^0x0+(?=[0-9a-f])/i.test(value)
        ? value.replace(/^0x0+/i, '0x').toLowerCase()
        : value.toLowerCase();
      const list = revisions.get(revision) ?? [];
      list.push(cpu);
      revisions.set(revision, list);
    }
    if (!first.has(key)) first.set(key, value);
  }
  const number = (key: string) => (/^\d+$/.test(first.get(key) ?? '') ? Number(first.get(key)) : undefined);
  const arm = first.get('CPU implementer');
  return {
    count,
    vendor: first.get('vendor_id') ?? (arm === undefined ? '' : 'ARM'),
    family: number('cpu family'),
    model: number('model'),
    stepping: number('stepping'),
    name:
      first.get('model name') ??
      first.get('cpu') ??
      (arm === undefined ? '' : `${arm}:${first.get('CPU part') ?? ''}`),
    microcode: [...revisions]
      .map(([revision, cpus]) => ({ revision, cpus }))
      .sort((a, b) => b.cpus.length - a.cpus.length),
  };
}

/** The processors. */
export const processors = fact({
  id: 'kernel.processors',
  reads: ['/proc/cpuinfo'],
  limitMs: 1_000,
  read: ({ machine }): Processors => {
    const text = machine.text('proc/cpuinfo');
    if (text === undefined) throw nothing(machine, '/proc/cpuinfo');
    return parseCpuinfo(text);
  },
});
