/**
 * npm run test:replay: the backends' own code on the file systems of a real kernel, in a virtual machine whose disks QEMU records; then
 * every power cut is made of the record. At each, the boot loader's model starts a complete slot from the blocks as they stand; for a
 * journaled file system the journal is then replayed, and the agent's repair and the next upgrade work from what it finds.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { missingPrograms } from '../../../packaging/images/tools.ts';
import { CrashCheck } from '../crash-check.ts';
import type { DiskState } from '../memory-disk.ts';
import { seededRandom } from '../seeded.ts';
import { KERNEL_BYTES, RECORDINGS } from './layout.ts';
import { type Recorded, recordAll, recordingMissing } from './record.ts';
import { type ReplayState, replay, snapshot, viewOf } from './replay.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-sectors-'));
after(() => rmSync(top, { recursive: true }));
// Whole partitions are written hundreds of times.
const fast = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-replay-'));
after(() => rmSync(fast, { recursive: true }));
const random = seededRandom(20_261_128);
const check = new CrashCheck(random, KERNEL_BYTES);
after(() => check.close());
const skip = recordingMissing() ?? false;
/** Of the states that differ, every so many-th is read by GRUB's own drivers as well. */
const GRUB_EVERY = 25;

let recorded: Recorded[] = [];
test('the scenario is recorded', { skip }, async (t) => {
  recorded = await recordAll(top);
  for (const { name, writes } of recorded) {
    const sectors = writes.reduce((sum, { data }) => sum + data.length / 512, 0);
    t.diagnostic(`${name}: ${writes.length} writes and flushes, ${sectors} sectors`);
    assert.ok(sectors > 1_000, name);
  }
});

const LOADER_OF = { 'grub-ext4': 'GRUB', 'grub-vfat': 'GRUB on FAT', 'sdboot-vfat': 'systemd-boot' } as const;

for (const { name } of RECORDINGS)
  test(`${name}: every power cut leaves a complete slot`, { skip }, async (t) => {
    const one = recorded.find((found) => found.name === name) ?? assert.fail('it was not recorded');
    const loader = check.loaders[LOADER_OF[name as keyof typeof LOADER_OF]];
    const seen = new Set<string>();
    const replayed = new Set<string>();
    const marks = new Map<string, number>();
    let [states, repairs, recovered, drivers, armings, disarmings] = [0, 0, 0, 0, 0, 0];
    let before = '';
    for (const found of replay(one, random)) {
      states++;
      const [, armed] = /^arm ([ab])/.exec(before) ?? [];
      if (armed !== undefined && found.mark === 'the loader') {
        // The call has come back: from here on it is this slot, whenever the power goes, and without a journal's help.
        armings++;
        assert.equal(loader.run(found.state).started?.slot, armed, `${found.at}: what was armed starts`);
      }
      const [, disarmed] = /^disarm ([ab])/.exec(before) ?? [];
      if (disarmed !== undefined && found.mark !== before) {
        disarmings++;
        assert.notEqual(
          loader.run(found.state).started?.slot,
          disarmed,
          `${found.at}: what was disarmed starts`,
        );
      }
      before = found.mark;
      const digest = found.state.digest();
      const isNew = !seen.has(digest);
      if (isNew) {
        seen.add(digest);
        marks.set(found.mark, (marks.get(found.mark) ?? 0) + 1);
        check.boots(loader, found.state, found.at);
        if (seen.size % GRUB_EVERY === 0) drivers += readByGrub(one, found);
      }
      if (one.fileSystem === 'vfat') {
        if (isNew) repairs += await check.recovers(loader, found.state, found.at);
      } else if (isNew || found.flushed) {
        recovered++;
        const after = afterJournal(one, found);
        if (replayed.has(after.digest())) continue;
        replayed.add(after.digest());
        repairs += await check.recovers(loader, after, `${found.at}, journal replayed`);
      }
    }
    t.diagnostic(
      `${states} states, ${seen.size} that read differently, ${repairs} of repairs` +
        (recovered > 0 ? `, ${recovered} with their journal replayed, ${replayed.size} then differ` : '') +
        `, ${drivers} files read by GRUB’s own drivers`,
    );
    assert.deepEqual(
      [armings, disarmings],
      [6, 2],
      'every arming was looked at, and each that was taken back',
    );
    for (const mark of ['confirm', 'arm b', 'disarm a', 'mark a bad', 'write the assets of b'])
      assert.ok((marks.get(mark) ?? 0) > 0, `states while the guest had begun: ${mark}`);
  });

/** What is there once the journal was replayed, as the check at the next start does; the file system must then be whole. */
function afterJournal(one: Recorded, { bootPart, state, at }: ReplayState): DiskState {
  const image = join(fast, 'part.img');
  writeFileSync(image, bootPart());
  const fsck = (...args: string[]) => spawnSync('e2fsck', [...args, image], { encoding: 'utf8' });
  // 1 says that something was done.
  const recovery = fsck('-y', '-E', 'journal_only');
  assert.ok(recovery.status === 0 || recovery.status === 1, `${at}: ${recovery.stdout}${recovery.stderr}`);
  const whole = fsck('-f', '-n');
  assert.equal(whole.status, 0, `${at}: ${whole.stdout}`);
  const bytes = readFileSync(image);
  const found = snapshot(
    viewOf(one, (offset, length) => bytes.subarray(offset, offset + length)),
    one,
  );
  Object.assign(found.roots, state.roots);
  return found;
}

/** Holds our reader against GRUB's own drivers; gives the number of files. */
function readByGrub(one: Recorded, { bootPart, state, at }: ReplayState): number {
  if (missingPrograms(['grub-fstest']).length > 0) return 0;
  const image = join(fast, 'grub.img');
  const bytes = bootPart();
  writeFileSync(image, bytes);
  const names = [
    'grubenv',
    'grubenv2',
    'a/vmlinuz',
    'a/initrd.img',
    'a/slot.cfg',
    'b/vmlinuz',
    'b/initrd.img',
    'b/slot.cfg',
  ];
  const entries = [...state.names.keys()].filter((path) => path.startsWith('loader/'));
  const view = viewOf(one, (offset, length) => bytes.subarray(offset, offset + length));
  const paths = [...names.map((path) => `nodectl/${path}`), ...entries];
  for (const path of paths) {
    const { status, stdout } = spawnSync('grub-fstest', [image, 'cat', `(loop0)/${path}`], {
      maxBuffer: 1 << 24,
    });
    const ours = view.read(path);
    // GRUB tells of a file that is not there by a message alone.
    if (status === 0 && ours) assert.ok(stdout.equals(ours), `${at}: GRUB reads another ${path}`);
    else assert.ok(!ours?.length || stdout.equals(ours), `${at}: GRUB cannot read ${path}`);
  }
  return paths.length;
}
