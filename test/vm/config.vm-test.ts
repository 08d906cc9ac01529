/**
 * A config document on a real machine: systemd, networkd, chrony and the kernel of a virtual machine take it up, a reboot keeps
 * it, and an address that cuts the node off comes back by itself.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { addContext } from '../../cli/context/edit.ts';
import { runCli } from '../../cli/testing/run.ts';
import { openChannel } from '../../proto/call/open.ts';
import { type TestPki, testPki } from '../support/pki.ts';
import { type Image, imageMissing, makeImage } from './image.ts';
import { VirtualMachine } from './machine.ts';

const missing = imageMissing();
const folder = mkdtempSync(join(tmpdir(), 'nodectl-vm-'));
const contextsFile = join(folder, 'config.yaml');
/** Software emulation on a busy machine takes many times as long as a boot. */
const PATIENCE_MS = 300_000;
let pki: TestPki;
let image: Image;
let vm: VirtualMachine;
/** What the kernel calls the guest's only network interface. */
let nic = '';

/** A node that is cut off must not be waited for as long as one that is slow. */
const nodectl = (...argv: string[]) => within('2m', ...argv);
const within = (timeout: string, ...argv: string[]) =>
  runCli([...argv, '-n', 'vm-1', '--timeout', timeout], {
    env: { NODECTL_CONFIG: contextsFile },
    open: openChannel,
  });

before(async () => {
  if (missing) return;
  pki = testPki();
  image = await makeImage(folder, 'vm-1', pki);
  const { key, chain } = await pki.operator('alice', 'admin');
  writeFileSync(join(folder, 'alice.pem'), key + chain, { mode: 0o600 });
  await boot();
});
after(async () => {
  await vm?.stop();
  pki?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the machine, and has the context know where. */
async function boot(): Promise<void> {
  vm = await VirtualMachine.start(image, folder);
  const [trust, credential] = [join(pki.folder, 'pki/root.crt'), join(folder, 'alice.pem')];
  const nodes = [{ name: 'vm-1', addresses: [vm.address], labels: {} }];
  await addContext(
    contextsFile,
    'vm',
    { trust, credential, issuer: '', nodes },
    { use: true, replace: true },
  );
}

/** Asks until the node answers as wanted. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end || !vm.running) throw new Error(`waited in vain until ${what}:\n${vm.console}`);
    await sleep(1_000);
  }
}

const answers = async () => (await within('8s', 'version')).status === 0;

function document(body: object): string {
  const path = join(folder, 'vm-1.yaml');
  writeFileSync(path, JSON.stringify({ apiVersion: 'nodectl.dev/v1', kind: 'Node', ...body }));
  return path;
}

/** What the machine is to be. */
const wanted = (address: string) => ({
  hostname: 'vm-1',
  network: {
    interfaces: {
      [nic]: { mtu: 1400, addresses: [address], routes: [{ to: 'default', via: '10.0.2.2' }] },
    },
  },
  time: {
    servers: [{ address: '192.0.2.123' }],
    makeStep: { thresholdSeconds: 1, limit: 3 },
    timezone: 'Etc/UTC',
  },
  kernel: { sysctls: { 'net.core.somaxconn': 8192, 'vm.swappiness': 7 } },
  services: {
    'hello.service': {
      enabled: true,
      started: true,
      unit: '[Unit]\nDescription=hello\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
    },
  },
  files: { '/etc/motd': { content: 'made from a document\n' } },
});

test('network, time, sysctl, service and files are taken up, and a reboot keeps them', {
  skip: missing ?? false,
}, async () => {
  await until('the node answers', answers);
  const capture = await nodectl('config', 'capture');
  assert.equal(capture.status, 0, capture.stderr + vm.console);
  const captured = parse(capture.stdout) as { network: { interfaces: object } };
  nic = Object.keys(captured.network.interfaces)[0] ?? '';
  const file = document(wanted('10.0.2.15/24'));
  const plan = await nodectl('config', 'diff', '-f', file);
  assert.equal(plan.status, 8, plan.stderr + vm.console);
  assert.match(plan.stdout, /the connection to the node is at risk/);
  const applied = await nodectl('config', 'apply', '-f', file, '--yes', '--confirm', '--trial-time', '5m');
  assert.equal(applied.status, 0, applied.stderr + applied.stdout);
  assert.equal((await nodectl('config', 'diff', '-f', file)).status, 0);
  assert.equal((await nodectl('config', 'drift', '--refresh')).status, 0);
  await vm.shutDown();
  await boot();
  await until('the node answers after its reboot', answers);
  const drift = await nodectl('config', 'drift', '--refresh');
  assert.equal(drift.status, 0, drift.stdout + drift.stderr);
  const { stdout } = await nodectl('get', 'nodes', '-o', 'json');
  assert.equal(JSON.parse(stdout).items[0].hostname, 'vm-1');
});

test('diagnostics under the hardened unit: facts are there, and nothing but what the unit forbids is missing', {
  skip: missing ?? false,
}, async (t) => {
  const { stdout, stderr, status } = await nodectl('diag', '-v');
  // This machine has no time server that answers, and only one disk: warnings are right, criticals would not be.
  assert.ok(status === 0 || status === 10, stdout + stderr);
  t.diagnostic(stdout);
  assert.doesNotMatch(stdout, /could not be understood/);
  for (const command of ['nic', 'clock', 'kernel']) {
    const facts = await nodectl(command);
    assert.equal(facts.status, 0, facts.stdout + facts.stderr);
    assert.match(facts.stdout, /vm-1/);
  }
});

test('an address that cuts the node off is put back by the node', { skip: missing ?? false }, async () => {
  const moved = document(wanted('10.0.2.99/24'));
  // Whether its answer still comes through is a matter of chance; that it is gone then is not.
  await nodectl('config', 'apply', '-f', moved, '--yes', '--trial-time', '40s');
  await until('the node is lost', async () => !(await answers()));
  await until('the node is back', answers);
  const { stdout } = await nodectl('config', 'history', '-o', 'jsonl');
  const newest = JSON.parse(stdout.split('\n')[0] ?? '');
  assert.equal(newest.outcome, 'CONFIG_OUTCOME_REVERTED');
  assert.equal((await nodectl('config', 'diff', '-f', document(wanted('10.0.2.15/24')))).status, 0);
});
