/** `chronyc sourcename`: the name that a source was configured by. */

import { ChronyParseError } from './errors.ts';
import { linesOf, quoted } from './text.ts';

/**
 * Reads `chronyc sourcename ADDRESS`, which prints the same with and without `-c`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseSourceName } from 'chrony-parser';
 *
 * assert.equal(parseSourceName('ntp1.example.net\n'), 'ntp1.example.net');
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where there is no name
 */
export function parseSourceName(text: string): string {
  const [name, ...more] = linesOf(text);
  if (name === undefined || more.length > 0 || /\s/.test(name))
    throw new ChronyParseError(`sourcename: ${quoted(name ?? '')} is no name`);
  return name;
}
