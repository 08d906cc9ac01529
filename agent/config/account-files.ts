/** The files that list accounts: passwd(5), group(5) and shadow(5). */

import type { Machine } from '../host/machine.ts';

/** The fields of every line of such a file, in the order of the file; none where there is no file. @throws Unavailable */
export function accountRows(machine: Machine, path: string): string[][] {
  return (machine.text(path) ?? '').split('\n').map((line) => line.split(':'));
}

/** The names of the groups that list an account as a member, in their order. @param groups the rows of group(5) */
export function groupsOf(groups: readonly string[][], name: string): string[] {
  return groups
    .filter(([, , , members = '']) => members.split(',').includes(name))
    .map(([group = '']) => group);
}
