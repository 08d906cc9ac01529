/**
 * Looks for many literals in a stream of bytes at once: an Aho-Corasick automaton, written out as one flat table of states
 * over classes of bytes, so that a byte costs two look-ups and no decision. A line break leads to a state of its own, so
 * that the loop which finds literals finds the ends of lines too.
 */

const NEWLINE = 10;
/** The class of a line break; all bytes that no literal has are of class 0. */
const BREAK = 1;

/** The table. States are offsets of rows, the root's is 0; those from `firstSpecial` on have something to tell. */
export class AnchorTable {
  /** The class of each byte. */
  readonly classes = new Uint8Array(256);
  /** The state behind a state and a class: next[state + class]. */
  readonly next: Int32Array;
  /** The state behind a line break: as the root, with the line break to tell. */
  readonly newline: number;
  readonly firstSpecial: number;
  /** The anchors that end at a state, by its row less that of `firstSpecial`. */
  readonly #found: (readonly number[])[] = [];
  readonly #width: number;

  /** @param anchors what to look for, none empty or with a line break in it: told by their index */
  constructor(anchors: readonly string[]) {
    this.classes[NEWLINE] = BREAK;
    this.#width = classify(anchors, this.classes);
    const trie = new Trie(anchors, this.classes);
    const { size } = trie;
    // States that have something to tell come last, so that one comparison finds them.
    const offsets = new Int32Array(size);
    let row = 0;
    for (let state = 0; state < size; state++) if (!trie.found[state]) offsets[state] = row++ * this.#width;
    this.firstSpecial = row * this.#width;
    for (let state = 0; state < size; state++) {
      const found = trie.found[state];
      if (!found) continue;
      offsets[state] = row++ * this.#width;
      this.#found.push(found);
    }
    this.newline = row * this.#width;
    this.next = fill(trie, offsets, this.#width, this.newline);
  }

  /** The anchors that end where `state` is reached. */
  found(state: number): readonly number[] {
    return this.#found[(state - this.firstSpecial) / this.#width] ?? [];
  }
}

/** The table's rows. Where a state has no way of its own it goes as its fallback, whose row is made before it. */
function fill(
  { order, fallback, child, sibling, byClass }: Trie,
  offsets: Int32Array,
  width: number,
  newline: number,
): Int32Array {
  const table = new Int32Array(newline + width);
  for (let at = 0; at <= order.length; at++) {
    // Behind a line break all is as at the root: the last row is a copy of the first.
    const state = at < order.length ? (order[at] as number) : -1;
    const offset = state < 0 ? newline : (offsets[state] as number);
    const from = state <= 0 ? 0 : (offsets[fallback[state] as number] as number);
    for (let one = 0; one < width; one++) table[offset + one] = table[from + one] as number;
    if (state < 0) continue;
    for (let below = child[state] as number; below !== 0; below = sibling[below] as number)
      table[offset + (byClass[below] as number)] = offsets[below] as number;
    table[offset + BREAK] = newline;
  }
  return table;
}

/**
 * Gives each byte that a literal has a class; letters share one with their other case, and all digits one. That finds a few
 * lines more, which are looked at anyway, and makes the table half as large.
 */
function classify(anchors: readonly string[], classes: Uint8Array): number {
  let width = BREAK + 1;
  for (const anchor of anchors)
    for (const character of anchor) {
      const byte = character.charCodeAt(0) & 255;
      if (classes[byte] !== 0) continue;
      const alike = /\d/.test(character)
        ? '0123456789'
        : `${character}${character.toLowerCase()}${character.toUpperCase()}`;
      for (const one of alike) classes[one.charCodeAt(0) & 255] = width;
      width++;
    }
  return width;
}

/** The beginnings of the literals, as lists in arrays: thousands of objects would take longer than all the rest. */
class Trie {
  /** How many states there are; 0 is the root. */
  size = 1;
  /** The first state below each, 0 where there is none, and the next one beside it. */
  readonly child: Int32Array;
  readonly sibling: Int32Array;
  /** The class that leads to each. */
  readonly byClass: Uint8Array;
  /** The state of the longest proper ending of each. */
  readonly fallback: Int32Array;
  /** The literals that end at each, where any do. */
  readonly found: (number[] | undefined)[] = [];
  /** All states, shorter beginnings first, so that each has its fallback before it. */
  readonly order: Int32Array;

  constructor(anchors: readonly string[], classes: Uint8Array) {
    const room = anchors.reduce((sum, { length }) => sum + length, 1);
    this.child = new Int32Array(room);
    this.sibling = new Int32Array(room);
    this.byClass = new Uint8Array(room);
    this.fallback = new Int32Array(room);
    for (const [index, anchor] of anchors.entries()) {
      let state = 0;
      for (let at = 0; at < anchor.length; at++)
        state = this.#below(state, classes[anchor.charCodeAt(at) & 255] as number, true);
      this.found[state] = [...(this.found[state] ?? []), index];
    }
    this.order = new Int32Array(this.size);
    this.#link();
  }

  /** The state that a class leads to; 0 where there is none and none is to be made. */
  #below(state: number, one: number, make: boolean): number {
    let child = this.child[state] as number;
    while (child !== 0 && this.byClass[child] !== one) child = this.sibling[child] as number;
    if (child !== 0 || !make) return child;
    child = this.size++;
    this.byClass[child] = one;
    this.sibling[child] = this.child[state] as number;
    this.child[state] = child;
    return child;
  }

  #link(): void {
    let length = 1;
    for (let at = 0; at < length; at++) {
      const state = this.order[at] as number;
      for (let child = this.child[state] as number; child !== 0; child = this.sibling[child] as number) {
        this.order[length++] = child;
        if (state === 0) continue;
        const one = this.byClass[child] as number;
        let from = this.fallback[state] as number;
        let ending = this.#below(from, one, false);
        while (ending === 0 && from !== 0) {
          from = this.fallback[from] as number;
          ending = this.#below(from, one, false);
        }
        this.fallback[child] = ending;
        const more = this.found[ending];
        if (more) this.found[child] = [...(this.found[child] ?? []), ...more];
      }
    }
  }
}
