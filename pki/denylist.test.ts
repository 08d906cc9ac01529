/** The denylist: whom an entry means, and that it is on disk. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { checkSubject, Denylist } from './denylist.ts';

let folder: string;
const path = () => join(folder, 'denylist.json');
const by = { reason: 'left', by: 'nodectl://operator/alice/admin', timeUsec: 1 };
const eve = { uri: 'nodectl://operator/eve/admin', serial: 'ab12' };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-deny-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('an operator is denied in every role, a node by its name, a certificate by its serial', () => {
  const list = Denylist.open(path());
  list.deny({ subject: 'nodectl://operator/eve', ...by });
  assert.equal(list.reasonFor(eve), 'left');
  assert.equal(list.reasonFor({ ...eve, uri: 'nodectl://operator/eve/reader' }), 'left');
  assert.equal(list.reasonFor({ ...eve, uri: 'nodectl://operator/eve2/reader' }), undefined);
  assert.equal(list.reasonFor({ ...eve, uri: 'nodectl://node/eve' }), undefined);
  list.deny({ subject: 'serial:cd34', ...by, reason: 'stolen' });
  assert.equal(list.reasonFor({ uri: 'nodectl://node/web-1', serial: 'cd34' }), 'stolen');
});

test('the list survives a restart, can be read by its owner alone, and entries can be taken off', () => {
  Denylist.open(path()).deny({ subject: 'nodectl://operator/eve', ...by });
  for (const file of [path(), `${path()}.good`]) assert.equal(statSync(file).mode & 0o777, 0o600);
  const again = Denylist.open(path());
  assert.equal(again.reasonFor(eve), 'left');
  assert.equal(again.allow('nodectl://operator/eve'), true);
  assert.equal(again.allow('nodectl://operator/eve'), false);
  assert.deepEqual(Denylist.open(path()).all(), []);
});

test('a damaged list is refused rather than taken for empty', () => {
  for (const text of ['{', '[{"subject":"nodectl://operator/eve"}]', '[{"subject":"?"}]']) {
    writeFileSync(path(), text);
    assert.throws(() => Denylist.open(path()), { reason: 'BAD_CONFIG' });
  }
});

test('a list that is damaged or gone is replaced by its copy, which is told, until both are written anew', () => {
  const subject = 'nodectl://operator/eve';
  for (const damage of [
    () => writeFileSync(path(), ''),
    () => writeFileSync(path(), Buffer.alloc(100)),
    () => rmSync(path()),
  ]) {
    Denylist.open(path()).deny({ subject, ...by });
    assert.equal(Denylist.open(path()).problem, undefined);
    damage();
    const list = Denylist.open(path());
    assert.equal(list.reasonFor(eve), 'left');
    assert.match(
      list.problem?.message ?? '',
      /denylist\.json .*(cannot be read|is gone).*; its copy is in use/,
    );
    list.allow(subject);
    assert.equal(Denylist.open(path()).problem, undefined);
    assert.deepEqual(Denylist.open(path()).all(), []);
  }
  Denylist.open(path()).deny({ subject, ...by });
  writeFileSync(`${path()}.good`, '{');
  assert.equal(Denylist.open(path()).reasonFor(eve), 'left');
  writeFileSync(path(), '{');
  assert.throws(() => Denylist.open(path()), { reason: 'BAD_CONFIG' });
});

test('subjects are kept in one form, and what names nobody is refused', () => {
  assert.equal(checkSubject('nodectl://operator/alice/admin'), 'nodectl://operator/alice');
  assert.equal(checkSubject('nodectl://operator/alice'), 'nodectl://operator/alice');
  assert.equal(checkSubject('nodectl://node/web-1.example'), 'nodectl://node/web-1.example');
  assert.equal(checkSubject('serial:AB12'), 'serial:ab12');
  for (const bad of [
    '',
    'alice',
    'nodectl://operator/',
    'nodectl://operator/A',
    'serial:',
    'serial:xyz',
    `serial:${'a'.repeat(41)}`,
  ])
    assert.throws(() => checkSubject(bad), { reason: 'BAD_ARGUMENT' }, bad);
});
