/** An abort at every step of an upgrade: it ends it, the running slot boots next, nothing is left, and the next upgrade works. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Failure } from '../../proto/failure.ts';
import type { UpgradeEngine } from './engine.ts';
import { offerAndSend, untilSettled } from './testing/offer-and-send.ts';
import { type TestImage, testImage, testKeys } from './testing/test-image.ts';
import { AUTHOR, bootState, newNode, openEngine } from './testing/test-node.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-abort-'));
after(() => rmSync(top, { recursive: true }));
const keys = testKeys();
const [first, second, third] = [1, 2, 3].map((version) =>
  testImage(version, keys.privateKey, { blocks: 16 }),
) as [TestImage, TestImage, TestImage];

/** Upgrades as far as it goes. Throws what a call is refused with. */
async function upgrade(engine: UpgradeEngine, image: TestImage): Promise<void> {
  await offerAndSend(engine, image, { wanted: { noReboot: true }, each: 2 });
  await untilSettled(engine);
}

/** Aborts behind so many steps. Gives the step; undefined where there are not so many. */
async function abortAt(steps: number): Promise<string | undefined> {
  const folder = await newNode(top, first);
  let [left, at] = [steps, ''];
  let aborted: Promise<unknown> | undefined;
  const engine: UpgradeEngine = await openEngine(folder, {
    keyring: keys.keyring,
    step: (name) => {
      if (aborted || engine?.site.current === undefined || left-- > 0) return;
      at = `${engine.site.current.state}: ${name}`;
      aborted = engine.abort('', AUTHOR, '');
      aborted.catch(() => undefined);
    },
  });
  await upgrade(engine, second).catch(({ reason }: Failure) =>
    assert.match(reason, /^UPGRADE_(?:UNKNOWN|WRONG_STATE|TAKEN_OVER)$/, at),
  );
  if (!aborted) return undefined;
  await aborted;
  assert.deepEqual([engine.find('')?.state, engine.find('')?.reason], ['aborted', 'UPGRADE_ABORTED'], at);
  const { booted, next, slots } = await bootState(folder);
  assert.deepEqual([booted, next, slots.a.health], ['a', 'a', 'good'], at);
  assert.ok(slots.b.health === 'invalid' || slots.b.health === 'empty', `${at}: ${slots.b.health}`);
  for (const left of ['upgrade.json', 'upgrade', 'deadline'])
    assert.ok(!existsSync(join(folder, 'state', left)), `${at}: ${left} is left`);
  await upgrade(engine, third);
  assert.equal(engine.find('')?.state, 'armed', at);
  await engine.close();
  rmSync(folder, { recursive: true });
  return at;
}

test('an abort at every step', async (t) => {
  const seen = new Set<string>();
  let steps = 0;
  for (let at = await abortAt(0); at !== undefined; at = await abortAt(++steps))
    seen.add(at.split(':')[0] ?? '');
  t.diagnostic(`${steps} steps`);
  assert.deepEqual([...seen], ['planned', 'transferring', 'verifying', 'installing', 'armed']);
});
