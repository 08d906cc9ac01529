/** What is fuzzed: readers of what others wrote, each with inputs of its own kind and what must hold for any of them. */

/** Numbers from 0 up to 1. */
export type Random = () => number;

/** A reader under attack. */
export interface FuzzTarget {
  readonly name: string;
  /** One case: makes an input, gives it to the reader, and throws where what must hold does not. */
  run(random: Random): void;
}

/** A whole number from 0 to below. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** Damages bytes in one to four of the ways in which files are damaged. The input is left alone. */
export function damaged(random: Random, whole: Buffer): Buffer {
  let bytes = Buffer.from(whole);
  for (let times = 1 + below(random, 4); times > 0; times--) {
    const at = below(random, bytes.length + 1);
    const length = below(random, 64);
    const way = below(random, 7);
    if (way === 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
    else if (way === 1 && at < bytes.length) bytes[at] = below(random, 256);
    else if (way === 2) bytes = bytes.subarray(0, at);
    else if (way === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (way === 4)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
    else if (way === 5) bytes.fill(below(random, 3) * 0x7f, at, Math.min(bytes.length, at + length));
    else bytes.copy(bytes, at, below(random, bytes.length + 1), bytes.length);
  }
  return bytes;
}
