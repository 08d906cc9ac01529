/** A machine whose agent nobody told what it was made with: it finds out, and the slot can be gone back to. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MemoryMachine } from '../sim/memory-machine.ts';
import { imageCommandLine } from './boot/deployment.ts';
import type { UpgradeEngine } from './engine.ts';
import { madeWith } from './made-with.ts';
import { SlotImages } from './slot-images.ts';
import { messages, operations, sha256, testImage, testKeys } from './testing/test-image.ts';
import {
  AUTHOR,
  makeNode,
  openEngine,
  rebootWanted,
  restart,
  slotBytes,
  untilEngine,
  WANTED,
} from './testing/test-node.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-made-'));
after(() => rmSync(top, { recursive: true }));
const keys = testKeys();
const [first, second] = [1, 2].map((one) => testImage(one, keys.privateKey, { blocks: 16 }));
const { signal } = new AbortController();

const machine = new MemoryMachine({
  files: new Map([
    ['etc/os-release', 'ID=debian\nVERSION_ID="12"\nIMAGE_VERSION=2026.11.1\n'],
    [
      'proc/cmdline',
      'BOOT_IMAGE=/nodectl/a/vmlinuz quiet init=/sbin/early root=PARTUUID=1 ro panic=10 nodectl.slot=a nodectl.deploy=\n',
    ],
  ]),
});

async function nobodyTold(): Promise<string> {
  assert.ok(first && second);
  const folder = mkdtempSync(join(top, 'n-'));
  await makeNode(folder, first);
  new SlotImages(join(folder, 'state')).forget('a');
  return folder;
}

const open = (folder: string): Promise<UpgradeEngine> =>
  openEngine(folder, {
    keyring: keys.keyring,
    change: (parts) => ({ ...parts, madeWith: () => madeWith(machine) }),
  });

async function described({ site: { images } }: UpgradeEngine) {
  for (;;) {
    const found = images.get('a');
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function ends(folder: string, engine: UpgradeEngine): Promise<string> {
  await untilEngine(engine, () => rebootWanted(folder) && engine.site.current?.state === 'rebooting');
  await engine.close();
  await restart(folder);
  const next = await open(folder);
  await untilEngine(next, () => next.site.current === undefined);
  const state = next.find('')?.state ?? '';
  await next.close();
  return state;
}

test('the slot is described by what runs; the first upgrade is a difference to it, and a rollback goes back', async () => {
  assert.ok(first && second);
  const folder = await nobodyTold();
  // As many blocks as the image has: what stands behind it in the slot is none of it.
  const before = slotBytes(folder, 'a');
  const superblock = Buffer.from(before.subarray(1_024, 2_048));
  superblock.writeUInt32LE(16, 0x4);
  superblock.writeUInt32LE(2, 0x18);
  superblock.writeUInt16LE(0xef53, 0x38);
  superblock.writeUInt32LE(0, 0x60);
  superblock.copy(before, 1_024);
  writeFileSync(join(folder, 'a.img'), before);
  const root = before.subarray(0, first.parts.root.length);
  let engine = await open(folder);
  assert.deepEqual(await described(engine), {
    slot: 'a',
    image: {
      name: 'debian',
      version: '2026.11.1',
      serial: 0,
      rootSha256: sha256(root),
      rootSize: root.length,
    },
    ...{ minSerial: 0, commandLine: 'quiet init=/sbin/early', deployId: '', deploySerial: 0, writtenMs: 0 },
  });
  const { plan, upgrade } = await engine.start(
    { manifest: second.bytes, signatures: second.signatures },
    WANTED,
    AUTHOR,
    signal,
  );
  assert.equal(plan.active?.image.rootSha256, sha256(root));
  const transfer = await engine.transfer(upgrade?.id ?? '', () => undefined);
  for (const message of messages(operations(second, { from: transfer.position, active: root })))
    await transfer.take(message);
  await engine.received(transfer);
  assert.equal(await ends(folder, engine), 'confirmed');
  engine = await open(folder);
  const back = await engine.rollback(undefined, WANTED, AUTHOR);
  assert.deepEqual([back.target, back.image.version], ['a', '2026.11.1']);
  assert.equal(await ends(folder, engine), 'confirmed');
  engine = await open(folder);
  assert.equal(
    engine.site.images.running(await engine.site.parts.backend.state())?.image.version,
    '2026.11.1',
  );
  await engine.close();
});

test('a floor that another image set holds for one without a number, whatever it is called', async () => {
  assert.ok(second);
  const folder = await nobodyTold();
  const engine = await open(folder);
  const found = await described(engine);
  const { images } = engine.site;
  images.set({ ...found, slot: 'b', image: { ...found.image, serial: 0 } });
  images.raiseFloor({ ...found, image: { ...found.image, name: 'other', serial: 9 }, minSerial: 5 });
  await assert.rejects(engine.rollback('b', WANTED, AUTHOR), { reason: 'IMAGE_DOWNGRADE' });
  await engine.close();
});

test('of a whole command line the image’s part is what neither loader nor agent adds', () => {
  assert.equal(
    imageCommandLine(' quiet  initrd=\\nodectl\\a\\initrd.img rw nodectl.slot=b splash '),
    'quiet splash',
  );
  for (const none of ['quiet -- single', 'dyndbg="file x +p"'])
    assert.throws(() => imageCommandLine(none), { reason: 'UPGRADE_COMMAND_LINE' });
});
