/** Several reports of one run are taken apart. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChronyParseError } from './errors.ts';
import { splitReports } from './split-reports.ts';

const TRACKING = '0A000001,10.0.0.1,3,1.0,0,0,0,0,0,0.1,0.004,0.003,64.2,Normal';
const SOURCE = '^,*,10.0.0.1,2,6,377,5,0.1,0.1,0.2';
const STATS = '10.0.0.1,8,3,30,0.002,0.4,0.00007,0.000003';
const NAMES = ['tracking', 'sources', 'sourcestats', 'activity'] as const;

test('reports are told apart by their fields', () => {
  const { reports, failed } = splitReports(
    [TRACKING, SOURCE, SOURCE, STATS, STATS, '1,0,0,0,0', ''].join('\r\n'),
    NAMES,
  );
  assert.equal(failed, undefined);
  assert.deepEqual(Object.fromEntries(reports), {
    tracking: `${TRACKING}\n`,
    sources: `${SOURCE}\n${SOURCE}\n`,
    sourcestats: `${STATS}\n${STATS}\n`,
    activity: '1,0,0,0,0\n',
  });
});

test('a report without rows is empty', () => {
  const { reports } = splitReports(`${TRACKING}\n0,0,0,0,0\n`, NAMES);
  assert.equal(reports.get('sources'), '');
  assert.equal(reports.get('activity'), '0,0,0,0,0\n');
});

test('the same report twice is two', () => {
  const { reports } = splitReports('1,2,3,4,5\n6,7,8,9,10\n', ['activity', 'serverstats']);
  assert.equal(reports.get('activity'), '1,2,3,4,5\n');
  assert.equal(reports.get('serverstats'), '6,7,8,9,10\n');
});

test('an error ends it, and is of the report behind the last one', () => {
  const none = splitReports('506 Cannot talk to daemon\n', NAMES);
  assert.equal(none.reports.size, 0);
  assert.equal(none.failed?.name, 'tracking');
  const some = splitReports(`${TRACKING}\n${SOURCE}\n501 Not authorised\n`, NAMES);
  assert.deepEqual([...some.reports.keys()], ['tracking', 'sources']);
  assert.equal(some.failed?.name, 'sourcestats');
  assert.equal(some.failed.error.code, 501);
});

test('the full stops of -e are used where they are', () => {
  const text = `${TRACKING}\n.\n.\n${STATS}\n.\n501 Not authorised\n.\n`;
  const { reports, failed } = splitReports(text, ['tracking', 'authdata', 'sourcestats', 'serverstats']);
  assert.equal(reports.get('authdata'), '');
  assert.equal(reports.get('sourcestats'), `${STATS}\n`);
  assert.equal(failed?.name, 'serverstats');
});

test('a line that belongs to no report is no output of this run', () => {
  for (const text of ['hello\n', `${SOURCE}\n${TRACKING}\n`, '1,2,3,4,5,6,7,8,9\n'])
    assert.throws(() => splitReports(text, NAMES), ChronyParseError);
});
