/**
 * Patterns for `grep`: ECMAScript's syntax, run in time linear in the text whatever the pattern, over raw bytes. The
 * engine's own RegExp is not used for matching: it backtracks, and a caller's pattern must never hold the agent up.
 */

import { isUtf8 } from 'node:buffer';
import { Failure } from '../../proto/failure.ts';
import { MAX_PATTERN } from '../../proto/log-limits.ts';
import { Automaton } from './pattern/automaton.ts';
import { type Required, requiredLiterals } from './pattern/literals.ts';
import { parsePattern } from './pattern/parse.ts';
import { compileProgram, type Program } from './pattern/program.ts';
import { MAX_MESSAGE_BYTES } from './types.ts';

/** How much work `Matcher.findLine` does before it gives the caller a chance to let others run: about 5 ms. */
const WORK_SLICE = 500_000;

/** Tells messages that match a pattern from those that do not. */
export class Matcher {
  readonly #program: Program;
  readonly #messages: Automaton;
  #lines: Automaton | undefined;
  /** What every match holds, or undefined. */
  readonly required: Required | undefined;
  readonly #needle: Buffer | undefined;
  #checked: Buffer | undefined;
  #checkedIsUtf8 = false;

  constructor(program: Program, required: Required | undefined) {
    this.#program = program;
    this.#messages = new Automaton(program, { lines: false });
    this.required = required;
    const [text] = required?.anyOf ?? [];
    const askable = text !== undefined && required?.anyOf.length === 1 && !required.fold;
    this.#needle = askable ? Buffer.from(text) : undefined;
  }

  /**
   * Whether the message bytes[start..end) matches. Bytes that are not UTF-8 count as the replacement character.
   * Only the first MAX_MESSAGE_BYTES are looked at, which is what would be sent.
   */
  test(bytes: Buffer, start: number, end: number): boolean {
    const stop = Math.min(end, start + MAX_MESSAGE_BYTES);
    if (this.#messages.test(bytes, start, stop)) return true;
    const message = bytes.subarray(start, stop);
    if (isUtf8(message)) return false;
    const mended = Buffer.from(message.toString('utf8'));
    return this.#messages.test(mended, 0, mended.length);
  }

  /**
   * The start of the first line at or after `from` that matches, in a chunk of whole lines: `from` is the start of a
   * line and the last byte a newline. The chunk's length when there is none; -1 - p when the search should go on at p
   * after others had their turn.
   */
  findLine(chunk: Buffer, from: number): number {
    let line = from;
    while (line < chunk.length) {
      const start = this.#candidate(chunk, line);
      if (start < 0 || start >= chunk.length) return start;
      const newline = chunk.indexOf(10, start);
      if (this.#isCertain(chunk, newline - start) || this.test(chunk, start, newline)) return start;
      line = newline + 1;
      if (this.tired && line < chunk.length) return -1 - line;
    }
    return chunk.length;
  }

  /** The start of a line that may match; every line before it does not. */
  #candidate(chunk: Buffer, from: number): number {
    if (this.#needle !== undefined) {
      const hit = chunk.indexOf(this.#needle, from);
      return hit < 0 ? chunk.length : chunk.lastIndexOf(10, hit) + 1;
    }
    if (!this.#isUtf8(chunk)) return from;
    this.#lines ??= new Automaton(this.#program, { lines: true });
    return this.#lines.findLine(chunk, from, chunk.length, WORK_SLICE);
  }

  /** Whether a candidate of this length needs no second look: found by the automaton, and not to be cut. */
  #isCertain(chunk: Buffer, length: number): boolean {
    return this.#needle === undefined && length <= MAX_MESSAGE_BYTES && this.#isUtf8(chunk);
  }

  #isUtf8(chunk: Buffer): boolean {
    if (this.#checked !== chunk) {
      this.#checked = chunk;
      this.#checkedIsUtf8 = isUtf8(chunk);
    }
    return this.#checkedIsUtf8;
  }

  /** Whether so much was done since the last pause that others should have their turn. */
  get tired(): boolean {
    return this.#messages.work + (this.#lines?.work ?? 0) > WORK_SLICE;
  }

  /** Says that others had their turn. */
  rested(): void {
    this.#messages.work = 0;
    if (this.#lines !== undefined) this.#lines.work = 0;
    this.#checked = undefined;
  }
}

/**
 * Compiles a pattern.
 * @throws Failure BAD_PATTERN with position and hint, also for patterns that are too long or too large
 */
export function compilePattern(pattern: string, ignoreCase: boolean): Matcher {
  if (pattern.length > MAX_PATTERN) {
    throw new Failure(
      'BAD_PATTERN',
      `the pattern has ${pattern.length} characters, more than ${MAX_PATTERN}`,
      {
        hint: 'search for less, or filter what you get on your side',
      },
    );
  }
  const tree = parsePattern(pattern, { ignoreCase });
  return new Matcher(compileProgram(tree), requiredLiterals(tree));
}
