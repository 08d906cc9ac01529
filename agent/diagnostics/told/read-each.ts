/** Reads outputs of programs that a running machine is not asked with, each by itself. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { notSaved } from '../required.ts';

/**
 * What the saved outputs of some programs tell, each text once. Those of which nothing can be made are told as not judged.
 * @param read what one tells; undefined where it tells nothing
 * @param why it then is of no use: "it tells of no quorum"
 * @param others whether a text of which nothing can be made here is another reader's, who says whether it is of use
 * @throws Unavailable absent on a running machine, not-captured, nonsense where none tells anything
 */
export function readEach<T>(
  machine: Machine,
  programs: readonly string[],
  read: (text: string) => T | undefined,
  why: string,
  others: (text: string) => boolean = () => false,
): T[] {
  const name = programs[0] ?? '';
  if (machine.live) throw new Unavailable('absent', `${name} is read of captured machines only`);
  const outputs = programs.flatMap((program) => machine.saved?.(program) ?? []);
  const seen = new Set<string>();
  const found = outputs.flatMap((output): T[] => {
    const text = output.text.trim();
    if (seen.has(text)) return [];
    seen.add(text);
    const told = read(output.text);
    if (told === undefined && !others(output.text)) machine.notUsed?.(output, why);
    return told === undefined ? [] : [told];
  });
  if (found.length > 0) return found;
  throw outputs.length === 0
    ? notSaved(machine, programs)
    : new Unavailable('nonsense', `of what was saved of ${name} ${why}`);
}

const MAX_ROWS = 50_000;

/** The lines of an output, without carriage returns and of bounded length. */
export function rowsOf(text: string): string[] {
  return text.split('\n', MAX_ROWS).map((row) => row.slice(0, 1_000).trimEnd());
}
