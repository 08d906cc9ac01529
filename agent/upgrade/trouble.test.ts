/** Disks that fail, images that are damaged on their way, boot partitions without room: the running slot is not touched, and the next upgrade works. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import type { BootBackend } from './boot/backend.ts';
import type { UpgradeEngine } from './engine.ts';
import type { UpgradeParts } from './site.ts';
import type { SlotHandle } from './slot-handle.ts';
import { offerAndSend, offerOf, type Sending, untilSettled } from './testing/offer-and-send.ts';
import { messages, operations, sha256, type TestImage, testImage, testKeys } from './testing/test-image.ts';
import {
  AUTHOR,
  bootState,
  newNode,
  openEngine,
  slotBytes,
  type TestNode,
  WANTED,
} from './testing/test-node.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-trouble-'));
after(() => rmSync(top, { recursive: true }));
const keys = testKeys();
const make = (version: number, changes = {}) => testImage(version, keys.privateKey, { blocks: 96, changes });
const [first, second, third] = [make(1), make(2), make(3)] as [TestImage, TestImage, TestImage];
const oldSlot = sha256(Buffer.concat([first.parts.root], first.parts.root.length + (1 << 20)));
const { signal } = new AbortController();

const fresh = () => newNode(top, first);

const open = (folder: string, changes: Partial<TestNode> = {}): Promise<UpgradeEngine> =>
  openEngine(folder, { keyring: keys.keyring, ...changes });

const send = (engine: UpgradeEngine, image: TestImage, message?: Sending['message']) =>
  offerAndSend(engine, image, {
    ...{ wanted: { noReboot: true }, active: first.parts.root, each: 8 },
    ...(message ? { message } : {}),
  });

/** The running slot is as it was and boots next; and an image that is right can be installed. */
async function unharmed(folder: string): Promise<void> {
  assert.equal(sha256(slotBytes(folder, 'a')), oldSlot, 'the running slot was touched');
  const state = await bootState(folder);
  assert.deepEqual([state.booted, state.next, state.slots.a.health], ['a', 'a', 'good']);
  const engine = await open(folder);
  if (engine.site.current) await engine.abort('', AUTHOR, '');
  await send(engine, third);
  assert.equal((await untilSettled(engine))?.state, 'armed');
  await engine.close();
}

/** Slots whose device fails. */
const failing = (trouble: (what: string, offset: number) => boolean) => (parts: UpgradeParts) => ({
  ...parts,
  slots: {
    ...parts.slots,
    target: async (...args: Parameters<UpgradeParts['slots']['target']>) => {
      const slot = await parts.slots.target(...args);
      const check = (what: string, offset: number) => {
        if (trouble(what, offset))
          throw new Failure('UPGRADE_DEVICE_ERROR', `${what} at ${offset}: I/O error`);
      };
      return {
        size: slot.size,
        read: async (into, offset) => {
          check('read', offset);
          await slot.read(into, offset);
        },
        write: async (bytes, offset) => {
          check('write', offset);
          await slot.write(bytes, offset);
        },
        flush: async () => {
          check('flush', 0);
          await slot.flush();
        },
        dropCaches: () => slot.dropCaches(),
        close: () => slot.close(),
      } satisfies SlotHandle;
    },
  },
});

for (const what of ['read', 'write', 'flush'])
  test(`a disk that fails to ${what} ends the upgrade, and says so`, async () => {
    const folder = await fresh();
    let calls = 0;
    const engine = await open(folder, { change: failing((which) => which === what && ++calls > 5) });
    await send(engine, second).catch((error: Failure) => assert.equal(error.reason, 'UPGRADE_DEVICE_ERROR'));
    const ended = await untilSettled(engine);
    assert.deepEqual([ended?.state, ended?.reason], ['failed', 'UPGRADE_DEVICE_ERROR']);
    assert.match(ended?.why ?? '', /I\/O error/);
    await engine.close();
    await unharmed(folder);
  });

test('a disk that gives back other bytes than were written is found out before anything is armed', async () => {
  const folder = await fresh();
  const change = (parts: UpgradeParts): UpgradeParts => ({
    ...parts,
    slots: {
      ...parts.slots,
      target: async (state) => {
        const slot = await parts.slots.target(state);
        return {
          size: slot.size,
          write: (bytes, offset) => slot.write(bytes, offset),
          read: async (into, offset) => {
            await slot.read(into, offset);
            if (offset <= 200_000 && offset + into.length > 200_000)
              into[200_000 - offset] = (into[200_000 - offset] ?? 0) ^ 1;
          },
          flush: () => slot.flush(),
          dropCaches: () => slot.dropCaches(),
          close: () => slot.close(),
        };
      },
    },
  });
  const engine = await open(folder, { change });
  await send(engine, second).catch(() => undefined);
  const ended = await untilSettled(engine);
  assert.equal(ended?.state, 'failed');
  assert.equal(ended?.reason, 'IMAGE_DIGEST_MISMATCH');
  await engine.close();
  await unharmed(folder);
});

test('a bit that flips in operations is refused when it is read, or by the digest; the transfer can be begun again', async (t) => {
  const outcomes = new Map<string, number>();
  const wire = messages(operations(second, { active: first.parts.root }), 8);
  for (let flip = 0; flip < 24; flip++) {
    const folder = await fresh();
    const engine = await open(folder);
    const at = (flip * 7) % wire.length;
    const spoil = (message: Buffer, which: number) => {
      if (which !== at) return message;
      const damaged = Buffer.from(message);
      const place = (flip * 7919) % damaged.length;
      damaged[place] = (damaged[place] ?? 0) ^ (1 << (flip % 8));
      return damaged;
    };
    const refused = await send(engine, second, spoil).then(
      () => undefined,
      (error: Failure) => error.reason,
    );
    const outcome = refused ?? (await untilSettled(engine))?.reason ?? '';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (outcome === '') {
      // A bit of a frame's header that changes nothing of what it holds.
      const { root } = second.parts;
      assert.equal(sha256(slotBytes(folder, 'b').subarray(0, root.length)), sha256(root));
    } else
      assert.ok(['IMAGE_OPS_INVALID', 'IMAGE_DIGEST_MISMATCH', 'IMAGE_TRUNCATED'].includes(outcome), outcome);
    await engine.close();
    await unharmed(folder);
    rmSync(folder, { recursive: true });
  }
  t.diagnostic(JSON.stringify([...outcomes]));
});

test('a block index with a flipped bit, and one that is too long, is refused; the right one then goes on', async () => {
  const folder = await fresh();
  const engine = await open(folder);
  const { upgrade } = await engine.start(offerOf(second), { ...WANTED, noReboot: true }, AUTHOR, signal);
  const flipped = (at: number) => {
    const bytes = Buffer.from(second.index);
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    return bytes;
  };
  const { length } = second.index;
  for (const [index, reason] of [
    ...[0, 9, 20, length >> 1, length - 1].map((at) => [flipped(at), 'IMAGE_DIGEST_MISMATCH'] as const),
    [Buffer.concat([second.index, Buffer.alloc(1)]), 'IMAGE_INDEX_INVALID'] as const,
  ]) {
    const transfer = await engine.transfer(upgrade?.id ?? '', () => undefined);
    assert.equal(transfer.indexKept, false, 'what was refused is not kept');
    await assert.rejects(transfer.index(index), { reason });
    await engine.broke(transfer, new Failure(reason, ''));
  }
  const transfer = await engine.transfer(upgrade?.id ?? '', () => undefined);
  const needed = (await transfer.index(second.index)) ?? Buffer.alloc(0);
  for (const message of messages(operations(second, { needed }))) await transfer.take(message);
  await engine.received(transfer);
  assert.equal((await untilSettled(engine))?.state, 'armed');
  await engine.abort('', AUTHOR, '');
  await engine.close();
  await unharmed(folder);
});

test('a boot partition without room is refused before anything is written', async () => {
  const folder = await fresh();
  const before = sha256(slotBytes(folder, 'b'));
  const change = (parts: UpgradeParts): UpgradeParts => {
    const backend = Object.create(parts.backend) as BootBackend;
    for (const name of ['state', 'repair', 'confirm', 'invalidate', 'checkRoot'] as const)
      backend[name] = parts.backend[name].bind(parts.backend) as never;
    backend.spaceForAssets = async () => 1_000;
    return { ...parts, backend };
  };
  const engine = await open(folder, { change });
  await assert.rejects(engine.start(offerOf(second), WANTED, AUTHOR, signal), {
    reason: 'UPGRADE_BOOT_FULL',
  });
  assert.equal(sha256(slotBytes(folder, 'b')), before);
  assert.equal(engine.find(''), undefined, 'nothing was begun');
  await engine.close();
  await unharmed(folder);
});

test('each thing that stands against an image has a reason of its own', async () => {
  const cases: [string, TestImage | Buffer, Partial<TestNode>?][] = [
    ['IMAGE_EXPIRED', make(2, { notAfter: '2026-11-02T00:00:00Z' })],
    ['IMAGE_WRONG_COMPATIBLE', make(2, { compatible: ['another'] })],
    ['IMAGE_AGENT_TOO_OLD', make(2, { minAgent: '90.0.0' })],
    ['UPGRADE_COMMAND_LINE', make(2, { cmdline: 'quiet root=/dev/sda1' })],
    ['IMAGE_NOT_ALLOWED', second, { policy: { allow: ['another'] } }],
    ['IMAGE_SIGNATURES_TOO_FEW', second, { threshold: 2 }],
    ['IMAGE_SIGNATURES_TOO_FEW', testImage(2, testKeys().privateKey, { blocks: 96 })],
    ['IMAGE_SIGNATURE_INVALID', { ...second, bytes: make(2, { version: '6.6.6' }).bytes }],
    ['UPGRADE_CONFIG_TRIAL', second, { configTrial: true }],
    ['UPGRADE_SLOT_TOO_SMALL', testImage(2, keys.privateKey, { blocks: 1_024 })],
    ['BAD_ARGUMENT', second, { policy: { confirm: 'quorum' } }],
    [
      'IMAGE_KNOWN_TROUBLE',
      second,
      { troubles: { against: async () => [{ id: 'known.x', message: 'it hangs', hint: '' }] } },
    ],
    ['IMAGE_MANIFEST_INVALID', { ...second, bytes: second.bytes.subarray(0, 100) }],
  ];
  const folder = await fresh();
  const before = sha256(slotBytes(folder, 'b'));
  for (const [reason, image, changes] of cases) {
    const engine = await open(folder, changes);
    await assert.rejects(
      engine.start(offerOf(image as TestImage), WANTED, AUTHOR, signal),
      (error: Failure) => {
        assert.equal(error.reason, reason);
        assert.notEqual(error.hint, '', `${reason} has no hint`);
        return true;
      },
    );
    await engine.close();
  }
  assert.equal(sha256(slotBytes(folder, 'b')), before, 'the other slot was written to');
  await unharmed(folder);
});

test('a known trouble is accepted by its name, and a downgrade by leave', async () => {
  const folder = await fresh();
  const troubles = { against: async () => [{ id: 'known.x', message: 'it hangs', hint: '' }] };
  const engine = await open(folder, { troubles });
  engine.site.images.raiseFloor({
    ...{ slot: 'a', minSerial: 2, commandLine: '', deployId: '', deploySerial: 0, writtenMs: 0 },
    image: { name: 'debian-node', version: '1', serial: 9, rootSha256: '', rootSize: 0 },
  });
  const accepted = { ...WANTED, acceptTroubles: ['known.x'], noReboot: true };
  const reasons = async (image: TestImage, allowDowngrade: boolean) =>
    (await engine.plan(offerOf(image), { ...accepted, allowDowngrade }, signal)).refusals.map(
      ({ reason }) => reason,
    );
  assert.deepEqual(await reasons(second, false), ['IMAGE_DOWNGRADE']);
  assert.deepEqual(await reasons(second, true), []);
  assert.deepEqual(
    await reasons(make(1, { version: '0.9.9' }), true),
    ['IMAGE_DOWNGRADE'],
    'below the floor nothing goes',
  );
  await engine.close();
});
