/** An upgrade that is followed and gets nowhere is given up, by what the node tells and not by how often. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from '../../proto/failure.ts';
import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { NoNews } from './no-news.ts';

const QUIET_MS = 60_000;

function upgrade(state: string, doneBytes = 0, more: Partial<Upgrade> = {}): Upgrade {
  const progress = { part: 'root', doneBytes, totalBytes: 2 ** 30, wireBytes: 0 };
  return {
    ...{
      state: `UPGRADE_STATE_${state}`,
      waitingFor: '',
      changedUsec: 0,
      deadlineUsec: 0,
      waitsUntilUsec: 0,
    },
    ...{ progress, ...more },
  } as Upgrade;
}

test('what is told again is no news, and what the node said last is in the failure', async () => {
  const news = new NoNews('web-1', () => false, 30);
  const said = upgrade('VERIFYING', 2 ** 20, { waitingFor: 'waits for \x1b[31mits disk' });
  while (!news.signal.aborted) {
    news.heard(said);
    await sleep(5);
  }
  const { reason, message, hint } = news.signal.reason as Failure;
  assert.equal(reason, 'UPGRADE_STALLED');
  assert.match(
    message,
    /^web-1 answers, and for 0 seconds it has told nothing new: its upgrade is verifying/,
  );
  assert.match(message, /\(root, 1\.0 MiB of 1\.0 GiB\), and it says: waits for /);
  assert.doesNotMatch(message, /\x1b/);
  assert.match(String(hint), /nodectl dmesg/);
});

test('each step further begins the time anew, what is begun again does not, and a deadline or window is waited for', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const after = (ms: number) => t.mock.timers.tick(ms);
  const news = new NoNews('web-1', () => false, QUIET_MS);
  news.heard(upgrade('VERIFYING', 100));
  after(QUIET_MS - 1);
  news.heard(upgrade('VERIFYING', 200));
  after(QUIET_MS - 1);
  news.heard(upgrade('INSTALLING'));
  after(QUIET_MS - 1);
  assert.ok(!news.signal.aborted);
  after(1);
  assert.ok(news.signal.aborted);

  for (const more of [
    { state: 'TESTING', told: { deadlineUsec: 600e6 } },
    { state: 'ARMED', told: { waitsUntilUsec: 600e6 } },
  ]) {
    const waits = new NoNews('web-1', () => false, QUIET_MS);
    waits.heard(upgrade(more.state, 0, more.told));
    after(600_000 + QUIET_MS - 1);
    assert.ok(!waits.signal.aborted, more.state);
    after(1);
    assert.ok(waits.signal.aborted, more.state);
  }
});

test('an agent that begins the same step again and again gets nowhere', async () => {
  const news = new NoNews('web-1', () => false, 30);
  news.heard(upgrade('VERIFYING', 500));
  for (let done = 0; !news.signal.aborted; done = (done + 100) % 500) {
    news.heard(upgrade('VERIFYING', done));
    await sleep(5);
  }
  assert.equal((news.signal.reason as Failure).reason, 'UPGRADE_STALLED');
});

test('a node that does not answer, and one that this process sends to, are bounded elsewhere', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const away = new NoNews('web-1', () => false, QUIET_MS);
  away.heard(upgrade('REBOOTING'));
  away.rest();
  t.mock.timers.tick(100 * QUIET_MS);
  assert.ok(!away.signal.aborted);
  away.heard(upgrade('REBOOTING'));
  const gone = once(away.signal, 'abort');
  t.mock.timers.tick(QUIET_MS);
  await gone;
  const sent = new NoNews('web-1', () => true, QUIET_MS);
  sent.heard(upgrade('TRANSFERRING', 5));
  t.mock.timers.tick(100 * QUIET_MS);
  assert.ok(!sent.signal.aborted);
  sent.heard(upgrade('VERIFYING'));
  t.mock.timers.tick(QUIET_MS);
  assert.ok(sent.signal.aborted);
});
