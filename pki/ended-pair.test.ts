/** Pairs that have ended: when they push out the last good one, and how often short lives renew. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testPki } from '../test/support/pki.ts';
import { identityOf } from './identity.ts';
import { loadNodeFolder, saveNodeFolder } from './pair-file.ts';
import { certificatesOf } from './pem.ts';
import { renewalTime } from './renewal.ts';

const HOUR = 3_600_000;
const pki = testPki();
after(() => pki.remove());

let folders = 0;
function newFolder(): string {
  const folder = join(pki.folder, `node-${folders++}`);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

test('an old backup that is put back does not push out the pair in use', async () => {
  const folder = newFolder();
  const old = await pki.node('web-1', HOUR, Date.now() - 2 * HOUR);
  const fresh = await pki.node('web-1');
  saveNodeFolder(folder, fresh.key, fresh.chain, pki.trust);
  assert.equal(loadNodeFolder(folder)?.problem, undefined);
  saveNodeFolder(folder, old.key, old.chain);
  const found = loadNodeFolder(folder);
  assert.equal(found?.pair.key, fresh.key);
  assert.equal(found?.problem?.reason, 'CERTIFICATE_EXPIRED');
  assert.match(found?.problem?.message ?? '', /node\.pem was not taken: its certificate ended \d{4}-/);
  assert.equal(readFileSync(join(folder, 'node.pem.good'), 'utf8'), fresh.key + fresh.chain);
});

test('where both have ended the newest is used, since it may be the clock that is wrong', async () => {
  const folder = newFolder();
  const first = await pki.node('web-1', HOUR, Date.now() - 4 * HOUR);
  const second = await pki.node('web-1', HOUR, Date.now() - 2 * HOUR);
  saveNodeFolder(folder, first.key, first.chain, pki.trust);
  assert.equal(loadNodeFolder(folder)?.pair.key, first.key);
  saveNodeFolder(folder, second.key, second.chain);
  const found = loadNodeFolder(folder);
  assert.equal(found?.pair.key, second.key);
  assert.equal(found?.problem, undefined);
});

test('where the good one is damaged, a newest that has ended is used', async () => {
  const folder = newFolder();
  const old = await pki.node('web-1', HOUR, Date.now() - 2 * HOUR);
  saveNodeFolder(folder, old.key, old.chain, pki.trust);
  writeFileSync(join(folder, 'node.pem.good'), 'not a pair');
  assert.equal(loadNodeFolder(folder)?.pair.key, old.key);
});

test('the renewal of a short life lies ahead of its issue', async () => {
  for (const lifeMs of [5_000, 60_000, HOUR / 6, HOUR, 24 * HOUR, 720 * HOUR]) {
    // Certificates count in whole seconds.
    const now = Math.floor(Date.now() / 1_000) * 1_000;
    const [leaf] = certificatesOf((await pki.node('web-1', lifeMs, now)).chain);
    assert.ok(leaf);
    const identity = identityOf(leaf);
    const backdate = now - identity.notBefore;
    assert.ok(backdate >= 0 && backdate <= Math.min(300_000, Math.max(lifeMs / 10, 1_000)), `${lifeMs}`);
    for (const chance of [0, 0.999]) {
      const due = renewalTime(identity, () => chance) - now;
      assert.ok(due >= lifeMs * 0.55 && due <= lifeMs * 0.75, `${due} of ${lifeMs}`);
    }
  }
});
