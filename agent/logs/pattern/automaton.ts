/**
 * Runs a pattern's program as a deterministic automaton whose states are made when they are first reached. Time is
 * linear in the bytes: a known step is one table look-up, a new one costs at most the program's length. Memory is bounded:
 * when the table is full it is emptied and filled anew.
 */

import type { Instruction, Program } from './program.ts';

/** Most states that are kept. */
const MAX_STATES = 4096;
/** Most entries of the table, 4 bytes each. */
const MAX_TABLE = 1 << 20;
/** Most instruction numbers that are remembered over all states, 4 bytes each. */
const MAX_REMEMBERED = 1 << 21;

const DEAD = 0;
const MATCH = 1;
const FIRST = 2;
const NEWLINE = 10;

interface State {
  /** Instructions to go on from, before conditions are looked at. */
  at: Int32Array;
  atStart: boolean;
  afterWord: boolean;
}

function isWordByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122)
  );
}

/** Sorts the 256 bytes into classes that the program cannot tell apart. */
function byteClasses(program: Program): { classOf: Uint8Array; samples: number[] } {
  const edges = new Uint8Array(257);
  const cut = (low: number, high: number) => {
    edges[low] = 1;
    edges[high + 1] = 1;
  };
  for (const instruction of program.instructions) {
    if (instruction.op !== 'bytes') continue;
    for (let i = 0; i < instruction.ranges.length; i += 3) {
      cut(instruction.ranges[i] ?? 0, instruction.ranges[i + 1] ?? 0);
    }
  }
  if (program.words)
    for (const [low, high] of [
      [48, 57],
      [65, 90],
      [95, 95],
      [97, 122],
    ] as const)
      cut(low, high);
  cut(0x80, 0xbf);
  const classOf = new Uint8Array(256);
  const samples = [0];
  for (let byte = 0; byte < 256; byte++) {
    if (byte > 0 && edges[byte] === 1) samples.push(byte);
    classOf[byte] = samples.length - 1;
  }
  return { classOf, samples };
}

/** An automaton for one pattern. Not for use by two scans at a time: it holds the place of the last line found. */
export class Automaton {
  readonly #instructions: Instruction[];
  readonly #program: Program;
  readonly #classOf: Uint8Array;
  readonly #samples: number[];
  /** Classes and one more for the end of the text. */
  readonly #stride: number;
  readonly #marks: Uint32Array;
  #mark = 0;
  #table: Int32Array;
  #states: State[] = [];
  #known = new Map<string, number>();
  #remembered = 0;
  /** Instructions looked at since the caller last set this to 0: what a caller measures its time slices by. */
  work = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#instructions = program.instructions;
    const { classOf, samples } = byteClasses(program);
    this.#classOf = classOf;
    this.#samples = samples;
    this.#stride = samples.length + 1;
    this.#marks = new Uint32Array(program.instructions.length);
    this.#table = new Int32Array(0);
    this.#reset();
  }

  /** Whether the bytes start..end, one message of valid UTF-8, match. */
  test(bytes: Uint8Array, start: number, end: number): boolean {
    const classOf = this.#classOf;
    const stride = this.#stride;
    let table = this.#table;
    let state = FIRST;
    for (let i = start; i < end; i++) {
      const column = classOf[bytes[i] as number] as number;
      let next = table[state * stride + column] as number;
      if (next < 0) {
        next = this.#step(state, column);
        table = this.#table;
      }
      if (next <= MATCH) return next === MATCH;
      state = next;
    }
    return this.#ends(state);
  }

  /**
   * The first line at or after `from` (the start of a line) that matches, in text of valid UTF-8 that ends with a
   * newline at `end - 1`. Gives where the line starts, or -1 - p when it stopped at the start p of a line because
   * `work` is above the limit, or `end` when there is none.
   */
  findLine(bytes: Uint8Array, from: number, end: number, longest: number, workLimit: number): number {
    const classOf = this.#classOf;
    const stride = this.#stride;
    let table = this.#table;
    let state = FIRST;
    let line = from;
    for (let i = from; i < end; i++) {
      const byte = bytes[i] as number;
      let next: number;
      if (byte === NEWLINE) {
        if (state !== DEAD && this.#ends(state)) return line;
        table = this.#table;
        line = i + 1;
        state = FIRST;
        if (this.work > workLimit && line < end) return -1 - line;
        continue;
      }
      next = table[state * stride + (classOf[byte] as number)] as number;
      if (next < 0) {
        next = this.#step(state, classOf[byte] as number);
        table = this.#table;
      }
      if (next === MATCH) return line;
      state = next;
      if (next === DEAD || i - line >= longest) {
        if (next !== DEAD && this.#ends(next)) return line;
        const newline = (bytes as Buffer).indexOf(NEWLINE, i);
        i = (newline < 0 ? end : newline) - 1;
        state = DEAD;
      }
    }
    return end;
  }

  #ends(state: number): boolean {
    const column = this.#stride - 1;
    const known = this.#table[state * this.#stride + column] as number;
    return (known < 0 ? this.#step(state, column) : known) === MATCH;
  }

  #reset(): void {
    this.#states = [];
    this.#known.clear();
    this.#remembered = 0;
    this.#table = new Int32Array(64 * this.#stride).fill(-1);
    const empty = new Int32Array(0);
    // The dead state leads nowhere; the matching one is never left. Both only keep their numbers taken.
    for (const atStart of [false, false, true]) this.#states.push({ at: empty, atStart, afterWord: false });
    this.#table.fill(DEAD, 0, this.#stride);
    this.#table.fill(MATCH, this.#stride, 2 * this.#stride);
  }

  /** Follows splits and conditions from `pc`; adds byte instructions to `out`. True when the program is through. */
  #close(stack: number[], state: State, nextWord: boolean, atEnd: boolean, out: number[]): boolean {
    for (let pc = stack.pop(); pc !== undefined; pc = stack.pop()) {
      if (this.#marks[pc] === this.#mark) continue;
      this.#marks[pc] = this.#mark;
      this.work++;
      const instruction = this.#instructions[pc];
      if (instruction === undefined || instruction.op === 'match') return true;
      if (instruction.op === 'bytes') out.push(pc);
      else if (instruction.op === 'split') for (const target of instruction.targets) stack.push(target);
      else {
        const boundary = state.afterWord !== nextWord;
        const holds = { start: state.atStart, end: atEnd, word: boundary, 'not-word': !boundary }[
          instruction.what
        ];
        if (holds) stack.push(instruction.target);
      }
    }
    return false;
  }

  #step(id: number, column: number): number {
    const state = this.#states[id];
    if (state === undefined) return DEAD;
    const atEnd = column === this.#stride - 1;
    const byte = atEnd ? -1 : (this.#samples[column] ?? 0);
    const nextWord = this.#program.words && !atEnd && isWordByte(byte);
    this.#mark++;
    const stack = [...state.at];
    // A match may begin here, unless this is the middle of a character or only the very start will do.
    const middle = byte >= 0x80 && byte <= 0xbf;
    if (state.atStart || (!this.#program.anchored && !middle)) stack.push(this.#program.start);
    const ready: number[] = [];
    let target: number;
    if (this.#close(stack, state, nextWord, atEnd, ready)) target = MATCH;
    else if (atEnd) target = DEAD;
    else target = this.#stateAfter(ready, byte, nextWord);
    // Making the target may have emptied the table: then this state has no number any more.
    if (this.#states[id] === state) this.#table[id * this.#stride + column] = target;
    return target;
  }

  #stateAfter(ready: readonly number[], byte: number, afterWord: boolean): number {
    const targets = new Set<number>();
    for (const pc of ready) {
      const instruction = this.#instructions[pc];
      if (instruction?.op !== 'bytes') continue;
      const { ranges } = instruction;
      this.work += ranges.length / 3;
      for (let i = 0; i < ranges.length; i += 3) {
        if (byte >= (ranges[i] ?? 0) && byte <= (ranges[i + 1] ?? 0)) targets.add(ranges[i + 2] ?? 0);
      }
    }
    if (targets.size === 0 && this.#program.anchored) return DEAD;
    const at = Int32Array.from(targets).sort();
    const key = `${afterWord ? 'w' : ''}${at.join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const full =
      this.#states.length >= MAX_STATES ||
      (this.#states.length + 1) * this.#stride > MAX_TABLE ||
      this.#remembered + at.length > MAX_REMEMBERED;
    if (full) this.#reset();
    const id = this.#states.push({ at, atStart: false, afterWord }) - 1;
    this.#known.set(key, id);
    this.#remembered += at.length;
    if ((id + 1) * this.#stride > this.#table.length) {
      const larger = new Int32Array(this.#table.length * 2).fill(-1);
      larger.set(this.#table);
      this.#table = larger;
    }
    return id;
  }
}
