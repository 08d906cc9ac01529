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

// States that end a run; every other state has a larger number.
const DEAD = 0;
const MATCH = 1;
/** The line has ended without a match (only where lines are searched). */
const LINE_OVER = 2;
const FIRST = 3;
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
function byteClasses(program: Program, lines: boolean): { classOf: Uint8Array; samples: number[] } {
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
  if (lines) cut(NEWLINE, NEWLINE);
  const classOf = new Uint8Array(256);
  const samples = [0];
  for (let byte = 0; byte < 256; byte++) {
    if (byte > 0 && edges[byte] === 1) samples.push(byte);
    classOf[byte] = samples.length - 1;
  }
  return { classOf, samples };
}

/** An automaton for one pattern, for messages one by one or for chunks of lines. */
export class Automaton {
  readonly #instructions: Instruction[];
  readonly #program: Program;
  readonly #lines: boolean;
  readonly #classOf: Uint8Array;
  readonly #samples: number[];
  /** Classes and one more for the end of the text. */
  readonly #stride: number;
  readonly #marks: Uint32Array;
  #mark = 0;
  /** A row a state, a column a class: where to go on, as the offset of that state's row; -1 where not yet known. */
  #table: Int32Array;
  #states: State[] = [];
  #known = new Map<string, number>();
  #remembered = 0;
  /** Instructions looked at since the caller last set this to 0: what a caller measures its time slices by. */
  work = 0;

  /** @param lines whether a newline ends the text (`findLine`) or is a character like others (`test`) */
  constructor(program: Program, options: { lines: boolean }) {
    this.#program = program;
    this.#lines = options.lines;
    this.#instructions = program.instructions;
    const { classOf, samples } = byteClasses(program, options.lines);
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
    const match = MATCH * this.#stride;
    let table = this.#table;
    let row = FIRST * this.#stride;
    for (let i = start; i < end; i++) {
      const column = classOf[bytes[i] as number] as number;
      let next = table[row + column] as number;
      if (next < 0) {
        next = this.#step(row, column);
        table = this.#table;
      }
      if (next <= match) return next === match;
      row = next;
    }
    const column = this.#stride - 1;
    const last = table[row + column] as number;
    return (last < 0 ? this.#step(row, column) : last) === match;
  }

  /**
   * The first line at or after `from` (the start of a line) that matches, in text of valid UTF-8 that ends with a
   * newline at `end - 1`. Gives where the line starts, or -1 - p when it stopped at the start p of a line because
   * `work` is above the limit, or `end` when there is none.
   */
  findLine(bytes: Buffer, from: number, end: number, workLimit: number): number {
    const classOf = this.#classOf;
    const first = FIRST * this.#stride;
    let table = this.#table;
    let row = first;
    let line = from;
    let i = from;
    while (i < end) {
      const column = classOf[bytes[i] as number] as number;
      let next = table[row + column] as number;
      if (next < first) {
        if (next < 0) {
          next = this.#step(row, column);
          table = this.#table;
        }
        if (next === MATCH * this.#stride) return line;
        if (next < first) {
          i = next === DEAD ? bytes.indexOf(NEWLINE, i) : i;
          if (i < 0) return end;
          line = i + 1;
          next = first;
          if (this.work > workLimit && line < end) return -1 - line;
        }
      }
      row = next;
      i++;
    }
    return end;
  }

  #reset(): void {
    this.#states = [];
    this.#known.clear();
    this.#remembered = 0;
    this.#table = new Int32Array(64 * this.#stride).fill(-1);
    const at = new Int32Array(0);
    for (let id = DEAD; id <= FIRST; id++) this.#states.push({ at, atStart: id === FIRST, afterWord: false });
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

  #step(row: number, column: number): number {
    const id = row / this.#stride;
    const state = this.#states[id];
    if (state === undefined) return DEAD;
    const byte = this.#samples[column] ?? -1;
    const newline = this.#lines && byte === NEWLINE;
    const atEnd = byte < 0 || newline;
    const nextWord = this.#program.words && isWordByte(byte);
    this.#mark++;
    const stack = [...state.at];
    // A match may begin here, unless this is the middle of a character or only the very start will do.
    const middle = byte >= 0x80 && byte <= 0xbf;
    if (state.atStart || (!this.#program.anchored && !middle)) stack.push(this.#program.start);
    const ready: number[] = [];
    let target: number;
    if (this.#close(stack, state, nextWord, atEnd, ready)) target = MATCH;
    else if (atEnd) target = newline ? LINE_OVER : DEAD;
    else target = this.#stateAfter(ready, byte, nextWord);
    // Making the target may have emptied the table: then this state has no row any more.
    if (this.#states[id] === state) this.#table[row + column] = target * this.#stride;
    return target * this.#stride;
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
