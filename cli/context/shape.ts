/**
 * The shape of the contexts file, checked by hand: every command reads the file, and a schema library would cost more
 * than the rest of reading it.
 */

import type { ContextEntry, ContextNode } from './contexts.ts';

/** Makes the error for a place in the file. */
export type Complain = (keys: (string | number)[], message: string) => Error;

type Keys = (string | number)[];
type Mapping = Record<string, unknown>;

/** The file's content, typed. Throws what `complain` makes for the first thing that is not as it should be. */
export function checkContexts(
  value: unknown,
  complain: Complain,
): { current: string; contexts: Record<string, ContextEntry> } {
  const file = mapping(value, [], ['current', 'contexts'], complain);
  const contexts: Record<string, ContextEntry> = {};
  for (const [name, entry] of Object.entries(mapping(file.contexts ?? {}, ['contexts'], undefined, complain)))
    contexts[name] = checkEntry(entry, ['contexts', name], complain);
  return { current: string(file.current ?? '', ['current'], complain), contexts };
}

function checkEntry(value: unknown, keys: Keys, complain: Complain): ContextEntry {
  const entry = mapping(value, keys, ['trust', 'credential', 'issuer', 'nodes'], complain);
  for (const needed of ['trust', 'credential'])
    if (entry[needed] === undefined) throw complain(keys, `lacks "${needed}"`);
  const nodes = entry.nodes ?? [];
  if (!Array.isArray(nodes)) throw complain([...keys, 'nodes'], 'is not a list');
  const seen = new Set<string>();
  return {
    trust: string(entry.trust, [...keys, 'trust'], complain),
    credential: string(entry.credential, [...keys, 'credential'], complain),
    issuer: string(entry.issuer ?? '', [...keys, 'issuer'], complain),
    nodes: nodes.map((node, index) => {
      const at = [...keys, 'nodes', index];
      const checked = checkNode(node, at, complain);
      if (seen.has(checked.name)) throw complain(at, `repeats the node "${checked.name}"`);
      seen.add(checked.name);
      return checked;
    }),
  };
}

function checkNode(value: unknown, keys: Keys, complain: Complain): ContextNode {
  const node = mapping(value, keys, ['name', 'addresses', 'labels'], complain);
  if (node.name === undefined) throw complain(keys, 'lacks "name"');
  if (!Array.isArray(node.addresses) || node.addresses.length === 0)
    throw complain(keys, 'lacks "addresses", a list of HOST:PORT');
  const labels = mapping(node.labels ?? {}, [...keys, 'labels'], undefined, complain);
  return {
    name: string(node.name, [...keys, 'name'], complain),
    addresses: node.addresses.map((address, index) =>
      string(address, [...keys, 'addresses', index], complain),
    ),
    labels: Object.fromEntries(
      // YAML reads `rack: 7` as a number; a label is text all the same.
      Object.entries(labels).map(([name, label]) => [
        name,
        scalar(label, [...keys, 'labels', name], complain),
      ]),
    ),
  };
}

function mapping(
  value: unknown,
  keys: Keys,
  known: readonly string[] | undefined,
  complain: Complain,
): Mapping {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw complain(keys, 'is not a mapping');
  const unknown = known && Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw complain([...keys, unknown], `is not known here; known are ${known?.join(', ')}`);
  return value as Mapping;
}

function string(value: unknown, keys: Keys, complain: Complain): string {
  if (typeof value !== 'string') throw complain(keys, 'is not a text');
  return value;
}

function scalar(value: unknown, keys: Keys, complain: Complain): string {
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw complain(keys, 'is not a text');
  return String(value);
}
