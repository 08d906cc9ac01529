/**
 * An address is moved in a trial and comes back by itself: a node with its own systemd, networkd and D-Bus in a network
 * namespace, an operator in another, and a cable between them. What is true is asked of the kernel in the node's namespace.
 */

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addContext } from '../../cli/context/edit.ts';
import { networkNodeMissing, startNetworkNode } from '../support/network-node.ts';
import type { NspawnMachine } from '../support/nspawn.ts';
import { type TestPki, testPki } from '../support/pki.ts';

const skip = networkNodeMissing() ?? false;
const CLI = resolve(import.meta.dirname, '../../cli/nodectl.ts');
const folder = mkdtempSync(join(tmpdir(), 'nodectl-config-network-'));
const contextsFile = join(folder, 'config.yaml');
/** The node's namespace and the operator's, as `ip netns` names them. */
const [NODE, OPERATOR] = [`nodectl-node-${process.pid}`, `nodectl-operator-${process.pid}`];
/** Where the node is at first, where it can be reached as well, and where nobody reaches it. */
const [FIRST, OTHER, ASTRAY] = ['10.77.0.2', '10.77.0.3', '10.99.0.2'];
const PATIENCE_MS = 120_000;
let pki: TestPki | undefined;
let machine: NspawnMachine | undefined;

const ip = (...args: string[]) => execFileSync('ip', args, { encoding: 'utf8' });

before(async () => {
  if (skip) return;
  for (const space of [NODE, OPERATOR]) ip('netns', 'add', space);
  ip('link', 'add', 'lan0', 'netns', NODE, 'type', 'veth', 'peer', 'name', 'op0', 'netns', OPERATOR);
  ip('-n', OPERATOR, 'address', 'add', '10.77.0.1/24', 'dev', 'op0');
  ip('-n', OPERATOR, 'link', 'set', 'op0', 'up');
  pki = testPki();
  const { key, chain } = await pki.operator('alice', 'admin');
  const [trust, credential] = [join(pki.folder, 'pki/root.crt'), join(folder, 'alice.pem')];
  writeFileSync(credential, key + chain, { mode: 0o600 });
  const nodes = [{ name: 'node-1', addresses: [`${FIRST}:7443`, `${OTHER}:7443`], labels: {} }];
  await addContext(contextsFile, 'test', { trust, credential, issuer: '', nodes }, { use: true });
  machine = await startNetworkNode({
    ...{ name: 'node-1', pki, namespace: NODE },
    network: `[Match]\nName=lan0\n[Network]\nAddress=${FIRST}/24\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n`,
  });
});
after(async () => {
  await machine?.stop();
  if (!skip) for (const space of [NODE, OPERATOR]) ip('netns', 'delete', space);
  pki?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The command line as a program in the operator's namespace. */
function nodectl(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const all = ['netns', 'exec', OPERATOR, process.execPath, CLI, ...args, '-n', 'node-1'];
  const env = { ...process.env, NODECTL_CONFIG: contextsFile };
  return new Promise((settle) => {
    execFile('ip', all, { env, timeout: 120_000 }, (error, stdout, stderr) =>
      settle({ status: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

/** The addresses that the kernel has in the node's namespace. */
function addresses(): string[] {
  const [link] = JSON.parse(ip('-n', NODE, '-json', '-4', 'address', 'show', 'dev', 'lan0'));
  return ((link?.addr_info ?? []) as { local: string }[]).map(({ local }) => local);
}

const isAt = (address: string) => async () => addresses().join() === address;
const answers = async () => (await nodectl('version', '--timeout', '5s')).status === 0;
const console = () => machine?.console ?? '';

/** Asks until something holds; no step takes longer than this unless something hangs. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await holds()); await sleep(200))
    if (Date.now() > end) throw new Error(`waited in vain until ${what}:\n${console()}`);
}

function document(address: string, name = address): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(
    path,
    `apiVersion: nodectl.dev/v1
kind: Node
ssh: {enabled: true}
network: {interfaces: {lan0: {addresses: [${address}/24]}}}
`,
  );
  return path;
}

async function newest(): Promise<{ outcome: string; reason: string; number: number }> {
  const { stdout } = await nodectl('config', 'history', '-o', 'jsonl');
  return JSON.parse(stdout.split('\n')[0] ?? '');
}

test('a move that is confirmed over the new address stays', { skip }, async () => {
  await until('the agent serves', answers);
  for (const address of [OTHER, FIRST]) {
    const moved = await nodectl('config', 'apply', '-f', document(address), '--yes', '--confirm');
    assert.equal(moved.status, 0, moved.stderr + moved.stdout + console());
    assert.deepEqual(addresses(), [address]);
    assert.equal((await newest()).outcome, 'CONFIG_OUTCOME_APPLIED');
  }
});

test('a move to where nobody reaches the node is put back by the agent', { skip }, async () => {
  const applying = nodectl('config', 'apply', '-f', document(ASTRAY), '--yes', '--trial-time', '10s');
  await until('the address has moved', isAt(ASTRAY));
  assert.equal(await answers(), false);
  await until('the address is back', isAt(FIRST));
  // Whether its answer still comes, late, is a matter of chance.
  await applying;
  await until('the node answers', answers);
  const { outcome, reason } = await newest();
  assert.equal(outcome, 'CONFIG_OUTCOME_REVERTED');
  assert.match(reason, /not confirmed in time/);
  assert.equal((await nodectl('config', 'diff', '-f', document(FIRST))).status, 0);
});

test('it is put back by systemd’s timer as well, where no agent is left to do it', { skip }, async () => {
  const applying = nodectl('config', 'apply', '-f', document(ASTRAY), '--yes', '--trial-time', '10s');
  await until('the address has moved', isAt(ASTRAY));
  // Before it is tried, a crash is a change that was cut off, which is put back at once.
  const journal = () => readFileSync(join(machine?.root ?? '', 'var/lib/nodectl/config/apply.json'), 'utf8');
  await until('it is being tried', async () => journal().includes('"trial"'));
  await machine?.run('systemctl', 'kill', '--signal=KILL', 'nodectl-agent.service');
  await machine?.run('systemctl', 'stop', 'nodectl-agent.service');
  assert.deepEqual(addresses(), [ASTRAY]);
  await until('the address is back', isAt(FIRST));
  const agent = await machine?.run('systemctl', 'show', '-p', 'MainPID', 'nodectl-agent');
  assert.equal(agent?.trim(), 'MainPID=0');
  assert.notEqual((await applying).status, 0);
  await machine?.run('systemctl', 'start', 'nodectl-agent.service');
  await until('the node answers', answers);
  assert.equal((await newest()).outcome, 'CONFIG_OUTCOME_REVERTED');
});
