/**
 * Templates of log lines, written like the format strings of printk that they stand for:
 *
 *   nvme {dev}: I/O {*}QID {n} timeout, {aborting|reset controller}
 *
 *   {dev}     the device: a name without blanks, brackets and commas, or an address such as 0000:01:00.0
 *   {cpu}     a processor's number, which becomes the device "cpu3"
 *   {n}       a whole number
 *   {x}       a hexadecimal number
 *   {w}       a word: anything without blanks
 *   {*}       anything, at most 400 characters
 *   {a|b|}    one of these texts; an empty one makes it optional
 *   ^         at the beginning: the message begins so, but for the driver that may stand before it ("e1000e 0000:00:19.0: ")
 *   $         at the end: the message ends so
 *
 * Everything else stands for itself, and a template that begins with a letter begins at a word. Every part is bounded, so
 * that a template costs at most a constant number of steps a line (stepsOf), whatever the line is.
 */

/** No more of a message is looked at: the kernel's own limit of a record's text is 1,024 (LOG_LINE_MAX), journald joins none. */
export const MAX_TEXT = 1_536;
/** What `{*}` may stand for at most. */
const ANYTHING = 400;
/** Literals that are looked for in every line are cut to this: longer ones make the table larger and find no less. */
export const MAX_ANCHOR = 14;
/** A shorter literal is found in too many lines. */
export const MIN_ANCHOR = 4;

const DEVICE = '[^\\s:,;()[\\]"\'<>]{1,48}(?::[^\\s:,;()[\\]"\'<>]{1,32}){0,4}';
const TOKENS: Readonly<Record<string, string>> = {
  dev: `(?<dev>${DEVICE})`,
  cpu: '(?<cpu>\\d{1,5})',
  n: '-?\\d{1,20}',
  x: '(?:0x)?[0-9a-fA-F]{1,64}',
  w: '\\S{1,64}',
  '*': `.{0,${ANYTHING}}?`,
};
/** How many characters each token may take: it gives them back one by one where what follows does not fit. */
const WIDTHS: Readonly<Record<string, number>> = { dev: 48, cpu: 5, n: 20, x: 64, w: 64, '*': ANYTHING };
/** "e1000e 0000:00:19.0 eno1: " and the like: what dev_printk and netdev_printk put before a message. */
const DRIVER =
  '(?:[\\w.-]{1,32} [0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-9a-f]{1,2}(?: [\\w.@-]{1,20})?: )?';

/** A template that was read. */
export interface Template {
  /** Matches the text of a message. Groups: dev, cpu. */
  readonly pattern: RegExp;
  /** Literals of which one is in every line that matches. */
  readonly anchor: string;
  /** The most steps that matching may take a line. */
  readonly steps: number;
}

/** Reads a template. Throws where it has a token that does not exist or no literal that can be looked for. */
export function compileTemplate(template: string): Template {
  const literals: string[] = [];
  let literal = '';
  const atStart = template.startsWith('^');
  const atEnd = template.endsWith('$');
  // What may be anything at the end may be nothing.
  const body = template.slice(atStart ? 1 : 0, atEnd ? -1 : undefined).replace(/\{\*\}$/, '');
  let source = '';
  // Tokens end where the literal behind them does not fit, so their steps add up; those of {*} multiply.
  let sum = 1;
  let product = 1;
  for (const [, token, plain = ''] of body.matchAll(/\{([^{}]*)\}|([^{}]+)/g)) {
    if (token === undefined) {
      source += escaped(plain);
      literal += plain;
      continue;
    }
    const known = TOKENS[token];
    if (known === undefined && !token.includes('|'))
      throw new Error(`"${template}" has an unknown token {${token}}`);
    source += known ?? `(?:${token.split('|').map(escaped).join('|')})`;
    sum += WIDTHS[token] ?? 2;
    if (token === '*') product *= ANYTHING;
    literals.push(literal);
    literal = '';
  }
  literals.push(literal);
  const longest = literals.reduce((a, b) => (b.trim().length > a.trim().length ? b : a));
  if (longest.trim().length < MIN_ANCHOR)
    throw new Error(`"${template}" has no literal of ${MIN_ANCHOR} characters`);
  const start = atStart ? `^${DRIVER}` : /^\w/.test(body) ? '(?<![A-Za-z0-9_])' : '';
  return {
    pattern: new RegExp(`${start}${source}${atEnd ? '\\s*$' : ''}`),
    anchor: longest.length > MAX_ANCHOR ? window(longest) : longest,
    steps: 2 * product + sum * (body.startsWith('{') && !atStart ? MAX_TEXT : 1),
  };
}

/** The part of a literal that is looked for: where it ends, since messages begin alike and differ behind. */
function window(literal: string): string {
  const trimmed = literal.trimEnd();
  return trimmed.slice(Math.max(0, trimmed.length - MAX_ANCHOR));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
