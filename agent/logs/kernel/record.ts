/**
 * One record of /dev/kmsg: `PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,...];TEXT`, then lines ` KEY=VALUE`, with bytes that
 * are not printable written as \xNN (Documentation/ABI/testing/dev-kmsg of the kernel).
 */

/** A record taken apart. */
export interface KernelRecord {
  /** facility * 8 + priority */
  level: number;
  sequence: number;
  /** µs of the kernel's own clock, which begins at boot and stands still while the machine is suspended. */
  usec: number;
  /** The text's bytes, decoded. */
  text: Buffer;
  /** The lines behind the text as one string of `KEY=VALUE` lines, or empty. */
  dictionary: string;
}

const BACKSLASH = 92;
const SEMICOLON = 59;
const NEWLINE = 10;

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Undoes \xNN. */
export function unescapeKernel(bytes: Buffer): Buffer {
  let at = bytes.indexOf(BACKSLASH);
  if (at < 0) return bytes;
  const out = Buffer.from(bytes);
  let to = at;
  while (at < bytes.length) {
    const high = hexDigit(bytes[at + 2] ?? 0);
    const low = hexDigit(bytes[at + 3] ?? 0);
    if (bytes[at] === BACKSLASH && bytes[at + 1] === 120 && high >= 0 && low >= 0) {
      out[to++] = high * 16 + low;
      at += 4;
    } else {
      out[to++] = bytes[at++] ?? 0;
    }
  }
  return out.subarray(0, to);
}

/** Takes a record apart; undefined when it is not in the format. The text may point into `bytes`. */
export function parseKernelRecord(bytes: Buffer): KernelRecord | undefined {
  const semicolon = bytes.indexOf(SEMICOLON);
  if (semicolon < 0) return undefined;
  const [level, sequence, usec] = bytes.toString('latin1', 0, semicolon).split(',', 3).map(Number);
  if (!Number.isSafeInteger(level) || !Number.isSafeInteger(sequence) || !Number.isSafeInteger(usec))
    return undefined;
  const newline = bytes.indexOf(NEWLINE, semicolon);
  const end = newline < 0 ? bytes.length : newline;
  const dictionary = end + 1 < bytes.length ? bytes.toString('latin1', end + 1, bytes.length) : '';
  const text = unescapeKernel(bytes.subarray(semicolon + 1, end));
  return { level: level ?? 0, sequence: sequence ?? 0, usec: usec ?? 0, text, dictionary };
}

/** The fields behind a record's text: `SUBSYSTEM`, `DEVICE` and others, as journald names them with `_KERNEL_` in front. */
export function kernelFields(record: KernelRecord): Map<string, Buffer> {
  const fields = new Map<string, Buffer>();
  fields.set('SYSLOG_FACILITY', Buffer.from(String(record.level >> 3)));
  fields.set('_SOURCE_MONOTONIC_TIMESTAMP', Buffer.from(String(record.usec)));
  for (const line of record.dictionary.split('\n')) {
    const equals = line.indexOf('=');
    if (!line.startsWith(' ') || equals < 2) continue;
    fields.set(
      `_KERNEL_${line.slice(1, equals)}`,
      unescapeKernel(Buffer.from(line.slice(equals + 1), 'latin1')),
    );
  }
  return fields;
}
