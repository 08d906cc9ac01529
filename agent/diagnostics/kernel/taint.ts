/** The kernel's taint: what happened to it or was loaded into it since the boot (Documentation/admin-guide/tainted-kernels.rst). */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
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

/** The letters of an oops's header, "Tainted: G      D W         6.1.0-18-amd64", as a mask; undefined where there are none. */
function lettersOf(text: string): bigint | undefined {
  const letters = /^Tainted: ([GP](?: {0,6}[A-Z]){0,20})(?=\s|$)/m.exec(text)?.[1];
  if (letters === undefined) return undefined;
  return BITS.reduce(
    (mask, [letter], bit) => (letters.includes(letter) ? mask | (1n << BigInt(bit)) : mask),
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
    // The line of an oops alone, which somebody kept.
    const told =
      text === undefined
        ? machine.saved?.('tainted')?.flatMap((one) => lettersOf(one.text) ?? [])[0]
        : undefined;
    if (told !== undefined) return told;
    if (text === undefined) throw nothing(machine, '/proc/sys/kernel/tainted');
    if (!/^\d{1,20}$/.test(text))
      throw new Unavailable('nonsense', '/proc/sys/kernel/tainted holds no number');
    return BigInt(text);
  },
});
