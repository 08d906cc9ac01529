/** Rows of `sensors` that somebody kept without the name of their chip. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const ASKED = '$ sensors | grep -A3 -i alarm\n';
for (const [what, rows, expected] of [
  [
    'a fan that stands still, or is not there',
    'fan1:           0 RPM  (min =  300 RPM)  ALARM\n',
    ['info system.fan-stopped unnamed fan1'],
  ],
  [
    'a fan that is too slow',
    'fan1:         120 RPM  (min =  300 RPM)  ALARM\n',
    ['warning system.fan-stopped unnamed fan1'],
  ],
  [
    'fans that are well, and a socket without one',
    'fan2:        1200 RPM  (min =  300 RPM)\nfan3:           0 RPM  (min =    0 RPM)\n',
    [],
  ],
] as [string, string, string[]][])
  test(`sensors without the name of the chip: ${what}`, async () => {
    assert.deepEqual(await troubles(`${ASKED}${rows}`), expected);
  });
