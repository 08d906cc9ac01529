/** The kernel's taint: what happened to it or was loaded into it since the boot (Documentation/admin-guide/tainted-kernels.rst). */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { type Module, modules } from './modules.ts';
import { savedSysctls, sysctlText } from './saved.ts';

/** A reason for which a kernel is tainted. */
export interface TaintBit {
  readonly bit: number;
  readonly letter: string;
  readonly meaning: string;
}

/** All reasons up to Linux 6.18; the letter is the one that an oops prints. */
const BITS: readonly (readonly [letter: string, meaning: string])[] = [
  ['P', 'a proprietary module was loaded'],
  ['F', 'a module was loaded by force'],
  ['S', 'the kernel runs on hardware or in a way that it is not made for'],
  ['R', 'a module was unloaded by force'],
  ['M', 'the processor reported a machine check'],
  ['B', 'a page of memory had an impossible state'],
  ['U', 'a user program asked for the taint'],
  ['D', 'the kernel died before (oops or BUG)'],
  ['A', 'an ACPI table was overridden'],
  ['W', 'the kernel warned'],
  ['C', 'a staging driver was loaded'],
  ['I', 'the kernel works around a bug of the firmware'],
  ['O', 'an out-of-tree module was loaded'],
  ['E', 'an unsigned module was loaded'],
  ['L', 'a soft lockup happened'],
  ['K', 'the kernel was patched while running'],
  ['X', 'taint of the distribution'],
  ['T', 'the kernel was built with structure randomisation'],
  ['N', 'a test was run in the kernel'],
  ['J', 'a debug operation changed a device through fwctl'],
];

/** Red Hat's own, and those that upstream has not defined. */
const RED_HAT: ReadonlyMap<number, readonly [string, string]> = new Map([
  [26, ['p', 'a module that a partner supports was loaded (Red Hat)']],
  [27, ['r', 'hardware or a module is in use whose support was removed (Red Hat)']],
  [28, ['H', 'the hardware is not supported (Red Hat)']],
  [29, ['T', 'a technology preview is in use (Red Hat)']],
  [30, ['u', 'unprivileged BPF is or was allowed (Red Hat)']],
  [31, ['u', 'unprivileged BPF is or was allowed (Red Hat)']],
]);

/** The reasons in a taint mask, as /proc/sys/kernel/tainted has it. */
export function decodeTaint(mask: bigint, distribution = ''): TaintBit[] {
  const found: TaintBit[] = [];
  for (let bit = 0; bit < 64; bit++) {
    if (((mask >> BigInt(bit)) & 1n) === 0n) continue;
    const own = /^(?:rhel|oracle-uek|centos)$/.test(distribution) ? RED_HAT.get(bit) : undefined;
    const [letter, meaning] = BITS[bit] ??
      own ?? ['?', `taint ${bit}, which this version of nodectl does not know`];
    found.push({ bit, letter, meaning });
  }
  return found;
}

/** A mask of the reasons that letters stand for. */
function maskOf(letters: string): bigint {
  return BITS.reduce(
    (mask, [letter], bit) => (letters.includes(letter) ? mask | (1n << BigInt(bit)) : mask),
    0n,
  );
}

/**
 * What headers of oopses tell, as a mask: "Tainted: G      D W         6.1.0-18-amd64", and "Tainted: [D]=DIE, [W]=WARN" (since Linux 6.11).
 * Undefined where there is none.
 */
function maskIn(text: string): bigint | undefined {
  const told = [
    ...text.matchAll(/\bTainted: (?:([GP](?: {0,24}[A-Z]){0,20})(?=\s|$)|(\[[A-Z]\]=.{1,400}))/gm),
  ];
  if (told.length === 0) return undefined;
  return told.reduce(
    (mask, [, letters, words = '']) =>
      mask | maskOf(letters ?? [...words.matchAll(/\[([A-Z])\]=/g)].map(([, one = '']) => one).join('')),
    0n,
  );
}

/** The taint as a mask. */
export const taint = fact({
  id: 'kernel.taint',
  reads: ['/proc/sys/kernel/tainted', 'a line "Tainted: …" of an oops, on a captured machine'],
  limitMs: 1_000,
  read: async ({ machine, get }): Promise<bigint> => {
    const text = sysctlText(machine, await get(savedSysctls), 'kernel.tainted');
    const saved = (of: string) => (machine.saved?.(of) ?? []).map((one) => one.text).join('\n');
    const words = [...saved('taint-told').matchAll(/^taint mask: (\d{1,20})$/gm)].map(([, mask = '0']) =>
      BigInt(mask),
    );
    // What somebody wrote of it, or the header of an oops alone, which somebody kept.
    const said = words.length > 0 ? words.reduce((all, one) => all | one) : maskIn(saved('tainted'));
    const told = text === undefined ? said : undefined;
    if (told !== undefined) return told;
    if (text === undefined) throw nothing(machine, '/proc/sys/kernel/tainted');
    if (!/^\d{1,20}$/.test(text))
      throw new Unavailable('nonsense', '/proc/sys/kernel/tainted holds no number');
    return BigInt(text);
  },
});

/** Modules that are not part of the kernel. */
export interface ForeignModules {
  /** The taint; of that of which only modules were saved, what their letters tell. */
  readonly mask: bigint;
  /** Those that are loaded; undefined where that was not captured. */
  readonly modules: readonly Pick<Module, 'name' | 'taints'>[] | undefined;
}

/** Modules by an oops's "Modules linked in: nvidia(POE) ext4". */
function linkedIn(text: string): Pick<Module, 'name' | 'taints'>[] {
  const found = [...text.matchAll(/\b([\w-]{1,64})\(([A-Z]{1,8})[+-]?\)/g)];
  return found.map(([, name = '', taints = '']) => ({ name, taints }));
}

/** Modules that are not part of the kernel, by its taint and by letters behind them. */
export const foreignModules = fact({
  id: 'kernel.foreign-modules',
  reads: ['/proc/sys/kernel/tainted', '/proc/modules', 'a line "Modules linked in:", on a captured machine'],
  limitMs: 1_000,
  read: async ({ machine, get }): Promise<ForeignModules> => {
    const lines = (machine.saved?.('tainted') ?? []).map((one) => one.text).join('\n');
    const [mask, loaded] = await Promise.allSettled([get(taint), get(modules)]);
    const listed = loaded.status === 'fulfilled' ? [...loaded.value.values()] : undefined;
    const linked = linkedIn(lines);
    const found = (listed ?? (linked.length > 0 ? linked : undefined))?.filter(({ taints }) =>
      /[POEC]/.test(taints),
    );
    if (mask.status === 'fulfilled') return { mask: mask.value, modules: found };
    // That none of some rows has letters says nothing of the others.
    if (!found?.length) throw mask.reason;
    return { mask: maskOf(found.map(({ taints }) => taints).join('')), modules: found };
  },
});
