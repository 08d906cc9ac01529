/** Outputs that are found both by the name of their file and within it. */

import type { SavedOutput } from './machine.ts';
import { UNNAMED } from './section-names.ts';

/**
 * Outputs by the names of files, and those within them, each once: one below its command line is known by what it is called too, and a file
 * that holds one output is that output. Given is the one whose words say more.
 */
export function onceEach(files: readonly SavedOutput[], within: readonly SavedOutput[]): SavedOutput[] {
  const best = new Map<string, SavedOutput>();
  for (const one of within) {
    const key = `${one.path}\n${one.text.trim()}`;
    const known = best.get(key);
    if (!known || says(one) > says(known)) best.set(key, one);
  }
  const texts = Map.groupBy(best.values(), ({ path }) => path);
  const only = (path: string | undefined) => {
    const [one, ...more] = texts.get(path) ?? [];
    return more.length === 0 ? one : undefined;
  };
  const kept = files.filter((file) => {
    const one = only(file.path);
    return says(one) <= says(file) && !namesAnother(file, one);
  });
  const paths = new Set(kept.map(({ path }) => path));
  return [...kept, ...[...best.values()].filter(({ path }) => !paths.has(path) || !only(path))];
}

/** Whether the text itself names the device that it is of, and that is not what its file's name seems to say. */
function namesAnother(file: SavedOutput, within: SavedOutput | undefined): boolean {
  const [byName, own] = [file.device?.toLowerCase(), within?.device?.toLowerCase()];
  return byName !== undefined && own !== undefined && !own.startsWith(UNNAMED) && own !== byName;
}

/** How much an output's words say: one that names its device says more than one that has more of them. */
function says(output: SavedOutput | undefined): number {
  return output ? output.words.length + (output.device === undefined ? 0 : 100) : -1;
}
