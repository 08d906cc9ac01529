/** Archives: what GNU tar makes of them, files that are replaced or not, and places that fail. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Archive, type ArchiveSink, fileSink } from './archive.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Whether GNU tar and zstd are here; else why not. */
function missing(): string | undefined {
  for (const [program, pattern] of [
    ['tar', /GNU tar/],
    ['zstd', /zstd|zstandard/i],
  ] as const) {
    const { error, stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    if (error || !pattern.test(`${stdout}${stderr}`)) return `${program} is not here`;
  }
  return undefined;
}

const modifiedMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const files = new Map<string, Buffer>([
  ['plain.txt', Buffer.from('hello\n')],
  ['empty', Buffer.alloc(0)],
  ['block', Buffer.alloc(512, 7)],
  ['large', Buffer.alloc(3_000_001, 'abc')],
  [`deep/${'x'.repeat(60)}/${'y'.repeat(90)}/file`, Buffer.from('long')],
  ['sys/devices/pci0000:00/0000:00:1f.6/ümläut — 名', Buffer.from('utf-8')],
  [`${'a'.repeat(98)}/b`, Buffer.from('exactly a hundred')],
  [`p/${'q'.repeat(200)}`, Buffer.from('a long name')],
]);

async function write(path: string, force = false): Promise<void> {
  const archive = new Archive(await fileSink(path, force));
  try {
    await Promise.all([...files].map(([name, bytes]) => archive.add({ path: name, bytes, modifiedMs })));
    await archive.finish();
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

test('GNU tar with zstd unpacks what was packed', async (t) => {
  const why = missing();
  if (why) return t.skip(why);
  const path = join(folder, 'x.tar.zst');
  await write(path);
  const into = join(folder, 'into');
  mkdirSync(into);
  const said = execFileSync('tar', ['--zstd', '-xvf', path, '-C', into, '--warning=all'], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  assert.equal(said.trim().split('\n').length, files.size);
  for (const [name, bytes] of files) assert.ok(readFileSync(join(into, name)).equals(bytes), name);
  const listed = execFileSync('tar', ['--zstd', '--utc', '-tvf', path], { encoding: 'utf8' });
  assert.match(listed, /^-rw------- 0\/0 +6 2026-01-02 03:04 plain\.txt$/m);
  assert.deepEqual(readdirSync(folder).sort(), ['into', 'x.tar.zst']);
});

test('a file that is there is not replaced, unless that is asked for', async () => {
  const path = join(folder, 'x.tar.zst');
  writeFileSync(path, 'mine');
  await assert.rejects(write(path), { reason: 'BAD_ARGUMENT', hint: /--force/ });
  assert.equal(readFileSync(path, 'utf8'), 'mine');
  await write(path, true);
  assert.notEqual(readFileSync(path, 'utf8'), 'mine');
  assert.deepEqual(readdirSync(folder), ['x.tar.zst']);
});

test('a file that somebody makes meanwhile is not replaced either', async () => {
  const path = join(folder, 'x.tar.zst');
  const archive = new Archive(await fileSink(path, false));
  writeFileSync(path, 'mine');
  await archive.add({ path: 'a', bytes: Buffer.from('b'), modifiedMs });
  await assert.rejects(archive.finish(), { reason: 'BAD_ARGUMENT' });
  assert.equal(readFileSync(path, 'utf8'), 'mine');
  assert.deepEqual(readdirSync(folder), ['x.tar.zst']);
});

test('an archive that is given up leaves nothing', async () => {
  const archive = new Archive(await fileSink(join(folder, 'x.tar.zst'), false));
  await archive.add({ path: 'a', bytes: Buffer.alloc(1 << 20), modifiedMs });
  await archive.abandon();
  assert.deepEqual(readdirSync(folder), []);
  await assert.rejects(fileSink(join(folder, 'no', 'x'), false), { reason: 'BAD_ARGUMENT' });
});

test('a place that fails is told to whoever adds, and to whoever finishes', async () => {
  const broken: ArchiveSink = {
    write: async () => {
      throw new Error('no space');
    },
    done: async () => undefined,
    abandon: async () => undefined,
  };
  const archive = new Archive(broken);
  await assert.rejects(async () => {
    for (let at = 0; at < 50; at++)
      await archive.add({ path: `${at}`, bytes: randomBytes(1 << 20), modifiedMs });
    await archive.finish();
  }, /no space/);
  await archive.abandon();
});

test('a slow place holds up who adds: what waits in memory is bounded', async () => {
  let taken = 0;
  const gate = Promise.withResolvers<void>();
  const slow: ArchiveSink = {
    write: async (bytes) => {
      await gate.promise;
      taken += bytes.length;
    },
    done: async () => undefined,
    abandon: async () => undefined,
  };
  const archive = new Archive(slow);
  let added = 0;
  const adding = (async () => {
    for (let at = 0; at < 40; at++) {
      await archive.add({ path: `${at}`, bytes: randomBytes(1 << 20), modifiedMs });
      added++;
    }
  })();
  for (let at = 0; at < 20; at++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(added < 10, `${added} files went in`);
  gate.resolve();
  await adding;
  await archive.finish();
  assert.ok(taken > 40 << 20);
});

test('a device, a pipe or a folder is not replaced by an archive, forced or not', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const force of [false, true]) {
    await assert.rejects(fileSink(pipe, force), /no plain file/);
    await assert.rejects(fileSink(folder, force), /is a folder/);
  }
  assert.deepEqual(readdirSync(folder), ['pipe']);
});
