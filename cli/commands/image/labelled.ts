/** Facts about an image, a label and a value each. */

import { wrap } from '../../help/wrap.ts';
import type { Terminal } from '../../output/terminal.ts';
import { visibleName } from '../../output/visible.ts';

/** Prints a label and its value, which is broken at spaces where the terminal is narrower. */
export function labelled(terminal: Terminal, columns: number, label: string, value: string): Promise<void> {
  const shown = visibleName(value);
  const { width } = terminal;
  const text = width === undefined ? shown : wrap(shown, width, columns + 2);
  return terminal.line(`${label.padEnd(columns)}  ${text}`);
}
