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
import type { LogsDomain } from '../logs/types.ts';
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
      'subjectAltName=DNS:logs.example,IP:127.0.0.1',
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

/** A receiver that takes connections and does with them what a test says. */
async function careless(connected: (socket: TLSSocket) => void, port = 0) {
  let count = 0;
  const sockets = new Set<TLSSocket>();
  const server = createServer({ key: readFileSync(keyFile), cert: trust }, (socket) => {
    count++;
    sockets.add(socket);
    socket.on('error', () => {});
    connected(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    count: () => count,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
const shipperTo = (port: number, logs: LogsDomain, name: string, settleMs = 50) =>
  new Shipper({
    shipment: {
      to: `127.0.0.1:${port}`,
      protocol: 'json',
      source: 'file/app',
      trust,
      serverName: 'logs.example',
    },
    logs,
    placeFile: join(folder, name),
    log: silent,
    settleMs,
  });

test('what of a log may not be read is told to the receiver', async () => {
  const end = await receiver();
  const detail = 'the agent may read 1 of 3 files';
  const logs: LogsDomain = {
    ...{ node: 'web-1', listSources: async () => [] },
    read: async (_query, signal) => ({
      ...{ source: 'journal', unit: '' },
      events: (async function* () {
        yield { event: 'gap', gap: { records: -1, bytes: 0, cause: 'NOT_PERMITTED', detail } } as const;
        await sleep(60_000, undefined, { signal, ref: false }).catch(() => {});
      })(),
    }),
  };
  writeFileSync(join(folder, 'part'), 'j.0.0:1\n');
  const shipper = shipperTo(Number(end.to.split(':')[1]), logs, 'part');
  try {
    await until(() => end.text().includes('\n'));
    assert.equal(JSON.parse(end.text()).message, `not all of this log is shipped: ${detail}`);
  } finally {
    await shipper.stop();
    end.close();
  }
});

test('what is written before the receiver is first reached arrives', async () => {
  const gone = await careless(() => {});
  gone.close();
  const { logs, write } = source();
  const shipper = shipperTo(gone.port, logs, 'before');
  await until(() => shipper.state.trouble !== '');
  write('while nobody was there');
  let got = '';
  const end = await careless((socket) => socket.on('data', (part) => (got += part)), gone.port);
  try {
    await until(() => got.includes('while nobody was there'));
    assert.ok(!got.includes('"before"'));
  } finally {
    await shipper.stop();
    end.close();
  }
});

test('a receiver that takes connections and never reads: the log waits, memory stays, and no place is claimed', async () => {
  const end = await careless((socket) => socket.pause());
  const path = join(folder, 'much.log');
  const row = `${'x'.repeat(1_000)}\n`;
  writeFileSync(path, '');
  const logs = createLogs({
    ...{ node: 'web-1', files: [{ name: 'app', path }], journal: false, kernel: false, pods: false },
  });
  const shipper = shipperTo(end.port, logs, 'never', 20);
  try {
    await until(() => end.count() === 1);
    await sleep(300);
    const before = process.memoryUsage();
    for (let count = 0; count < 64; count++) appendFileSync(path, row.repeat(1_024));
    await until(() => shipper.state.sent > 0);
    await sleep(1_500);
    const { sent } = shipper.state;
    const after = process.memoryUsage();
    // 64 MiB are written; what is on the way are a batch and what the kernels' buffers take.
    assert.ok(sent < 30_000, `${sent} of 65536 records were taken`);
    const grown = after.arrayBuffers + after.external - before.arrayBuffers - before.external;
    assert.ok(grown < 48 << 20, `${grown >> 20} MiB more`);
  } finally {
    await shipper.stop();
    end.close();
  }
});

test('a receiver that closes at once, with and without taking anything, is not asked again and again', async () => {
  const { logs, write } = source();
  const end = await careless((socket) => socket.once('data', () => socket.destroy()));
  const shipper = shipperTo(end.port, logs, 'closes');
  try {
    await until(() => end.count() === 1);
    await sleep(200);
    write('one');
    await sleep(6_000);
    // It waits twice as long each time: 0.5, 1, 2, 4 s, and half of that by chance.
    assert.ok(end.count() >= 2 && end.count() <= 8, `${end.count()} connections`);
    // Between two attempts; while one is under way there is none to tell.
    await until(() => /ended|does not take/.test(shipper.state.trouble));
  } finally {
    await shipper.stop();
    end.close();
  }
});

test('a receiver that is known by its address alone has a certificate for the address', async () => {
  const end = await receiver();
  const { logs, write } = source();
  const shipment = { to: end.to, protocol: 'json', source: 'file/app', trust } as const;
  const shipper = new Shipper({ shipment, logs, placeFile: join(folder, 'address'), log: silent });
  try {
    await until(() => end.connections() === 1);
    write('here');
    await until(() => end.text().includes('here'));
  } finally {
    await shipper.stop();
    end.close();
  }
});

for (const to of ['127.0.0.1:99999', '127.0.0.1:0', 'nowhere.invalid:6514', '[::1]:1', 'a..b:1', '-:1'])
  test(`the address ${to} is told, and tried no more than others`, async () => {
    const { logs } = source();
    const shipment = { to, protocol: 'json', source: 'file/app', trust } as const;
    const shipper = new Shipper({ shipment, logs, placeFile: join(folder, 'bad'), log: silent });
    await until(() => shipper.state.trouble !== '');
    assert.ok(shipper.state.trouble.includes(to), shipper.state.trouble);
    await shipper.stop();
  });

test('shipping that cannot be begun is told, and begun when it is wanted again', async () => {
  const place = join(folder, 'in-the-way');
  writeFileSync(place, '');
  const logs = async () =>
    createLogs({ node: 'web-1', files: [], journal: false, kernel: false, pods: false });
  const shipping = new Shipping(logs, place, silent);
  const wanted = { central: { to: '127.0.0.1:9', trust, protocol: 'json' as const, sources: ['file/app'] } };
  await shipping.set(wanted);
  assert.match(shipping.warnings.join(), /^no logs are shipped: EEXIST/);
  rmSync(place);
  await shipping.set(wanted);
  assert.doesNotMatch(shipping.warnings.join(), /no logs are shipped/);
  await shipping.stop();
  assert.deepEqual(shipping.warnings, []);
});
