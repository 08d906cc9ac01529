/** Places to listen, and sockets that systemd hands over. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reachable } from './health-call.ts';
import { handedOver, listenPlace, placeName } from './listen.ts';

test('addresses to listen on are read, and wrong ones refused', () => {
  assert.deepEqual(listenPlace('0.0.0.0:0'), { host: '0.0.0.0', port: 0 });
  assert.deepEqual(listenPlace('[fd00::7]:7443'), { host: 'fd00::7', port: 7_443 });
  assert.equal(placeName(listenPlace('[::]:0'), 7_443), '[::]:7443');
  for (const bad of ['7443', ':7443', 'host:', 'host:99999', 'a b:1', '::1:7443'])
    assert.throws(() => listenPlace(bad), { reason: 'BAD_CONFIG' }, bad);
});

test('sockets are taken over only by the process that they are meant for', () => {
  const env = { LISTEN_PID: '42', LISTEN_FDS: '3', LISTEN_FDNAMES: 'agent:enrolment:agent' };
  assert.deepEqual(handedOver(env, 42), { main: [{ fd: 3 }, { fd: 5 }], enrolment: [{ fd: 4 }] });
  assert.deepEqual(handedOver(env, 43), { main: [], enrolment: [] });
  assert.deepEqual(handedOver({}, 42), { main: [], enrolment: [] });
});

test('the watchdog dials an address that can be dialled', () => {
  assert.equal(reachable('[::]:7443'), '[::1]:7443');
  assert.equal(reachable('0.0.0.0:7443'), '127.0.0.1:7443');
  assert.equal(reachable('10.0.0.7:7443'), '10.0.0.7:7443');
  assert.equal(reachable('fd 3, port 7443'), 'localhost:7443');
});
