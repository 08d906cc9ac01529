/** Windows of maintenance, at their borders, over midnight and over the end of a week. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilWindow } from './windows.ts';

// A Saturday.
const at = (time: string, day = 28) => Date.parse(`2026-11-${day}T${time}Z`);
const MINUTE = 60_000;

test('without windows any time is right', () => {
  assert.equal(untilWindow([], at('12:00:00')), 0);
});

test('a window is open from its first minute to its last', () => {
  const windows = [{ from: '02:00', to: '04:00' }];
  assert.equal(untilWindow(windows, at('02:00:00')), 0);
  assert.equal(untilWindow(windows, at('03:59:59')), 0);
  assert.equal(untilWindow(windows, at('04:00:00')), 22 * 60 * MINUTE);
  assert.equal(untilWindow(windows, at('01:59:30')), MINUTE / 2);
});

test('a window over midnight belongs to the day that it begins on, also at the end of a week', () => {
  const windows = [{ days: ['sat' as const], from: '23:00', to: '01:00' }];
  assert.equal(untilWindow(windows, at('22:00:00')), 60 * MINUTE);
  assert.equal(untilWindow(windows, at('23:30:00')), 0);
  assert.equal(untilWindow(windows, at('00:30:00', 29)), 0);
  assert.equal(untilWindow(windows, at('01:00:00', 29)), (6 * 24 + 22) * 60 * MINUTE);
  assert.notEqual(untilWindow(windows, at('00:30:00')), 0, 'that was Friday’s night');
});
