/** How often an issuer renews its own certificate. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../proto/serve/log.ts';
import type { Issuer } from './issuer.ts';
import { ServingPair } from './server.ts';

const MINUTE = 60_000;

/** An issuer that gives a life in milliseconds, or throws, each time it is asked. */
function fakeIssuer(lives: () => number) {
  const asked: number[] = [];
  const servingPair = () => {
    asked.push(Date.now());
    return { key: '', chain: '', notAfter: Date.now() + lives() };
  };
  return { asked, issuer: { trust: '', servingPair } as unknown as Issuer };
}

const log = { error: () => undefined } as unknown as Log;

test('at two thirds of its life', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { asked, issuer } = fakeIssuer(() => 90 * MINUTE);
  const serving = new ServingPair(issuer, 'issuer-1');
  serving.keepFresh([], log);
  t.mock.timers.tick(59 * MINUTE);
  assert.equal(asked.length, 1);
  t.mock.timers.tick(7 * MINUTE);
  assert.equal(asked.length, 2);
  serving.stop();
  t.mock.timers.tick(900 * MINUTE);
  assert.equal(asked.length, 2);
});

test('once a minute where its authority has ended and nothing can be issued', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let first = true;
  const { asked, issuer } = fakeIssuer(() => {
    if (!first) throw new Error('the authority has ended');
    first = false;
    return 3 * MINUTE;
  });
  const serving = new ServingPair(issuer, 'issuer-1');
  serving.keepFresh([], log);
  for (let minute = 0; minute < 60; minute++) t.mock.timers.tick(MINUTE);
  assert.ok(asked.length > 30 && asked.length <= 61, `${asked.length} times in an hour`);
  serving.stop();
});
