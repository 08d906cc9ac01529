/**
 * `-o jsonpath=EXPRESSION`: the small part of JSONPath that people use on a command line, as kubectl writes it.
 *
 *   .name  ['name']  .*  [*]  [2]  [-1]  [1:3]  ..name  [?(@.rack)]  [?(@.rack=="a")]  with  == != < <= > >=
 *
 * A bare expression prints a value a line. Text with {expressions} in braces is a template: values of one expression are
 * joined by a space, and {"\n"} stands for a newline.
 */

import { Failure } from '../../proto/failure.ts';

/** Anything that JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

type Step = (values: Json[]) => Json[];
type Part = { text: string } | { steps: Step[] };

/** Expressions are typed by hand; what is longer is not one. */
const MAX_LENGTH = 4_096;
/** So deep does ".." go, and no JSON of ours is deeper. */
const MAX_DEPTH = 64;

/** An expression, ready to be used. Gives what is printed for a document, with a newline at its end unless it is a template. */
export type JsonPath = (document: Json) => string;

/** Reads an expression. Throws BAD_ARGUMENT that says where it is wrong. */
export function parseJsonPath(source: string): JsonPath {
  const text = source.trim();
  if (text === '' || text.length > MAX_LENGTH)
    throw wrong(source, 0, 'an expression of 1 to 4,096 characters is expected');
  if (!text.includes('{')) {
    const steps = new Reader(text).path();
    return (document) =>
      apply(steps, document)
        .map((value) => `${plain(value)}\n`)
        .join('');
  }
  const parts = template(text);
  return (document) =>
    parts
      .map((part) => ('text' in part ? part.text : apply(part.steps, document).map(plain).join(' ')))
      .join('');
}

function apply(steps: readonly Step[], document: Json): Json[] {
  return steps.reduce((values, step) => step(values), [document]);
}

/** Text as it is, everything else as JSON. */
function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function template(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{', at);
    if (open < 0) {
      parts.push({ text: text.slice(at) });
      break;
    }
    if (open > at) parts.push({ text: text.slice(at, open) });
    const literal = /^\{\s*("(?:[^"\\]|\\.)*")\s*\}/.exec(text.slice(open));
    if (literal?.[1] !== undefined) {
      parts.push({ text: unquote(literal[1], text, open) });
      at = open + literal[0].length;
      continue;
    }
    const close = closing(text, open);
    parts.push({ steps: new Reader(text.slice(open + 1, close).trim()).path() });
    at = close + 1;
  }
  return parts;
}

/** Where the brace ends, passing over quoted texts. */
function closing(text: string, open: number): number {
  let quote = '';
  for (let at = open + 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '}') return at;
  }
  throw wrong(text, open, 'the brace is not closed');
}

function unquote(literal: string, text: string, at: number): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw wrong(text, at, 'the quoted text is not valid JSON');
  }
}

function wrong(text: string, at: number, why: string): Failure {
  return new Failure(
    'BAD_ARGUMENT',
    `"${text.slice(0, 80)}" is not a JSONPath: ${why} at character ${at + 1}`,
    {
      hint: "for example -o 'jsonpath=[*].name'; nodectl help output shows the forms",
    },
  );
}

const COMPARE: Record<string, (left: Json, right: Json) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => ordered(left, right) < 0,
  '<=': (left, right) => ordered(left, right) <= 0,
  '>': (left, right) => ordered(left, right) > 0,
  '>=': (left, right) => ordered(left, right) >= 0,
};

/** Numbers by size, texts by code units; NaN, which no comparison holds for, where the kinds differ. */
function ordered(left: Json, right: Json): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return Number.NaN;
}

/** Reads one path. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  path(): Step[] {
    this.#take(/\$/y);
    const steps: Step[] = [];
    // kubectl takes a name without the dot before it.
    if (/^[A-Za-z_]/.test(this.#text)) steps.push(child(this.#name()));
    while (this.#at < this.#text.length) steps.push(this.#step());
    return steps;
  }

  #step(): Step {
    if (this.#take(/\.\./y)) {
      const name = this.#name();
      return (values) => values.flatMap((value) => descend(value, name, 0));
    }
    if (this.#take(/\.\*/y)) return everything;
    if (this.#take(/\[\s*/y)) return this.#bracket();
    // A lone dot is the document itself; ".[0]" is what jq writes for "[0]".
    if (this.#take(/\.(?=$|\[)/y)) return (values) => values;
    if (this.#take(/\./y)) return child(this.#name());
    throw this.#wrong('".name" or "[" is expected');
  }

  #bracket(): Step {
    if (this.#take(/\*\s*\]/y)) return everything;
    const quoted = this.#take(/(?:'([^']*)'|"([^"]*)")\s*\]/y);
    if (quoted) return child(quoted[1] ?? quoted[2] ?? '');
    const slice = this.#take(/(-?\d{1,9})?\s*:\s*(-?\d{1,9})?\s*\]/y);
    if (slice) {
      const [, from, to] = slice;
      return lists((list) =>
        list.slice(from === undefined ? 0 : Number(from), to === undefined ? undefined : Number(to)),
      );
    }
    const index = this.#take(/(-?\d{1,9})\s*\]/y);
    if (index) {
      const number = Number(index[1]);
      return lists((list) => list.slice(number, number === -1 ? undefined : number + 1));
    }
    if (this.#take(/\?\(\s*@/y)) return this.#filter();
    throw this.#wrong('an index, a name in quotes, * or a filter is expected');
  }

  #filter(): Step {
    const steps: Step[] = [];
    while (!/^\s*(?:\)|[=!<>])/.test(this.#text.slice(this.#at))) {
      if (this.#at >= this.#text.length) throw this.#wrong('the filter is not closed');
      steps.push(this.#step());
    }
    const operator = this.#take(/\s*(==|!=|<=|>=|<|>)\s*/y)?.[1];
    const right = operator === undefined ? null : this.#literal();
    if (!this.#take(/\s*\)\s*\]/y)) throw this.#wrong('")]" is expected');
    const compare = operator === undefined ? undefined : COMPARE[operator];
    const holds = (value: Json) => {
      const found = apply(steps, value);
      if (!compare) return found.length > 0;
      // What is not there differs from every literal.
      return found.length === 0 ? operator === '!=' : found.some((left) => compare(left, right));
    };
    return (values) => values.flatMap((value) => children(value).filter(holds));
  }

  #literal(): Json {
    const found = this.#take(/'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?|true|false|null)/y);
    if (!found) throw this.#wrong('a quoted text, a number, true, false or null is expected');
    return found[3] === undefined ? (found[1] ?? found[2] ?? '') : (JSON.parse(found[3]) as Json);
  }

  #name(): string {
    const found = this.#take(/[A-Za-z_][A-Za-z0-9_-]*/y);
    if (!found) throw this.#wrong("a name is expected (write ['…'] for one with other characters)");
    return found[0];
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #wrong(why: string): Failure {
    return wrong(this.#text, this.#at, why);
  }
}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return [...(value as readonly Json[])];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter((one): one is Json => one !== undefined);
}

const everything: Step = (values) => values.flatMap(children);

function lists(pick: (list: readonly Json[]) => readonly Json[]): Step {
  return (values) => values.flatMap((value) => (Array.isArray(value) ? pick(value as readonly Json[]) : []));
}

function child(name: string): Step {
  return (values) => values.flatMap((value) => own(value, name));
}

/** A property that the value itself has: never one of its prototype. */
function own(value: Json, name: string): Json[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return [];
  const found = (value as { [name: string]: Json | undefined })[name];
  return found === undefined ? [] : [found];
}

function descend(value: Json, name: string, depth: number): Json[] {
  if (depth > MAX_DEPTH) return [];
  return [...own(value, name), ...children(value).flatMap((one) => descend(one, name, depth + 1))];
}
