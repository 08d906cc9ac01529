/** The text of a log, as it is scanned: without its packing, its zero bytes, and what else ends lines than a line feed. */

import { Failure } from '../../../../proto/failure.ts';
import { refuseForeign } from '../../../bundle/file-kind.ts';
import { peek, unpacked } from '../../../bundle/unpacked.ts';
import { nameOf } from '../../../diag/waiting.ts';
import { isTarHeader } from '../../../image/layout/tar-index.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const MANY_ZEROS = 511;
/** A device gives zeros without end. */
const MOST_ZEROS = 64 << 20;

/** What became of a log while it was read. */
export interface Reading {
  /** Zero bytes that were left out. */
  zeros: number;
  /** Why no more of it could be read, where some of it was. */
  broken: unknown;
}

/**
 * What is scanned of a source. Where it ends in an error after something of it was read, that is noted, and what was read is all.
 * @throws Failure BAD_ARGUMENT for what is no text, an Error where it cannot be read or unpacked at all
 */
export async function* textIn(
  name: string,
  source: AsyncIterable<Buffer>,
  reading: Reading,
): AsyncGenerator<Buffer, void, undefined> {
  const { head, bytes } = await peek(behindZeros(unpacked(source), reading));
  if (isTarHeader(head))
    throw new Failure('BAD_ARGUMENT', `${nameOf(name)} is an archive of tar`, {
      hint: 'nodectl diag --from looks at what is in it',
    });
  // Zeros alone are no text.
  refuseForeign(nameOf(name), head.length === 0 && reading.zeros > 0 ? Buffer.alloc(1, 1) : head);
  yield* withLineFeeds(withoutZeros(untilBroken(bytes, reading), reading));
}

/** Without pieces of zeros at the beginning: what a program leaves that writes on where it was, when its log was cut to nothing. */
async function* behindZeros(
  source: AsyncIterable<Buffer>,
  reading: Reading,
): AsyncGenerator<Buffer, void, undefined> {
  let begun = false;
  for await (const piece of source) {
    const first: number = begun || reading.zeros > MOST_ZEROS ? 0 : firstText(piece);
    const zeros = first < 0 ? piece.length : first;
    // A few are of what the text is written in.
    const leading = zeros > MANY_ZEROS || first < 0 ? zeros : 0;
    begun ||= first >= 0;
    reading.zeros += leading;
    if (leading < piece.length) yield piece.subarray(leading);
  }
}

/** Where the first byte is that is not zero; -1 where none is. */
function firstText(piece: Buffer): number {
  if (piece[0] !== 0) return 0;
  return piece.equals(Buffer.alloc(piece.length)) ? -1 : piece.findIndex((byte) => byte !== 0);
}

/** The same bytes; an error behind the first of them is kept. */
async function* untilBroken(
  source: AsyncIterable<Buffer>,
  reading: Reading,
): AsyncGenerator<Buffer, void, undefined> {
  let some = false;
  try {
    for await (const piece of source) {
      some = true;
      yield piece;
    }
  } catch (error) {
    // Whoever interrupts it wants no more of it.
    if (!some || (error as Error).name === 'AbortError') throw error;
    reading.broken = error;
  }
}

async function* withoutZeros(
  source: AsyncIterable<Buffer>,
  reading: Reading,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of source) {
    if (!piece.includes(0)) {
      yield piece;
      continue;
    }
    // Blocks that were never written, of a machine that lost its power: the line behind them is whole.
    const text = Buffer.from(piece.filter((byte) => byte !== 0));
    reading.zeros += piece.length - text.length;
    yield text;
  }
}

/** With a line feed in the place of each carriage return that stands alone in a line, as Macs and some consoles end lines. */
async function* withLineFeeds(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let before = LINE_FEED;
  let held = false;
  const ends = (byte: number) => byte === LINE_FEED || byte === CARRIAGE_RETURN;
  for await (const raw of source) {
    if (raw.length === 0) continue;
    // Of one at the end of a piece the next one tells.
    const piece: Buffer = held ? Buffer.concat([Buffer.from([CARRIAGE_RETURN]), raw]) : raw;
    held = piece.at(-1) === CARRIAGE_RETURN;
    const last = held ? piece.length - 1 : piece.length;
    for (let at = piece.indexOf(CARRIAGE_RETURN); at >= 0 && at < last; ) {
      const ahead = at === 0 ? before : (piece[at - 1] as number);
      if (!ends(ahead) && !ends(piece[at + 1] as number)) piece[at] = LINE_FEED;
      at = piece.indexOf(CARRIAGE_RETURN, at + 1);
    }
    if (last > 0) {
      before = piece[last - 1] as number;
      yield last === piece.length ? piece : piece.subarray(0, last);
    }
  }
}
