/** `nodectl config edit` where there is no terminal: no editor is started that would wait for one. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FakeFleet } from '../../testing/fleet.ts';
import { runCli } from '../../testing/run.ts';

const fleet = new FakeFleet({ 'web-1': {} });
after(() => fleet.remove());

test('without a terminal and without EDITOR nothing is started and no node is asked', {
  skip: process.stdin.isTTY && process.stdout.isTTY ? 'this test runs on a terminal' : false,
}, async () => {
  const { status, stderr } = await runCli('config edit -n web-1'.split(' '), {
    env: fleet.env,
    open: fleet.connect,
  });
  assert.equal(status, 2);
  assert.match(stderr, /there is no terminal here for an editor \[BAD_ARGUMENT\][\s\S]*set EDITOR/);
  assert.deepEqual(fleet.calls, []);
});
