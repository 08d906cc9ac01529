/** Nodes that ask each other to call back, over real mutual TLS. */

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { service } from '../../proto/serve/handlers.ts';
import { healthService } from '../../proto/serve/health.ts';
import { type TestCredential, testPki } from '../../test/support/pki.ts';
import { startServer, type TestServer } from '../../test/support/serve.ts';
import { PeerSight } from '../upgrade/health/confirm.ts';
import type { Sight } from '../upgrade/hooks.ts';
import { askPeer, type PeerCaller, peerService } from './peers.ts';

const pki = testPki();
const { signal } = new AbortController();
const servers: TestServer[] = [];
after(() => Promise.all(servers.map(({ server }) => server.drain(0))));

const callerOf = (node: string, { key, chain }: TestCredential, trust = pki.trust): PeerCaller => ({
  node,
  credential: () => ({ pair: { key, chain }, trust }),
});

/** A node: its server has the services of an agent that peers need. */
async function startNode(name: string) {
  const caller = callerOf(name, await pki.node(name));
  const served: TestServer = await startServer(pki, name, {
    services: [service('nodectl.v1.PeerService', peerService(caller)), healthService(() => served.server)],
  });
  servers.push(served);
  return { ...served, caller, port: Number(served.address.split(':').at(-1)) };
}

test('a peer calls back to the node that asks, by its address and its name', async () => {
  const [node, peer] = await Promise.all([startNode('web-1'), startNode('web-2')]);
  const answer = await askPeer(node.caller, peer.address, node.port, signal);
  assert.deepEqual(answer, { node: 'web-2', seen: true, why: '' });
});

test('a node that nobody can call is not seen, whoever it can call', async () => {
  const [node, peer] = await Promise.all([startNode('web-1'), startNode('web-2')]);
  await node.server.drain(0);
  const deaf = await askPeer(node.caller, peer.address, node.port, signal);
  assert.equal(deaf.seen, false);
  assert.match(deaf.why, /nothing listens/);

  // Something listens there that is not the node: another node, or nothing that speaks TLS.
  const other = await startNode('web-3');
  const wrong = await askPeer(node.caller, peer.address, other.port, signal);
  assert.equal(wrong.seen, false);
  assert.match(wrong.why, /web-3/);
  const mute = createServer((socket) => socket.end('hello\n')).listen(0, '127.0.0.1');
  await new Promise((resolve) => mute.once('listening', resolve));
  try {
    const { port } = mute.address() as { port: number };
    assert.equal((await askPeer(node.caller, peer.address, port, signal)).seen, false);
  } finally {
    mute.close();
  }
});

test('ports that are none, and callers who are no nodes, are refused', async () => {
  const peer = await startNode('web-2');
  const node = callerOf('web-1', await pki.node('web-1'));
  for (const port of [0, -1, 65_536])
    await assert.rejects(askPeer(node, peer.address, port, signal), { reason: 'BAD_ARGUMENT' });
  const operator = callerOf('x', await pki.operator('ann', 'admin'));
  await assert.rejects(askPeer(operator, peer.address, 7_443, signal), { reason: 'PERMISSION_DENIED' });
  // One of another authority does not get in at all.
  const stranger = testPki();
  const strange = callerOf('web-1', await stranger.node('web-1'), pki.trust);
  await assert.rejects(askPeer(strange, peer.address, 7_443, signal));
});

test('a quorum waits for peers that come late, and counts each node once and never itself', async () => {
  const [node, one, two] = await Promise.all([startNode('web-1'), startNode('web-2'), startNode('web-3')]);
  const sight = new PeerSight({
    ...{ node: 'web-1', askAgainMs: 10 },
    ask: (address, over) => askPeer(node.caller, address, node.port, over),
  });
  await sight.seen([one.address, two.address], 2, signal, () => assert.fail('both see it at once'));

  /** How far it is after some rounds, which are not enough. */
  const after = async (rounds: number, peers: string[]) => {
    const over = new AbortController();
    const told: Sight[] = [];
    await assert.rejects(
      sight.seen(peers, 2, over.signal, (now) => {
        if (told.push(now) === rounds) over.abort();
      }),
      { name: 'AbortError' },
    );
    return told.at(-1);
  };
  const twice = [one.address, one.address.replace('127.0.0.1', 'localhost'), node.address];
  assert.deepEqual(await after(3, twice), { seen: 1, unseen: [`${node.address}: it is this node itself`] });
  await two.server.drain(0);
  const { seen, unseen } = (await after(2, [one.address, two.address])) ?? { seen: 0, unseen: [] };
  assert.equal(seen, 1);
  assert.match(unseen.join(), new RegExp(`^${two.address}: it does not answer: `));
});

test('peers that answer later are enough', async () => {
  let asked = 0;
  const sight = new PeerSight({
    ...{ node: 'a', askAgainMs: 1 },
    ask: async (address) => {
      if (++asked < 6) return { node: address, seen: false, why: 'refused' };
      return { node: address, seen: true, why: '' };
    },
  });
  await sight.seen(['b:1', 'c:1', 'd:1'], 2, signal);
  assert.ok(asked >= 6);
});
