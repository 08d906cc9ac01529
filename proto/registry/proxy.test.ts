/** Registries behind an HTTP proxy, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY name one. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startService } from '../../test/support/http-service.ts';
import { BlobSource } from './blobs.ts';
import { RegistryClient } from './client.ts';
import { REGISTRY_LIMITS } from './limits.ts';
import { digestOf } from './manifests.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-proxy-'));
after(() => rmSync(folder, { recursive: true }));
const BYTES = Buffer.from('0123456789');
const BLOB = { repository: 'os', digest: digestOf(BYTES), size: BYTES.length };

test('plain http goes over the proxy, and what NO_PROXY names does not', async (t) => {
  const proxy = await startService((_, answer) => answer.end(BYTES));
  t.after(() => proxy.stop());
  const proxyEnv = { HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: '127.0.0.1' };
  const client = new RegistryClient({ registry: 'registry.invalid', plainHttp: true, proxyEnv });
  assert.deepEqual(await new BlobSource(client, BLOB).readRange(2, 3), Buffer.from('234'));
  assert.equal(proxy.received[0]?.url, `http://registry.invalid/v2/os/blobs/${BLOB.digest}`);
  client.close();
  const near = new RegistryClient({ registry: proxy.host, plainHttp: true, proxyEnv });
  await new BlobSource(near, BLOB).readRange(2, 3);
  assert.equal(proxy.received[1]?.url, `/v2/os/blobs/${BLOB.digest}`);
  near.close();
});

test('TLS goes through a tunnel, longer than a connection may take to be made', async (t) => {
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...[
        '-subj',
        '/CN=x',
        '-addext',
        'subjectAltName=DNS:registry.invalid',
        '-keyout',
        key,
        '-out',
        certificate,
      ],
    ],
    { stdio: 'ignore' },
  );
  const [pem, secret] = [readFileSync(certificate, 'utf8'), readFileSync(key)];
  const limits = { ...REGISTRY_LIMITS, connectMs: 4_000, attempts: 1 };
  const server = createTlsServer({ key: secret, cert: pem }, (_, answer) =>
    setTimeout(() => answer.end(BYTES), 4_200),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const far = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    for (const one of [far, socket]) one.on('error', () => undefined);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const proxyEnv = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  const client = new RegistryClient({ registry: 'registry.invalid', ca: pem, proxyEnv, limits });
  t.after(() => {
    client.close();
    server.closeAllConnections();
    server.close();
    proxy.close();
  });
  assert.deepEqual(await new BlobSource(client, BLOB).readRange(2, 3), Buffer.from('234'));
  assert.deepEqual(asked, ['registry.invalid:443']);
});
