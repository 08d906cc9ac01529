/** A kernel's facts in a word or two, for the columns of a table. */

import type { GetKernelResponse__Output as Kernel } from '../../proto/gen/types/nodectl/v1/GetKernelResponse.ts';
import type { Result } from '../fleet/fan-out.ts';
import { exitOfAll } from '../output/exit-codes.ts';

/** A pipe has no width, but sentences without line breaks cannot be read. */
export const PIPE_WIDTH = 100;

/** The package, or the upstream release where it says more than the kernel's own name. */
export function packageOf({ version }: Kernel): string {
  if (!version) return '';
  const { release, stable } = version;
  if (version.package !== '' && !release.startsWith(version.package)) return version.package;
  return stable !== '' && !release.startsWith(stable) ? stable : '';
}

/** "OE", or nothing for a kernel without taint. */
export function taintLetters({ taints }: Kernel): string {
  return taints.map(({ letter }) => letter).join('');
}

/** "pending" where a reboot brings another kernel, "modules gone" where it is overdue. */
export function rebootInShort({ installed }: Kernel): string {
  if (installed?.modulesGone) return 'modules gone';
  return (installed?.rebootReasons.length ?? 0) > 0 ? 'pending' : '';
}

/** "all", or how many faults are open. */
export function mitigationsInShort({ mitigations, commandLine }: Kernel): string {
  if (mitigations.length === 0) return '';
  const open = mitigations.filter(({ state }) => state === 'open').length;
  if (/(?:^|\s)mitigations=(?:\S+,)?off\b/.test(commandLine) && open > 0) return 'off';
  return open === 0 ? 'all' : `${open} open`;
}

/** The month in which upstream ends the branch; "ended"; "vendor" where its distribution keeps it. */
export function endInShort({ version }: Kernel): string {
  if (!version) return '';
  if (version.endOfLife !== '') return version.endOfLifeDays < 0 ? 'ended' : version.endOfLife.slice(0, 7);
  return version.distribution === '' ? '' : 'vendor';
}

/** "0xd0003a5", or all revisions where processors run different ones. */
export function microcodeInShort({ microcode }: Kernel): string {
  return microcode.map(({ revision }) => revision).join(' ');
}

/** The exit status of calls to several nodes. */
export function exitOf(results: readonly Result<unknown>[]): number {
  const failures = results.filter((result) => 'failure' in result).map(({ failure }) => failure);
  return exitOfAll(failures, results.length - failures.length);
}
