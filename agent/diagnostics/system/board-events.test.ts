/** Rows of a board's event log tell what they are of: the module, what a sensor read and its limit. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEvents } from './board-events.ts';

test('what stands behind an event’s state is kept', () => {
  const events = parseEvents(
    [
      ' 1a5 | 11/27/2026 | 22:05:12 UTC | Memory #0x02 | Uncorrectable ECC | Asserted | DIMM_A3',
      '   4 | 11/28/2026 | 01:05:12 | Fan FAN3 | Lower Critical going low  | Asserted | Reading 480 < Threshold 600 RPM',
      '   5 | 11/28/2026 | 01:06:12 | Memory #0x03 | Uncorrectable ECC | Asserted | CPU 1 | DIMM B1',
      '   6 | 11/28/2026 | 01:07:12 | Fan FAN4 | Lower Critical going low  | Asserted | Reading 480 < Threshold 600 RPM',
      '   7 | 11/28/2026 | 01:08:12 | Fan FAN4 | Lower Critical going low  | Deasserted | Reading 720 > Threshold 600 RPM',
      '   8 | 11/28/2026 | 01:09:12 | Processor CPU1 | IERR | Asserted |',
    ].join('\n'),
  );
  assert.deepEqual(
    events.map(({ newest }) => newest),
    [
      [
        '11/27/2026 22:05:12 UTC Memory #0x02: Uncorrectable ECC (DIMM_A3)',
        '11/28/2026 01:06:12 Memory #0x03: Uncorrectable ECC (CPU 1, DIMM B1)',
      ],
      ['11/28/2026 01:05:12 Fan FAN3: Lower Critical going low (Reading 480 < Threshold 600 RPM)'],
      ['11/28/2026 01:09:12 Processor CPU1: IERR'],
    ],
  );
});
