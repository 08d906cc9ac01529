/** The port for Prometheus: who may read, what else is refused, renewed certificates, and a scrape by Prometheus itself. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect as netConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import { freePort } from '../../test/bench/rig/process.ts';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { memoryLog } from '../../test/support/serve.ts';
import { exposition } from './exposition.ts';
import { gauge } from './family.ts';
import { MetricsServer, type MetricsServerOptions } from './server.ts';

let pki: TestPki;
let node: TestCredential;
let reader: TestCredential;
let folder: string;
const denied = new Set<string>();
const servers: MetricsServer[] = [];
const text: MetricsServerOptions['text'] = async (format) =>
  exposition([gauge('node_load1', 'Load.', 0.25)], format);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-metrics-'));
  pki = testPki();
  node = await pki.node('web-1');
  reader = await pki.operator('prometheus', 'reader');
});
after(async () => {
  await Promise.all(servers.map((one) => one.stop()));
  pki.remove();
  rmSync(folder, { recursive: true });
});

async function serve(
  more: Partial<MetricsServerOptions> = {},
): Promise<{ server: MetricsServer; port: number }> {
  const server = new MetricsServer({
    material: { ...node, trust: pki.trust },
    denied: ({ name }) => (denied.has(name) ? 'laptop lost' : undefined),
    ...{ text, log: memoryLog() },
    ...more,
  });
  servers.push(server);
  return { server, port: await server.listen({ host: '127.0.0.1', port: 0 }) };
}

interface Answer {
  status: number;
  body: string;
  type: string;
  serial: string;
  /** The port that it was asked from. */
  port: number | undefined;
}

/** A request; rejects where the connection is refused. */
function get(
  port: number,
  {
    credential,
    ...more
  }: { credential?: TestCredential; path?: string; method?: string; headers?: object; agent?: Agent } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const call = request({
    ...{
      host: '127.0.0.1',
      port,
      servername: 'web-1',
      ca: pki.trust,
      path: '/metrics',
      agent: false as const,
    },
    ...(credential ? { key: credential.key, cert: credential.chain } : {}),
    ...(more as object),
  });
  call.on('response', (response) => {
    const socket = response.socket as import('node:tls').TLSSocket;
    const serial = socket.getPeerX509Certificate()?.serialNumber ?? '';
    const { localPort } = socket;
    let body = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        body,
        type: response.headers['content-type'] ?? '',
        serial,
        port: localPort,
      }),
    );
  });
  call.on('error', reject).end();
  return promise;
}

test('an operator reads, in the format that is asked for', async () => {
  const { port } = await serve();
  const plain = await get(port, { credential: reader });
  assert.deepEqual([plain.status, plain.type], [200, 'text/plain; version=0.0.4; charset=utf-8']);
  assert.match(plain.body, /^# HELP node_load1 Load\.\n# TYPE node_load1 gauge\nnode_load1 0\.25\n$/);
  const headers = { accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.1' };
  const open = await get(port, { credential: reader, headers });
  assert.match(open.type, /^application\/openmetrics-text/);
  assert.match(open.body, /# EOF\n$/);
});

test('nobody else does: no certificate, another authority, a node, a denied or expired operator', async () => {
  const { port } = await serve();
  await assert.rejects(get(port));
  const other = testPki();
  try {
    await assert.rejects(get(port, { credential: await other.operator('prometheus', 'admin') }));
  } finally {
    other.remove();
  }
  const asNode = await get(port, { credential: await pki.node('web-2') });
  assert.deepEqual([asNode.status, /PERMISSION_DENIED/.test(asNode.body)], [403, true]);
  const eve = await pki.operator('eve', 'reader');
  assert.equal((await get(port, { credential: eve })).status, 200);
  denied.add('eve');
  const refused = await get(port, { credential: eve });
  assert.deepEqual([refused.status, /CERTIFICATE_DENIED/.test(refused.body)], [401, true]);
});

test('an operator whose certificate ends while the connection stays open is refused from then on', async () => {
  const { port } = await serve();
  const credential = await pki.operator('brief', 'reader', 2_000);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    assert.equal((await get(port, { credential, agent })).status, 200);
    let last = 200;
    while (last === 200) {
      await sleep(200);
      last = (await get(port, { credential, agent })).status;
    }
    assert.equal(last, 401);
  } finally {
    agent.destroy();
  }
});

test('whoever brings the token reads, and the file may change', async () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${'a'.repeat(32)}\n`);
  const { port } = await serve({ tokenFile });
  const ask = async (token: string) =>
    (await get(port, { headers: { authorization: `Bearer ${token}` } })).status;
  assert.equal((await get(port)).status, 401);
  assert.equal((await get(port, { credential: reader })).status, 200);
  assert.deepEqual([await ask('a'.repeat(32)), await ask('a'.repeat(31)), await ask('')], [200, 401, 401]);
  writeFileSync(tokenFile, 'b'.repeat(40));
  utimesSync(tokenFile, 1, 1);
  assert.deepEqual([await ask('a'.repeat(32)), await ask('b'.repeat(40))], [401, 200]);
  writeFileSync(tokenFile, 'short');
  assert.throws(
    () =>
      new MetricsServer({
        material: { ...node, trust: pki.trust },
        denied: () => '',
        text,
        tokenFile,
        log: memoryLog(),
      }),
    { reason: 'BAD_CONFIG' },
  );
});

test('anybody only where the configuration says so', async () => {
  const { port } = await serve({ allowAnonymous: true });
  assert.equal((await get(port)).status, 200);
});

test('there is nothing but GET /metrics, over TLS 1.3', async () => {
  const { port } = await serve();
  assert.equal((await get(port, { credential: reader, path: '/' })).status, 404);
  assert.equal((await get(port, { credential: reader, path: '/metrics/../x' })).status, 404);
  assert.equal((await get(port, { credential: reader, method: 'POST' })).status, 405);
  const head = await get(port, { credential: reader, method: 'HEAD' });
  assert.deepEqual([head.status, head.body], [200, '']);
  await assert.rejects(get(port, { credential: reader, maxVersion: 'TLSv1.2' } as object));
});

test('a request too many is told to come again, and a failure is not told in detail', async () => {
  const gate = Promise.withResolvers<void>();
  const { port } = await serve({
    text: async () => {
      await gate.promise;
      throw new Error('secret');
    },
  });
  const all = Array.from({ length: 12 }, () => get(port, { credential: reader }));
  let told = 0;
  for (const one of all) one.then(() => (++told === 4 ? gate.resolve() : undefined));
  const answers = await Promise.all(all);
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [...Array(8).fill(500), ...Array(4).fill(503)],
  );
  assert.ok(answers.every(({ body }) => !body.includes('secret')));
});

test('whoever opens connections and says nothing, or says it slowly, keeps nobody out', async () => {
  const { port } = await serve();
  const sockets: { destroyed: boolean; destroy(): void }[] = [];
  try {
    for (let at = 0; at < 40; at++) {
      const socket = netConnect(port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
    }
    // Requests whose heads never end.
    for (let at = 0; at < 12; at++) {
      const { key, chain: cert } = reader;
      const slow = tlsConnect({ port, host: '127.0.0.1', servername: 'web-1', ca: pki.trust, key, cert });
      slow.on('error', () => undefined).resume();
      sockets.push(slow);
      await once(slow, 'secureConnect');
      slow.write('GET /metrics HTTP/1.1\r\nX-Drip: ');
    }
    assert.equal((await get(port, { credential: reader })).status, 200);
    // Those that held on were let go of, but for as many as one address may have.
    while (sockets.filter(({ destroyed }) => !destroyed).length > 16) await sleep(20);
    // Their heads are waited for in vain for a bounded time.
    while (sockets.some(({ destroyed }) => !destroyed)) await sleep(50);
    assert.equal((await get(port, { credential: reader })).status, 200);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('connections that are answered are not given up for others of their address', async () => {
  const { port } = await serve();
  const agents = Array.from({ length: 16 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  try {
    const ports = new Set<number | undefined>();
    for (const agent of agents) {
      const answer = await get(port, { credential: reader, agent });
      assert.equal(answer.status, 200);
      ports.add(answer.port);
    }
    await assert.rejects(get(port, { credential: reader }));
    for (const agent of agents) ports.add((await get(port, { credential: reader, agent })).port);
    assert.equal(ports.size, 16);
  } finally {
    for (const agent of agents) agent.destroy();
  }
});

test('a renewed certificate is shown from the next connection on, and a wrong one changes nothing', async () => {
  const { server, port } = await serve();
  const before = (await get(port, { credential: reader })).serial;
  const renewed = await pki.node('web-1');
  server.reload({ ...renewed, trust: pki.trust });
  const now = (await get(port, { credential: reader })).serial;
  assert.notEqual(now, before);
  assert.throws(() => server.reload({ key: node.key, chain: renewed.chain, trust: pki.trust }));
  assert.equal((await get(port, { credential: reader })).serial, now);
});

test('Prometheus itself scrapes it', { timeout: 120_000 }, async (t) => {
  const { error } = spawnSync('prometheus', ['--version'], { encoding: 'utf8' });
  if (error) return t.skip(`prometheus (Debian package) cannot be run: ${error.message}`);
  let scraped = 0;
  let asked: string | undefined;
  const { port } = await serve({
    text: async (format) => {
      scraped++;
      asked = format;
      return text(format);
    },
  });
  for (const [name, content] of [
    ['root.crt', pki.trust],
    ['reader.crt', reader.chain],
    ['reader.key', reader.key],
  ] as const)
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: nodectl
    scheme: https
    tls_config: { ca_file: root.crt, cert_file: reader.crt, key_file: reader.key, server_name: web-1 }
    static_configs: [{ targets: ["127.0.0.1:${port}"] }]
`,
  );
  const web = await freePort();
  const child = spawn(
    'prometheus',
    [
      ...[`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`],
      `--web.listen-address=127.0.0.1:${web}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const closed = once(child, 'close');
  try {
    let value: unknown;
    while (value === undefined && child.exitCode === null) {
      await sleep(200);
      value = await query(web, 'node_load1{job="nodectl"}').catch(() => undefined);
    }
    assert.equal(value, '0.25', said);
    assert.equal(await query(web, 'up{job="nodectl"}'), '1');
    assert.ok(scraped > 0);
    assert.equal(asked, 'openmetrics');
  } finally {
    child.kill('SIGTERM');
    await closed;
  }
});

async function query(port: number, what: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(what)}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result[0]?.value[1];
}
