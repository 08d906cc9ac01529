/**
 * `nodectl clock --skew` from end to end: agents as programs, one of which lives in a time of its own by libfaketime, and the
 * command line as a program.
 */

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AgentFleet } from '../support/agent-fleet.ts';

const AHEAD = 3.7;
const top = join(import.meta.dirname, '..', '..');

/** What makes a program live so many seconds ahead, or undefined where libfaketime is not installed. */
function faked(seconds: number): Record<string, string> | undefined {
  const { stdout, status } = spawnSync('faketime', ['-f', `+${seconds}s`, 'env'], { encoding: 'utf8' });
  const preload = /^LD_PRELOAD=(.*)$/m.exec(stdout ?? '')?.[1];
  return status === 0 && preload ? { LD_PRELOAD: preload, FAKETIME: `+${seconds}s` } : undefined;
}

const env = faked(AHEAD);
const skip = env ? false : 'faketime is not installed';
let fleet: AgentFleet;
let config = '';

before(async () => {
  if (!env) return;
  fleet = await AgentFleet.start();
  const nodes: { name: string; addresses: string[] }[] = [];
  for (const name of ['right-1', 'right-2', 'right-3'])
    nodes.push({ name, addresses: [(await fleet.enrolled(name)).address] });
  nodes.push({ name: 'ahead-1', addresses: [(await fleet.enrolled('ahead-1', [], { env })).address] });
  const write = (name: string, text: string) => {
    const file = join(fleet.pki.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const trust = write('root-of-test.crt', fleet.pki.trust);
  const credential = write('alice-of-test.pem', `${fleet.admin.key}${fleet.admin.chain}`);
  const context = { trust, credential, issuer: fleet.enrolment, nodes };
  config = write('contexts.yaml', JSON.stringify({ current: 'test', contexts: { test: context } }));
});
after(() => fleet?.stop());

function nodectl(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(top, 'cli', 'nodectl.ts'), ...args],
      { env: { PATH: process.env.PATH, HOME: fleet.pki.folder, NODECTL_CONFIG: config } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test('a node that lives ahead is found, within the error bound that is told', { skip }, async () => {
  const { code, stdout, stderr } = await nodectl('clock', '--skew', '-o', 'json');
  assert.equal(code, 11, stderr);
  const { items } = JSON.parse(stdout) as {
    items: { node: string; offsetSeconds: number; errorSeconds: number; judgement: string }[];
  };
  assert.equal(items.length, 4);
  for (const { node, offsetSeconds, errorSeconds, judgement } of items) {
    const truth = node === 'ahead-1' ? AHEAD : 0;
    assert.ok(
      Math.abs(offsetSeconds - truth) <= errorSeconds + 1e-4,
      `${node}: ${offsetSeconds} ± ${errorSeconds}`,
    );
    assert.equal(judgement, node === 'ahead-1' ? 'critical' : 'ok');
  }
});

test('people are told which one', { skip }, async () => {
  const { code, stdout } = await nodectl('clock', '--skew', '--threshold', '1s');
  assert.equal(code, 11);
  assert.match(stdout, /^ahead-1 +\+3\.\d+ s .* critical$/m);
  assert.match(stdout, /Furthest apart: ahead-1 is 3\.\d+ s/);
});
