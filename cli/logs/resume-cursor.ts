/**
 * The cursor of a whole read: one opaque text that holds the node's own cursor of every stream, so that a read over many
 * nodes goes on where it stopped. It is base64url of JSON, with a version; it comes back from a user's shell and is
 * checked like any input.
 */

import { Failure } from '../../proto/failure.ts';

/** Where one stream goes on. */
export interface Place {
  node: string;
  /** The source as it was asked for; empty for the default. */
  source: string;
  /** The node's own cursor. */
  cursor: string;
}

/** Linux takes at most 131,072 bytes in one argument. */
export const LONGEST_CURSOR = 120_000;
const VERSION = 1;
/** The node refuses longer ones by itself; this only keeps nonsense from travelling. */
const LONGEST_PART = 1_024;

const HINT = 'copy it whole from the "resume:" line of the command that was cut short';

/** The cursor for places, or undefined where there are none or it would be too long for a command line. */
export function writeCursor(places: readonly Place[]): string | undefined {
  const known = places.filter(({ cursor }) => cursor !== '');
  if (known.length === 0) return undefined;
  const text = JSON.stringify([VERSION, ...known.map(({ node, source, cursor }) => [node, source, cursor])]);
  const whole = Buffer.from(text).toString('base64url');
  return whole.length > LONGEST_CURSOR ? undefined : whole;
}

/** The places of a cursor. Throws a Failure BAD_CURSOR for anything that `writeCursor` did not make. */
export function readCursor(text: string): Place[] {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length > LONGEST_CURSOR) throw bad('it is not of its form');
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw bad('it is damaged or cut off');
  }
  if (!Array.isArray(content) || typeof content[0] !== 'number') throw bad('it is damaged');
  if (content[0] !== VERSION)
    throw bad(`it is of version ${content[0]}, and this nodectl knows version ${VERSION}`);
  const places = content.slice(1).map(placeOf);
  if (places.length === 0) throw bad('it names no node');
  if (new Set(places.map(({ node, source }) => `${node}\n${source}`)).size < places.length)
    throw bad('it names a stream twice');
  return places;
}

function placeOf(entry: unknown): Place {
  if (!Array.isArray(entry) || entry.length !== 3 || !entry.every(isPart)) throw bad('it is damaged');
  const [node, source, cursor] = entry as [string, string, string];
  if (node === '' || cursor === '') throw bad('it is damaged');
  return { node, source, cursor };
}

function isPart(part: unknown): boolean {
  return typeof part === 'string' && part.length <= LONGEST_PART && !/[\0-\x1f\x7f-\x9f]/.test(part);
}

function bad(why: string): Failure {
  return new Failure('BAD_CURSOR', `the cursor after --resume cannot be used: ${why}`, { hint: HINT });
}
