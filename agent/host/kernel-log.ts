/**
 * The kernel's own log as a machine gives it: the ring buffer of a running one, or files that were saved of it. It is read
 * piece by piece, so that a caller can let other work in between, and read on later for what is new.
 */

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { type KmsgReader, openKmsg } from './kmsg.ts';
import { absentOr } from './small-file.ts';
import { Unavailable } from './unavailable.ts';
import { unoptimised } from './unoptimised.ts';

/** A log that is open. Lines are in one of the formats of agent/diagnostics/signatures/kernel-line.ts. */
export interface KernelLog {
  /** Where it comes from: "/dev/kmsg", "sos_commands/kernel/dmesg". */
  readonly name: string;
  /** Whether messages before those that are read, or between them, are lost. Told from the first read on. */
  readonly lost: boolean;
  /** More of it, at most about 256 KiB; empty where there is nothing more now. @throws Unavailable failed */
  read(): Buffer;
  close(): void;
}

const PIECE = 262_144;
/** Of a longer file, in bytes, only the end is read. */
export const MAX_LOG_FILE = 64 << 20;
/** Of all long texts of a captured machine together so many bytes are looked at. */
export const MAX_LONG_TEXTS = 128 << 20;

/** This machine's ring buffer, from its oldest message on. @throws Unavailable absent, denied or failed */
export function ringLog(path: string): KernelLog {
  let reader: KmsgReader;
  try {
    reader = openKmsg(path);
  } catch (error) {
    throw unavailable(error, path);
  }
  let lost = false;
  let began = false;
  /** Records until they are a piece, or there are no more now. */
  const piece = (): Buffer => {
    const records: Buffer[] = [];
    for (let size = 0; size < PIECE; ) {
      let record: Buffer | 'empty' | 'overrun';
      try {
        record = reader.next();
      } catch (error) {
        throw unavailable(error, path);
      }
      if (record === 'empty') break;
      if (record === 'overrun') {
        lost = true;
        continue;
      }
      // "6,1234,…": records are numbered from 0 on since boot.
      if (!began) lost ||= !/^\d{1,4},0,/.test(record.toString('latin1', 0, 8));
      began = true;
      size += record.length;
      records.push(Buffer.from(record));
    }
    return Buffer.concat(records);
  };
  return {
    name: path,
    get lost() {
      return lost;
    },
    read: () => unoptimised(piece),
    close: () => reader.close(),
  };
}

/** A file, from its beginning, or from so near its end that no more than 64 MiB is read. Undefined where there is none. @throws Unavailable */
export function fileLog(root: string, path: string): KernelLog | undefined {
  let fd: number;
  let at = 0;
  try {
    fd = openSync(join(root, path), constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size === 0) {
      closeSync(fd);
      return undefined;
    }
    at = Math.max(0, stat.size - MAX_LOG_FILE);
  } catch (error) {
    return absentOr(error, path);
  }
  const lost = at > 0;
  const buffer = Buffer.allocUnsafe(PIECE);
  return {
    ...{ name: path, lost },
    read: () => {
      try {
        const length = readSync(fd, buffer, 0, PIECE, at);
        at += length;
        return Buffer.from(buffer.subarray(0, length));
      } catch (error) {
        absentOr(error, path);
        return Buffer.alloc(0);
      }
    },
    close: () => closeSync(fd),
  };
}

/** A log whose text is known. */
export function textLog(name: string, text: string): KernelLog {
  const bytes = Buffer.from(text);
  let at = 0;
  return {
    ...{ name, lost: false },
    read: () => {
      const piece = bytes.subarray(at, at + PIECE);
      at += piece.length;
      return piece;
    },
    close: () => undefined,
  };
}

function unavailable(error: unknown, path: string): unknown {
  if (!(error instanceof Failure)) return error;
  const cause = error.cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const absent = code === 'ENOENT' || code === 'ENXIO' || code === 'ENODEV';
  if (absent) return new Unavailable('absent', `there is no ${path}`, error);
  const denied = code === 'EPERM' || code === 'EACCES';
  return denied
    ? new Unavailable('denied', `${path} may not be read: the agent needs root or CAP_SYSLOG`, error)
    : new Unavailable('failed', error.message, error);
}
