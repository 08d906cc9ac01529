/** chronyd's own logs and chronyc activity, as people save them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const RULE = '='.repeat(120);
const tracking = (...rows: readonly string[]) =>
  `${RULE}\n   Date (UTC) Time     IP Address   St   Freq ppm   Skew ppm     Offset L Co  Offset sd Rem. corr. Root delay Root disp. Max. error\n${RULE}\n${rows.join('\n')}\n`;
const update = (
  time: string,
  offset: string,
  frequency = '-4.442',
  source = '192.0.2.1        2',
  leap = 'N',
) =>
  `2024-03-07 ${time} ${source}     ${frequency}      0.010 ${offset} ${leap}  3  1.084e-03 -1.802e-04  1.064e-02  1.310e-04  6.698e-03`;
const measured = (name: string, tests: string, offset: string) =>
  `2024-03-07 05:40:50 ${name}       N  2 ${tests} 1111   6  6 0.00  ${offset}  2.296e-03  1.577e-05  1.615e-02  7.446e-03 CB00717B 4B D K`;
const estimated = (name: string, offset: string) =>
  `2024-03-07 05:40:50 ${name}     6.261e-04 ${offset}  2.220e-04  1.874e-06  1.080e-06 7.8e-02  16   0   8  0.00`;

for (const [what, text, expected] of [
  [
    'the clock follows nothing any more',
    tracking(
      update('04:01:47', '-1.282e-05'),
      update('04:19:00', ' 0.000e+00', '-4.442', '0.0.0.0          0', '?'),
    ),
    ['warning clock.chrony-log chrony'],
  ],
  [
    'an update that is far off',
    tracking(update('04:01:47', '-1.282e-05'), update('04:19:00', ' 4.812e-01')),
    ['warning clock.chrony-log chrony'],
  ],
  [
    'a frequency that is far off, rows alone',
    `${update('04:01:47', '-1.282e-05', '-764.442')}\n${update('04:19:00', ' 3.209e-05', '-764.442')}\n`,
    ['warning clock.chrony-log chrony'],
  ],
  ['a good clock', tracking(update('04:01:47', '-1.282e-05'), update('04:19:00', ' 3.209e-05')), []],
  ['the first update after a start', tracking(update('04:01:47', ' 8.812e+00')), []],
  [
    'followed nothing in between',
    tracking(
      update('04:01:47', '-1.282e-05'),
      update('04:19:00', ' 0.000e+00', '-4.442', '0.0.0.0          0', '?'),
      update('04:20:00', ' 3.209e-05'),
    ),
    [],
  ],
  [
    'answers that pass no test',
    `${measured('192.0.2.1', '111 011', '-4.966e-03')}\n${measured('192.0.2.2', '110 111', '-4.966e-03')}\n`,
    ['warning clock.chrony-log chrony'],
  ],
  [
    'answers of which one passes, and one that took long',
    `${measured('192.0.2.1', '111 111', '-4.966e-04')}\n${measured('192.0.2.2', '110 111', '-4.966e-04')}\n`,
    [],
  ],
  [
    'answers that are all far off',
    `${measured('192.0.2.1', '111 111', '-4.812e+00')}\n${measured('192.0.2.2', '111 111', '-4.811e+00')}\n`,
    ['critical clock.chrony-log chrony'],
  ],
  [
    'estimates that are all far off',
    `${estimated('192.0.2.1', '-3.247e-01')}\n${estimated('192.0.2.2', '-3.246e-01')}\n`,
    ['warning clock.chrony-log chrony'],
  ],
  [
    'estimates of which one is far off',
    `${estimated('192.0.2.1', '-3.247e-01')}\n${estimated('192.0.2.2', '-3.246e-05')}\n`,
    [],
  ],
  [
    'all sources offline',
    '$ chronyc activity\n200 OK\n0 sources online\n4 sources offline\n0 sources doing burst (return to online)\n0 sources doing burst (return to offline)\n0 sources with unknown address\n',
    ['warning clock.activity chrony'],
  ],
  ['no sources', '# chronyc -c activity\n0,0,0,0,0\n', ['warning clock.activity chrony']],
  [
    'some sources offline',
    '$ chronyc activity\n200 OK\n3 sources online\n1 sources offline\n0 sources doing burst (return to online)\n0 sources doing burst (return to offline)\n0 sources with unknown address\n',
    [],
  ],
] as const)
  test(`What chronyd wrote down is judged: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
