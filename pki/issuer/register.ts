/** The register of enrolled nodes and the tokens that are out: an issuer's memory, kept in a journal. */

import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { Journal } from './journal.ts';

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
}

type Entry =
  | { op: 'token'; token: TokenRecord }
  | { op: 'node'; node: RegisteredNode }
  | { op: 'remove'; name: string };

/** More nodes than one workstation's tool is made for; a bound all the same. */
const MAX_NODES = 20_000;
const MAX_TOKENS = 20_000;

/** An open register. Every change is on disk when its function returns. */
export class Register {
  readonly #journal: Journal<Entry>;
  readonly #nodes = new Map<string, RegisteredNode>();
  readonly #tokens = new Map<string, TokenRecord>();

  constructor(folder: string) {
    const { journal, entries } = Journal.open<Entry>(join(folder, 'register.jsonl'));
    this.#journal = journal;
    for (const entry of entries) this.#apply(entry);
  }

  node(name: string): RegisteredNode | undefined {
    return this.#nodes.get(name);
  }

  /** All nodes, sorted by name. */
  nodes(): RegisteredNode[] {
    return [...this.#nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  token(digest: string): TokenRecord | undefined {
    return this.#tokens.get(digest);
  }

  addToken(token: TokenRecord, now: number): void {
    for (const [digest, old] of this.#tokens) if (old.notAfter <= now) this.#tokens.delete(digest);
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
    this.#write({ op: 'token', token }, { op: 'node', node });
  }

  putNode(node: RegisteredNode): void {
    this.#write({ op: 'node', node });
  }

  /** Whether there was such a node. */
  removeNode(name: string): boolean {
    if (!this.#nodes.has(name)) return false;
    this.#write({ op: 'remove', name });
    return true;
  }

  close(): void {
    this.#journal.close();
  }

  #write(...entries: Entry[]): void {
    this.#journal.append(...entries);
    for (const entry of entries) this.#apply(entry);
    this.#journal.compact(
      () => [
        ...[...this.#tokens.values()].map((token): Entry => ({ op: 'token', token })),
        ...[...this.#nodes.values()].map((node): Entry => ({ op: 'node', node })),
      ],
      this.#tokens.size + this.#nodes.size,
    );
  }

  #apply(entry: Entry): void {
    if (entry.op === 'token') this.#tokens.set(entry.token.digest, entry.token);
    else if (entry.op === 'node') this.#nodes.set(entry.node.name, entry.node);
    else this.#nodes.delete(entry.name);
  }
}

/** A node's labels as others see them: its own, overlaid by those that operators set. */
export function effectiveLabels(node: RegisteredNode): Record<string, string> {
  const all = { ...node.ownLabels, ...node.setLabels };
  return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null));
}
