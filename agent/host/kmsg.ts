/**
 * The door to /dev/kmsg, the kernel's ring buffer of messages. It is opened non-blocking: a blocking read that waits for a
 * message would keep the process from ever ending, and Node cannot wait for this device, so a reader asks again later.
 */

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Failure } from '../../proto/failure.ts';

/** The longest record: 2,048 bytes of text (LOG_LINE_MAX), each at most four when escaped, and its head and fields. */
const MAX_RECORD = 16_384;

/** Reads records one by one. */
export interface KmsgReader {
  /** The next record; 'empty' when there is none now; 'overrun' when records were overwritten before they were read. */
  next(): Buffer | 'empty' | 'overrun';
  close(): void;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
 * Opens the ring buffer at its oldest record.
 * @throws Failure SOURCE_UNAVAILABLE
 */
export function openKmsg(path = '/dev/kmsg'): KmsgReader {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (cause) {
    const code = codeOf(cause);
    const denied = code === 'EPERM' || code === 'EACCES';
    throw new Failure(
      'SOURCE_UNAVAILABLE',
      `${path} cannot be read: ${denied ? 'the agent lacks the permission' : code || String(cause)}`,
      {
        hint: denied ? 'run the agent as root or give it CAP_SYSLOG' : 'the kernel’s log needs /dev/kmsg',
        cause,
      },
    );
  }
  const buffer = Buffer.allocUnsafeSlow(MAX_RECORD);
  return {
    next: () => {
      try {
        const length = readSync(fd, buffer, 0, MAX_RECORD, null);
        return length === 0 ? 'empty' : buffer.subarray(0, length);
      } catch (error) {
        const code = codeOf(error);
        if (code === 'EAGAIN' || code === 'EINTR') return 'empty';
        if (code === 'EPIPE') return 'overrun';
        throw new Failure('SOURCE_UNAVAILABLE', `${path} could not be read on: ${code || String(error)}`, {
          cause: error,
        });
      }
    },
    close: () => closeSync(fd),
  };
}

/** What the clock that the kernel stamps messages with is behind real time now, in µs, to about a millisecond. */
export function bootTimeUsec(): number {
  return Date.now() * 1000 - Math.round(Number(process.hrtime.bigint() / 1000n));
}
