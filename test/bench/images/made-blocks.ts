/** Blocks of images that nobody installed: made up as they are wanted, and compressible as programs are. */

import { createCipheriv } from 'node:crypto';
import { BLOCK_BYTES } from '../../../proto/image/limits.ts';

/** One block in so many is another in the second version. */
const CHANGED_EVERY = 20;
const KEY = Buffer.alloc(16, 7);

/** A block of a version, 0 or 1: a third of it random, the rest a pattern. */
export function madeBlock(number: number, version: number): Buffer {
  const changed = version > 0 && number % CHANGED_EVERY === 3;
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(number, 0);
  counter.writeUInt32BE(changed ? version : 0, 4);
  const random = createCipheriv('aes-128-ctr', KEY, counter).update(Buffer.alloc(1_400));
  return Buffer.concat([random, Buffer.alloc(BLOCK_BYTES - random.length, number & 0xff)]);
}
