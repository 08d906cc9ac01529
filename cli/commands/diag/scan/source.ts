/** What `nodectl diag scan` reads: a file, a named pipe, a device that gives records, or standard input. */

import { closeSync, constants, createReadStream, openSync, read } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { Failure } from '../../../../proto/failure.ts';
import { nameOf } from '../../../diag/waiting.ts';
import { whyNotRead } from '../../../not-read.ts';
import { visibleName } from '../../../output/visible.ts';

/** A log to be read. */
export interface Source {
  readonly bytes: AsyncIterable<Buffer>;
  /** The time before which it was written, in ms since the epoch. */
  readonly referenceMs: number;
}

const readFrom = promisify(read);
const PIECE = 1 << 16;

/** Opens a log by its name; "-" is standard input. Never waits for a writer by itself. Throws BAD_ARGUMENT. */
export async function openSource(name: string, signal: AbortSignal): Promise<Source> {
  if (name === '-') return { bytes: addAbortSignal(signal, process.stdin), referenceMs: Date.now() };
  if (name === '')
    throw new Failure('BAD_ARGUMENT', 'the name of the log is empty', {
      hint: 'is the variable set that it comes from?',
    });
  try {
    const facts = await stat(name);
    if (facts.isDirectory())
      throw new Failure('BAD_ARGUMENT', `${nameOf(name)} is a folder`, {
        hint: 'nodectl diag --from looks at a captured machine',
      });
    if (facts.isFile())
      return {
        bytes: createReadStream(name, { signal, highWaterMark: PIECE }),
        referenceMs: facts.mtimeMs,
      };
    // A thread that waits in the kernel for a writer or a record cannot be called back, so that nothing would end the program.
    const file = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    return { bytes: withoutWaiting(file, facts.isFIFO(), signal), referenceMs: Date.now() };
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** What a pipe, a terminal or a device gives, without a thread that waits in the kernel. */
async function* withoutWaiting(
  file: number,
  isPipe: boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  if (isPipe || isatty(file)) {
    const options = { signal, readable: true, writable: false };
    const stream = isPipe ? new Socket({ fd: file, ...options }) : new ReadStream(file, options);
    yield* stream as AsyncIterable<Buffer>;
    return;
  }
  try {
    const piece = Buffer.alloc(PIECE);
    while (!signal.aborted) {
      const count = await readNow(file, piece);
      if (count === 0) return;
      if (count !== undefined) yield Buffer.from(piece.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

/** How much came; none where no more is there now, undefined where the next read goes on behind records that were overwritten. */
async function readNow(file: number, piece: Buffer): Promise<number | undefined> {
  try {
    return (await readFrom(file, piece, 0, piece.length, null)).bytesRead;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // /dev/kmsg has the one at its end, and the other where the ring buffer went over its reader.
    if (code === 'EAGAIN') return 0;
    if (code === 'EPIPE') return undefined;
    throw error;
  }
}

/** Why a log cannot be read. */
export function unreadable(name: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  return new Failure('BAD_ARGUMENT', `${nameOf(name)} cannot be read: ${visibleName(whyNotRead(cause))}`, {
    hint: 'name a log, plain or packed; "-" is standard input, as in: dmesg | nodectl diag scan -',
    cause,
  });
}
