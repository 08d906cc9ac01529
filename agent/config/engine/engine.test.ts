/** Applies that succeed, fail, are tried, and are killed between any two steps. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import { LiveMachine } from '../../host/live-machine.ts';
import { Revisions } from '../revisions.ts';
import { fileEngine } from '../testing/file-engine.ts';
import { ORIGIN } from '../testing/test-node.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-engine-'));
after(() => rmSync(top, { recursive: true }));
let folders = 0;
const { signal } = new AbortController();
const CHILD = join(import.meta.dirname, '..', 'testing', 'file-engine.ts');

function machine(): string {
  const folder = join(top, String(folders++));
  mkdirSync(join(folder, 'root/etc'), { recursive: true });
  writeFileSync(join(folder, 'root/etc/motd'), 'as delivered\n');
  return folder;
}

const document = (files: object) => JSON.stringify({ apiVersion: 'nodectl.dev/v1', kind: 'Node', files });
const FIRST = document({
  '/etc/motd': { content: 'first\n' },
  '/etc/app/a.conf': { content: 'a=1\n', mode: '0640' },
  '/etc/gone': { absent: true },
});
const SECOND = document({
  '/etc/app/a.conf': { content: 'a=2\n' },
  '/etc/app/b.conf': { content: 'b=1\n' },
});

const file = (folder: string, path: string) => {
  const real = join(folder, 'root', path);
  return existsSync(real) ? readFileSync(real, 'utf8') : undefined;
};
const look = (folder: string) =>
  ['/etc/motd', '/etc/app/a.conf', '/etc/app/b.conf'].map((path) => file(folder, path));
const reason = (expected: string) => (error: unknown) => Failure.from(error).reason === expected;

test('a document is planned, applied, and its lines undone when they are taken out', async () => {
  const folder = machine();
  const engine = fileEngine(folder);
  const plan = await engine.plan(FIRST);
  assert.deepEqual(
    plan.changes.map(({ resource }) => resource.id),
    ['file//etc/motd', 'file//etc/app/a.conf'],
  );
  assert.equal(file(folder, '/etc/motd'), 'as delivered\n');
  const first = await engine.apply({ text: FIRST, origin: ORIGIN, signal });
  assert.deepEqual([first.revision.number, first.revision.outcome], [1, 'applied']);
  assert.equal(statSync(join(folder, 'root/etc/app/a.conf')).mode & 0o777, 0o640);
  assert.deepEqual((await engine.plan(FIRST)).changes, []);
  await engine.apply({ text: SECOND, origin: ORIGIN, expected: 1, signal });
  assert.deepEqual(look(folder), ['as delivered\n', 'a=2\n', 'b=1\n']);
  await assert.rejects(
    engine.apply({ text: FIRST, origin: ORIGIN, expected: 1, signal }),
    reason('STALE_REVISION'),
  );
  await engine.apply({ text: document({}), origin: ORIGIN, signal });
  assert.deepEqual(look(folder), ['as delivered\n', undefined, undefined]);
});

test('what fails in the middle is put back, and says why', async () => {
  const folder = machine();
  const engine = fileEngine(folder);
  mkdirSync(join(folder, 'root/etc/app/b.conf'), { recursive: true });
  await assert.rejects(engine.apply({ text: SECOND, origin: ORIGIN, signal }), reason('HOST_CHANGE_FAILED'));
  assert.equal(file(folder, '/etc/app/a.conf'), undefined);
  const [last] = new Revisions(join(folder, 'state')).all();
  assert.equal(last?.outcome, 'failed');
  assert.match(last?.reason ?? '', /b\.conf.*folder/);
});

test('a trial is confirmed by its name over another connection, and reverts at its deadline', async () => {
  const folder = machine();
  let aheadMs = 0;
  const engine = fileEngine(folder, undefined, (root) => {
    const machine = new LiveMachine(root);
    machine.now = () => Date.now() + aheadMs;
    return machine;
  });
  const trial = { id: 't1', lengthMs: 60_000, connection: 'c1' };
  const { revision } = await engine.apply({ text: FIRST, origin: ORIGIN, signal, trial });
  assert.equal(revision.outcome, 'trial');
  assert.equal(file(folder, '/etc/motd'), 'first\n');
  await assert.rejects(engine.apply({ text: SECOND, origin: ORIGIN, signal }), reason('TRIAL_RUNNING'));
  await assert.rejects(engine.confirm('t2', 'c2'), reason('UNKNOWN_REVISION'));
  await assert.rejects(engine.confirm('t1', 'c1'), reason('BAD_ARGUMENT'));
  // A planned document changes nothing, and neither does what is refused.
  await engine.plan(SECOND);
  assert.equal(await engine.recover(signal), undefined);
  assert.equal(file(folder, '/etc/motd'), 'first\n');
  aheadMs = 60_001;
  const reverted = await engine.recover(signal);
  assert.equal(reverted?.outcome, 'reverted');
  assert.deepEqual(look(folder), ['as delivered\n', undefined, undefined]);
  await engine.apply({ text: FIRST, origin: ORIGIN, signal, trial });
  assert.equal((await engine.confirm('t1', 'c2')).outcome, 'applied');
  assert.equal(engine.trial(), undefined);
});

test('killed between any two steps, the node is at the old or the new revision, complete, and says which', () => {
  const states = { old: ['first\n', 'a=1\n', undefined], new: ['as delivered\n', 'a=2\n', 'b=1\n'] };
  let kills = 0;
  for (const at of Array.from({ length: 100 }, (_, index) => index + 1)) {
    const folder = machine();
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [CHILD, folder, ...args], { encoding: 'utf8' });
    writeFileSync(join(folder, 'first.yaml'), FIRST);
    writeFileSync(join(folder, 'second.yaml'), SECOND);
    assert.equal(run(join(folder, 'first.yaml')).status, 0);
    const { signal: killed, status, stderr } = run(join(folder, 'second.yaml'), String(at));
    if (killed === null) {
      assert.equal(status, 0, stderr);
      break;
    }
    kills++;
    // Putting back may be killed as well, at any of its steps.
    run('recover', String((at % 5) + 1));
    const recovered = run('recover');
    assert.equal(recovered.status, 0, recovered.stderr);
    const revisions = new Revisions(join(folder, 'state'));
    const running = revisions.running()?.number;
    assert.equal(existsSync(join(folder, 'root/etc/app')), true);
    assert.deepEqual(
      readdirSync(join(folder, 'root/etc/app')).filter((name) => name.startsWith('.')),
      [],
    );
    assert.deepEqual(look(folder), running === 2 ? states.new : states.old, `killed at step ${at}`);
    assert.ok(!existsSync(join(folder, 'state/apply.json')));
    assert.ok(!revisions.all().some(({ outcome }) => outcome === 'trial' || outcome === 'applying'));
  }
  assert.ok(kills >= 9, `${kills} kills`);
});
