/**
 * Patterns for `grep`: ECMAScript's syntax, run in time linear in the text whatever the pattern, over raw bytes. The
 * engine's own RegExp is not used for matching: it backtracks, and a caller's pattern must never hold the agent up.
 */

import { isUtf8 } from 'node:buffer';
import { Failure } from '../../proto/failure.ts';
import { Automaton } from './pattern/automaton.ts';
import { type Required, requiredLiterals } from './pattern/literals.ts';
import { parsePattern } from './pattern/parse.ts';
import { compileProgram } from './pattern/program.ts';
import { MAX_MESSAGE_BYTES } from './types.ts';

/** The longest pattern, in characters; the contract promises it. */
export const MAX_PATTERN = 1024;

/** How much work `Matcher.findLine` does before it gives the caller a chance to let others run: about 5 ms. */
const WORK_SLICE = 500_000;

/** Tells messages that match a pattern from those that do not. One scan at a time. */
export class Matcher {
  readonly #automaton: Automaton;
  /** What every match holds, or undefined. */
  readonly required: Required | undefined;
  readonly #needle: Buffer | undefined;

  constructor(automaton: Automaton, required: Required | undefined) {
    this.#automaton = automaton;
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
    if (this.#automaton.test(bytes, start, stop)) return true;
    const message = bytes.subarray(start, stop);
    if (isUtf8(message)) return false;
    const mended = Buffer.from(message.toString('utf8'));
    return this.#automaton.test(mended, 0, mended.length);
  }

  /**
   * The start of the first line at or after `from` that matches, in bytes[from..end) which starts at a line and ends
   * with a newline. `end` when there is none; -1 - p when the work should go on at p after others had their turn.
   */
  findLine(bytes: Buffer, from: number, end: number): number {
    if (this.#needle !== undefined) return this.#findWithNeedle(bytes, from, end, this.#needle);
    if (isUtf8(bytes.subarray(from, end))) {
      return this.#automaton.findLine(bytes, from, end, MAX_MESSAGE_BYTES, WORK_SLICE);
    }
    let line = from;
    while (line < end) {
      if (this.#automaton.work > WORK_SLICE) return -1 - line;
      const newline = bytes.indexOf(10, line);
      if (this.test(bytes, line, newline)) return line;
      line = newline + 1;
    }
    return end;
  }

  #findWithNeedle(bytes: Buffer, from: number, end: number, needle: Buffer): number {
    let line = from;
    while (line < end) {
      const hit = bytes.indexOf(needle, line);
      if (hit < 0 || hit >= end) return end;
      const start = Math.max(line, bytes.lastIndexOf(10, hit) + 1);
      const newline = bytes.indexOf(10, hit);
      if (this.test(bytes, start, newline)) return start;
      line = newline + 1;
      if (this.#automaton.work > WORK_SLICE && line < end) return -1 - line;
    }
    return end;
  }

  /** Whether so much was done since the last pause that others should have their turn. */
  get tired(): boolean {
    return this.#automaton.work > WORK_SLICE;
  }

  /** Says that others had their turn. */
  rested(): void {
    this.#automaton.work = 0;
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
  return new Matcher(new Automaton(compileProgram(tree)), requiredLiterals(tree));
}
