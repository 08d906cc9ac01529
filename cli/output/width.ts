/** How many columns of a terminal a text takes. */

/** Ranges "W" and "F" of Unicode's East Asian Width (UAX #11), with what terminals draw as emoji. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2b55, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f1ff],
  [0x1f200, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f90c, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

/**
 * Characters of one column each that combine with nothing: ASCII, what Western languages add to it, dashes and quotation marks.
 * Texts of them need no Intl.Segmenter, whose data take 10 ms to load.
 */
const SIMPLE = /^[\x20-\x7e\u00a0-\u02ff\u2010-\u2027]*$/;

/** Columns of a text: wide characters two, marks that combine none, a sequence of joined emoji as its first. */
export function displayWidth(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  let width = 0;
  for (const part of graphemes(text)) width += graphemeWidth(part);
  return width;
}

/** A text cut to a width, with an ellipsis where something was cut. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (SIMPLE.test(text)) return width < 1 ? '' : `${text.slice(0, width - 1)}…`;
  let out = '';
  let used = 0;
  for (const part of graphemes(text)) {
    const more = graphemeWidth(part);
    if (used + more > width - 1) break;
    out += part;
    used += more;
  }
  return width < 1 ? '' : `${out}…`;
}

function graphemes(text: string): string[] {
  return Array.from(new Intl.Segmenter('en').segment(text), ({ segment }) => segment);
}

function graphemeWidth(part: string): number {
  const first = part.codePointAt(0) ?? 0;
  // A mark that stands alone is drawn over what is before it.
  if (/^\p{Mark}/u.test(part)) return 0;
  if (WIDE.some(([from, to]) => first >= from && first <= to)) return 2;
  // U+FE0F asks for the colourful form of a character, which is wide.
  return part.includes('\ufe0f') ? 2 : 1;
}
