/** `nodectl nodes` with a real issuer: what its register says comes into the context, and what is lost there does not go from here. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRequest, newKey } from '../../../pki/csr.ts';
import { Issuer } from '../../../pki/issuer/issuer.ts';
import { denylistOf } from '../../../pki/issuer/live-denylist.ts';
import { auditFolderOf, type IssuerServer, startIssuer } from '../../../pki/issuer/server.ts';
import { openChannel } from '../../../proto/call/open.ts';
import { type TestPki, testPki } from '../../../test/support/pki.ts';
import { memoryLog } from '../../../test/support/serve.ts';
import { runCli } from '../../testing/run.ts';

let pki: TestPki;
let issuer: Issuer;
let server: IssuerServer;
const file = () => join(pki.folder, 'config.yaml');
const run = (...argv: string[]) =>
  runCli(['nodes', ...argv], { env: { NODECTL_CONFIG: file() }, open: openChannel });

before(async () => {
  pki = testPki();
  const stateFolder = join(pki.folder, 'state');
  issuer = new Issuer({ authorityFolder: pki.store.folder, stateFolder });
  server = await startIssuer({
    ...{ issuer, name: 'issuer', log: memoryLog(), renewalAddress: () => '' },
    listen: { host: '127.0.0.1', port: 0 },
    enrolmentListen: { host: '127.0.0.1', port: 0 },
    auditFolder: auditFolderOf(stateFolder),
    denylist: denylistOf(stateFolder),
  });
  const alice = await pki.operator('alice', 'admin');
  writeFileSync(join(pki.folder, 'alice.pem'), alice.key + alice.chain, { mode: 0o600 });
  const lab = {
    ...{ trust: join(pki.store.folder, 'root.crt'), credential: 'alice.pem' },
    issuer: `127.0.0.1:${server.port}`,
    nodes: [{ name: 'old-1', addresses: ['10.0.0.1:7443'] }],
  };
  writeFileSync(file(), JSON.stringify({ current: 'lab', contexts: { lab } }), { mode: 0o600 });
});

after(async () => {
  await server.stop();
  issuer.close();
  pki.remove();
});

/** Enrols a node, as an agent does. */
function enrol(name: string, addresses: string[]): void {
  const { token } = issuer.createToken(name, 0);
  issuer.enrol(token, { csr: createRequest(newKey(), name), addresses, labels: { rack: 'a' } });
}

test('an empty register takes nothing out of a context unless that is agreed to', async () => {
  const refused = await run('sync');
  assert.equal(refused.status, 2);
  assert.match(
    refused.stderr,
    /removed: old-1\n.*nobody can be asked here: The register of 127\.0\.0\.1:\d+ is empty\. Remove all 1 nodes/s,
  );
  assert.match(refused.stderr, /hint: write --yes/);
  assert.match(readFileSync(file(), 'utf8'), /old-1/);
  assert.equal((await run('sync', '--dry-run')).status, 0);
  assert.equal((await run('sync', '--yes')).status, 0);
  assert.doesNotMatch(readFileSync(file(), 'utf8'), /old-1/);
  // There is nothing to lose now.
  assert.equal((await run('sync')).status, 0);
});

test('nodes of the register are added, changed and removed, and labels are set in both places', async () => {
  enrol('web-1', ['127.0.0.1:7443']);
  enrol('web-2', []);
  const first = await run('sync');
  assert.match(first.stderr, /added: web-1\n.*left out, since no address is known: web-2\n/s);
  const labelled = await run('label', 'rack=b', 'room=x', '-n', 'web-1', '--register');
  assert.equal(labelled.status, 0, labelled.stderr);
  assert.equal(issuer.listNodes('', 10)[0]?.setLabels.rack, 'b');
  assert.match((await run('list')).stdout, /web-1 +127\.0\.0\.1:7443 +rack=b,room=x\n/);
  const misplaced = await run('label', 'web-1', 'rack=b');
  assert.match(misplaced.stderr, /"web-1" is not a label.*\n hint: .*nodes are chosen by -n/);
  assert.equal((await run('add', 'web-3', 'web-3.example')).status, 0);
  assert.match((await run('list')).stdout, /web-3 +web-3\.example:7443 /);
  assert.equal((await run('remove', 'web-1', '--register', '--yes')).status, 0);
  assert.deepEqual(
    issuer.listNodes('', 10).map(({ name }) => name),
    ['web-2'],
  );
});
