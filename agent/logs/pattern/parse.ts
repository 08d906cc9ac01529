/**
 * Reads a regular expression in ECMAScript's syntax (with the meaning of its `u` flag) into a tree. What cannot run in
 * linear time or bounded memory is refused: back-references, look-around, and repeats above MAX_REPEAT.
 */

import { Failure } from '../../../proto/failure.ts';
import {
  type CodePoints,
  complement,
  DIGITS,
  fromRanges,
  ignoreCase,
  LAST,
  LINE_ENDS,
  property,
  SPACE,
  union,
  WORD,
} from './code-points.ts';
import type { PatternNode } from './tree.ts';

/** The largest number in {n,m}: as in RE2, so that the automaton stays small. */
const MAX_REPEAT = 1000;
/** How deep groups may be nested: bounds the recursion. */
const MAX_DEPTH = 100;

const CONTROL: Record<string, number> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b };
const HINT_LINEAR = 'patterns run in linear time on the node: look-around and back-references are left out';

interface Flags {
  ignoreCase: boolean;
  dotAll: boolean;
}

class Parser {
  readonly #points: string[];
  readonly #offsets: number[] = [];
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#points = [...pattern];
    let offset = 0;
    for (const point of this.#points) {
      this.#offsets.push(offset);
      offset += point.length;
    }
    this.#offsets.push(offset);
  }

  parse(flags: Flags): PatternNode {
    const node = this.#alternatives(flags);
    if (this.#at < this.#points.length)
      this.#fail('this ) closes nothing', 'write \\) for the character itself');
    return node;
  }

  #peek(ahead = 0): string {
    return this.#points[this.#at + ahead] ?? '';
  }

  #take(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#peek(i) !== text[i]) return false;
    this.#at += text.length;
    return true;
  }

  #fail(why: string, hint: string, at = this.#at): never {
    const position = (this.#offsets[at] ?? 0) + 1;
    throw new Failure('BAD_PATTERN', `the pattern is not valid at character ${position}: ${why}`, {
      hint,
      facts: { position: String(position) },
    });
  }

  #alternatives(flags: Flags): PatternNode {
    if (++this.#depth > MAX_DEPTH) this.#fail('groups are nested too deep', `at most ${MAX_DEPTH} levels`);
    const items = [this.#sequence(flags)];
    while (this.#take('|')) items.push(this.#sequence(flags));
    this.#depth--;
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'alt', items };
  }

  #sequence(flags: Flags): PatternNode {
    const items: PatternNode[] = [];
    while (this.#at < this.#points.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const start = this.#at;
      const item = this.#atom(flags);
      items.push(this.#quantified(item, start));
    }
    return { kind: 'cat', items };
  }

  #quantified(item: PatternNode, start: number): PatternNode {
    const at = this.#at;
    const range = this.#quantifier();
    if (range === undefined) return item;
    if (item.kind === 'assert') this.#fail('there is nothing to repeat', 'remove the quantifier', start);
    const [min, max] = range;
    if (min > max) this.#fail('the numbers are out of order', 'write {fewest,most}', at);
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT)) {
      this.#fail('the repeat is too large', `at most ${MAX_REPEAT}`, at);
    }
    this.#take('?'); // Lazy or greedy: the same lines match.
    const second = this.#at;
    if (this.#quantifier() !== undefined)
      this.#fail('there is nothing to repeat', 'use a group: (?:...)', second);
    return { kind: 'repeat', item, min, max };
  }

  #quantifier(): [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    if (this.#peek() !== '{') return undefined;
    const close = this.#points.indexOf('}', this.#at);
    const inside = close < 0 ? '' : this.#points.slice(this.#at + 1, close).join('');
    const numbers = /^(\d{1,9})(,(\d{0,9}))?$/.exec(inside);
    if (numbers === null) return undefined; // A brace that is no quantifier stands for itself.
    this.#at = close + 1;
    const min = Number(numbers[1]);
    if (numbers[2] === undefined) return [min, min];
    return [min, numbers[3] === '' ? Number.POSITIVE_INFINITY : Number(numbers[3])];
  }

  #atom(flags: Flags): PatternNode {
    const start = this.#at;
    const char = this.#peek();
    this.#at++;
    switch (char) {
      case '^':
        return { kind: 'assert', what: 'start' };
      case '$':
        return { kind: 'assert', what: 'end' };
      case '.':
        return { kind: 'set', set: flags.dotAll ? [0, LAST] : complement(LINE_ENDS) };
      case '(':
        return this.#group(flags, start);
      case '[':
        return { kind: 'set', set: this.#class(flags, start) };
      case '*':
      case '+':
      case '?':
        return this.#fail('there is nothing to repeat', `write \\${char} for the character itself`, start);
      case '\\':
        return this.#escape(flags, start);
      default:
        return this.#literal(char.codePointAt(0) ?? 0, flags);
    }
  }

  #literal(point: number, flags: Flags): PatternNode {
    const set: CodePoints = [point, point];
    return { kind: 'set', set: flags.ignoreCase ? ignoreCase(set) : set };
  }

  #group(flags: Flags, start: number): PatternNode {
    let inner = flags;
    if (this.#take('?')) {
      if (this.#peek() === '=' || this.#peek() === '!')
        this.#fail('look-ahead is not supported', HINT_LINEAR, start);
      if (this.#take('<')) {
        if (this.#peek() === '=' || this.#peek() === '!')
          this.#fail('look-behind is not supported', HINT_LINEAR, start);
        while (this.#at < this.#points.length && this.#peek() !== '>') this.#at++;
        if (!this.#take('>')) this.#fail('the name of the group has no end', 'write (?<name>...)', start);
      } else if (!this.#take(':')) {
        inner = this.#modifiers(flags, start);
      }
    }
    const node = this.#alternatives(inner);
    if (!this.#take(')')) this.#fail('this ( is never closed', 'write \\( for the character itself', start);
    return node;
  }

  #modifiers(flags: Flags, start: number): Flags {
    const inner = { ...flags };
    let on = true;
    for (;;) {
      if (this.#take(':')) return inner;
      if (this.#take('-')) on = false;
      else if (this.#take('i')) inner.ignoreCase = on;
      else if (this.#take('s')) inner.dotAll = on;
      else this.#fail('the group’s modifiers are not known', 'known are (?i:...) and (?s:...)', start);
    }
  }

  #escape(flags: Flags, start: number): PatternNode {
    const char = this.#peek();
    if (char === 'b' || char === 'B') {
      this.#at++;
      return { kind: 'assert', what: char === 'b' ? 'word' : 'not-word' };
    }
    if (/[1-9k]/.test(char)) this.#fail('back-references are not supported', HINT_LINEAR, start);
    const set = this.#classEscape(flags);
    if (set !== undefined) return { kind: 'set', set };
    return this.#literal(this.#charEscape(start), flags);
  }

  /** \d \w \s \p and their opposites, or undefined. */
  #classEscape(flags: Flags): CodePoints | undefined {
    const start = this.#at - 1;
    const char = this.#peek();
    const plain = { d: DIGITS, s: SPACE, w: flags.ignoreCase ? ignoreCase(WORD) : WORD }[char.toLowerCase()];
    if (plain !== undefined) {
      this.#at++;
      return char === char.toLowerCase() ? plain : complement(plain);
    }
    if (char !== 'p' && char !== 'P') return undefined;
    this.#at++;
    const close = this.#points.indexOf('}', this.#at);
    const name = this.#peek() === '{' && close > 0 ? this.#points.slice(this.#at + 1, close).join('') : '';
    const set = /^[A-Za-z_=]+$/.test(name) ? property(name) : undefined;
    if (set === undefined)
      this.#fail('the Unicode property is not known', 'for example \\p{L} or \\p{Lu}', start);
    this.#at = close + 1;
    const wanted = char === 'p' ? set : complement(set);
    return flags.ignoreCase ? ignoreCase(wanted) : wanted;
  }

  /** The code point of an escape such as \n, \x41, \u{1F600} or \. */
  #charEscape(start: number): number {
    const char = this.#peek();
    if (char === '')
      this.#fail('the pattern ends in a backslash', 'write \\\\ for the character itself', start);
    this.#at++;
    const control = CONTROL[char];
    if (control !== undefined) return control;
    if (char === '0' && !/[0-9]/.test(this.#peek())) return 0;
    if (char === 'c' && /[A-Za-z]/.test(this.#peek())) {
      const letter = this.#peek().charCodeAt(0);
      this.#at++;
      return letter & 31;
    }
    if (char === 'x') return this.#hex(2, start);
    if (char === 'u') return this.#unicode(start);
    if (/[A-Za-z0-9]/.test(char)) {
      this.#fail(`the escape \\${char} is not known`, `write ${char} for the character itself`, start);
    }
    return char.codePointAt(0) ?? 0;
  }

  #unicode(start: number): number {
    if (this.#take('{')) {
      let digits = '';
      while (/[0-9A-Fa-f]/.test(this.#peek()) && digits.length < 8) digits += this.#points[this.#at++];
      const point = Number.parseInt(digits, 16);
      if (!this.#take('}') || !(point <= LAST))
        this.#fail('the code point is not valid', 'write \\u{1F600}', start);
      return point;
    }
    const high = this.#hex(4, start);
    if (high < 0xd800 || high > 0xdbff || this.#peek() !== '\\' || this.#peek(1) !== 'u') return high;
    const back = this.#at;
    this.#at += 2;
    const low = this.#peek() === '{' ? 0 : this.#hex(4, start);
    if (low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    this.#at = back;
    return high;
  }

  #hex(count: number, start: number): number {
    const digits = this.#points.slice(this.#at, this.#at + count).join('');
    if (digits.length !== count || /[^0-9A-Fa-f]/.test(digits)) {
      this.#fail(`${count} hexadecimal digits are expected`, 'write \\x41 or \\u0041', start);
    }
    this.#at += count;
    return Number.parseInt(digits, 16);
  }

  #class(flags: Flags, start: number): CodePoints {
    const negated = this.#take('^');
    const parts: CodePoints[] = [];
    for (;;) {
      if (this.#at >= this.#points.length)
        this.#fail('this [ is never closed', 'write \\[ for the character itself', start);
      if (this.#take(']')) break;
      const from = this.#classAtom(flags, start);
      if (this.#peek() !== '-' || this.#peek(1) === ']' || this.#peek(1) === '') {
        parts.push(typeof from === 'number' ? [from, from] : from);
        continue;
      }
      const dash = this.#at++;
      const to = this.#classAtom(flags, start);
      if (typeof from !== 'number' || typeof to !== 'number') {
        this.#fail('a range needs a character on both sides', 'write \\- for the dash itself', dash);
      }
      if (from > to) this.#fail('the range is out of order', 'write [a-z]', dash);
      parts.push(fromRanges([[from, to]]));
    }
    const set = flags.ignoreCase ? ignoreCase(union(...parts)) : union(...parts);
    return negated ? complement(set) : set;
  }

  #classAtom(flags: Flags, start: number): number | CodePoints {
    const char = this.#peek();
    if (char === '') this.#fail('this [ is never closed', 'write \\[ for the character itself', start);
    this.#at++;
    if (char !== '\\') return char.codePointAt(0) ?? 0;
    if (this.#take('b')) return 0x08;
    return this.#classEscape(flags) ?? this.#charEscape(this.#at - 1);
  }
}

/**
 * Parses a pattern.
 * @throws Failure BAD_PATTERN with the position, counted from 1 in UTF-16 units
 */
export function parsePattern(pattern: string, options: { ignoreCase: boolean }): PatternNode {
  return new Parser(pattern).parse({ ignoreCase: options.ignoreCase, dotAll: false });
}
