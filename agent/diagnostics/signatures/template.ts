/**
 * Templates of log lines, written like the format strings of printk that they stand for:
 *
 *   nvme {dev}: I/O {*}QID {n} timeout, {aborting|reset controller}
 *
 *   {dev}     the device: a name without blanks, brackets and commas, or an address such as 0000:01:00.0
 *   {ata}     a device of libata: ata1, ata1.00
 *   {pci}     an address of the PCI bus: 0000:01:00.0
 *   {domain}  the domain of an address of the PCI bus that begins with a digit: 0000, 10000
 *   {iscsi}   a connection or a session of iSCSI: connection1:0, session3
 *   {cpu}     a processor's number, which becomes the device "cpu3"
 *   {task}    a process as the kernel names it, which may have blanks: "nfsd:3108", "tmux: server"
 *   {n}       a whole number, or the name of an error, which %pe prints in place of its number: -EIO
 *   {x}       a hexadecimal number
 *   {w}       a word: anything without blanks
 *   {*}       anything, at most 400 characters
 *   {a}       a number, and {same} the same number again
 *   {lb}      a brace that opens
 *   {a|b|}    one of these texts; an empty one makes it optional
 *   ^         at the beginning: the message begins so, but for the driver that may stand before it ("e1000e 0000:00:19.0: ")
 *   $         at the end: the message ends so
 *
 * Everything else stands for itself, and a template that begins with a letter begins at a word. Every part is bounded, so
 * that a template costs at most a constant number of steps a line (stepsOf), whatever the line is.
 */

import { shapeOfPart } from './line-shape.ts';

/** No more of a message is looked at: the kernel's own limit of a record's text is 1,024 (LOG_LINE_MAX), journald joins none. */
export const MAX_TEXT = 1_536;
/** What `{*}` may stand for at most. */
const ANYTHING = 400;
/** What is written otherwise in JSON, or in the kernel's records. */
const UNSURE = /["\\]|[^ -~]/;

const DEVICE = '[^\\s:,;()[\\]"\'<>]{1,48}(?::[^\\s:,;()[\\]"\'<>]{1,32}){0,4}';
const TOKENS: Readonly<Record<string, string>> = {
  dev: `(?<dev>${DEVICE})`,
  ata: '(?<dev>ata\\d{1,4}(?:\\.\\d{1,3})?)',
  iscsi: '(?<dev>(?:connection|session)\\d{1,6}(?::\\d{1,6})?)',
  pci: '(?<dev>[0-9a-f]{4,5}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])',
  domain: '\\d[0-9a-f]{3,4}',
  lb: '\\{',
  cpu: '(?<cpu>\\d{1,5})',
  task: '(?<dev>\\S.{0,63}?)',
  n: '(?:-?\\d{1,20}|-E[A-Z][A-Z0-9]{1,14})',
  x: '(?:0x)?[0-9a-fA-F]{1,64}',
  w: '\\S{1,64}',
  a: '(?<a>\\d{1,20})',
  same: '\\k<a>',
  '*': `.{0,${ANYTHING}}?`,
};
/** How many characters each token may take: it gives them back one by one where what follows does not fit. */
const WIDTHS: Readonly<Record<string, number>> = {
  dev: 48,
  cpu: 5,
  task: 64,
  n: 20,
  x: 64,
  w: 64,
  domain: 5,
};
/** What is shorter is joined with what stands beside it, but no more than so many texts are made of it. */
const SHORT = 5;
const MAX_JOINED = 32;
/** What ends with a digit, or may. */
const DIGITS = new Set(['n', 'x', 'a', 'same', 'cpu', 'pci', 'ata', 'iscsi']);
/** "e1000e 0000:00:19.0 eno1: " and the like: what dev_printk and netdev_printk put before a message. */
const DRIVER =
  '(?:[\\w.-]{1,32} [0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-9a-f]{1,2}(?: [\\w.@-]{1,20})?: )?';

/** A template that was read. */
export interface Template {
  /** Matches the text of a message. Groups: dev, cpu. */
  readonly pattern: RegExp;
  /** The most steps that matching may take a line. */
  readonly steps: number;
}

interface Parts {
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** Tokens and literals in their order. */
  readonly parts: readonly { readonly token?: string; readonly literal: string }[];
}

function partsOf(template: string): Parts {
  const atStart = template.startsWith('^');
  const atEnd = template.endsWith('$');
  // What may be anything at the end may be nothing.
  const body = template.slice(atStart ? 1 : 0, atEnd ? -1 : undefined).replace(/\{\*\}$/, '');
  const parts: { token?: string; literal: string }[] = [];
  // By hand: the whole catalogue is read before the first line is.
  for (let at = 0; at < body.length; ) {
    const opens = body.indexOf('{', at);
    const literal = opens < 0 ? body.slice(at) : body.slice(at, opens);
    if (literal !== '') parts.push({ literal });
    if (opens < 0) break;
    const closes = body.indexOf('}', opens);
    const token = body.slice(opens + 1, closes);
    if (closes < 0 || token.includes('{')) throw new Error(`"${template}" has a brace that is not closed`);
    parts.push({ token, literal: '' });
    at = closes + 1;
  }
  if (parts.some(({ literal }) => literal.includes('}')))
    throw new Error(`"${template}" has a brace that is not opened`);
  return { atStart, atEnd, parts };
}

/** Reads a template. Throws where it has a token that does not exist. */
export function compileTemplate(template: string): Template {
  const { atStart, atEnd, parts } = partsOf(template);
  let source = '';
  // Tokens end where the literal behind them does not fit, so their steps add up; those of {*} multiply.
  let sum = 1;
  let product = 1;
  for (const { token, literal } of parts) {
    if (token === undefined) {
      source += escaped(literal);
      continue;
    }
    const known = TOKENS[token];
    if (known === undefined && !token.includes('|'))
      throw new Error(`"${template}" has an unknown token {${token}}`);
    source += known ?? `(?:${token.split('|').map(escaped).join('|')})`;
    if (token === '*') product *= ANYTHING;
    else sum += WIDTHS[token] ?? 2;
  }
  const first = parts[0];
  const start = atStart ? `^${DRIVER}` : /^\w/.test(first?.literal ?? '') ? '(?<![A-Za-z0-9_-])' : '';
  return {
    pattern: new RegExp(`${start}${source}${atEnd ? '\\s*$' : ''}`),
    steps: 2 * product + sum * (first?.token !== undefined && !atStart ? MAX_TEXT : 1),
  };
}

/** Choices that were read before: the long ones are those of a hundred templates. */
export class ReadChoices {
  readonly #texts = new Map<string, readonly string[]>();
  readonly #shapes = new Map<readonly string[], readonly string[]>();

  /** The texts of a token. */
  textsOf(token: string): readonly string[] {
    let texts = this.#texts.get(token);
    if (!texts) {
      texts = token.split('|');
      this.#texts.set(token, texts);
    }
    return texts;
  }

  /** The shapes of texts of which a line has one; none where one of them may be anything. */
  shapesOf(texts: readonly string[], behindDigits: boolean): readonly string[] {
    const known = behindDigits ? undefined : this.#shapes.get(texts);
    if (known) return known;
    const longest = texts.map((text) => longestOf(shapesOf(text, behindDigits)));
    const shapes = longest.includes('') ? [] : [...new Set(longest)];
    if (!behindDigits) this.#shapes.set(texts, shapes);
    return shapes;
  }
}

/**
 * The texts that the shape of a line must have in this order to fit a template, as far as they look the same in every format: quotation
 * marks, backslashes and what is no ASCII do not, so texts are cut there. Of a choice, one of its texts.
 */
export function textsOf(template: string, read: ReadChoices): readonly (readonly string[])[] {
  const texts: (readonly string[])[] = [];
  /** What stands here one behind the other, without a token between: one of these texts. */
  let here: readonly string[] = [];
  let behindDigits = false;
  const end = () => {
    if (here.length === 1) texts.push(...shapesOf(here[0] as string, behindDigits).map((shape) => [shape]));
    else if (here.length > 0) {
      const shapes = read.shapesOf(here, behindDigits);
      if (shapes.length > 0) texts.push(shapes);
    }
  };
  for (const { token, literal } of partsOf(template).parts) {
    const next = sideBySide(token, literal, read);
    if (next && here.length > 0 && joins(here, next)) {
      here = here.flatMap((text) => next.map((other) => text + other));
      continue;
    }
    end();
    // A number may go on in what stands behind it.
    behindDigits = here.length > 0 ? here.some((text) => /\d[a-f]*$/.test(text)) : behindDigits;
    here = next ?? [];
    if (next) continue;
    behindDigits = DIGITS.has(token ?? '');
    if (token === 'ata') texts.push(['ata']);
    else if (token === 'iscsi') texts.push(['connection', 'session']);
  }
  end();
  return texts;
}

/** The texts that a part stands for, one of them; undefined where it may be too many. */
function sideBySide(
  token: string | undefined,
  literal: string,
  read: ReadChoices,
): readonly string[] | undefined {
  if (token === undefined) return [literal];
  // In a shape all numbers are the same.
  if (token === 'domain') return ['0000'];
  return token.includes('|') ? read.textsOf(token) : undefined;
}

/** Whether what stands side by side is looked for as one: where a part of it alone would be in too many lines. */
function joins(texts: readonly string[], next: readonly string[]): boolean {
  return (
    texts.length * next.length <= MAX_JOINED &&
    (texts.some(({ length }) => length < SHORT) || next.some(({ length }) => length < SHORT))
  );
}

/** The shapes of a text's parts that look the same in every format. */
function shapesOf(text: string, behindDigits: boolean): readonly string[] {
  const parts = text.split(UNSURE);
  return parts.map((part, at) => shapeOfPart(part, behindDigits && at === 0)).filter((shape) => shape !== '');
}

function longestOf(texts: readonly string[]): string {
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
}

/** A text as a regular expression that matches it. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
