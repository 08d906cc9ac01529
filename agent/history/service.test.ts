/** The history of a real agent: sampled, read over the wire, and there again after kill -9. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentFleet } from '../../test/support/agent-fleet.ts';

let fleet: AgentFleet;

before(async () => {
  fleet = await AgentFleet.start();
});
after(() => fleet.stop());

/** Times of all samples that a node has. */
async function times(address: string, series: string[] = []): Promise<number[]> {
  const channel = await fleet.open(address, 'past-1');
  try {
    const all = new Set<number>();
    for await (const part of channel.serverStream('nodectl.v1.HistoryService/ReadHistory', {
      ...{ series, maxPoints: 2_000, sinceUsec: (Date.now() - 600_000) * 1_000 },
    }))
      for (const { timeDeltas } of part.series) {
        let time = 0;
        for (const delta of timeDeltas) {
          time += delta;
          all.add(time);
        }
      }
    return [...all].sort((a, b) => a - b);
  } finally {
    channel.close();
  }
}

test('an agent that is killed again and again has every tick but those on which it was dead', async () => {
  const config = join(fleet.pki.folder, 'past-1.yaml');
  writeFileSync(config, 'history: { everySeconds: 1 }\n');
  let { agent, address } = await fleet.enrolled('past-1', ['--config', config], { history: true });
  let known = 0;
  for (let kill = 0; kill < 3; kill++) {
    let seen = await times(address);
    while (seen.length < known + 2) {
      await sleep(100);
      seen = await times(address);
    }
    known = seen.length;
    agent.child.kill('SIGKILL');
    await once(agent.child, 'close');
    agent = fleet.run('past-1', ['--listen', '127.0.0.1:0', '--config', config], { history: true });
    address = String(((await agent.line('serving')).addresses as string[])[0]);
    const after = await times(address);
    assert.deepEqual(after.slice(0, known).length, known);
    assert.ok(after.every((time, at) => at === 0 || time - (after[at - 1] ?? 0) > 500));
  }
  assert.deepEqual((await fleet.node(address, 'past-1')).warnings, []);
  assert.deepEqual(await times(address, ['no/such/series']), []);
  assert.equal(await agent.stop(), 0);
});

test('an agent that keeps no history says so', async () => {
  const { agent, address } = await fleet.enrolled('past-2');
  const channel = await fleet.open(address, 'past-2');
  await assert.rejects(
    async () => {
      for await (const _ of channel.serverStream('nodectl.v1.HistoryService/ReadHistory', {}));
    },
    { reason: 'NO_HISTORY' },
  );
  channel.close();
  assert.equal(await agent.stop(), 0);
});
