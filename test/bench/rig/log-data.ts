/**
 * Log data in the size that the bench needs: a log file, and a journal made by systemd's own writer. One record in a
 * hundred has the word that the runs with a pattern look for.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { finished } from 'node:stream/promises';

/** The word in one record of a hundred. */
export const NEEDLE = 'checksum mismatch';
const NEEDLE_EVERY = 100;

/** When the first record was written: fixed, so that two runs of the bench read the same bytes. */
const BEGAN_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

const WORDS = 'accepted request for volume from peer; queue depth below limit, latency within budget'.split(
  ' ',
);

/** The n-th record's text: about 70 characters, no two the same. */
function message(index: number): string {
  const verb =
    index % NEEDLE_EVERY === 0
      ? NEEDLE
      : `${WORDS[index % WORDS.length]} ${WORDS[(index >> 3) % WORDS.length]}`;
  return `${verb} id=${(index * 2_654_435_761) % 4_294_967_296} bytes=${(index * 7_919) % 65_536} took=${index % 997} ms`;
}

/** Writes a log file of that many lines with a time, a host, a program and a text, about 100 bytes each. */
export async function writeLogFile(path: string, lines: number): Promise<void> {
  const file = createWriteStream(path);
  await inChunks(file, lines, (index) => {
    const time = new Date(BEGAN_MS + index * 10).toISOString();
    return `${time} db-7 storaged[812]: ${message(index)}\n`;
  });
  file.end();
  await finished(file);
}

async function inChunks(
  to: NodeJS.WritableStream,
  count: number,
  text: (index: number) => string,
): Promise<void> {
  for (let from = 0; from < count; from += 2_000) {
    let chunk = '';
    for (let index = from; index < Math.min(from + 2_000, count); index++) chunk += text(index);
    if (!to.write(chunk)) await once(to, 'drain');
  }
}

const JOURNAL_WRITER = '/lib/systemd/systemd-journal-remote';

/** What is missing for making a journal, or undefined. */
export function journalMissing(): string | undefined {
  return existsSync(JOURNAL_WRITER) ? undefined : 'systemd-journal-remote is not installed';
}

/** Makes a journal of that many entries in a folder that exists, through systemd-journal-remote. */
export async function writeJournal(folder: string, entries: number): Promise<void> {
  const child = spawn(JOURNAL_WRITER, [`--output=${folder}/bench.journal`, '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-2_000);
  });
  const end = ended(child);
  await inChunks(child.stdin, entries, exported);
  child.stdin.end();
  const code = await end;
  if (code !== 0) throw new Error(`systemd-journal-remote ended with ${code}: ${stderr}`);
}

async function ended(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** The n-th entry in the journal export format, with the fields that journald gives an ordinary service's line. */
function exported(index: number): string {
  const usec = (BEGAN_MS + index * 10) * 1_000;
  const service = index % 12;
  return [
    `__REALTIME_TIMESTAMP=${usec}`,
    `__MONOTONIC_TIMESTAMP=${index * 10_000}`,
    '_BOOT_ID=0d6b1a4cbb6f4b51a4f6e1c7f0a6c001',
    '_MACHINE_ID=7b3e5f0a9c7d4a3f8d2e1b6c5a4f3e2d',
    '_HOSTNAME=db-7',
    '_TRANSPORT=stdout',
    `PRIORITY=${index % 50 === 0 ? 4 : 6}`,
    'SYSLOG_FACILITY=3',
    `SYSLOG_IDENTIFIER=storaged-${service}`,
    `_PID=${800 + service}`,
    '_UID=991',
    '_GID=991',
    `_COMM=storaged-${service}`,
    `_EXE=/usr/lib/storage/storaged-${service}`,
    `_CMDLINE=/usr/lib/storage/storaged-${service} --config /etc/storage/${service}.toml`,
    `_SYSTEMD_CGROUP=/system.slice/storaged-${service}.service`,
    `_SYSTEMD_UNIT=storaged-${service}.service`,
    '_SYSTEMD_SLICE=system.slice',
    `MESSAGE=${message(index)}`,
    '\n',
  ].join('\n');
}
