/** Real journal files for tests, made by systemd-journal-remote from entries in the export format. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const REMOTE = ['/lib/systemd/systemd-journal-remote', '/usr/lib/systemd/systemd-journal-remote'].find(
  existsSync,
);

function hasJournalctl(): boolean {
  try {
    execFileSync('journalctl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Why tests with journal files cannot run here, or false. */
export const NO_JOURNAL: string | false =
  REMOTE === undefined ? 'needs systemd-journal-remote' : hasJournalctl() ? false : 'needs journalctl';

/** A boot of the made-up machine. */
export const BOOT = '0123456789abcdef0123456789abcdef';
/** When its first entry was written, µs since the epoch. */
export const START = 1_790_000_000_000_000;

/** One entry: its fields; the message may be any bytes. */
export interface TestEntry {
  usec: number;
  message?: string | Buffer | undefined;
  boot?: string;
  fields?: Record<string, string | Buffer>;
}

function field(name: string, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  if (!bytes.includes(10) && Buffer.from(bytes.toString('utf8')).equals(bytes)) {
    return Buffer.concat([Buffer.from(`${name}=`), bytes, Buffer.from('\n')]);
  }
  const length = Buffer.alloc(8);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')]);
}

/** Entries in the export format. */
function exportFormat(entries: readonly TestEntry[]): Buffer {
  const parts: Buffer[] = [];
  for (const { usec, message, boot = BOOT, fields = {} } of entries) {
    parts.push(
      Buffer.from(
        `__REALTIME_TIMESTAMP=${usec}\n__MONOTONIC_TIMESTAMP=${usec - START + 1_000_000}\n_BOOT_ID=${boot}\n`,
      ),
    );
    for (const [name, value] of Object.entries(fields)) parts.push(field(name, value));
    if (message !== undefined) parts.push(field('MESSAGE', message));
    parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

/** Adds entries to a journal file in a folder. The sequence numbers of a file go on from call to call. */
export function writeJournal(
  folder: string,
  entries: readonly TestEntry[],
  file = 'system.journal',
  args: string[] = [],
): void {
  if (REMOTE === undefined) throw new Error('systemd-journal-remote is missing');
  execFileSync(REMOTE, [...args, '--output', join(folder, file), '-'], {
    input: exportFormat(entries),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** So many plain entries of three units, a millisecond apart. */
export function plainEntries(count: number, first = 0): TestEntry[] {
  const units = ['sshd', 'cron', 'web'];
  return Array.from({ length: count }, (_, i) => {
    const number = first + i;
    const unit = units[number % 3] ?? '';
    return {
      usec: START + number * 1000,
      message: `message ${number}${number % 10 === 0 ? ' needle' : ''}`,
      fields: {
        PRIORITY: String(number % 8),
        SYSLOG_IDENTIFIER: unit,
        _PID: String(100 + (number % 5)),
        _SYSTEMD_UNIT: `${unit}.service`,
        _COMM: unit,
        _HOSTNAME: 'host1',
      },
    };
  });
}
