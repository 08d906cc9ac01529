/** freeipmi's tables of sensors and events, whole and row by row. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const SENSORS = 'ID  | Name             | Type              | Reading    | Units | Event\n';
const STATES = 'ID  | Name             | Type              | State    | Reading    | Units | Event\n';
const EVENTS = 'ID  | Date        | Time     | Name             | Type                        | Event\n';
const HOT =
  "1   | CPU1 Temp        | Temperature       | 98.00      | C     | 'At or Above (>=) Upper Critical Threshold'\n";
const WELL =
  "4   | 12V              | Voltage           | 12.10      | V     | 'OK'\n3   | PSU2 Status      | Power Supply      | N/A        | N/A   | 'Presence detected'\n";
const UE =
  '3   | Jan-12-2024 | 10:11:12 | DIMM_A1          | Memory                      | Uncorrectable memory error ; Event Data3 = 10h\n';
const CLEARED =
  '1   | Jan-10-2024 | 10:11:12 | SEL              | Event Logging Disabled      | Log Area Reset/Cleared\n';

for (const [what, text, expected] of [
  ['a sensor', SENSORS + HOT + WELL, ['critical system.board-sensor CPU1 Temp']],
  ['a row alone', HOT, ['critical system.board-sensor CPU1 Temp']],
  ['sensors that are well', SENSORS + WELL, []],
  [
    'a power supply',
    `${SENSORS}3   | PSU2 Status      | Power Supply      | N/A        | N/A   | 'Presence detected' 'Power Supply Failure detected'\n`,
    ['critical system.board-sensor PSU2 Status'],
  ],
  [
    'a sensor near its limit',
    `${SENSORS}1   | CPU1 Temp        | Temperature       | 88.00      | C     | 'At or Above (>=) Upper Non-Critical Threshold'\n`,
    ['warning system.board-sensor CPU1 Temp'],
  ],
  [
    'a state',
    `${STATES}1   | FAN1             | Fan               | Critical | 300.00     | RPM   | 'Unknown'\n`,
    ['critical system.board-sensor FAN1'],
  ],
  [
    'a state that is well',
    `${STATES}1   | FAN1             | Fan               | Nominal  | 4000.00    | RPM   | 'OK'\n`,
    [],
  ],
  ['an event', EVENTS + CLEARED + UE, ['critical system.board-event uncorrectable memory errors']],
  ['an event alone', UE, ['critical system.board-event uncorrectable memory errors']],
  ['a log that was cleared', EVENTS + CLEARED, []],
  [
    'a corrected error',
    EVENTS + UE.replace('Uncorrectable', 'Correctable'),
    ['info system.board-event corrected memory errors'],
  ],
] as const)
  test(`freeipmi: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
