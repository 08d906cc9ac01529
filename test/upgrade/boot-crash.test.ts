/** Every power cut of two upgrades, rollbacks, aborted ones and a failed one, in memory: at each step, with what was not flushed there or not. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { scenario, versionAssets } from './boot-scenario.ts';
import { CrashCheck, type LoaderUnderTest } from './crash-check.ts';
import { crashStates, type DiskState, MemoryDisk } from './memory-disk.ts';
import { seededRandom } from './seeded.ts';

const random = seededRandom(20_261_128);
const check = new CrashCheck(random);
after(() => check.close());

async function installed(loader: LoaderUnderTest): Promise<DiskState> {
  const disk = new MemoryDisk(loader.fat);
  for (const path of ['loader', 'loader/entries', 'nodectl', 'nodectl/a']) disk.makeFolder(path);
  for (const [path, content] of Object.entries(loader.files)) await disk.create(path, Buffer.from(content));
  const { kernel, initrd } = versionAssets('v1');
  await disk.create('nodectl/a/vmlinuz', kernel.open());
  if (initrd) await disk.create('nodectl/a/initrd.img', initrd.open());
  disk.writeRoot('a', 'v1');
  return disk.state;
}

for (const [name, loader] of Object.entries(check.loaders))
  test(`${name}: a power cut anywhere leaves a complete slot, and repair ends at one state`, async (t) => {
    const disk = new MemoryDisk(loader.fat, await installed(loader));
    await scenario(check.machine(loader, disk));
    let [states, repairs] = [0, 0];
    for (const { at, state } of crashStates(disk, random)) {
      states++;
      repairs += await check.recovers(loader, state, `step ${at} of ${disk.log.length}`);
    }
    t.diagnostic(`${disk.log.length} steps, ${states} states, ${repairs} states of repairs`);
    assert.ok(states > 180, `${states} states`);
  });
