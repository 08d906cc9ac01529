import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChangeLog } from './changes.ts';
import type { Finding } from './fold/model.ts';
import { madeFinding, madeReport } from './testing.ts';

const errors = madeFinding({ id: 'nic.errors', explains: ['nic.flaps'] });
const flaps = madeFinding({ id: 'nic.flaps' });
const look = (
  findings: readonly Finding[],
  status: 'CHECK_STATUS_OK' | 'CHECK_STATUS_SKIPPED' = 'CHECK_STATUS_OK',
) =>
  madeReport(
    { node: 'a', labels: {}, traits: [] },
    findings,
    ['nic.errors', 'nic.flaps'].map((id) => ({ id, status, reason: '' })),
  );
const short = (log: ChangeLog, ...args: Parameters<ChangeLog['take']>) =>
  log.take(...args).map(({ change, node, finding }) => [change, node, finding?.id].filter(Boolean).join(' '));

test('what is new is told once, and what is gone when it is gone', () => {
  const log = new ChangeLog();
  assert.deepEqual(short(log, [look([errors])], []), ['new a nic.errors']);
  assert.deepEqual(short(log, [look([errors])], []), []);
  assert.deepEqual(short(log, [look([])], []), ['gone a nic.errors']);
});

test('what could not be looked at is not gone', () => {
  const log = new ChangeLog();
  log.take([look([errors])], []);
  assert.deepEqual(short(log, [look([], 'CHECK_STATUS_SKIPPED')], []), []);
  assert.deepEqual(short(log, [], ['a']), ['silent a']);
  assert.deepEqual(short(log, [], ['a']), []);
  assert.deepEqual(short(log, [look([errors])], []), ['back a']);
  assert.deepEqual(short(log, [look([])], []), ['gone a nic.errors']);
});

test('a trouble that grows worse is another one, and an effect is not told beside its cause', () => {
  const log = new ChangeLog();
  assert.deepEqual(short(log, [look([flaps])], []), ['new a nic.flaps']);
  assert.deepEqual(short(log, [look([flaps, errors])], []), ['gone a nic.flaps', 'new a nic.errors']);
  const worse = { ...errors, severity: 'SEVERITY_CRITICAL' as const };
  assert.deepEqual(short(log, [look([worse])], []), ['gone a nic.errors', 'new a nic.errors']);
});
