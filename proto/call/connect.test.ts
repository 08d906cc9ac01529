/** What a handshake carries and what is made for it: neither is seen in what a call does, and both are paid for with each node. */

import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import tls, { type DetailedPeerCertificate } from 'node:tls';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { startServer, type TestServer } from '../../test/support/serve.ts';
import { splitAddress } from '../address.ts';
import type { ChannelTarget } from './channel.ts';
import { connectTls } from './connect.ts';

/** X25519MLKEM768 (IANA, TLS supported groups). */
const HYBRID = 0x11ec;
/** key_share (RFC 8446, section 4.2). */
const KEY_SHARE = 51;

let pki: TestPki;
let nodes: TestServer[];
let admin: TestCredential;

before(async () => {
  pki = testPki();
  nodes = await Promise.all(['web-1', 'web-2'].map((name) => startServer(pki, name)));
  admin = await pki.operator('alice', 'admin');
});

after(async () => {
  await Promise.all(nodes.map(({ server }) => server.drain(0)));
  pki.remove();
});

function target(address: string, more: Partial<ChannelTarget> = {}): ChannelTarget {
  return { address, expect: { kind: 'node' }, trust: pki.trust, credential: admin, ...more };
}

/** Connects, gives the group that the key was agreed by, and hangs up. */
async function agreedGroup(address: string, more: Partial<ChannelTarget> = {}): Promise<unknown> {
  const socket = await connectTls(target(address, more));
  const info = socket.getEphemeralKeyInfo();
  socket.destroy();
  return Reflect.get(info ?? {}, 'name');
}

/** The groups that a ClientHello brings public keys of (RFC 8446, sections 4.1.2 and 4.2.8). */
function keyShares(record: Buffer): number[] {
  // Behind the headers of record and message, the version and the random bytes.
  let at = 5 + 4 + 2 + 32;
  at += 1 + record.readUInt8(at);
  at += 2 + record.readUInt16BE(at);
  at += 1 + record.readUInt8(at) + 2;
  while (record.readUInt16BE(at) !== KEY_SHARE) at += 4 + record.readUInt16BE(at + 2);
  const end = at + 4 + record.readUInt16BE(at + 2);
  const groups: number[] = [];
  for (at += 4 + 2; at < end; at += 4 + record.readUInt16BE(at + 2)) groups.push(record.readUInt16BE(at));
  return groups;
}

test('one key pair is made ahead, of the group that an agent takes', async () => {
  const hello = Promise.withResolvers<Buffer>();
  const deaf = createServer((socket) => {
    let all = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      all = Buffer.concat([all, chunk]);
      if (all.length < 5 || all.length < 5 + all.readUInt16BE(3)) return;
      hello.resolve(all);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
  await assert.rejects(connectTls(target(`127.0.0.1:${(deaf.address() as AddressInfo).port}`)));
  deaf.close();
  assert.deepEqual(keyShares(await hello.promise), [HYBRID]);
  assert.equal(await agreedGroup(nodes[0]?.address ?? ''), 'X25519MLKEM768');
});

test('the nodes of a fleet share what is made of the credential; another credential is not mixed up with it', async (t) => {
  const made = t.mock.method(tls, 'createSecureContext');
  const own = () => made.mock.calls.filter(({ arguments: [options] }) => options?.ecdhCurve).length;
  const credential = await pki.operator('bob', 'reader');
  for (const { address } of [...nodes, ...nodes]) await agreedGroup(address, { credential });
  assert.equal(own(), 1);
  await agreedGroup(nodes[0]?.address ?? '');
  assert.equal(own(), 2);
});

test('a node sends its certificate and the authority’s, and not the root', async () => {
  const socket = tls.connect({
    ...splitAddress(nodes[0]?.address ?? ''),
    // With no root to add, the chain is what was sent.
    ...{ ca: [], rejectUnauthorized: false, ALPNProtocols: ['h2'], cert: admin.chain, key: admin.key },
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  const names: string[] = [];
  let at: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (at?.subject) {
    names.push(String(at.subject.CN));
    // A root is its own issuer.
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate;
  }
  socket.destroy();
  assert.deepEqual(names, ['web-1', 'nodectl nodes authority']);
});
