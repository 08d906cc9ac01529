/** How a NIC's interrupts are spread over processors: /proc/interrupts, and which interrupts are the device's. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { required } from '../required.ts';
import type { Interface } from './interfaces.ts';
import { nicInterfaces } from './interfaces.ts';

/** One interrupt. */
export interface Interrupt {
  readonly number: number;
  /** What it is for, as the kernel names it: "mlx5_comp3@pci:0000:3b:00.0", "eth0-TxRx-2". */
  readonly name: string;
  /** How often it came, by the processors' positions in the heading. */
  readonly counts: readonly number[];
}

/** All interrupts that have a number, and the processors' numbers. */
export interface Interrupts {
  readonly cpus: readonly number[];
  readonly list: readonly Interrupt[];
}

/** A row's counts and the first letter of what is behind them: the controller's. */
const ROW = /^\s*\d{1,9}:((?:\s+\d{1,20}){2,4096})\s+[A-Za-z]/;
/** The processors of rows without the heading, as grep leaves them: by position, where all rows have as many counts. */
function positions(lines: readonly string[]): number[] {
  const counts = new Set(
    lines.flatMap((line) => {
      const row = ROW.exec(line)?.[1];
      return row === undefined ? [] : [row.trim().split(/\s+/).length];
    }),
  );
  return counts.size === 1 ? Array.from({ length: [...counts][0] ?? 0 }, (_, at) => at) : [];
}

/** Reads /proc/interrupts (fs/proc/interrupts.c). @throws Unavailable nonsense */
export function parseInterrupts(text: string): Interrupts {
  const lines = text.split('\n', 20_000);
  const told = [...(lines[0] ?? '').matchAll(/CPU(\d{1,5})/g)].map(([, cpu]) => Number(cpu));
  const cpus = told.length > 0 ? told : positions(lines);
  if (cpus.length === 0) throw new Unavailable('nonsense', '/proc/interrupts is not in its format');
  const list: Interrupt[] = [];
  for (const line of lines) {
    const head = /^\s*(\d{1,9}):/.exec(line);
    if (!head) continue;
    const words = line.slice(head[0].length).trim().split(/\s+/);
    const counts = words.slice(0, cpus.length).map(Number);
    if (counts.length < cpus.length || counts.some((one) => !Number.isFinite(one))) continue;
    // Behind the counts: the controller, its line and kind, and the names of those who share it.
    list.push({ number: Number(head[1]), name: words.slice(cpus.length).join(' ').slice(0, 200), counts });
  }
  return { cpus, list };
}

/** A device's interrupts over the processors. */
export interface InterruptSpread {
  readonly interrupts: number;
  /** How often they came, by processor. */
  readonly byCpu: ReadonlyMap<number, number>;
  readonly total: number;
}

/** The interrupts of a device: those that its folder lists, else those that carry the interface's name or address. */
function spreadOf(machine: Machine, one: Interface, { cpus, list }: Interrupts): InterruptSpread | undefined {
  const folder = one.device?.pciFolder;
  const own = new Set((folder ? machine.list(`${folder}/msi_irqs`) : []).map(Number));
  const names = [one.name, ...(one.device ? [one.device.address] : [])].filter((name) => name.length > 2);
  const isOwn = ({ number, name }: Interrupt) =>
    own.size > 0
      ? own.has(number)
      : names.some((part) => new RegExp(`(?:^|[^\\w.])${RegExp.escape(part)}(?:$|[^\\w])`).test(name));
  const mine = list.filter(isOwn);
  if (mine.length === 0) return undefined;
  const byCpu = new Map<number, number>();
  let total = 0;
  for (const { counts } of mine)
    for (const [at, count] of counts.entries()) {
      const cpu = cpus[at] ?? at;
      byCpu.set(cpu, (byCpu.get(cpu) ?? 0) + count);
      total += count;
    }
  return { interrupts: mine.length, byCpu, total };
}

/** Spreads by name of interface, and how many processors are on. */
export interface InterruptSpreads {
  readonly cpus: number;
  readonly spreads: ReadonlyMap<string, InterruptSpread>;
}

/** The spread of every device's interrupts. */
export const nicInterrupts = fact({
  id: 'nic.interrupts',
  reads: ['/proc/interrupts', '/sys/bus/pci/devices/*/msi_irqs'],
  limitMs: 4_000,
  read: async ({ machine, get }): Promise<InterruptSpreads> => {
    const text = required(machine, 'proc/interrupts');
    const interrupts = parseInterrupts(text);
    const spreads = new Map<string, InterruptSpread>();
    for (const one of (await get(nicInterfaces)).filter(({ kind }) => kind === 'physical').slice(0, 128)) {
      const spread = spreadOf(machine, one, interrupts);
      if (spread) spreads.set(one.name, spread);
    }
    return { cpus: interrupts.cpus.length, spreads };
  },
});
