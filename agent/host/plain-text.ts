/** Saved texts as the programs meant them: terminals, editors and web pages leave marks in what is copied out of them. */

/** Colours and cursor moves ("ESC [ 1 m"), titles of windows ("ESC ] 0 ; … BEL"), other escapes of two characters (ECMA-48, xterm's ctlseqs). */
const ESCAPES = /\x1b(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)|[ -/]{0,2}[0-~])/g;

/** Colours of which the escape itself was lost, or that were written out ("^[[1m"). */
const COLOURS = /(?:\^\[)?\[(?:\d{1,3}(?:;\d{1,3}){0,4})?m(?:(?:\^\[)?\[K)?/g;

/** What tells such a text: that colours end. */
const COLOURED = /\[0?m/;

/** A text without the mark of its byte order, without escapes of a terminal, with line feeds alone and with blanks that are blanks. */
export function plainText(text: string): string {
  const whole = text.startsWith('\ufeff') ? text.slice(1) : text;
  const own = whole.includes('\x1b') ? whole.replace(ESCAPES, '') : whole;
  const plain = COLOURED.test(own) ? own.replace(COLOURS, '') : own;
  // Macs ended lines so, and some terminals' logs do.
  if (plain.includes('\r') && !plain.includes('\n')) return plain.replaceAll('\r', '\n');
  const lines = plain.includes('\r') ? plain.replaceAll('\r\r\n', '\n').replaceAll('\r\n', '\n') : plain;
  return lines.includes('\u00a0') ? lines.replaceAll('\u00a0', ' ') : lines;
}
