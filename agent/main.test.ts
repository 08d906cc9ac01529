/** The agent as a program: enrolment, renewal, what it tells systemd, what it does with broken files, and its end. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Channel } from '../proto/call/channel.ts';
import { openChannel } from '../proto/call/open.ts';
import { Failure } from '../proto/failure.ts';
import { type TestCredential, type TestPki, testPki } from '../test/support/pki.ts';

const PROGRAM = join(import.meta.dirname, 'main.ts');
const PYTHON = '/usr/bin/python3';

interface Running {
  child: ChildProcess;
  /** Lines of its log. */
  lines: Record<string, unknown>[];
  text: () => string;
  /** The first log line with a message. */
  line(message: string): Promise<Record<string, unknown>>;
  stop(): Promise<number | null>;
}

let pki: TestPki;
let admin: TestCredential;
let hub: Running;
let enrolment: string;
let hubAddress: string;
const running: Running[] = [];

before(async () => {
  pki = testPki();
  admin = await pki.operator('alice', 'admin');
  hub = start('hub', [
    ...['--name', 'hub', '--issuer-authority', join(pki.folder, 'pki')],
    ...['--enrolment-listen', '127.0.0.1:0', '--listen', '127.0.0.1:0'],
  ]);
  const serving = await hub.line('serving');
  hubAddress = (serving.addresses as string[])[0] ?? '';
  enrolment = String(serving.enrolment);
});

after(async () => {
  for (const one of running) {
    if (one.child.exitCode === null) one.child.kill('SIGKILL');
  }
  pki.remove();
});

function start(name: string, args: string[], env: Record<string, string> = {}): Running {
  const state = join(pki.folder, name);
  const child = spawn(process.execPath, [PROGRAM, '--state', state, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  });
  let text = '';
  const lines: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const whole = text.split('\n').slice(0, -1);
    for (const one of whole.slice(lines.length))
      lines.push(one.startsWith('{') ? JSON.parse(one) : { msg: one });
    for (const wake of waiting) wake();
  });
  child.on('close', () => {
    for (const wake of waiting) wake();
  });
  const one: Running = {
    ...{ child, lines, text: () => text },
    line: (message) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(({ msg }) => msg === message);
          if (found) resolve(found);
          else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`ended before "${message}":\n${text}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'close');
      return child.exitCode;
    },
  };
  running.push(one);
  return one;
}

function open(address: string, name: string): Promise<Channel> {
  return openChannel({ address, expect: { kind: 'node', name }, trust: pki.trust, credential: admin });
}

async function token(node: string): Promise<string> {
  const channel = await open(hubAddress, 'hub');
  const made = await channel.unary('nodectl.v1.IssuerService/CreateToken', { node });
  channel.close();
  return made.token;
}

/** An agent that enrols with the hub, and its address. */
async function enrolled(name: string, args: string[] = [], env: Record<string, string> = {}) {
  const file = join(pki.folder, `${name}.token`);
  writeFileSync(file, `${await token(name)}\n`);
  const agent = start(
    name,
    ['--listen', '127.0.0.1:0', '--issuer', enrolment, '--token-file', file, ...args],
    env,
  );
  const serving = await agent.line('serving');
  return { agent, address: (serving.addresses as string[])[0] ?? '' };
}

async function node(address: string, name: string) {
  const channel = await open(address, name);
  try {
    return await channel.unary('nodectl.v1.SystemService/GetNode', {});
  } finally {
    channel.close();
  }
}

test('a node enrols with a token file, is in the register, serves, and ends with status 0 on SIGTERM', async () => {
  const { agent, address } = await enrolled('web-1', ['--label', 'role=web', '--announce', '10.0.0.7:7443']);
  const seen = await node(address, 'web-1');
  assert.deepEqual([seen.node, seen.labels, seen.warnings], ['web-1', { role: 'web' }, []]);
  const channel = await open(hubAddress, 'hub');
  const { nodes } = await channel.unary('nodectl.v1.IssuerService/ListNodes', {});
  channel.close();
  const known = nodes.find(({ name }) => name === 'web-1');
  assert.deepEqual([known?.addresses, known?.labels], [['10.0.0.7:7443'], { role: 'web' }]);
  assert.equal(await agent.stop(), 0);
  assert.ok(agent.lines.some(({ msg }) => msg === 'stopped'));
  assert.doesNotMatch(agent.text(), /nctl_/);
});

test('without a certificate and without a token it says what to do, and ends with status 1', async () => {
  const agent = start('nobody', ['--listen', '127.0.0.1:0']);
  await once(agent.child, 'close');
  assert.equal(agent.child.exitCode, 1);
  assert.match(
    agent.text(),
    /no certificate in .* and no token.*\[NO_CERTIFICATE\]\nhint: .*nodectl pki token/,
  );
});

test('a token of another issuer is refused before it is sent', async () => {
  const other = testPki();
  const { createToken } = await import('../pki/token.ts');
  const foreign = createToken('web-9', other.trust);
  const agent = start('web-9', ['--listen', '127.0.0.1:0', '--issuer', enrolment, `--token=${foreign}`]);
  await once(agent.child, 'close');
  assert.equal(agent.child.exitCode, 1);
  assert.match(agent.text(), /\[WRONG_CA\]/);
  other.remove();
});

test('a half-written and a mismatched pair leave the last good one in use and are told', async () => {
  const { agent, address } = await enrolled('web-2');
  const file = join(pki.folder, 'web-2', 'node.pem');
  const good = readFileSync(file, 'utf8');
  const other = await pki.node('web-2');
  const mine = good.slice(good.indexOf('-----BEGIN CERTIFICATE'));
  for (const broken of [good.slice(0, 500), other.key + mine]) {
    writeFileSync(file, broken);
    let warnings: string[] = [];
    while (warnings.length === 0) ({ warnings } = await node(address, 'web-2'));
    assert.match(warnings.join(), /node\.pem was not taken/);
    writeFileSync(file, good);
    while (warnings.length > 0) ({ warnings } = await node(address, 'web-2'));
  }
  const before = (await node(address, 'web-2')).certificateNotAfter;
  const longer = await pki.node('web-2', 40 * 86_400_000);
  writeFileSync(file, longer.key + longer.chain);
  while ((await node(address, 'web-2')).certificateNotAfter === before);
  assert.equal(await agent.stop(), 0);
});

test('a certificate past two thirds of its life is renewed by itself, without a failed call', async () => {
  const { agent } = await enrolled('web-3');
  await agent.stop();
  const registered = readFileSync(join(pki.folder, 'web-3', 'node.pem'), 'utf8');
  // The same node, started as if most of its certificate's life had passed: its clock runs 25 days ahead of its issuer's.
  const again = start('web-3', ['--listen', '127.0.0.1:0'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent('const now = Date.now; Date.now = () => now() + 25 * 86400000;')}`,
  });
  const serving = await again.line('serving');
  await again.line('a new certificate or trust bundle is in use');
  assert.notEqual(readFileSync(join(pki.folder, 'web-3', 'node.pem'), 'utf8'), registered);
  const seen = await node((serving.addresses as string[])[0] ?? '', 'web-3').catch((error: unknown) => error);
  // An operator's certificate of a day has ended for a node whose clock is 25 days ahead.
  assert.ok(seen instanceof Failure && seen.reason === 'CERTIFICATE_EXPIRED');
  await again.stop();
});

test('SIGHUP takes labels of the file into use; a broken file changes nothing', async () => {
  const config = join(pki.folder, 'web-4.yaml');
  writeFileSync(config, 'labels: { role: web }\n');
  const { agent, address } = await enrolled('web-4', ['--config', config]);
  assert.deepEqual((await node(address, 'web-4')).labels, { role: 'web' });
  writeFileSync(config, 'labels: { role: db }\n');
  agent.child.kill('SIGHUP');
  await agent.line('labels and addresses were read again; other changes need a restart');
  assert.deepEqual((await node(address, 'web-4')).labels, { role: 'db' });
  writeFileSync(config, 'labels: 3\n');
  agent.child.kill('SIGHUP');
  await agent.line('the configuration was not read again');
  assert.deepEqual((await node(address, 'web-4')).labels, { role: 'db' });
  await agent.stop();
});

test('a denied operator is out at once, and the audit names who did it', async () => {
  const { agent, address } = await enrolled('web-5');
  const eve = await pki.operator('eve', 'reader');
  const target = { address, expect: { kind: 'node', name: 'web-5' }, trust: pki.trust } as const;
  const theirs = await openChannel({ ...target, credential: eve });
  const watching = theirs.serverStream('grpc.health.v1.Health/Watch', {})[Symbol.asyncIterator]();
  await watching.next();
  const channel = await open(address, 'web-5');
  const answer = await channel.unary('nodectl.v1.AccessService/Deny', {
    subject: 'nodectl://operator/eve',
    reason: 'laptop stolen',
  });
  assert.equal(answer.endedCalls, 1);
  await assert.rejects(watching.next(), { reason: 'CERTIFICATE_DENIED', message: /laptop stolen/ });
  const late = await openChannel({ ...target, credential: eve });
  await assert.rejects(late.unary('nodectl.v1.SystemService/GetVersion', {}), {
    reason: 'CERTIFICATE_DENIED',
  });
  const batches = [];
  for await (const batch of channel.serverStream('nodectl.v1.AccessService/ReadAudit', {}))
    batches.push(batch);
  const record = batches.flatMap(({ records }) => records).at(-1);
  assert.deepEqual(
    [record?.caller, record?.method, record?.status],
    ['nodectl://operator/alice/admin', 'nodectl.v1.AccessService/Deny', 'OK'],
  );
  assert.equal(batches.at(-1)?.broken, '');
  for (const one of [theirs, late, channel]) one.close();
  await agent.stop();
});

/** A datagram socket as systemd's, by Python: prints each message as a line. */
const RECEIVER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    data, ancillary, _, _ = s.recvmsg(4096, 4096)
    for _, _, fd in ancillary:
        import os, struct
        for number in struct.unpack("%di" % (len(fd) // 4), fd): os.close(number)
    print(data.decode().replace("\\n", " "), flush=True)
`;

const missing = ['systemd-notify', PYTHON].find((one) => spawnSync(one, ['--version']).status !== 0);

test('systemd hears that it is ready, that it lives, and that it stops', {
  skip: missing ? `${missing} is not there` : false,
}, async () => {
  const socket = join(pki.folder, 'notify');
  const receiver = spawn(PYTHON, ['-c', RECEIVER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  let heard = '';
  receiver.stdout.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  const until = async (pattern: RegExp) => {
    while (!pattern.test(heard)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  try {
    await until(/bound/);
    const { agent } = await enrolled('web-6', [], { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000000' });
    await until(/READY=1/);
    await until(/WATCHDOG=1/);
    assert.equal(await agent.stop(), 0);
    await until(/STOPPING=1/);
    assert.match(heard, /STATUS=Serving web-6 on 127\.0\.0\.1:\d+/);
  } finally {
    receiver.kill('SIGKILL');
    await once(receiver, 'close');
  }
});

const activate = spawnSync('systemd-socket-activate', ['--version']).status === 0;

test('it takes over a socket that systemd opened', {
  skip: activate ? false : 'systemd-socket-activate is not there',
}, async () => {
  const { agent } = await enrolled('web-7');
  await agent.stop();
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const child = spawn(
    'systemd-socket-activate',
    ['--listen', `127.0.0.1:${port}`, process.execPath, PROGRAM, '--state', join(pki.folder, 'web-7')],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    await once(child.stderr, 'data');
    const seen = await node(`127.0.0.1:${port}`, 'web-7');
    assert.equal(seen.node, 'web-7');
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
});

test('help, version and check-config answer and end', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  assert.match(run('--help').stdout, /^nodectl-agent serves/);
  assert.match(run('--version').stdout, /^nodectl-agent \d+\.\d+\.\d+/);
  const file = join(pki.folder, 'checked.yaml');
  writeFileSync(file, 'listen: 1\n');
  const bad = run('check-config', file);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /checked\.yaml:1:1: listen/);
  writeFileSync(file, 'name: web-1\n');
  assert.equal(run('check-config', file).status, 0);
  const usage = run('--nonsense');
  assert.equal(usage.status, 2);
  assert.match(usage.stderr, /hint: nodectl-agent --help/);
});
