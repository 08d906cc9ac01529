import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import { JournalReader, type JournalReadOptions } from './journal-reader.ts';

const WRITER = '/lib/systemd/systemd-journal-remote';
const skip = existsSync(WRITER) ? false : 'systemd-journal-remote is not installed';
const FIELDS = ['MESSAGE', 'PRIORITY', 'SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT'];
const BEGAN_USEC = 1_767_323_045_000_000;

const top = mkdtempSync(join(tmpdir(), 'nodectl-journal-'));
after(() => rmSync(top, { recursive: true, force: true }));

/** A message in the export format, which writes what is not plain text with its length. */
function field(name: string, value: string | Buffer): Buffer {
  if (typeof value === 'string' && !/[^\x20-\x7e]/.test(value)) return Buffer.from(`${name}=${value}\n`);
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')]);
}

/** Writes a journal file of some messages, `everyUsec` apart, through systemd's own writer. */
function write(
  folder: string,
  name: string,
  messages: (string | Buffer)[],
  fromUsec: number,
  everyUsec = 1_000,
): void {
  mkdirSync(folder, { recursive: true });
  const input = messages.map((message, index) =>
    Buffer.concat([
      Buffer.from(`__REALTIME_TIMESTAMP=${fromUsec + index * everyUsec}\n`),
      Buffer.from(`__MONOTONIC_TIMESTAMP=${fromUsec - BEGAN_USEC + index * everyUsec}\n`),
      Buffer.from('_BOOT_ID=0d6b1a4cbb6f4b51a4f6e1c7f0a6c001\n'),
      field('PRIORITY', String(index % 8)),
      field('SYSLOG_IDENTIFIER', `program-${index % 3}`),
      ...(index % 2 === 0 ? [field('_SYSTEMD_UNIT', `unit-${index % 4}.service`)] : []),
      field('MESSAGE', message),
      Buffer.from('\n'),
    ]),
  );
  execFileSync(WRITER, [`--output=${join(folder, name)}.journal`, '-'], {
    input: Buffer.concat(input),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** Every entry as journalctl has it. */
function oracle(folder: string): string[] {
  const lines = execFileSync('journalctl', [`--directory=${folder}`, '-q', '-o', 'json', '--all'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const entry = JSON.parse(line) as Record<string, string | number[] | undefined>;
      const text = (name: string) => {
        const value = entry[name] ?? '';
        return typeof value === 'string' ? value : Buffer.from(value).toString('utf8');
      };
      return [text('__REALTIME_TIMESTAMP'), ...FIELDS.map(text)].join('|');
    });
}

/** Every entry as this reader has it. */
async function read(options: Partial<JournalReadOptions> & { directories: string[] }): Promise<string[]> {
  const reader = await JournalReader.open({ fields: FIELDS, start: { from: 'end' }, ...options });
  const found: string[] = [];
  while (await reader.more())
    while (reader.next())
      found.push(
        [String(reader.entry.realtimeUsec), ...FIELDS.map((_, index) => reader.entry.text(index))].join('|'),
      );
  await reader.close();
  return found;
}

const numbered = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `${name} ${index}`);

describe('a journal read from its files', { skip }, () => {
  test('is what journalctl reads', async () => {
    const folder = join(top, 'one');
    write(
      folder,
      'a',
      [
        ...numbered(3_000, 'message'),
        'x'.repeat(2_000),
        'y'.repeat(60_000),
        'several\nlines\n',
        Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x42]),
        'ünïcode',
      ],
      BEGAN_USEC,
    );
    const expected = oracle(folder);
    assert.equal(expected.length, 3_005);
    assert.deepEqual(await read({ directories: [folder] }), expected);
    assert.deepEqual(await read({ directories: [folder], direction: 'backward' }), expected.toReversed());
  });

  test('merges files that overlap and takes others one after the other', async () => {
    const folder = join(top, 'many');
    write(folder, 'a', numbered(500, 'first'), BEGAN_USEC);
    write(
      join(folder, '7b3e5f0a9c7d4a3f8d2e1b6c5a4f3e2d'),
      'b',
      numbered(500, 'among'),
      BEGAN_USEC + 100_350,
      700,
    );
    write(folder, 'c', numbered(20, 'last'), BEGAN_USEC + 10_000_000);
    const found = await read({ directories: [folder] });
    assert.equal(found.length, 1_020);
    assert.deepEqual(found, oracle(folder));
    assert.deepEqual(await read({ directories: [folder], direction: 'backward' }), found.toReversed());
  });

  test('begins at a time, or behind an entry', async () => {
    const folder = join(top, 'start');
    write(folder, 'a', numbered(300, 'a'), BEGAN_USEC);
    write(folder, 'b', numbered(300, 'b'), BEGAN_USEC + 300_000);
    const all = await read({ directories: [folder] });
    const usec = BEGAN_USEC + 250_000;
    const since = await read({ directories: [folder], start: { from: 'time', usec } });
    assert.deepEqual(since, all.slice(250));
    const before = await read({
      directories: [folder],
      start: { from: 'time', usec },
      direction: 'backward',
    });
    assert.deepEqual(before, all.slice(0, 250).toReversed());
    const reader = await JournalReader.open({
      directories: [folder],
      fields: FIELDS,
      start: { from: 'end' },
    });
    await reader.more();
    for (let index = 0; index < 300; index++) while (!reader.next()) assert.ok(await reader.more());
    const { seqnumId, entry } = reader;
    const { seqnum, realtimeUsec } = entry;
    assert.equal(entry.text(0), 'a 299');
    await reader.close();
    const start = { from: 'entry', seqnumId, seqnum, realtimeUsec } as const;
    assert.deepEqual(await read({ directories: [folder], start }), all.slice(300));
  });

  test('passes over what is damaged and says how much that was', async () => {
    const folder = join(top, 'damaged');
    write(folder, 'a', numbered(5_000, 'a'), BEGAN_USEC);
    write(folder, 'b', numbered(10, 'b'), BEGAN_USEC + 10_000_000);
    const file = join(folder, 'a.journal');
    truncateSync(file, 4_500_000);
    const reader = await JournalReader.open({
      directories: [folder],
      fields: FIELDS,
      start: { from: 'end' },
    });
    let count = 0;
    while (await reader.more()) while (reader.next()) count++;
    await reader.close();
    const lost = reader.damage.reduce((sum, { entries }) => sum + entries, 0);
    assert.equal(reader.damage.length, 1);
    assert.equal(reader.damage[0]?.path, file);
    assert.ok(lost > 0);
    assert.equal(count + lost, 5_010);
  });

  test('is refused where only journalctl can read it', async () => {
    const folder = join(top, 'refused');
    write(folder, 'a', numbered(1, 'a'), BEGAN_USEC);
    const file = join(folder, 'a.journal');
    const bytes = readFileSync(file);
    bytes[12] = (bytes[12] ?? 0) | 2;
    writeFileSync(file, bytes);
    await assert.rejects(read({ directories: [folder] }), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.reason, 'SOURCE_UNAVAILABLE');
      return true;
    });
    writeFileSync(file, 'no journal at all');
    await assert.rejects(read({ directories: [folder] }), /is not a journal file/);
  });

  test('of a folder that does not exist is empty', async () => {
    assert.deepEqual(await read({ directories: [join(top, 'none')] }), []);
  });
});
