/** The agent under systemd: readiness, watchdog, stopping, and sockets that were opened for it. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AgentFleet, PROGRAM } from '../test/support/agent-fleet.ts';

const PYTHON = '/usr/bin/python3';
let fleet: AgentFleet;

before(async () => {
  fleet = await AgentFleet.start();
});
after(() => fleet.stop());

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
  const socket = join(fleet.pki.folder, 'notify');
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
    const { agent } = await fleet.enrolled('web-6', [], {
      env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000000' },
    });
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
  const { agent } = await fleet.enrolled('web-7');
  await agent.stop();
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const child = spawn(
    'systemd-socket-activate',
    ['--listen', `127.0.0.1:${port}`, process.execPath, PROGRAM, '--state', join(fleet.pki.folder, 'web-7')],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    await once(child.stderr, 'data');
    const seen = await fleet.node(`127.0.0.1:${port}`, 'web-7');
    assert.equal(seen.node, 'web-7');
    // Who has connected when it stops is still served: the next process knows nothing of the connection.
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    const channel = await fleet.open(`127.0.0.1:${port}`, 'web-7');
    child.kill('SIGTERM');
    while (!log.includes('"stopping"')) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal((await channel.unary('nodectl.v1.SystemService/GetVersion', {})).node, 'web-7');
    // A call that overtakes the end of the first one is served as well; the connection is not.
    const callOn = async () => {
      for (;;) await channel.unary('nodectl.v1.SystemService/GetVersion', {});
    };
    await assert.rejects(callOn, { status: 'UNAVAILABLE' });
    channel.close();
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
});
