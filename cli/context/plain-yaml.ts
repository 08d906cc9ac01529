/**
 * The plain part of YAML, read a hundred times faster than by a whole parser: block mappings and lists, short flow ones,
 * simple and quoted words, block texts ("|"), comments. It is what nodectl writes and what people write by hand. Anything
 * else gives undefined, and the whole parser decides; where a value is given, it is the one that the parser gives
 * (plain-yaml.test.ts compares them).
 */

/** A parsed value. */
type Value = null | number | boolean | string | Value[] | { [key: string]: Value };

/** Thrown where the text leaves the plain part. */
const BEYOND = Symbol('beyond plain YAML');

/** A word without quotes: nothing that YAML reads as an indicator, and no space, so that ": " and " #" cannot hide in it. */
const WORD = '[A-Za-z0-9_/.][A-Za-z0-9_/.:@%+=~-]*';
const KEY = /^([A-Za-z][A-Za-z0-9_/.-]*):(?: +(\S.*))?$/;
const COMMENT = /^ *(?:#.*)?$/;
const TRAILING_COMMENT = /^((?:[^"'#]|"[^"\\]*"|'[^']*')*?) +#.*$/;
/** Words that the core schema of YAML 1.2 does not read as text, but for plain decimal numbers. */
const NOT_TEXT =
  /^(?:null|true|false|~|[-+]?(?:\.?[0-9][0-9.]*(?:e[-+]?[0-9]+)?)|0o[0-7]+|0x[0-9a-f]+|[-+]?\.inf|\.nan)$/i;
const DEPTH = 16;

/** The value of a text, or undefined where it is not plain. */
export function parsePlainYaml(source: string): unknown {
  // Tabs, carriage returns, marks and what is not ASCII have rules of their own.
  if (/[^\n\x20-\x7e]/.test(source)) return undefined;
  try {
    return new PlainReader(source.split('\n')).document();
  } catch (error) {
    if (error === BEYOND) return undefined;
    throw error;
  }
}

class PlainReader {
  readonly #lines: readonly string[];
  #at = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  document(): Value {
    if (this.#peek() === undefined) return null;
    const value = this.#block(0, 0);
    if (this.#peek() !== undefined) throw BEYOND;
    return value;
  }

  /** The next line that is not empty, passing over comments. */
  #peek(): string | undefined {
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at] ?? '';
      if (!COMMENT.test(line)) return line;
    }
    return undefined;
  }

  /** The value whose lines begin at a column. */
  #block(indent: number, depth: number): Value {
    if (depth > DEPTH) throw BEYOND;
    const line = this.#peek() ?? '';
    if (indentOf(line) !== indent) throw BEYOND;
    return /^ *-(?: |$)/.test(line) ? this.#list(indent, depth) : this.#mapping(indent, depth);
  }

  #list(indent: number, depth: number): Value[] {
    const list: Value[] = [];
    for (let line = this.#peek(); line !== undefined && indentOf(line) === indent; line = this.#peek()) {
      const match = /^ *-(?: ( *)(\S.*))?$/.exec(line);
      if (!match) return list;
      const [, more = '', rest] = match;
      if (rest === undefined || rest.startsWith('#') || rest.startsWith('- ')) throw BEYOND;
      if (KEY.test(uncommented(rest))) {
        // The mapping begins on the line of the dash: the same as if it stood alone, with the dash as a space.
        (this.#lines as string[])[this.#at] = `${' '.repeat(indent + 2 + more.length)}${rest}`;
        list.push(this.#mapping(indent + 2 + more.length, depth + 1));
      } else {
        this.#at++;
        list.push(scalar(uncommented(rest)));
      }
    }
    return list;
  }

  #mapping(indent: number, depth: number): { [key: string]: Value } {
    const mapping: { [key: string]: Value } = {};
    for (let line = this.#peek(); line !== undefined && indentOf(line) === indent; line = this.#peek()) {
      const match = KEY.exec(uncommented(line.slice(indent)));
      if (!match) throw BEYOND;
      const [, key = '', value] = match;
      if (Object.hasOwn(mapping, key) || NOT_TEXT.test(key) || key === '__proto__') throw BEYOND;
      this.#at++;
      if (value === '|') mapping[key] = this.#text(indent);
      else mapping[key] = value === undefined ? this.#below(indent, depth) : scalar(value);
    }
    return mapping;
  }

  /** The value on the lines below a key: deeper, or a list at the key's own column. */
  #below(indent: number, depth: number): Value {
    const line = this.#peek();
    if (line === undefined) return null;
    const column = indentOf(line);
    if (column > indent) return this.#block(column, depth + 1);
    return column === indent && /^ *-(?: |$)/.test(line) ? this.#list(indent, depth + 1) : null;
  }

  /** A block text: the lines that are deeper than the key, with one newline at the end. */
  #text(indent: number): string {
    const first = this.#lines[this.#at] ?? '';
    const column = indentOf(first);
    if (column <= indent || first.trim() === '') throw BEYOND;
    const lines: string[] = [];
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at] ?? '';
      if (line.trim() !== '' && indentOf(line) < column) break;
      // An empty line may belong to the text or not.
      if (line.trim() === '' && this.#lines.slice(this.#at).some((one) => one.trim() !== '')) throw BEYOND;
      if (line.trim() !== '') lines.push(line.slice(column));
    }
    return `${lines.join('\n')}\n`;
  }
}

function indentOf(line: string): number {
  return line.search(/[^ ]/);
}

function uncommented(text: string): string {
  return (TRAILING_COMMENT.exec(text)?.[1] ?? text).trimEnd();
}

/** A value on one line. */
function scalar(text: string): Value {
  const flow = /^([[{])(.*)[\]}]$/.exec(text);
  if (flow)
    return flow[1] === '[' && text.endsWith(']') ? flowList(flow[2] ?? '') : flowMapping(text, flow[2] ?? '');
  return word(text);
}

const ITEM = `"[^"\\\\]*"|'[^']*'|${WORD}`;
const FLOW_LIST = new RegExp(`^ *(?:(?:${ITEM})(?: *, *(?:${ITEM}))*)? *$`);
const FLOW_ENTRY = `[A-Za-z][A-Za-z0-9_/.-]*: +(?:${ITEM})`;
const FLOW_MAPPING = new RegExp(`^ *(?:${FLOW_ENTRY}(?: *, *${FLOW_ENTRY})*)? *$`);

function flowList(inner: string): Value[] {
  if (!FLOW_LIST.test(inner)) throw BEYOND;
  return (inner.match(new RegExp(ITEM, 'g')) ?? []).map(word);
}

function flowMapping(text: string, inner: string): { [key: string]: Value } {
  if (!text.startsWith('{') || !text.endsWith('}') || !FLOW_MAPPING.test(inner)) throw BEYOND;
  const mapping: { [key: string]: Value } = {};
  for (const [entry] of inner.matchAll(new RegExp(FLOW_ENTRY, 'g'))) {
    const at = entry.indexOf(':');
    const key = entry.slice(0, at);
    if (Object.hasOwn(mapping, key) || NOT_TEXT.test(key) || key === '__proto__') throw BEYOND;
    mapping[key] = word(entry.slice(at + 1).trim());
  }
  return mapping;
}

const WHOLE_WORD = new RegExp(`^${WORD}$`);

function word(text: string): Value {
  const quoted = /^"([^"\\]*)"$/.exec(text) ?? /^'([^']*)'$/.exec(text);
  if (quoted) return quoted[1] ?? '';
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
  // A colon at the end would make it a key.
  if (!WHOLE_WORD.test(text) || NOT_TEXT.test(text) || text.endsWith(':')) throw BEYOND;
  return text;
}
