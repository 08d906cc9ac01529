/** What somebody wants who offers the same image once more, and disks on which nothing can be kept. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Keyring } from '../../proto/image/keyring.ts';
import type { UpgradeEngine } from './engine.ts';
import { offerAndSend, offerOf } from './testing/offer-and-send.ts';
import { allOperations, operationsFrom, testImage, testKeys } from './testing/test-image.ts';
import {
  AUTHOR,
  bootFile,
  bootState,
  newNode,
  openEngine,
  rebootWanted,
  restart,
  type TestNode,
  WANTED,
} from './testing/test-node.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-again-'));
after(() => rmSync(top, { recursive: true }));
const keys = testKeys();
const [first, second] = [1, 2].map((version) => testImage(version, keys.privateKey, { blocks: 16 })) as [
  ReturnType<typeof testImage>,
  ReturnType<typeof testImage>,
];
const offer = offerOf(second);
const { signal } = new AbortController();

const fresh = () => newNode(top, first);

const open = (folder: string, node: Partial<TestNode> = {}): Promise<UpgradeEngine> =>
  openEngine(folder, { keyring: keys.keyring, ...node });

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function onTrial(): Promise<string> {
  const folder = await fresh();
  const engine = await open(folder);
  await offerAndSend(engine, second, { wanted: { confirmation: 'manual' } });
  await until(() => rebootWanted(folder) && engine.site.current?.state === 'rebooting');
  await engine.close();
  assert.equal(await restart(folder), 'b');
  return folder;
}

/** From now on the journal cannot be replaced. */
function breakJournal(folder: string): void {
  const journal = join(folder, 'state/upgrade.json');
  rmSync(journal, { force: true });
  mkdirSync(join(journal, 'in-the-way'), { recursive: true });
}

test('an upgrade that still takes its image goes on as it is wanted now', async () => {
  const engine = await open(await fresh());
  const begun = await engine.start(offer, WANTED, AUTHOR, signal);
  const again = await engine.start(offer, { ...WANTED, noReboot: true, tries: 1 }, AUTHOR, signal);
  assert.equal(again.upgrade?.id, begun.upgrade?.id);
  assert.deepEqual(
    [engine.site.current?.options.noReboot, engine.site.current?.options.tries],
    [true, 1],
    'what was asked for last counts',
  );
  await engine.close();
});

test('it does not go on with a key that is not trusted any more', async () => {
  let trusted: Keyring = keys.keyring;
  const engine = await open(await fresh(), {
    change: (parts) => ({ ...parts, trust: { ...parts.trust, keyring: () => trusted } }),
  });
  await engine.start(offer, WANTED, AUTHOR, signal);
  trusted = testKeys().keyring;
  await assert.rejects(engine.start(offer, WANTED, AUTHOR, signal), { reason: 'IMAGE_SIGNATURES_TOO_FEW' });
  assert.equal(engine.site.current?.state, 'planned', 'and can be aborted');
  await engine.close();
});

test('an image on trial is not one that runs already: it may still fall back', async () => {
  const folder = await onTrial();
  const engine = await open(folder);
  await until(() => engine.site.current?.healthy === true);
  const plan = () => engine.plan(offer, WANTED, signal);
  const tried = await plan();
  assert.deepEqual([tried.alreadyRunning, tried.refusals], [false, []]);
  assert.match(tried.warnings.join(), /goes on with the upgrade .* testing/);
  await engine.confirm(engine.site.current?.id ?? '');
  assert.equal((await plan()).alreadyRunning, true);
  await engine.close();
});

test('where nothing can be kept an upgrade is refused by a reason of its own', async () => {
  const folder = await fresh();
  const engine = await open(folder);
  breakJournal(folder);
  await assert.rejects(engine.start(offer, WANTED, AUTHOR, signal), {
    reason: 'UPGRADE_STATE_UNWRITABLE',
    message: /cannot be written: E/,
  });
  await engine.close();
});

test('a node goes back to the slot before even where it cannot keep why', async () => {
  const folder = await onTrial();
  const engine = await open(folder);
  await until(() => engine.site.current?.healthy === true);
  breakJournal(folder);
  await engine.abort('', AUTHOR, '');
  assert.ok(rebootWanted(folder));
  assert.equal((await bootState(folder)).slots.b.health, 'bad');
  await engine.close();
  assert.equal(await restart(folder), 'a');
});

test('options that cannot be are refused and not put right in silence', async () => {
  const engine = await open(await fresh());
  for (const options of [{ deadlineSeconds: 29 }, { deadlineSeconds: 86_401 }, { tries: 4 }, { tries: -1 }]) {
    const wanted = { ...WANTED, ...options };
    await assert.rejects(engine.plan(offer, wanted, signal), { reason: 'BAD_ARGUMENT' });
    await assert.rejects(engine.start(offer, wanted, AUTHOR, signal), { reason: 'BAD_ARGUMENT' });
    await assert.rejects(engine.rollback(undefined, wanted, AUTHOR), { reason: 'BAD_ARGUMENT' });
  }
  assert.equal(engine.find(''), undefined, 'nothing was begun');
  await engine.close();
});

test('a plan tells what the image does not say of itself, so that nobody takes silence for a clean bill', async () => {
  const engine = await open(await fresh());
  const planned = async (blank: object) => {
    const image = testImage(3, keys.privateKey, { blocks: 16, changes: blank });
    const { warnings } = await engine.plan(
      { manifest: image.bytes, signatures: image.signatures },
      WANTED,
      signal,
    );
    return warnings.join();
  };
  const known = { kernelRelease: '6.12.57-amd64', modules: ['igc'] };
  assert.doesNotMatch(await planned(known), /does not say/);
  assert.match(
    await planned({ ...known, kernelRelease: undefined }),
    /does not say its kernel’s release, so it was not held against what is known of kernels and/,
  );
  assert.match(await planned({ ...known, modules: undefined }), /does not say the drivers that it carries/);
  await engine.close();
});

test('a clock that is before the making of the image is told in the plan', async () => {
  const folder = await fresh();
  const made = Date.parse(second.manifest.created);
  for (const [now, isTold] of [
    [made - 365 * 86_400_000, true],
    [made - 3_600_000, false],
    [made + 365 * 86_400_000, false],
  ] as const) {
    const engine = await open(folder, { now: () => now });
    const { warnings } = await engine.plan(offer, WANTED, signal);
    assert.equal(/where this clock is wrong/.test(warnings.join()), isTold, `${now - made}`);
    await engine.close();
  }
});

test('what cannot be had any more is refused by its name, and the same once more goes on', async () => {
  const folder = await onTrial();
  const engine = await open(folder);
  await until(() => engine.site.current?.healthy === true);
  const { id } = engine.find('') ?? { id: '' };
  const again = (options: Partial<typeof WANTED>) =>
    engine.start(offer, { ...WANTED, ...options }, AUTHOR, signal);
  for (const options of [{}, { confirmation: 'manual' as const }, { noReboot: true }])
    assert.equal((await again(options)).upgrade?.id, id);
  for (const [options, said] of [
    [{ deadlineSeconds: 77, tries: 2 }, /testing, too late for another deadline, number of tries$/],
    [{ confirmation: 'automatic' }, /too late for another confirmation$/],
    [{ message: 'more' }, /too late for another message$/],
  ] as const)
    await assert.rejects(again(options), { reason: 'UPGRADE_IN_PROGRESS', message: said });
  await engine.close();
});

test('kernel and initrd that the running slot has with the digests of the image are copied, and not sent', async () => {
  const folder = await fresh();
  const beside = (name: string, bytes: Buffer | undefined) =>
    writeFileSync(join(folder, 'boot/nodectl/a', name), bytes ?? '');
  beside('vmlinuz', second.parts.kernel);
  const other = Buffer.from(second.parts.initrd ?? '');
  other[100] = (other[100] ?? 0) ^ 1;
  beside('initrd.img', other);
  const engine = await open(folder);
  const { upgrade } = await engine.start(offer, { ...WANTED, noReboot: true }, AUTHOR, signal);
  const begun = await engine.transfer(upgrade?.id ?? '', () => undefined);
  assert.deepEqual(await begun.leaveOutHeld(), ['kernel'], 'one of the same length is no such');
  const all = allOperations(second);
  await assert.rejects(begun.take(all.find(({ role }) => role === 'kernel')?.bytes ?? Buffer.alloc(0)), {
    reason: 'IMAGE_OPS_INVALID',
  });
  beside('initrd.img', second.parts.initrd);
  const transfer = await engine.transfer(upgrade?.id ?? '', () => undefined);
  assert.deepEqual(await transfer.leaveOutHeld(), ['kernel', 'initrd']);
  const root = operationsFrom(all, transfer.position).filter(({ role }) => role === 'root');
  for (const { bytes } of root) await transfer.take(bytes);
  await engine.received(transfer);
  await until(() => engine.site.current?.state === 'armed' || engine.site.current === undefined);
  assert.equal(engine.site.current?.state, 'armed');
  await assert.rejects(engine.rollback(undefined, WANTED, AUTHOR), {
    ...{ reason: 'UPGRADE_IN_PROGRESS', hint: /upgrade reboot boots it now.*upgrade abort/ },
    message: new RegExp(`^the upgrade ${upgrade?.id} to .*, begun by ${AUTHOR}, is armed on this node$`),
  });
  assert.deepEqual(bootFile(folder, 'b', 'vmlinuz'), second.parts.kernel);
  assert.deepEqual(bootFile(folder, 'b', 'initrd.img'), second.parts.initrd);
  await engine.close();
});
