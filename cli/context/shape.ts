/**
 * The shape of the contexts file, checked by hand: every command reads the file, and a schema library would cost more
 * than the rest of reading it.
 */

import { isNodeName } from '../../pki/names.ts';
import { splitAddress } from '../../proto/address.ts';
import type { ContextEntry, ContextNode } from './contexts.ts';

type Keys = readonly (string | number)[];
type Mapping = Record<string, unknown>;

/** Something that is not as it should be, and where it is. */
export class ShapeError extends Error {
  readonly keys: Keys;

  /** @param message what is wrong, to be read behind the path of the keys */
  constructor(keys: Keys, message: string) {
    super(message);
    this.keys = keys;
  }
}

/** The file's content, typed. Throws a ShapeError for the first thing that is not as it should be. */
export function checkContexts(value: unknown): { current: string; contexts: Record<string, ContextEntry> } {
  const file = mapping(value, [], ['current', 'contexts']);
  const contexts: Record<string, ContextEntry> = {};
  for (const [name, entry] of Object.entries(mapping(file.contexts ?? {}, ['contexts']))) {
    if (!isContextName(name))
      throw new ShapeError(
        ['contexts', name],
        'is no name for a context: letters, digits, dots, hyphens and underscores',
      );
    contexts[name] = checkEntry(entry, ['contexts', name]);
  }
  return { current: string(file.current ?? '', ['current']), contexts };
}

/** Whether a text can be a context's name: something that shells need not quote and that hides nothing. */
export function isContextName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,62}$/.test(name) && name !== '__proto__';
}

function checkEntry(value: unknown, keys: Keys): ContextEntry {
  const entry = mapping(value, keys, ['trust', 'credential', 'issuer', 'nodes']);
  for (const needed of ['trust', 'credential'])
    if (entry[needed] === undefined) throw new ShapeError(keys, `lacks "${needed}"`);
  const nodes = entry.nodes ?? [];
  if (!Array.isArray(nodes)) throw new ShapeError([...keys, 'nodes'], 'is not a list');
  const issuer = string(entry.issuer ?? '', [...keys, 'issuer']);
  if (issuer !== '') checkAddress(issuer, [...keys, 'issuer']);
  const seen = new Set<string>();
  return {
    trust: string(entry.trust, [...keys, 'trust']),
    credential: string(entry.credential, [...keys, 'credential']),
    issuer,
    nodes: nodes.map((node, index) => {
      const at = [...keys, 'nodes', index];
      const checked = checkNode(node, at);
      if (seen.has(checked.name)) throw new ShapeError(at, `repeats the node "${checked.name}"`);
      seen.add(checked.name);
      return checked;
    }),
  };
}

function checkNode(value: unknown, keys: Keys): ContextNode {
  const node = mapping(value, keys, ['name', 'addresses', 'labels']);
  if (node.name === undefined) throw new ShapeError(keys, 'lacks "name"');
  const name = string(node.name, [...keys, 'name']);
  if (!isNodeName(name))
    throw new ShapeError(
      [...keys, 'name'],
      'is no name of a node: a DNS name in lower case of at most 63 characters',
    );
  if (!Array.isArray(node.addresses) || node.addresses.length === 0)
    throw new ShapeError(keys, 'lacks "addresses", a list of HOST:PORT');
  const labels = mapping(node.labels ?? {}, [...keys, 'labels']);
  return {
    name,
    addresses: node.addresses.map((address, index) =>
      checkAddress(string(address, [...keys, 'addresses', index]), [...keys, 'addresses', index]),
    ),
    labels: Object.fromEntries(
      // YAML reads `rack: 7` as a number; a label is text all the same.
      Object.entries(labels).map(([label, text]) => [label, scalar(text, [...keys, 'labels', label])]),
    ),
  };
}

function checkAddress(address: string, keys: Keys): string {
  try {
    splitAddress(address);
  } catch {
    throw new ShapeError(keys, 'is no address: HOST:PORT, as in 10.0.0.7:7443 or "[fd00::7]:7443"');
  }
  return address;
}

function mapping(value: unknown, keys: Keys, known?: readonly string[]): Mapping {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ShapeError(keys, 'is not a mapping');
  const unknown = known && Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new ShapeError([...keys, unknown], `is not known here; known are ${known?.join(', ')}`);
  return value as Mapping;
}

function string(value: unknown, keys: Keys): string {
  if (typeof value !== 'string') throw new ShapeError(keys, 'is not a text');
  return value;
}

function scalar(value: unknown, keys: Keys): string {
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw new ShapeError(keys, 'is not a text');
  return String(value);
}
