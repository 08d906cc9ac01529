/** The ring on disk: kills at any moment, bytes that are damaged, bounds, and a disk that is full. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { BadBytes } from './bytes.ts';
import { readTable, ringFile } from './files.ts';
import { readHead } from './head.ts';
import { tablesBack } from './reading.ts';
import { Ring } from './ring.ts';
import { bigServer, random } from './testing/load.ts';
import { AppendedFile } from './write.ts';

const BOOT = 'ab'.repeat(16);
const MINUTE = 60_000;
const LIMITS = { maxBytes: 20 << 20, keepMs: 7 * 24 * 60 * MINUTE };
const WALL = Date.UTC(2026, 0, 1);
/** Kills in the test of kills: NODECTL_KILLS=500 for more. */
const KILLS = Number(process.env.NODECTL_KILLS ?? 40);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-ring-'));
});
const rings: Ring[] = [];
afterEach(async () => {
  for (const ring of rings.splice(0)) await ring.close();
  rmSync(folder, { recursive: true });
});

/** A ring that is closed behind the test; one that was open before is as one of a writer that was killed. */
async function open(boot = BOOT, of = folder, limits = LIMITS): Promise<Ring> {
  const ring = await Ring.open(of, limits, boot);
  rings.push(ring);
  return ring;
}

/** The values of a series, oldest first. */
function stored(series = 'n', of = folder): number[] {
  const parts = [...tablesBack({ folder: of, now: () => ({ wall: WALL + 1e12 }) })].map(
    ({ names, column }) => {
      const at = names.indexOf(series);
      return at < 0 ? [] : [...column(at)].filter((value) => !Number.isNaN(value));
    },
  );
  return parts.toReversed().flat();
}

/** Appends rows, a minute apart, with their numbers. */
async function fill(ring: Ring, from: number, to: number, boot = BOOT): Promise<void> {
  for (let n = from; n < to; n++)
    await ring.append({ boot, sinceBoot: n * MINUTE, wall: WALL + n * MINUTE }, [{ series: 'n', value: n }]);
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const bytesOf = (of: string) => readdirSync(of).reduce((sum, name) => sum + statSync(join(of, name)).size, 0);

test(`a writer that is killed ${KILLS} times loses no row that it had written, and has none twice`, async () => {
  let answered = 0;
  const next = random(process.pid);
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'testing', 'writer.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    const wanted = Math.floor(next() * 2_000);
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.length > wanted) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const lines = told.split('\n').slice(0, -1).map(Number);
    assert.equal(lines[0], Math.max(answered + 1, lines[0] ?? 0), 'it went back behind what it had written');
    answered = lines.at(-1) ?? answered;
    const numbers = stored('test//number');
    assert.deepEqual(
      numbers,
      upTo(numbers.length).map((at) => at + 1),
    );
    assert.ok(numbers.length >= answered, `${numbers.length} rows of ${answered}`);
  }
  const ring = await open();
  assert.deepEqual(ring.warnings, []);
  assert.ok(readdirSync(folder).every((name) => /\.(seg|head)$/.test(name)));
});

test('bytes that are damaged cost the rows that they hit and no others', async () => {
  const ring = await open();
  const load = bigServer(20);
  for (let n = 1; n <= 100; n++)
    await ring.append({ boot: BOOT, sinceBoot: n * MINUTE, wall: WALL + n * MINUTE }, load());
  const file = ringFile(folder, 1, 'head').path;
  const whole = readFileSync(file);
  const rows = [...(readHead(whole).table?.sinceBoot ?? [])];
  assert.equal(rows.length, 100);
  const next = random(7);
  for (let round = 0; round < 4_000; round++) {
    const bytes = Buffer.from(whole);
    const at = Math.floor(next() * bytes.length);
    if (round % 3 === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(next() * 8));
    else if (round % 3 === 1) {
      const end = Math.min(bytes.length, at + 1 + Math.floor(next() * 8));
      bytes.fill(Math.floor(next() * 256), at, end);
    } else bytes.writeUInt32LE(Math.floor(next() * 2 ** 32), Math.min(at, bytes.length - 4));
    const kept = [...(readHead(bytes).table?.sinceBoot ?? [])];
    assert.ok(kept.length >= 98, `${kept.length} rows are left after damage at ${at}`);
    assert.ok(kept.every((since) => rows.includes(since)));
  }
  for (let round = 0; round < 1_000; round++) {
    const end = Math.floor(next() * whole.length);
    const torn = readHead(whole.subarray(0, end));
    assert.ok(!torn.damaged && torn.end <= end);
    const foreign = Buffer.concat([
      whole.subarray(0, end),
      Buffer.from('NH\x01\x02 and'),
      whole.subarray(end),
    ]);
    const kept = readHead(foreign).table?.sinceBoot.length ?? 0;
    assert.ok(kept >= 99, `${kept} rows are left after something came in at ${end}`);
  }
});

test('a damaged segment is noticed whatever is wrong with it, and a rubbish file is none', async () => {
  const ring = await open();
  await fill(ring, 1, 130);
  const file = ringFile(folder, 1, 'seg');
  const whole = readFileSync(file.path);
  const next = random(11);
  for (let round = 0; round < 1_000; round++) {
    const bytes = Buffer.from(
      whole.subarray(0, round % 2 ? whole.length : Math.floor(next() * whole.length)),
    );
    if (round % 2) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
    if (bytes.equals(whole)) continue;
    writeFileSync(file.path, bytes);
    assert.throws(() => readTable(file), BadBytes);
    const rubbish = Buffer.from(Array.from({ length: 300 }, () => Math.floor(next() * 256)));
    assert.equal(readHead(rubbish).table, undefined);
  }
});

test('a damaged file is set aside and told; what is whole in it is kept', async () => {
  await fill(await open(), 0, 50);
  const path = ringFile(folder, 1, 'head').path;
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length / 2)] = 0xff;
  bytes[Math.floor(bytes.length / 2) + 1] = 0xff;
  writeFileSync(path, bytes);
  const ring = await open();
  assert.match(ring.warnings.join(), /000000000001\.head is damaged \(broken blocks\) and was set aside/);
  await fill(ring, 50, 60);
  assert.equal(stored().length, 59);
  assert.deepEqual(readdirSync(folder), ['000000000001.damaged', '000000000001.seg', '000000000002.head']);
  bytes.fill('NH\x02', 0, 3);
  writeFileSync(ringFile(folder, 2, 'head').path, bytes);
  const after = await open();
  assert.match(after.warnings.join(), /another version of the agent wrote it/);
});

test('a torn end is dropped, and the next row follows the last whole one', async () => {
  await fill(await open(), 0, 10);
  appendFileSync(ringFile(folder, 1, 'head').path, Buffer.from('NH\x01\x02\x40\0\0\0 torn', 'latin1'));
  const ring = await open();
  await fill(ring, 10, 20);
  assert.deepEqual(stored(), upTo(20));
  assert.deepEqual(ring.warnings, []);
});

test('a head that is changed or removed behind our back costs no more than its rows', async () => {
  const ring = await open();
  await fill(ring, 0, 10);
  rmSync(ringFile(folder, 1, 'head').path);
  await assert.rejects(fill(ring, 10, 11));
  await fill(ring, 11, 20);
  assert.deepEqual(stored(), upTo(20).slice(11));
  appendFileSync(ringFile(folder, 2, 'head').path, 'x');
  await assert.rejects(fill(ring, 20, 21), /was changed by somebody else/);
  await fill(ring, 21, 22);
  assert.equal(stored().length, 10);
});

test('another boot begins another file, and one that a killed writer left becomes a segment', async () => {
  await fill(await open(), 0, 10);
  const other = 'cd'.repeat(16);
  const ring = await open(other);
  await fill(ring, 10, 15, other);
  await fill(ring, 15, 20, BOOT);
  assert.deepEqual(stored(), upTo(20));
  assert.deepEqual(readdirSync(folder), ['000000000001.seg', '000000000002.seg', '000000000003.head']);
});

test('a day of a big server takes so little that a week has room, and every value is what it was', async (t) => {
  const ring = await open();
  const load = bigServer(500);
  let last = load();
  for (let n = 1; n <= 1_440; n++) {
    last = load();
    await ring.append({ boot: BOOT, sinceBoot: n * MINUTE, wall: WALL + n * MINUTE }, last);
  }
  const bytes = bytesOf(folder);
  t.diagnostic(`${(bytes / 2 ** 20).toFixed(2)} MiB a day`);
  assert.ok(bytes * 7 < 20 << 20, `${bytes} bytes a day`);
  const again = bigServer(500);
  again();
  const expected = upTo(1_440).map(() => again());
  const tables = [...tablesBack({ folder, now: () => ({ wall: WALL + 1e12 }) })].toReversed();
  let row = 0;
  for (const { names, column, times } of tables) {
    const columns = names.map((_, at) => column(at));
    for (const at of times.keys()) {
      for (const [index, { series, value }] of (expected[row] ?? []).entries())
        if (names[index] !== series || columns[index]?.[at] !== value)
          assert.fail(`${series} of row ${row} is ${columns[index]?.[at]}, not ${value}`);
      row++;
    }
  }
  assert.equal(row, 1_440);
});

test('what is too much is thinned out, oldest first, before anything goes; the newest day stays whole', async () => {
  const maxBytes = 800 * 1_024;
  const ring = await open(BOOT, folder, { maxBytes, keepMs: 100 * 24 * 60 * MINUTE });
  const load = bigServer(100);
  let most = 0;
  for (let n = 1; n <= 8 * 1_440; n++) {
    const samples = [...load(), { series: 'n', value: n }];
    await ring.append({ boot: BOOT, sinceBoot: n * MINUTE, wall: WALL + n * MINUTE }, samples);
    if (n % 100 === 0) most = Math.max(most, bytesOf(folder));
  }
  assert.ok(most <= maxBytes, `${most} bytes`);
  const numbers = stored();
  const gaps = numbers.slice(1).map((n, at) => n - (numbers[at] ?? 0));
  assert.equal(numbers.at(-1), 8 * 1_440);
  assert.ok(numbers[0] === 1, `the oldest is ${numbers[0]}`);
  assert.ok(gaps.slice(-1_440).every((gap) => gap === 1));
  assert.ok(gaps.some((gap) => gap === 5) && Math.max(...gaps) <= 30, `${[...new Set(gaps)]}`);
});

test('a disk that is full stops the history with room left to others, and it goes on when there is room', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('mounting a small file system needs root');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    return t.skip(`a small file system cannot be mounted here: ${(error as Error).message}`);
  }
  try {
    const inside = join(folder, 'history');
    const ring = await open(BOOT, inside);
    // It is looked for room at every eleventh row.
    await fill(ring, 0, 11);
    const filler = join(folder, 'filler');
    writeFileSync(filler, Buffer.alloc((2 << 20) - 64 * 1024));
    await assert.rejects(fill(ring, 11, 12), /only \d+ KiB are left/);
    assert.throws(() => {
      for (;;) appendFileSync(filler, Buffer.alloc(4_096));
    }, /ENOSPC/);
    const head = ringFile(inside, 1, 'head').path;
    const { size } = statSync(head);
    const appended = await AppendedFile.open(head, size);
    await assert.rejects(appended.append(Buffer.alloc(20_000)), /ENOSPC/);
    await appended.close();
    assert.equal(statSync(head).size, size);
    rmSync(filler);
    await fill(ring, 12, 20);
    assert.deepEqual(
      stored('n', inside),
      upTo(20).filter((n) => n !== 11),
    );
  } finally {
    for (const ring of rings.splice(0)) await ring.close();
    execFileSync('umount', [folder]);
  }
});

test('a time in seconds since the epoch keeps its tenths: rounded to tens it would look like a clock that was stepped', async () => {
  const ring = await open();
  const times = [1_790_561_548, 1_790_561_548.1, 1_790_561_547.9];
  for (const [at, value] of times.entries())
    await ring.append({ boot: BOOT, sinceBoot: at * MINUTE, wall: WALL + at * MINUTE }, [
      { series: 'boot', value },
    ]);
  assert.deepEqual(stored('boot'), times);
});
