/** Following the log of this machine: a line that is written into its ring buffer is recognised when it comes. */

import assert from 'node:assert/strict';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import { machineOf } from '../testing.ts';
import { LogFollower } from './follower.ts';
import type { Hit } from './line-scanner.ts';

const KMSG = '/dev/kmsg';

function missing(): string | false {
  try {
    accessSync(KMSG, constants.R_OK | constants.W_OK);
    return false;
  } catch {
    return `${KMSG} cannot be read and written`;
  }
}

/** Everything that is there now. */
function drain(follower: LogFollower): Hit[] {
  const hits: Hit[] = [];
  for (let next = follower.next(); next !== undefined; next = follower.next()) hits.push(...next);
  return hits;
}

test('a line that is written into the ring buffer is recognised', { skip: missing() }, () => {
  const machine = new LiveMachine();
  const [log] = machine.kernelLogs();
  assert.ok(log);
  try {
    const follower = new LogFollower(log, machine);
    drain(follower);
    // A crashed program: worth knowing, no more, since whoever looks at this machine will see it.
    const text = `nodectl-test[${process.pid}]: segfault at 0 ip 0000000000000000 sp 00007ffc00000000 error 14`;
    const before = Date.now();
    writeFileSync(KMSG, `${text}\n`);
    const hit = drain(follower).find((one) => one.text === text);
    assert.equal(hit?.signature.id, 'kernel-log.segfault');
    assert.ok(Math.abs((hit.timeMs ?? 0) - before) < 60_000, `${hit.timeMs} at ${before}`);
    assert.deepEqual(drain(follower), []);
  } finally {
    log.close();
  }
});

test('a log of a simulated machine: times by how long it is up', () => {
  const machine = machineOf({
    files: {
      'proc/uptime': '1000.00 1.00\n',
      'dev/kmsg': '4,7,400000000,-;INFO: task sync:99 blocked for more than 120 seconds.',
    },
  });
  const [log] = machine.kernelLogs();
  assert.ok(log);
  const [hit, ...more] = drain(new LogFollower(log, machine));
  assert.deepEqual(more, []);
  assert.ok(Math.abs((hit?.timeMs ?? 0) - (Date.now() - 600_000)) < 60_000);
});
