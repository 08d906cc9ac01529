/** Why a connection fails: each cause is told from the others. */

import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { after, describe, test } from 'node:test';
import { issueLeaf } from '../../pki/certificate.ts';
import { keyPem, newKey } from '../../pki/csr.ts';
import type { ChannelTarget } from './channel.ts';
import { failureOf, KINDS, listening, startRig, tlsServer } from './testing.ts';

const DAY_MS = 86_400_000;

const rig = await startRig();
after(() => rig.stop());
const { pki, other, node, target } = rig;

describe('why a connection fails', () => {
  const cases: [string, string, () => Promise<{ where: ChannelTarget; end?: () => void }>][] = [
    [
      'a name that does not exist',
      'DNS_FAILED',
      async () => ({ where: target('does-not-exist.invalid:7443') }),
    ],
    [
      'a port where nothing listens',
      'CONNECTION_REFUSED',
      async () => {
        const server = createTcp();
        const address = await listening(server);
        await new Promise((resolve) => server.close(resolve));
        return { where: target(address) };
      },
    ],
    [
      'a peer that accepts and says nothing',
      'CONNECT_TIMEOUT',
      async () => {
        const server = createTcp();
        return {
          where: target(await listening(server), { connectTimeoutMs: 200 }),
          end: () => server.close(),
        };
      },
    ],
    [
      'a peer that speaks plain HTTP',
      'NOT_A_NODECTL_AGENT',
      async () => {
        const server = createHttp();
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a peer that hangs up in the handshake',
      'NOT_A_NODECTL_AGENT',
      async () => {
        const server = createTcp((socket) => socket.destroy());
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a peer that knows no TLS 1.3',
      'NOT_A_NODECTL_AGENT',
      async () => {
        const server = tlsServer(await pki.node('web-1'), { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a peer that knows no HTTP/2',
      'NOT_A_NODECTL_AGENT',
      async () => {
        const server = tlsServer(await pki.node('web-1'), { ALPNProtocols: undefined });
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node of another authority',
      'WRONG_CA',
      async () => {
        const server = tlsServer(await other.node('web-1'));
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node of another name',
      'WRONG_NODE',
      async () => {
        const server = tlsServer(await pki.node('web-2'));
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node whose certificate has ended',
      'CERTIFICATE_EXPIRED',
      async () => {
        const server = tlsServer(await pki.node('web-1', 60_000, Date.now() - 3_600_000));
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node whose certificate has not begun',
      'CERTIFICATE_NOT_YET_VALID',
      async () => {
        const server = tlsServer(await pki.node('web-1', DAY_MS, Date.now() + DAY_MS));
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'a node that was minted by the operators’ authority',
      'WRONG_ISSUER',
      async () => {
        const authority = await pki.store.signer('operators', () => '');
        const key = newKey();
        const leaf = issueLeaf(
          { kind: 'node', name: 'web-1' },
          authority,
          createPublicKey(key),
          Date.now(),
          DAY_MS,
        );
        const server = tlsServer({
          key: keyPem(key),
          chain: leaf.toString() + authority.certificate.toString(),
        });
        return { where: target(await listening(server)), end: () => server.close() };
      },
    ],
    [
      'no certificate of our own',
      'NO_CERTIFICATE',
      async () => {
        const { credential: _, ...where } = target(node.address);
        return { where };
      },
    ],
    [
      'our certificate has ended',
      'CERTIFICATE_EXPIRED',
      async () => ({
        where: target(node.address, {
          credential: await pki.operator('bob', 'admin', 60_000, Date.now() - 3_600_000),
        }),
      }),
    ],
    [
      'our certificate has not begun',
      'CERTIFICATE_NOT_YET_VALID',
      async () => ({
        where: target(node.address, {
          credential: await pki.operator('bob', 'admin', DAY_MS, Date.now() + DAY_MS),
        }),
      }),
    ],
    [
      'our certificate is of another authority',
      'WRONG_CA',
      async () => ({ where: target(node.address, { credential: await other.operator('bob', 'admin') }) }),
    ],
    ['an address that is none', 'BAD_ARGUMENT', async () => ({ where: target('web-1') })],
  ];
  const each = cases.flatMap((one) => KINDS.map((kind) => [...one, ...kind] as const));
  for (const [what, reason, arrange, kind, more] of each)
    test(`${what}${kind}: ${reason}`, async () => {
      const { where, end } = await arrange();
      try {
        const failure = await failureOf({ ...where, ...more });
        assert.equal(failure.reason, reason, failure.message);
        assert.notEqual(failure.hint, '', 'a person is told what to do next');
      } finally {
        end?.();
      }
    });
});

test('where an issuer was called the hint is about the issuer', async () => {
  const closed = createTcp();
  const address = await listening(closed);
  await new Promise((resolve) => closed.close(resolve));
  const failure = await failureOf(target(address, { expect: { kind: 'issuer' } }));
  assert.equal(failure.reason, 'CONNECTION_REFUSED');
  assert.match(failure.hint, /^is the issuer running/);
});

test('of a peer that accepts and hangs it is said that TCP was connected, not that packets may be dropped', async () => {
  const server = createTcp((socket) => socket.on('error', () => {}));
  const failure = await failureOf(target(await listening(server), { connectTimeoutMs: 200 }));
  server.close();
  assert.equal(failure.reason, 'CONNECT_TIMEOUT');
  assert.match(failure.message, /took the TCP connection and did not answer TLS/);
  assert.match(failure.hint, /agent may hang.*proxy or another service/);
});
