/** The register of enrolled nodes and the tokens that are out: an issuer's memory, kept in a journal. */

import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { removeStrays } from '../atomic-file.ts';
import { type Disk, Journal } from './journal.ts';

/** A node in the register. */
export interface RegisteredNode {
  name: string;
  addresses: string[];
  /** The node's own labels as it last said them. */
  ownLabels: Record<string, string>;
  /** Labels that operators set; null hides one of the node's own. */
  setLabels: Record<string, string | null>;
  /** Milliseconds since the epoch. */
  enrolledAt: number;
  issuedAt: number;
  notAfter: number;
  /** The newest certificate's serial, and the one before: its holder may not have got the answer with the newest. */
  serial: string;
  previousSerial: string;
}

/** A token as it is kept. */
export interface TokenRecord {
  /** SHA-256 of the token in hexadecimal. */
  digest: string;
  node: string;
  notAfter: number;
  /** SHA-256 of the public key that used it, or empty. */
  usedBy: string;
  /** The certificate that it was used for, DER in base64, or empty: who asks again with the same key is given it again. */
  answer: string;
}

type Entry =
  | { op: 'token'; token: TokenRecord }
  | { op: 'enrol'; token: TokenRecord; node: RegisteredNode }
  | { op: 'node'; node: RegisteredNode }
  | { op: 'remove'; name: string };

const FILE = 'register.jsonl';

/** More nodes than one workstation's tool is made for; a bound all the same. */
const MAX_NODES = 20_000;
const MAX_TOKENS = 20_000;
/** From so many tokens on it is worth looking which have expired. */
const FORGET_FLOOR = 1000;

/** An open register. Every change is on disk when its function returns. */
export class Register {
  readonly #journal: Journal<Entry>;
  readonly #nodes = new Map<string, RegisteredNode>();
  readonly #tokens = new Map<string, TokenRecord>();
  /** How many tokens call for a look at which have expired. */
  #forgetAt = FORGET_FLOOR;
  /** All nodes by name, until one comes or goes: a fleet is read in many pages. */
  #sorted: RegisteredNode[] | undefined;

  /** What was wrong with the register when it was opened, or undefined. */
  readonly problem: string | undefined;
  /** Whether nothing has ever been written to it. */
  readonly isNew: boolean;

  /** Opens the register of a folder that nobody else works with. */
  constructor(folder: string, disk?: Disk) {
    removeStrays(folder, [FILE]);
    const path = join(folder, FILE);
    const { journal, entries, dropped } = Journal.open<Entry>(path, checkEntry, disk);
    this.#journal = journal;
    this.isNew = entries.length === 0;
    if (dropped > 0)
      this.problem = `the last line of ${path} was cut short, as by a power cut; its ${dropped} bytes were dropped`;
    for (const entry of entries) this.#apply(entry);
  }

  node(name: string): RegisteredNode | undefined {
    return this.#nodes.get(name);
  }

  /** All nodes, sorted by name. */
  nodes(): readonly RegisteredNode[] {
    this.#sorted ??= [...this.#nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#sorted;
  }

  /** At most `size` nodes whose names come after a name; all names come after the empty one. */
  page(after: string, size: number): RegisteredNode[] {
    const all = this.nodes();
    let low = 0;
    for (let high = all.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((all[middle]?.name ?? '') <= after) low = middle + 1;
      else high = middle;
    }
    return all.slice(low, low + Math.max(size, 0));
  }

  token(digest: string): TokenRecord | undefined {
    return this.#tokens.get(digest);
  }

  addToken(token: TokenRecord, now: number): void {
    if (this.#tokens.size >= this.#forgetAt) this.#forgetExpired(now);
    if (this.#tokens.size >= MAX_TOKENS)
      throw new Failure('REGISTER_FULL', `${MAX_TOKENS} tokens are out; no more are made`, {
        hint: 'wait until some have expired',
      });
    this.#write({ op: 'token', token });
  }

  /** Records that a token was used for a node, as one step. */
  enrol(token: TokenRecord, node: RegisteredNode): void {
    if (!this.#nodes.has(node.name) && this.#nodes.size >= MAX_NODES)
      throw new Failure('REGISTER_FULL', `the register holds ${MAX_NODES} nodes; no more are taken`, {
        hint: 'remove nodes that are gone: nodectl nodes remove',
      });
    this.#write({ op: 'enrol', token, node });
  }

  putNode(node: RegisteredNode): void {
    this.#write({ op: 'node', node });
  }

  /** Takes a node out, and every token for its name with it. Whether there was such a node. */
  removeNode(name: string): boolean {
    if (!this.#nodes.has(name)) return false;
    this.#write({ op: 'remove', name });
    return true;
  }

  close(): void {
    this.#journal.close();
  }

  /** Not on every new token, so that many of them cost no more than each its own line. */
  #forgetExpired(now: number): void {
    for (const [digest, old] of this.#tokens) if (old.notAfter <= now) this.#tokens.delete(digest);
    this.#forgetAt = Math.min(Math.max(this.#tokens.size * 2, FORGET_FLOOR), MAX_TOKENS);
  }

  #write(entry: Entry): void {
    this.#journal.append(entry);
    this.#apply(entry);
    this.#journal.compact(
      () => [
        ...[...this.#tokens.values()].map((token): Entry => ({ op: 'token', token })),
        ...[...this.#nodes.values()].map((node): Entry => ({ op: 'node', node })),
      ],
      this.#tokens.size + this.#nodes.size,
    );
  }

  #apply(entry: Entry): void {
    this.#sorted = undefined;
    if (entry.op === 'token' || entry.op === 'enrol') this.#tokens.set(entry.token.digest, entry.token);
    if (entry.op === 'node' || entry.op === 'enrol') this.#nodes.set(entry.node.name, entry.node);
    if (entry.op === 'remove') {
      this.#nodes.delete(entry.name);
      // Whoever used or holds one of them must not come back by it.
      for (const [digest, token] of this.#tokens) if (token.node === entry.name) this.#tokens.delete(digest);
    }
  }
}

/** What a line says, or an error where it is not one that this file writes. */
function checkEntry(value: unknown): Entry {
  const entry = value as Partial<
    Record<'token' | 'node', Record<string, unknown> & { notAfter?: unknown }>
  > & {
    op?: unknown;
    name?: unknown;
  };
  const texts = (part: Record<string, unknown> | undefined, ...names: string[]) =>
    names.every((name) => typeof part?.[name] === 'string');
  const token = () =>
    texts(entry.token, 'digest', 'node', 'usedBy', 'answer') && typeof entry.token?.notAfter === 'number';
  const node = () =>
    texts(entry.node, 'name', 'serial', 'previousSerial') && typeof entry.node?.notAfter === 'number';
  const known =
    (entry?.op === 'token' && token()) ||
    (entry?.op === 'node' && node()) ||
    (entry?.op === 'enrol' && token() && node()) ||
    (entry?.op === 'remove' && typeof entry.name === 'string');
  if (!known) throw new Error('not an entry of a register');
  return value as Entry;
}

/** A node's labels as others see them: its own, overlaid by those that operators set. */
export function effectiveLabels(node: RegisteredNode): Record<string, string> {
  const all = { ...node.ownLabels, ...node.setLabels };
  return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null));
}
