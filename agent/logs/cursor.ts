/**
 * Cursors: the name of one record, from which a read goes on. A cursor is "PREFIX:POSITION": the prefix says which stretch of
 * the source (a journal, a boot, a file), the position in base 36 where in it. The first letter tells the kinds apart.
 */

import { Failure } from '../../proto/failure.ts';
import type { Cursor, SourceKind } from './types.ts';

/** The letter that each kind's prefixes begin with. */
export const CURSOR_LETTER: Record<SourceKind, string> = {
  JOURNAL: 'j',
  KERNEL: 'k',
  FILE: 'f',
  CONTAINER: 'c',
};

/** No cursor of ours is longer: more is refused before anything is parsed. */
const MAX_CURSOR = 200;

/** The cursor as text. */
export function formatCursor(prefix: string, position: number): string {
  return `${prefix}:${position.toString(36)}`;
}

function bad(text: string, why: string): Failure {
  return new Failure('BAD_CURSOR', `the cursor "${text.slice(0, 80)}" ${why}`, {
    hint: 'use a cursor that came with a record of the same source, as it is',
  });
}

/**
 * Takes a cursor apart.
 * @throws Failure BAD_CURSOR when it is malformed or of another kind of source
 */
export function parseCursor(text: string, kind: SourceKind): Cursor {
  const match = text.length <= MAX_CURSOR ? /^([a-z]\.[0-9a-zA-Z._-]*):([0-9a-z]{1,11})$/.exec(text) : null;
  const position = Number.parseInt(match?.[2] ?? '', 36);
  if (match?.[1] === undefined || !Number.isSafeInteger(position)) throw bad(text, 'is malformed');
  if (!match[1].startsWith(`${CURSOR_LETTER[kind]}.`)) throw bad(text, 'belongs to another source');
  return { prefix: match[1], position };
}

/**
 * The parts of a prefix behind its letter.
 * @throws Failure BAD_CURSOR when there are not `count` of them
 */
export function prefixParts(cursor: Cursor, count: number): string[] {
  const parts = cursor.prefix.split('.').slice(1);
  if (parts.length !== count) throw bad(`${cursor.prefix}:`, 'is malformed');
  return parts;
}
