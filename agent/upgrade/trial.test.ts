/** Trials of an image: whose word counts, and until when, whatever happens to the wall clock. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { UpgradeEngine } from './engine.ts';
import type { GateOrder } from './hooks.ts';
import type { UpgradeParts } from './site.ts';
import { offerAndSend } from './testing/offer-and-send.ts';
import { testImage, testKeys } from './testing/test-image.ts';
import {
  newNode,
  openEngine,
  rebootWanted,
  restart,
  type TestNode,
  untilEngine,
  type WANTED,
} from './testing/test-node.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-trial-'));
after(() => rmSync(top, { recursive: true }));
const keys = testKeys();
const first = testImage(1, keys.privateKey, { blocks: 16 });
const second = testImage(2, keys.privateKey, { blocks: 16 });

const open = (folder: string, node: Partial<TestNode> = {}): Promise<UpgradeEngine> =>
  openEngine(folder, { keyring: keys.keyring, ...node });

/** A node that has just booted an image on trial; its engine is still to be opened. */
async function onTrial(options: Partial<typeof WANTED>): Promise<string> {
  const folder = await newNode(top, first);
  const engine = await open(folder);
  await offerAndSend(engine, second, { wanted: options });
  await untilEngine(engine, () => rebootWanted(folder) && engine.site.current?.state === 'rebooting');
  await engine.close();
  assert.ok(existsSync(join(folder, 'state/deadline')), 'the guard stands before the restart');
  assert.equal(await restart(folder), 'b');
  return folder;
}

const withUptime = (uptimeMs: () => number) => (parts: UpgradeParts) => ({ ...parts, uptimeMs });

test('a wall clock that is set by a day in the middle of a trial does not end it', async () => {
  const folder = await onTrial({ confirmation: 'manual', deadlineSeconds: 60 });
  let aheadMs = 0;
  const orders: GateOrder[] = [];
  const engine = await open(folder, {
    now: () => Date.now() + aheadMs,
    change: withUptime(() => 20_000),
    gate: (order) => {
      orders.push(order);
      aheadMs = 86_400_000;
      return { healthy: true, failed: [] };
    },
  });
  await untilEngine(engine, () => engine.site.waiting.text.startsWith('waits to be confirmed'));
  // Of the minute 20 s had passed when the agent came up.
  const leftMs = (orders[0]?.deadlineMs ?? 0) - Date.now();
  assert.ok(leftMs > 0 && leftMs <= 40_000, `${leftMs} ms`);
  await engine.close();
  // Nor does it where the agent starts again, a day later by the wall clock.
  const again = await open(folder, { now: () => Date.now() + aheadMs, change: withUptime(() => 30_000) });
  await untilEngine(again, () => again.site.waiting.text.startsWith('waits to be confirmed'));
  await again.confirm(again.find('')?.id ?? '');
  assert.equal(again.find('')?.state, 'confirmed');
  assert.equal(existsSync(join(folder, 'state/deadline')), false);
  await again.close();
});

test('an agent that comes up after the deadline goes back at once', async () => {
  const folder = await onTrial({ deadlineSeconds: 60 });
  const engine = await open(folder, {
    change: withUptime(() => 61_000),
    gate: ({ deadlineMs }) => ({ healthy: deadlineMs > Date.now() + 1_000, failed: ['settled'] }),
  });
  await untilEngine(
    engine,
    () => rebootWanted(folder) && engine.site.current?.reason === 'UPGRADE_UNHEALTHY',
  );
  await engine.close();
  assert.equal(await restart(folder), 'a');
  const old = await open(folder);
  await untilEngine(old, () => old.find('')?.state === 'fell-back');
  assert.deepEqual(old.find('')?.failedChecks, ['settled']);
  assert.equal(existsSync(join(folder, 'state/deadline')), false, 'the guard is not for the slot before');
  await old.close();
});

test('a quorum confirms; until it comes about nothing does', async () => {
  const folder = await onTrial({ confirmation: 'quorum', peers: ['b:1', 'c:1', 'd:1'], deadlineSeconds: 60 });
  const seen = Promise.withResolvers<void>();
  const asked: [readonly string[], number][] = [];
  const engine = await open(folder, {
    change: (parts) => ({
      ...parts,
      peers: {
        seen: async (peers, needed) => {
          asked.push([peers, needed]);
          await seen.promise;
        },
      },
    }),
  });
  await untilEngine(engine, () => engine.site.waiting.text.startsWith('waits for 2 of 3 peers'));
  assert.deepEqual(asked, [[['b:1', 'c:1', 'd:1'], 2]]);
  assert.equal(engine.find('')?.state, 'testing');
  seen.resolve();
  await untilEngine(engine, () => engine.find('')?.state === 'confirmed');
  await engine.close();
});

test('peers that do not see the node are told with their reasons, while it waits and when it falls back', async () => {
  const folder = await onTrial({ confirmation: 'quorum', peers: ['b:1', 'c:1', 'd:1'], deadlineSeconds: 60 });
  const unseen = ['c:1: web-3 does not: CONNECTION_REFUSED', 'd:1: it does not answer'];
  const sees = (uptimeMs: number) => (parts: UpgradeParts) => ({
    ...withUptime(() => uptimeMs)(parts),
    peers: {
      seen: async (...[, , given, told]: Parameters<UpgradeParts['peers']['seen']>) => {
        told({ seen: 1, unseen });
        await new Promise((_, reject) => {
          if (given.aborted) reject(given.reason);
          given.addEventListener('abort', () => reject(given.reason));
        });
      },
    },
  });
  const waits = await open(folder, { change: sees(0) });
  await untilEngine(waits, () =>
    waits.site.waiting.text.endsWith(`see the node; 1 does; ${unseen.join('; ')}`),
  );
  await waits.close();
  const over = await open(folder, { change: sees(60_000) });
  await untilEngine(over, () => over.site.current?.reason === 'UPGRADE_NOT_CONFIRMED');
  assert.deepEqual(over.site.current?.failedChecks, unseen);
  await over.close();
});
