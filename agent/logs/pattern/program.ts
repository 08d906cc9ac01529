/**
 * Turns a pattern's tree into a program for a non-deterministic automaton over the bytes of valid UTF-8, so that a log
 * chunk is searched as it was read from disk, without being decoded.
 */

import { Failure } from '../../../proto/failure.ts';
import { type CodePoints, fromRanges, LAST, rangesOf } from './code-points.ts';
import type { Assertion, PatternNode } from './tree.ts';

/** One instruction; targets are indexes into the program. */
export type Instruction =
  /** Takes one byte: ranges `[low, high, target, low, high, target, ...]`. */
  | { op: 'bytes'; ranges: number[] }
  | { op: 'split'; targets: number[] }
  | { op: 'assert'; what: Assertion; target: number }
  | { op: 'match' };

/** A program: where it begins and its instructions. */
export interface Program {
  start: number;
  instructions: Instruction[];
  /** Whether every way through the program begins with ^. */
  anchored: boolean;
  /** Whether the program asks for word boundaries. */
  words: boolean;
}

/**
 * The largest program. It bounds the automaton's memory and the work for one byte; `[0-9a-f]{1000}` and `.{300}` fit
 * (one and about fifteen instructions for each repeat).
 */
const MAX_INSTRUCTIONS = 6000;

class Compiler {
  readonly instructions: Instruction[] = [{ op: 'match' }];
  readonly #shared = new Map<string, number>();
  readonly #sets = new Map<string, number>();
  words = false;

  #add(instruction: Instruction): number {
    if (this.instructions.length >= MAX_INSTRUCTIONS) {
      throw new Failure('BAD_PATTERN', 'the pattern is too large once its repeats are written out', {
        hint: 'use smaller numbers in {n,m}, or + and * instead',
      });
    }
    return this.instructions.push(instruction) - 1;
  }

  /** Compiles a node that goes on at `next`; gives its first instruction. */
  node(node: PatternNode, next: number): number {
    switch (node.kind) {
      case 'set':
        return this.#set(node.set, next);
      case 'cat': {
        let at = next;
        for (const item of node.items.toReversed()) at = this.node(item, at);
        return at;
      }
      case 'alt':
        return this.#add({ op: 'split', targets: node.items.map((item) => this.node(item, next)) });
      case 'assert':
        if (node.what === 'word' || node.what === 'not-word') this.words = true;
        return this.#add({ op: 'assert', what: node.what, target: next });
      default:
        return this.#repeat(node.item, node.min, node.max, next);
    }
  }

  #repeat(item: PatternNode, min: number, max: number, next: number): number {
    let at = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop: Instruction = { op: 'split', targets: [next] };
      at = this.#add(loop);
      loop.targets.push(this.node(item, at));
    } else {
      for (let i = min; i < max; i++) at = this.#add({ op: 'split', targets: [next, this.node(item, at)] });
    }
    for (let i = 0; i < min; i++) at = this.node(item, at);
    return at;
  }

  #set(set: CodePoints, next: number): number {
    const key = `${next}:${set.join(',')}`;
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const ranges: number[] = [];
    let rest: CodePoints = set;
    const [tail] = [...rangesOf(set)].slice(-1);
    if (tail !== undefined && tail[0] <= 0x80 && tail[1] === LAST) {
      // Every character beyond ASCII: the lead byte says how many bytes follow, and the text is valid UTF-8.
      const one = this.#range(0x80, 0xbf, next);
      const two = this.#range(0x80, 0xbf, one);
      const three = this.#range(0x80, 0xbf, two);
      ranges.push(0xc2, 0xdf, one, 0xe0, 0xef, two, 0xf0, 0xf4, three);
      rest = fromRanges(
        [...rangesOf(set)].filter(([low]) => low < 0x80).map(([low, high]) => [low, Math.min(high, 0x7f)]),
      );
    }
    for (const [low, high] of rangesOf(rest)) {
      for (const sequence of utf8Sequences(low, high)) {
        let target = next;
        for (const [from, to] of sequence.slice(1).toReversed()) target = this.#range(from, to, target);
        const [first] = sequence;
        if (first !== undefined) ranges.push(first[0], first[1], target);
      }
    }
    const at = this.#add({ op: 'bytes', ranges });
    this.#sets.set(key, at);
    return at;
  }

  #range(low: number, high: number, target: number): number {
    const key = `${low},${high},${target}`;
    let at = this.#shared.get(key);
    if (at === undefined) {
      at = this.#add({ op: 'bytes', ranges: [low, high, target] });
      this.#shared.set(key, at);
    }
    return at;
  }
}

/** The code points low..high as sequences of byte ranges; surrogates are left out, for UTF-8 has none. */
function* utf8Sequences(low: number, high: number): Generator<[number, number][]> {
  if (low > high) return;
  for (const edge of [0x7f, 0x7ff, 0xffff]) {
    if (low <= edge && high > edge) {
      yield* utf8Sequences(low, edge);
      yield* utf8Sequences(edge + 1, high);
      return;
    }
  }
  if (low <= 0xdfff && high >= 0xd800) {
    yield* utf8Sequences(low, 0xd7ff);
    yield* utf8Sequences(0xe000, high);
    return;
  }
  // Split until all bytes but the first differing one run through their whole range.
  for (let shift = 6; shift <= 18; shift += 6) {
    const mask = (1 << shift) - 1;
    if (low >> shift === high >> shift || high <= 0x7f) continue;
    if ((low & mask) !== 0) {
      yield* utf8Sequences(low, low | mask);
      yield* utf8Sequences((low | mask) + 1, high);
      return;
    }
    if ((high & mask) !== mask) {
      yield* utf8Sequences(low, (high & ~mask) - 1);
      yield* utf8Sequences(high & ~mask, high);
      return;
    }
  }
  const from = Buffer.from(String.fromCodePoint(low));
  const to = Buffer.from(String.fromCodePoint(high));
  yield [...from].map((byte, i) => [byte, to[i] ?? byte]);
}

/** Whether nothing can match that does not begin at the message's start. */
function isAnchored(node: PatternNode): boolean {
  if (node.kind === 'assert') return node.what === 'start';
  if (node.kind === 'alt') return node.items.every(isAnchored);
  if (node.kind === 'cat') {
    // Only what stands in front of every set counts; other assertions take no bytes and may stand before ^.
    for (const item of node.items) {
      if (isAnchored(item)) return true;
      if (item.kind !== 'assert') return false;
    }
  }
  return node.kind === 'repeat' && node.min > 0 && isAnchored(node.item);
}

/**
 * Compiles a parsed pattern.
 * @throws Failure BAD_PATTERN when it needs more than MAX_INSTRUCTIONS
 */
export function compileProgram(tree: PatternNode): Program {
  const compiler = new Compiler();
  const start = compiler.node(tree, 0);
  return { start, instructions: compiler.instructions, anchored: isAnchored(tree), words: compiler.words };
}
