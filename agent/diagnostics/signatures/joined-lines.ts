/**
 * Lines of a log that something has joined into one: the objects of a JSON array without line breaks, a text that is the string
 * of an object ("\n" in it), a page (<br>), a console whose lines end by a carriage return, or a paste without any breaks.
 */

/** Ends one line and begins the next; the time of a console begins one wherever it is. */
const BREAKS = /\\r\\n|\\n|\r|<br ?\/?>|(?<=\}), {0,4}(?=\{)|(?=(?:<\d{1,3}>)?\[ {0,5}\d{1,7}\.\d{6}\] )/;
/** What the shape of such a line has: numbers are "0" there, and the time at its beginning is gone. */
const BREAKS_IN_SHAPE = /\\|\r|<br|\},|\[ {0,5}0\.0\] |^[\s,[]+\{|\}[\s\]]+$/;
/** What stands around the lines of an array or a string. */
const AROUND = /^[\s,[]+(?=\{)|(?<=\})[\s,\]]+$/g;
/**
 * A line that says itself what it is: an object, or one with a time. Others are of whom the line is that they are in, which may be any
 * program that speaks about troubles.
 */
const BEGINS =
  /^(?:\{|(?:<\d{1,3}>)?(?:\[ *\d{1,7}\.\d{6}\]|\[?(?:\w{3} )?[A-Z][a-z]{2} [ \d]\d \d\d:|\[?\d{4}-\d\d-\d\d[T ]\d\d:))/;
/** What a line that is too long to keep is cut behind. */
const CUTS = ['},', '\\n', '\r', '<br>'] as const;

/** The lines that were joined into one, in their order; one or none where it is a line like others. @param line a character a byte */
export function joinedIn(line: string): string[] {
  const parts = line.split(BREAKS).map((part) => part.replace(AROUND, ''));
  return parts.filter((part, at) => at === 0 || BEGINS.test(part));
}

/** Whether a line may be several in one. @param shape of it */
export function mayBeJoined(shape: string): boolean {
  return BREAKS_IN_SHAPE.test(shape);
}

/** Whether something in a message may end a line, so that more than one was joined there. */
export function mayBreak(message: string): boolean {
  return BREAKS.test(message);
}

/** Where a line of which no more can be kept is cut, so that as much as possible of what it was made of stays whole. */
export function cutIn(line: Buffer): number {
  const half = line.length >> 1;
  const behind = Math.max(...CUTS.map((text) => line.lastIndexOf(text) + text.length));
  return behind > half ? behind : line.length;
}
