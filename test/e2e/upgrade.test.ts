/** Upgrades over the network on nodes of a lab: confirmed, fallen back from, resumed, rolled back, aborted and refused. */

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SIMULATED_COMPATIBLE } from '../../agent/sim/upgrade-host.ts';
import { type TestImage, testImage } from '../../agent/upgrade/testing/test-image.ts';
import type { Channel } from '../../proto/call/channel.ts';
import { openChannel } from '../../proto/call/open.ts';
import { Failure } from '../../proto/failure.ts';
import type { UpgradeOptions } from '../../proto/gen/types/nodectl/v1/UpgradeOptions.ts';
import { Lab } from '../lab/lab.ts';
import { sendImage } from '../support/send-image.ts';

const home = mkdtempSync(join(tmpdir(), 'nodectl-upgrades-'));
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const make = (version: number, changes = {}) =>
  testImage(version, privateKey, {
    blocks: 512,
    changes: { compatible: [SIMULATED_COMPATIBLE], modules: undefined, firmware: undefined, ...changes },
  });
const [first, second, third] = [make(1), make(2), make(3)] as [TestImage, TestImage, TestImage];
const panics = make(9, { cmdline: 'sim=panic' });
let lab: Lab;
const open: Channel[] = [];

before(async () => {
  const contextsFile = join(home, 'config.yaml');
  lab = await Lab.start({ folder: join(home, 'lab'), nodes: 2, contextsFile });
  const pem = publicKey.export({ format: 'pem', type: 'spki' });
  writeFileSync(join(home, 'lab/upgrade-keys/release.pem'), pem);
});
after(async () => {
  for (const channel of open) channel.close();
  await lab?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function connect(name: string, role: 'admin' | 'operator' | 'reader' = 'admin'): Promise<Channel> {
  const pem = readFileSync(join(home, `lab/lab-${role}.pem`), 'utf8');
  const key =
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----\n/.exec(pem)?.[0] ?? '';
  const channel = await openChannel({
    address: lab.addresses.get(name) ?? '',
    ...{ expect: { kind: 'node', name }, credential: { key, chain: pem.replace(key, '') } },
    trust: readFileSync(join(home, 'lab/pki/root.crt'), 'utf8'),
  });
  open.push(channel);
  return channel;
}

/** A channel to a node that is on its way down and up again. */
async function reconnect(name: string): Promise<Channel> {
  for (;;)
    try {
      return await connect(name);
    } catch (error) {
      if (Failure.from(error).reason === 'INTERNAL') throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

const offer = ({ bytes, signatures }: TestImage) => ({ manifest: bytes, signatures: [...signatures] });

async function start(channel: Channel, image: TestImage, options: UpgradeOptions = {}) {
  const { upgrade, plan } = await channel.unary('nodectl.v1.UpgradeService/StartUpgrade', {
    image: offer(image),
    options,
  });
  return { id: upgrade?.id ?? '', plan };
}

/** Watches an upgrade to its end, over as many restarts as it takes. */
async function watched(name: string, upgradeId: string) {
  const states: string[] = [];
  for (;;) {
    const channel = await reconnect(name);
    try {
      for await (const { upgrade } of channel.serverStream('nodectl.v1.UpgradeService/WatchUpgrade', {
        upgradeId,
      })) {
        if (upgrade && states.at(-1) !== upgrade.state) states.push(String(upgrade.state));
        if (upgrade && upgrade.endedUsec > 0) return { upgrade, states };
      }
    } catch (error) {
      if (Failure.from(error).reason === 'INTERNAL') throw error;
    } finally {
      channel.close();
    }
  }
}

test('an image by comparing, the next by differences, and back again by a rollback', async () => {
  let channel = await connect('web-1');
  const begun = await start(channel, first, { message: 'the first' });
  assert.equal(begun.plan?.activeVersion, 'as made');
  await sendImage(channel, begun.id, first, { compare: true });
  let end = await watched('web-1', begun.id);
  assert.equal(end.upgrade.state, 'UPGRADE_STATE_CONFIRMED', end.upgrade.why);
  assert.deepEqual([end.upgrade.targetSlot, end.upgrade.message], ['b', 'the first']);
  assert.match(end.upgrade.author, /operator\/lab-admin/);
  channel = await connect('web-1');
  const next = await start(channel, second);
  assert.equal(next.plan?.activeRootSha256, first.manifest.images[0]?.sha256);
  const sent = await sendImage(channel, next.id, second, { active: first.parts.root });
  assert.ok(sent.bytes < second.parts.root.length / 3, `${sent.bytes} bytes for a tenth of the image`);
  end = await watched('web-1', next.id);
  assert.equal(end.upgrade.state, 'UPGRADE_STATE_CONFIRMED', end.upgrade.why);
  channel = await connect('web-1');
  const { slots, serialFloor } = await channel.unary('nodectl.v1.UpgradeService/ListSlots', {});
  assert.deepEqual(
    slots.map(({ name, health, booted, imageVersion }) => [name, health, booted, imageVersion]),
    [
      ['a', 'SLOT_HEALTH_GOOD', true, '1.0.2'],
      ['b', 'SLOT_HEALTH_GOOD', false, '1.0.1'],
    ],
  );
  assert.equal(serialFloor, 2);
  const back = await channel.unary('nodectl.v1.UpgradeService/RollbackUpgrade', {});
  end = await watched('web-1', back.upgrade?.id ?? '');
  assert.equal(end.upgrade.state, 'UPGRADE_STATE_CONFIRMED', end.upgrade.why);
  assert.deepEqual(
    [end.upgrade.targetSlot, end.upgrade.rollback, end.upgrade.imageVersion],
    ['b', true, '1.0.1'],
  );
});

test('whoever may only read plans and looks; whoever operates upgrades, and allows no downgrade', async () => {
  const [reader, operator] = [await connect('db-1', 'reader'), await connect('db-1', 'operator')];
  const image = offer(first);
  const { plan } = await reader.unary('nodectl.v1.UpgradeService/PlanUpgrade', { image });
  assert.deepEqual(plan?.refusals, []);
  await reader.unary('nodectl.v1.UpgradeService/GetUpgrade', {});
  await reader.unary('nodectl.v1.UpgradeService/ListUpgrades', {});
  const slots = await reader.unary('nodectl.v1.UpgradeService/ListSlots', {});
  for await (const _ of reader.serverStream('nodectl.v1.UpgradeService/WatchUpgrade', {})) break;
  const denied = { reason: 'PERMISSION_DENIED' };
  await assert.rejects(reader.unary('nodectl.v1.UpgradeService/StartUpgrade', { image }), denied);
  for (const method of ['RebootUpgrade', 'ConfirmUpgrade', 'AbortUpgrade'] as const)
    await assert.rejects(
      reader.unary(`nodectl.v1.UpgradeService/${method}`, { upgradeId: 'u' }),
      denied,
      method,
    );
  await assert.rejects(reader.unary('nodectl.v1.UpgradeService/RollbackUpgrade', {}), denied);
  const starts = async function* () {
    yield { start: { upgradeId: 'u', compare: false } };
  };
  const carries = async (channel: Channel) => {
    for await (const _ of channel.bidiStream('nodectl.v1.UpgradeService/TransferImage', starts()));
  };
  await assert.rejects(carries(reader), denied);
  const options = { allowDowngrade: true };
  for (const method of ['PlanUpgrade', 'StartUpgrade'] as const)
    await assert.rejects(operator.unary(`nodectl.v1.UpgradeService/${method}`, { image, options }), denied);
  await assert.rejects(operator.unary('nodectl.v1.UpgradeService/RollbackUpgrade', { options }), denied);
  // What is theirs to do is judged by what it is about.
  await assert.rejects(carries(operator), { reason: 'UPGRADE_UNKNOWN' });
  await assert.rejects(operator.unary('nodectl.v1.UpgradeService/AbortUpgrade', { upgradeId: 'u' }), {
    reason: 'UPGRADE_UNKNOWN',
  });
  // The slot that the node was made with is good, and the other one is not known to be anything.
  await assert.rejects(operator.unary('nodectl.v1.UpgradeService/RollbackUpgrade', {}), {
    reason: 'UPGRADE_SLOT_INCOMPLETE',
  });
  assert.deepEqual(await reader.unary('nodectl.v1.UpgradeService/ListSlots', {}), slots);
});

test('an image that panics: the node is back on its slot and says why', async () => {
  const channel = await connect('db-1');
  const { id } = await start(channel, panics);
  await sendImage(channel, id, panics, {});
  const { upgrade } = await watched('db-1', id);
  assert.deepEqual([upgrade.state, upgrade.reason], ['UPGRADE_STATE_FELL_BACK', 'UPGRADE_BOOT_FAILED']);
  assert.match(upgrade.why, /slot b was tried 3 times/);
  assert.match(upgrade.bootLog.join('\n'), /Kernel panic - not syncing/);
  const { upgrades } = await (await connect('db-1')).unary('nodectl.v1.UpgradeService/ListUpgrades', {});
  assert.deepEqual(
    upgrades.map((one) => [one.id, one.why]),
    [[id, upgrade.why]],
  );
});

test('a stream that breaks is gone on with, by whoever comes; another upgrade is refused meanwhile', async () => {
  const channel = await connect('db-1');
  const manual = { confirmation: 'UPGRADE_CONFIRMATION_MANUAL' } as const;
  const { id } = await start(channel, third, manual);
  const broken = new AbortController();
  const breakOff = (sent: number) => {
    if (sent > 400_000) broken.abort();
  };
  await assert.rejects(sendImage(channel, id, third, { before: breakOff, signal: broken.signal }));
  channel.close();
  const other = await connect('db-1');
  await assert.rejects(start(other, first), ({ reason, facts }: Failure) => {
    assert.deepEqual([reason, facts.upgrade], ['UPGRADE_IN_PROGRESS', id]);
    return true;
  });
  // As it is wanted now: what the last start says counts.
  assert.equal((await start(other, third, manual)).id, id, 'the same image is gone on with');
  const sent = await sendImage(other, id, third, {});
  assert.ok(sent.resumedAt.offset > 0, JSON.stringify(sent));
  // It waits to be confirmed, and only by its name.
  for (let waiting = ''; !waiting.includes('confirm'); ) {
    const channel = await reconnect('db-1');
    const { upgrade } = await channel
      .unary('nodectl.v1.UpgradeService/GetUpgrade', {})
      .catch(() => ({ upgrade: null }));
    waiting = upgrade?.waitingFor ?? '';
    channel.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const last = await connect('db-1');
  // What a change of the config does now would be laid to the image.
  const document = 'apiVersion: nodectl.dev/v1\nkind: Node\n';
  const tried = { reason: 'TRIAL_RUNNING' };
  await assert.rejects(last.unary('nodectl.v1.ConfigService/PlanConfig', { document, toApply: true }), tried);
  await assert.rejects(last.unary('nodectl.v1.ConfigService/ApplyConfig', { document }), tried);
  await last.unary('nodectl.v1.ConfigService/PlanConfig', { document });
  await assert.rejects(last.unary('nodectl.v1.UpgradeService/ConfirmUpgrade', {}), {
    reason: 'BAD_ARGUMENT',
  });
  const { upgrade } = await last.unary('nodectl.v1.UpgradeService/ConfirmUpgrade', { upgradeId: id });
  assert.equal(upgrade?.state, 'UPGRADE_STATE_CONFIRMED');
});

test('a plan says all that stands against an image; an abort leaves everything as it was', async () => {
  const channel = await connect('db-1');
  const wrong = testImage(1, generateKeyPairSync('ed25519').privateKey, {
    blocks: 512,
    changes: { compatible: ['something-else'], notAfter: '2026-11-02T00:00:00Z', minAgent: '99.0.0' },
  });
  // Its list of modules lacks the driver of the node's network card.
  const { plan } = await channel.unary('nodectl.v1.UpgradeService/PlanUpgrade', { image: offer(wrong) });
  assert.deepEqual(plan?.refusals.map(({ reason }) => reason).sort(), [
    'IMAGE_AGENT_TOO_OLD',
    'IMAGE_DOWNGRADE',
    'IMAGE_EXPIRED',
    'IMAGE_KNOWN_TROUBLE',
    'IMAGE_SIGNATURES_TOO_FEW',
    'IMAGE_WRONG_COMPATIBLE',
  ]);
  await assert.rejects(start(channel, wrong), { reason: 'IMAGE_SIGNATURES_TOO_FEW' });
  await assert.rejects(start(channel, second), { reason: 'IMAGE_DOWNGRADE' });
  const { id } = await start(channel, make(4));
  const { upgrade } = await channel.unary('nodectl.v1.UpgradeService/AbortUpgrade', { message: 'not today' });
  assert.deepEqual([upgrade?.id, upgrade?.state], [id, 'UPGRADE_STATE_ABORTED']);
  assert.match(upgrade?.why ?? '', /lab-admin\/admin: not today/);
  const { slots } = await channel.unary('nodectl.v1.UpgradeService/ListSlots', {});
  assert.deepEqual(
    slots.filter(({ next }) => next).map(({ booted }) => booted),
    [true],
  );
  const reader = await connect('db-1', 'reader');
  await assert.rejects(start(reader, make(4)), { reason: 'PERMISSION_DENIED' });
});
