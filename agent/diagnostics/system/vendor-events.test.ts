/** Event logs of boards as tools of their makers print them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const META = (sensor: string, words: string) =>
  `4    slot4    2018-03-13 07:37:12    ipmid            SEL Entry: FRU: 4, Record: Standard (0x02), Time: 2018-03-13 07:37:12, Sensor: ${sensor} (0xB4), Event Data: (020C00) ${words}\n`;
const DELL = (record: number, severity: string, words: string) =>
  `Record:      ${record}\nDate/Time:   01/01/2020 10:11:12\nSource:      system\nSeverity:    ${severity}\nDescription: ${words}\n-------------------------------------------------------------------------------\n`;
const INPUT = 'The power input for power supply 2 is lost.';
const EVENT = 'warning system.board-event';

for (const [what, text, expected] of [
  [
    'log-util',
    META('PMIC_ERR', 'DIMM A3 High temp warning Assertion'),
    [`${EVENT} power or heat of memory modules out of bounds`],
  ],
  [
    'log-util, over',
    META('PMIC_ERR', 'DIMM A3 High temp warning Assertion') +
      META('PMIC_ERR', 'DIMM A3 High temp warning Deassertion'),
    [],
  ],
  [
    'racadm: power',
    DELL(1, 'Ok', 'Log cleared.') + DELL(2, 'Critical', INPUT),
    [`${EVENT} failures of a power supply`],
  ],
  [
    'power that came back',
    DELL(1, 'Critical', INPUT) + DELL(2, 'Ok', 'The input power for power supply 2 has been restored.'),
    [],
  ],
  [
    'memory',
    DELL(1, 'Critical', 'Multi-bit memory errors detected on a memory device at location(s) DIMM_B1.'),
    ['critical system.board-event uncorrectable memory errors'],
  ],
  [
    'words that nobody knows',
    DELL(1, 'Critical', 'The flux capacitor is out of range.'),
    [`${EVENT} events that its maker calls critical`],
  ],
  ['nothing but news', DELL(1, 'Ok', 'Log cleared.') + DELL(2, 'Ok', 'C: boot completed.'), []],
  [
    'ipmitool: a fan near its limit',
    '  33 | 11/15/2019 | 18:52:23 | Fan Processor 1 Fan | Lower Non-critical going low  | Asserted\n',
    ['info system.board-event sensors near their limit'],
  ],
  [
    'one that is back',
    '  33 | 11/15/2019 | 18:52:23 | Fan Processor 1 Fan | Lower Non-critical going low  | Asserted\n  34 | 11/15/2019 | 18:52:43 | Fan Processor 1 Fan | Lower Non-critical going low  | Deasserted\n',
    [],
  ],
  [
    'modules that the firmware took out of use',
    'dimm3            | 04h | ok  | 32.4 | Presence Detected\ndimm4            | 05h | ok  | 32.5 | Memory Device Disabled, Presence Detected\n',
    ['warning system.board-sensor dimm4'],
  ],
  ['modules that are there', 'dimm3            | 04h | ok  | 32.4 | Presence Detected\n', []],
] as const)
  test(`event logs of boards: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
