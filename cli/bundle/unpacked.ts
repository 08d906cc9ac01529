/** Bytes without their packing, which their first bytes tell: gzip and zstd, or what the programs xz and bzip2 unpack. */

import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { HEAD, packingOf } from './file-kind.ts';

/** The first bytes of a source, as many as tell what it is, and all of them from the first on. */
export interface Peeked {
  readonly head: Buffer;
  readonly bytes: AsyncGenerator<Buffer, void, undefined>;
}

/** Ends a line. */
const LINE_FEED = 10;

/**
 * Looks at the first bytes of a source. No more is waited for than the first piece with the end of a line in it: what is read may be
 * a log that grows. @throws what reading it throws
 */
export async function peek(source: AsyncIterable<Buffer>): Promise<Peeked> {
  const chunks = source[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let size = 0;
  while (size < HEAD) {
    const { done, value } = await chunks.next();
    if (done) break;
    first.push(value);
    size += value.length;
    if (value.includes(LINE_FEED)) break;
  }
  const head = Buffer.concat(first);
  async function* whole(): AsyncGenerator<Buffer, void, undefined> {
    try {
      if (head.length > 0) yield head;
      for (let one = await chunks.next(); !one.done; one = await chunks.next()) yield one.value;
    } finally {
      await chunks.return?.();
    }
  }
  return { head: head.subarray(0, HEAD), bytes: whole() };
}

/** The bytes of a source without their packing. @throws an Error that says what is wrong with that, or what reading it throws */
export async function* unpacked(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const { head, bytes } = await peek(source);
  const packing = packingOf(head);
  if (packing === undefined) return yield* bytes;
  if (packing === 'xz' || packing === 'bzip2') return yield* throughProgram(packing, bytes);
  const unpacker = packing === 'gzip' ? createGunzip() : createZstdDecompress();
  const packed = Readable.from(bytes, { objectMode: false });
  packed.once('error', (error) => unpacker.destroy(error));
  try {
    yield* packed.pipe(unpacker) as AsyncIterable<Buffer>;
  } finally {
    packed.destroy();
  }
}

/** What a program unpacks: Node has neither xz, in which sosreport packs, nor bzip2. */
async function* throughProgram(
  program: string,
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', () => resolve('and that program is not installed'));
    child.once('close', (code) => resolve(code === 0 ? undefined : 'which could not unpack it'));
  });
  // That it takes no more is told by how it ends; that the source failed, by the source.
  let failed: unknown;
  const fed = pipeline(
    watched(bytes, (error) => (failed = error)),
    child.stdin,
  ).catch(() => undefined);
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const why = await ended;
    if (failed !== undefined) throw failed;
    if (why !== undefined) throw new Error(`it is packed with ${program}, ${why}`);
    await fed;
  } finally {
    child.kill();
  }
}

/** The same bytes; an error in reading them is told. */
async function* watched(
  bytes: AsyncIterable<Buffer>,
  tell: (error: unknown) => void,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* bytes;
  } catch (error) {
    tell(error);
    throw error;
  }
}
