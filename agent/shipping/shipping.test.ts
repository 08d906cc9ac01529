/** Logs arrive over real TLS in both protocols, and nothing is missing after connections that break. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type TLSSocket } from 'node:tls';
import { createLogs } from '../logs/domain.ts';
import { Shipper } from './shipper.ts';
import { Shipping } from './shipping.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-shipping-'));
after(() => rmSync(folder, { recursive: true }));
const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
execFileSync(
  'openssl',
  [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...[
      '-keyout',
      keyFile,
      '-out',
      certFile,
      '-subj',
      '/CN=logs',
      '-addext',
      'subjectAltName=DNS:logs.example',
    ],
  ],
  { stdio: 'ignore' },
);
const trust = readFileSync(certFile, 'utf8');
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A receiver that keeps what it got, and can drop its connections. */
async function receiver() {
  const sockets = new Set<TLSSocket>();
  let text = '';
  const server = createServer({ key: readFileSync(keyFile), cert: trust }, (socket) => {
    sockets.add(socket);
    socket.on('data', (part: Buffer) => {
      text += part.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    to: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => text,
    connections: () => sockets.size,
    drop,
    close: () => {
      drop();
      server.close();
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

let files = 0;
function source() {
  const path = join(folder, `app-${files++}.log`);
  writeFileSync(path, 'before\n');
  const logs = createLogs({
    node: 'web-1',
    files: [{ name: 'app', path }],
    journal: false,
    kernel: false,
    pods: false,
  });
  return { logs, write: (line: string) => appendFileSync(path, `${line}\n`) };
}

test('JSON lines: what is written from now on, with its cursor', async () => {
  const end = await receiver();
  const { logs, write } = source();
  const shipping = new Shipping(async () => logs, join(folder, 'places'), silent);
  try {
    await shipping.set({
      a: { to: end.to, protocol: 'json', sources: ['file/app'], trust, serverName: 'logs.example' },
    });
    await until(() => end.connections() === 1);
    await sleep(200);
    write('eins');
    write('zwei "quoted" ü');
    await until(() => end.text().split('\n').length === 3);
    const [first, second] = end
      .text()
      .split('\n')
      .slice(0, 2)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual([first?.message, first?.node, first?.source], ['eins', 'web-1', 'file/app']);
    assert.equal(second?.message, 'zwei "quoted" ü');
    assert.notEqual(first?.cursor, second?.cursor);
    assert.deepEqual(shipping.warnings, []);
  } finally {
    await shipping.stop();
    end.close();
  }
});

test('syslog: frames that say their length, and are taken apart by it', async () => {
  const end = await receiver();
  const { logs, write } = source();
  const shipping = new Shipping(async () => logs, join(folder, 'places'), silent);
  try {
    await shipping.set({
      b: { to: end.to, protocol: 'syslog', sources: ['file/app'], trust, serverName: 'logs.example' },
    });
    await until(() => end.connections() === 1);
    await sleep(200);
    write('plain');
    write('grün');
    await until(() => end.text().includes('grün'));
    let rest = Buffer.from(end.text());
    const messages: string[] = [];
    while (rest.length > 0) {
      const blank = rest.indexOf(32);
      const length = Number(rest.toString('latin1', 0, blank));
      messages.push(rest.subarray(blank + 1, blank + 1 + length).toString());
      rest = rest.subarray(blank + 1 + length);
    }
    assert.match(
      messages[0] ?? '',
      /^<14>1 \S+T\S+Z web-1 file\/app - - \[nodectl@32473 source="file\/app" cursor="[^"]+"\] plain$/,
    );
    assert.match(messages[1] ?? '', /\] \ufeffgrün$/);
  } finally {
    await shipping.stop();
    end.close();
  }
});

test('connections that break lose nothing', async () => {
  const end = await receiver();
  const { logs, write } = source();
  const shipment = {
    to: end.to,
    protocol: 'json',
    source: 'file/app',
    trust,
    serverName: 'logs.example',
  } as const;
  const shipper = new Shipper({
    shipment,
    logs,
    placeFile: join(folder, 'place'),
    log: silent,
    settleMs: 50,
  });
  try {
    await until(() => end.connections() === 1);
    await sleep(200);
    write('line 0');
    await until(() => end.text().includes('line 0'));
    await sleep(300);
    for (let at = 1; at <= 200; at++) {
      write(`line ${at}`);
      if (at % 25 === 0) {
        end.drop();
        await sleep(30);
      }
    }
    await until(() => end.text().includes('"line 200"'));
    const lines = new Set([...end.text().matchAll(/"message":"(line \d+)"/g)].map(([, line]) => line));
    assert.equal(lines.size, 201);
  } finally {
    await shipper.stop();
    end.close();
  }
});

test('a receiver of another authority gets nothing, and that is told', async () => {
  const end = await receiver();
  const { logs } = source();
  const shipment = {
    to: end.to,
    protocol: 'json',
    source: 'file/app',
    trust,
    serverName: 'other.example',
  } as const;
  const shipper = new Shipper({ shipment, logs, placeFile: join(folder, 'other'), log: silent });
  try {
    await until(() => shipper.state.trouble !== '');
    assert.match(shipper.state.trouble, /does not take logs: .*other\.example/);
  } finally {
    await shipper.stop();
    end.close();
  }
});
