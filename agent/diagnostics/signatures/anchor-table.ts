/**
 * Looks for many literals in a stream of bytes at once: an Aho-Corasick automaton, written out as one flat table of states
 * over classes of bytes, so that a byte costs two look-ups and no decision. A line break leads to a state of its own, so
 * that the loop which finds literals finds the ends of lines too.
 */

const NEWLINE = 10;

/** The table. States are offsets of rows; those from `firstSpecial` on have something to tell. */
export class AnchorTable {
  /** The class of each byte. */
  readonly classes: Uint8Array;
  /** The state behind a state and a class: next[state + class]. */
  readonly next: Int32Array;
  /** The state behind a line break: the root, with the line break to tell. */
  readonly newline: number;
  readonly firstSpecial: number;
  /** The anchors that end at a state, by its row less `firstSpecial`. */
  readonly #found: (readonly number[])[];
  readonly #width: number;

  /** @param anchors what to look for, none empty or with a line break in it: told by their index */
  constructor(anchors: readonly string[]) {
    const trie = new Trie(anchors);
    // States that have something to tell come last, so that one comparison finds them.
    const order = [...trie.found.keys()].sort(
      (a, b) => Number(trie.tells(a)) - Number(trie.tells(b)) || a - b,
    );
    const rowOf = new Int32Array(order.length);
    for (const [row, state] of order.entries()) rowOf[state] = row;
    this.#width = trie.width;
    this.classes = trie.classes;
    this.next = new Int32Array((order.length + 1) * trie.width);
    const quiet = order.filter((state) => !trie.tells(state)).length;
    this.firstSpecial = quiet * trie.width;
    this.newline = order.length * trie.width;
    this.#found = order.slice(quiet).map((state) => trie.found[state] ?? []);
    const lineBreak = trie.classes[NEWLINE] ?? 0;
    for (let row = 0; row <= order.length; row++)
      for (let one = 0; one < trie.width; one++) {
        // Behind a line break all is as at the root.
        const target = trie.next[(order[row] ?? 0) * trie.width + one] ?? 0;
        this.next[row * trie.width + one] =
          one === lineBreak ? this.newline : (rowOf[target] ?? 0) * trie.width;
      }
  }

  /** The anchors that end where `state` is reached. */
  found(state: number): readonly number[] {
    return this.#found[(state - this.firstSpecial) / this.#width] ?? [];
  }
}

/** The automaton while it is made. */
class Trie {
  readonly classes = new Uint8Array(256);
  readonly width: number;
  readonly next: Int32Array;
  readonly found: number[][] = [[]];

  constructor(anchors: readonly string[]) {
    this.classes[NEWLINE] = 1;
    let width = 2;
    let size = 1;
    const bytes = anchors.map((anchor) => Buffer.from(anchor, 'latin1'));
    for (const anchor of bytes) {
      size += anchor.length;
      for (const byte of anchor) if (this.classes[byte] === 0) this.classes[byte] = width++;
    }
    this.width = width;
    this.next = new Int32Array(size * width).fill(-1);
    for (const [index, anchor] of bytes.entries()) this.#add(anchor, index);
    this.#link();
  }

  tells(state: number): boolean {
    return (this.found[state]?.length ?? 0) > 0;
  }

  #add(anchor: Buffer, index: number): void {
    let state = 0;
    for (const byte of anchor) {
      const at = state * this.width + (this.classes[byte] ?? 0);
      if (this.next[at] === -1) {
        this.next[at] = this.found.length;
        this.found.push([]);
      }
      state = this.next[at] ?? 0;
    }
    this.found[state]?.push(index);
  }

  /** Fills what is missing with where the longest proper ending leads, shortest states first. */
  #link(): void {
    const fallback = new Int32Array(this.found.length);
    const queue = [0];
    for (const state of queue)
      for (let one = 0; one < this.width; one++) {
        const at = state * this.width + one;
        const target = this.next[at] ?? -1;
        const other = state === 0 ? 0 : (this.next[(fallback[state] ?? 0) * this.width + one] ?? 0);
        if (target === -1) this.next[at] = other;
        else {
          fallback[target] = other;
          this.found[target]?.push(...(this.found[other] ?? []));
          queue.push(target);
        }
      }
  }
}
