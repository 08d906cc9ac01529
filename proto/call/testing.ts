/** What tests of the caller's side share: a node that serves, a PKI and a stranger's, and servers that misbehave. */

import assert from 'node:assert/strict';
import type { Http2SecureServer } from 'node:http2';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { startServer, type TestServer } from '../../test/support/serve.ts';
import { Failure } from '../failure.ts';
import type { ChannelTarget } from './channel.ts';
import { openChannel } from './open.ts';

/** A call that every operator may make. */
export const GET_VERSION = 'nodectl.v1.SystemService/GetVersion';
/** A stream. */
export const READ_LOGS = 'nodectl.v1.LogsService/ReadLogs';

/** What a test calls. */
export interface CallRig {
  pki: TestPki;
  /** Another PKI, which nobody here trusts. */
  other: TestPki;
  /** The node web-1. */
  node: TestServer;
  admin: TestCredential;
  /** Key and certificate of a node of the same name, as node:tls takes them. */
  keyAndCert(): Promise<{ key: string; cert: string }>;
  /** How the admin calls web-1 at an address. */
  target(address: string, more?: Partial<ChannelTarget>): ChannelTarget;
  stop(): Promise<void>;
}

/** Starts the node. */
export async function startRig(): Promise<CallRig> {
  const [pki, other] = [testPki(), testPki()];
  const node = await startServer(pki, 'web-1');
  const admin = await pki.operator('alice', 'admin');
  return {
    ...{ pki, other, node, admin },
    target: (address, more = {}) => ({
      ...{ address, expect: { kind: 'node', name: 'web-1' }, trust: pki.trust, credential: admin },
      ...more,
    }),
    keyAndCert: async () => {
      const { key, chain } = await pki.node('web-1');
      return { key, cert: chain };
    },
    stop: async () => {
      await node.server.drain(0);
      pki.remove();
      other.remove();
    },
  };
}

/** The failure of connecting and making one call. */
export async function failureOf(where: ChannelTarget): Promise<Failure> {
  try {
    const channel = await openChannel(where);
    try {
      await channel.unary(GET_VERSION, {}, { timeoutMs: 5_000 });
    } finally {
      channel.close();
    }
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  throw new assert.AssertionError({ message: 'the call succeeded' });
}

/** The kinds of channels that unary calls go over, and what a target says for each. */
export const KINDS: readonly (readonly [kind: string, more: Partial<ChannelTarget>])[] = [
  ['', {}],
  [', asked a short question', { calls: 'unary' }],
];

/** Where a server listens now. */
export async function listening(server: TcpServer | Http2SecureServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A TLS server that shows a credential and does nothing more. */
export function tlsServer({ key, chain }: TestCredential, options: object = {}): TcpServer {
  const server = createTls(
    { key, cert: chain, ALPNProtocols: ['h2'], minVersion: 'TLSv1.3', ...options },
    (socket) => socket.on('error', () => {}),
  );
  server.on('tlsClientError', () => {});
  return server;
}
