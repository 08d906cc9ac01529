/**
 * Foreign text made safe for a terminal. A log line may hold anything: an escape sequence could recolour, rewrite or
 * answer into the terminal, a bidirectional override could show a line as what it is not. Such characters are shown as
 * escapes. On a pipe nothing is changed.
 */

import { isUtf8 } from 'node:buffer';

/** DEL and C1, bidirectional marks and overrides, line and paragraph separators, and what hides or tags text without a shape. */
const UNSAFE_ANYWHERE =
  '\\x7f-\\x9f\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
/** With the C0 controls but tab and newline. */
const UNSAFE = new RegExp(`[\\0-\\x08\\x0b-\\x1f${UNSAFE_ANYWHERE}]`, 'gu');
/** With all C0 controls. */
const UNSAFE_NAME = new RegExp(`[\\0-\\x1f${UNSAFE_ANYWHERE}]`, 'gu');
/** JSON has escaped the C0 controls already. */
const UNSAFE_JSON = new RegExp(`[${UNSAFE_ANYWHERE}]`, 'gu');

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\r') return '\\r';
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return code < 0x100 ? hex(code) : `\\u{${code.toString(16)}}`;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Text for a terminal; newlines and tabs stay. */
export function visible(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** A name, such as a program's, on one line: newlines and tabs are escaped too. For terminals and pipes. */
export function visibleName(text: string): string {
  return text.replace(UNSAFE_NAME, escaped);
}

/** JSON for a terminal: what could act on it is written in JSON's own escapes, so that it stays the same JSON. */
export function visibleJson(json: string): string {
  return json.replace(UNSAFE_JSON, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** Bytes as text for a terminal: what is not UTF-8 is shown as `\xNN`, byte by byte. Newlines and tabs stay. */
export function visibleBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return visible(bytes.toString());
  let text = '';
  let good = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += visible(bytes.toString('utf8', good, at)) + hex(bytes[at] as number);
    at += 1;
    good = at;
  }
  return text + visible(bytes.toString('utf8', good));
}

/** The length of the well-formed UTF-8 sequence at a place, or 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  // isUtf8 also knows the sequences that are too long, surrogates, and what lies beyond Unicode.
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
