import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Failure } from '../proto/failure.ts';
import { parseWhen } from './when.ts';

const NOW = new Date('2026-08-02T12:00:00.500Z');
const usec = (iso: string) => Date.parse(iso) * 1_000;

test('durations before now', () => {
  const ago = (text: string) => (NOW.getTime() * 1_000 - parseWhen(text, '--since', NOW)) / 1_000_000;
  assert.equal(ago('10m'), 600);
  assert.equal(ago('1h30m'), 5_400);
  assert.equal(ago('2d'), 172_800);
  assert.equal(ago('1w 2 days'), 777_600);
  assert.equal(ago('90 sec ago'), 90);
  assert.equal(ago('-1.5h'), 5_400);
  assert.equal(ago('now'), 0);
});

test('absolute times with a zone, and the epoch', () => {
  const at = (text: string) => parseWhen(text, '--since', NOW);
  assert.equal(at('2026-03-29T14:30:05Z'), usec('2026-03-29T14:30:05Z'));
  assert.equal(at('2026-03-29 14:30:05.123456 UTC'), usec('2026-03-29T14:30:05Z') + 123_456);
  assert.equal(at('2026-03-29T14:30+02:00'), usec('2026-03-29T12:30:00Z'));
  assert.equal(at('2026-03-29T14:30:00-0330'), usec('2026-03-29T18:00:00Z'));
  assert.equal(at('2026-03-29t14:30:00+05'), usec('2026-03-29T09:30:00Z'));
  assert.equal(at('@1774794605.25'), 1_774_794_605_250_000);
});

/** Local time depends on the zone of the process, so each zone is tried in a process of its own. */
function inZone(zone: string, texts: string[], now: string): string[] {
  const source = `import { parseWhen } from ${JSON.stringify(`${import.meta.dirname}/when.ts`)};
    for (const text of ${JSON.stringify(texts)})
      console.log(new Date(parseWhen(text, '--since', new Date(${JSON.stringify(now)})) / 1000).toISOString());`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, TZ: zone },
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
}

test('local days and times follow summer time', () => {
  // Europe/Berlin sprang forward at 02:00 on 2026-03-29 and falls back at 03:00 on 2026-10-25.
  assert.deepEqual(
    inZone(
      'Europe/Berlin',
      ['today', 'yesterday', '09:15', 'yesterday 18:00', '2026-03-29', '2026-03-29 02:30'],
      '2026-03-30T10:00:00Z',
    ),
    [
      '2026-03-29T22:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-30T07:15:00.000Z',
      '2026-03-29T16:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      // The hour that did not exist: the moment that a clock which had not been changed would have called so.
      '2026-03-29T01:30:00.000Z',
    ],
  );
  assert.deepEqual(
    inZone('Europe/Berlin', ['yesterday', 'today', '2026-10-25 02:30'], '2026-10-26T10:00:00Z'),
    [
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
      // The hour that came twice: its first coming, so that nothing is missed.
      '2026-10-25T00:30:00.000Z',
    ],
  );
  assert.deepEqual(inZone('America/St_Johns', ['2026-07-01 00:00', 'tomorrow'], '2026-07-01T12:00:00Z'), [
    '2026-07-01T02:30:00.000Z',
    '2026-07-02T02:30:00.000Z',
  ]);
  assert.deepEqual(inZone('Pacific/Apia', ['2026-01-01T12:00'], '2026-01-02T12:00:00Z'), [
    '2025-12-31T23:00:00.000Z',
  ]);
});

test('a time as a log line shows it is the last such day', () => {
  const days = ['Mar 29 14:30:05', 'nov  3 07:00', 'Aug 03', 'Aug 04 00:00', '[Mar 29 14:30:05]'];
  assert.deepEqual(inZone('UTC', days, NOW.toISOString()), [
    '2026-03-29T14:30:05.000Z',
    '2025-11-03T07:00:00.000Z',
    '2026-08-03T00:00:00.000Z',
    '2025-08-04T00:00:00.000Z',
    '2026-03-29T14:30:05.000Z',
  ]);
  for (const text of ['[]', '[Mar 29', 'Feb 29', 'Feb 30', 'Nov', 'Nov 0', 'Noon 3'])
    assert.throws(() => parseWhen(text, '--since', NOW), { reason: 'BAD_TIME' });
});

test('what is no time says so with the forms that are', () => {
  for (const text of [
    '',
    'soon',
    '10',
    '10x',
    '25:00',
    '12:60',
    '2026-02-30',
    '2026-13-01',
    '2026-1-1',
    '--',
    '-10m ago',
    '10m10',
    '@',
    '@-5',
    '2026-03-29 14',
    '2026-03-29T14:30:05 Europe/Berlin',
    '99999999999999d',
    '14:30 14:30',
    'ago',
  ])
    assert.throws(
      () => parseWhen(text, '--until', NOW),
      (error) =>
        error instanceof Failure &&
        error.reason === 'BAD_TIME' &&
        /after --until/.test(error.message) &&
        /yesterday/.test(error.hint),
      text,
    );
});
