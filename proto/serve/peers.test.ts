/** What is kept of callers' certificates, and when it is read anew. */

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { type TestPki, testPki } from '../../test/support/pki.ts';
import { startServer } from '../../test/support/serve.ts';
import { Peers } from './peers.ts';

describe('the certificates of callers', () => {
  let pki: TestPki;
  let leaf: X509Certificate;

  before(async () => {
    pki = testPki();
    leaf = new X509Certificate((await pki.operator('ada', 'reader')).chain);
  });
  after(() => pki.remove());

  /** A socket whose chain leads to a root with that fingerprint; counts how often it is asked for its chain. */
  const socketOf = (certificate: X509Certificate, root: string) => {
    const asked = { count: 0 };
    const socket = {
      authorized: true,
      getPeerX509Certificate: () => certificate,
      getPeerCertificate: () => {
        asked.count++;
        return { raw: certificate.raw, issuerCertificate: { fingerprint256: root } };
      },
    };
    return { socket: socket as unknown as TLSSocket, asked };
  };

  test('are read once', () => {
    const peers = new Peers('certificates', () => new Set(['A']));
    const { socket, asked } = socketOf(leaf, 'A');
    const first = peers.of(socket);
    assert.equal(first.root, 'A');
    assert.ok('uri' in first.caller && first.caller.uri === 'nodectl://operator/ada/reader');
    assert.equal(peers.of(socket), first);
    assert.equal(asked.count, 1);
  });

  test('are fetched from Node once a connection, for the log and for the identity', async (t) => {
    const fetched = t.mock.method(TLSSocket.prototype, 'getPeerX509Certificate');
    const { open, server } = await startServer(pki, 'web-1');
    const channel = await open(await pki.operator('ada', 'reader'));
    assert.equal((await channel.unary('nodectl.v1.AccessService/WhoAmI', {})).name, 'ada');
    channel.close();
    await server.drain(0);
    // The caller is in this process too; only sockets of a server know one.
    assert.equal(fetched.mock.calls.filter((call) => Reflect.get(call.this ?? {}, 'server')).length, 1);
  });

  test('are read again once their root is no longer trusted', () => {
    let roots = new Set(['A']);
    const peers = new Peers('certificates', () => roots);
    peers.of(socketOf(leaf, 'A').socket);
    roots = new Set(['B']);
    assert.equal(peers.of(socketOf(leaf, 'B').socket).root, 'B');
  });

  test('are not believed where TLS has not accepted them, whatever was known', () => {
    const peers = new Peers('certificates', () => new Set(['A']));
    const { socket } = socketOf(leaf, 'A');
    peers.of(socket);
    const refused = Object.assign(socketOf(leaf, 'A').socket, { authorized: false });
    assert.equal((peers.of(refused).caller as Error).message.includes('valid certificate'), true);
  });

  test('of few are kept, not of everybody', async () => {
    const peers = new Peers('certificates', () => new Set(['A']));
    const { socket, asked } = socketOf(leaf, 'A');
    peers.of(socket);
    for (let at = 0; at < 256; at++) {
      const other = { ...leaf, raw: leaf.raw, fingerprint256: `${at}` };
      peers.of(socketOf(Object.setPrototypeOf(other, leaf) as X509Certificate, 'A').socket);
    }
    peers.of(socket);
    assert.equal(asked.count, 2);
  });
});
