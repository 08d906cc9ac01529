import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { edit, makeExt4 } from './ext4.ts';
import { missingPrograms, run } from './tools.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-ext4-'));
after(() => rmSync(top, { recursive: true }));
const [missing] = missingPrograms(['mke2fs', 'debugfs', 'dumpe2fs', 'e2fsck']);
const skip = missing ? `${missing} is missing` : false;
const EPOCH = 1_700_000_000;

/** A file system of some files, which are written in an order. */
function make(name: string, order: readonly number[]): string {
  const folder = join(top, name);
  mkdirSync(join(folder, 'etc/more'), { recursive: true });
  for (const number of order) writeFileSync(join(folder, 'etc', `file-${number}`), `${number}\n`.repeat(900));
  symlinkSync('file-1', join(folder, 'etc/link'));
  const out = join(top, `${name}.ext4`);
  makeExt4({ folder, out, bytes: 8 << 20, epoch: EPOCH });
  return out;
}

const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

test('the same content gives the same bytes, whenever and in whichever order it was written', {
  skip,
}, async () => {
  const one = make('one', [1, 2, 3, 4, 5]);
  // Times of change have whole seconds in the file system.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const other = make('other', [5, 3, 1, 2, 4]);
  assert.equal(digest(one), digest(other));
  assert.equal(run('e2fsck', ['-f', '-n', one]).stderr.includes('WARNING'), false);
  const stat = run('debugfs', ['-R', 'stat /etc/file-3', one]).stdout.toString();
  assert.match(stat, /User:\s+\d+/);
  for (const time of ['ctime', 'mtime', 'crtime'])
    assert.match(stat, new RegExp(`\\b${time}: 0x${EPOCH.toString(16)}:00000000`));
});

test('an edit that fails is told, though debugfs is content with itself', { skip }, () => {
  const image = make('edited', [1]);
  edit(image, ['rm /etc/file-1']);
  assert.doesNotMatch(run('debugfs', ['-R', 'ls /etc', image]).stdout.toString(), /file-1/);
  assert.throws(() => edit(image, ['rm /etc/file-1']), /debugfs on .*edited\.ext4: rm: File not found/);
});

test('content that has no room is refused in the words of mke2fs', { skip }, () => {
  const folder = join(top, 'large');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), Buffer.alloc(9 << 20, 'x'));
  assert.throws(
    () => makeExt4({ folder, out: join(top, 'large.ext4'), bytes: 8 << 20, epoch: EPOCH }),
    /mke2fs .*Could not allocate block/,
  );
});
