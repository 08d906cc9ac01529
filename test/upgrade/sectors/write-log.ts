/**
 * The log of QEMU's blklogwrites driver, whose format is that of the kernel's dm-log-writes: a super block of one sector, then
 * entries of a header in a sector of its own and the data behind it. Numbers are little-endian.
 */

import { SECTOR } from './layout.ts';

const MAGIC = 0x6a736677736872n;
const FLUSH = 1;
const DISCARD = 4;

/** What the guest asked of the disk. */
export interface Write {
  /** Where, in sectors. */
  readonly sector: number;
  /** What; empty for a flush. A discard is read back as zeros by the disk that is recorded. */
  readonly data: Buffer;
  /** Whether all writes before it are on the disk when it is done. */
  readonly flush: boolean;
}

/** The writes of a log. @throws Error for a file that is none, or was cut off */
export function parseWriteLog(log: Buffer): Write[] {
  if (log.length < SECTOR || log.readBigUInt64LE(0) !== MAGIC || log.readBigUInt64LE(8) !== 1n)
    throw new Error('this is no log of blklogwrites');
  const count = Number(log.readBigUInt64LE(16));
  const writes: Write[] = [];
  let at = SECTOR;
  for (let entry = 0; entry < count; entry++) {
    if (at + SECTOR > log.length) throw new Error(`the log ends in entry ${entry} of ${count}`);
    const sector = Number(log.readBigUInt64LE(at));
    const bytes = Number(log.readBigUInt64LE(at + 8)) * SECTOR;
    const flags = Number(log.readBigUInt64LE(at + 16));
    at += SECTOR;
    if ((flags & DISCARD) !== 0) writes.push({ sector, data: Buffer.alloc(bytes), flush: false });
    else {
      if (at + bytes > log.length) throw new Error(`the log ends in entry ${entry} of ${count}`);
      if (bytes > 0) writes.push({ sector, data: log.subarray(at, at + bytes), flush: false });
      at += bytes;
    }
    if ((flags & FLUSH) !== 0) writes.push({ sector: 0, data: Buffer.alloc(0), flush: true });
  }
  return writes;
}
