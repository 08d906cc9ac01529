/** The health of disks of a captured machine of which nothing but that was saved. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from '../../host/captured-machine.ts';
import { FactStore } from '../fact-store.ts';
import { smart } from './smart.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-disks-'));
after(() => rmSync(folder, { recursive: true }));

test('disks are those that smartctl was asked about', async () => {
  const text = (verdict: string) =>
    `smartctl 7.2\n=== START OF INFORMATION SECTION ===\nDevice Model:     DISK ${verdict}\nSMART support is: Enabled\n=== START OF READ SMART DATA SECTION ===\nSMART overall-health self-assessment test result: ${verdict}\n`;
  writeFileSync(join(folder, 'smartctl_-a_sda.txt'), text('PASSED'));
  writeFileSync(join(folder, 'smartctl_-x_.dev.sdb'), text('FAILED!'));
  const found = await new FactStore(new CapturedMachine(folder), new AbortController().signal).get(smart);
  assert.deepEqual(
    found.map(({ name, passed }) => [name, passed]),
    [
      ['sda', true],
      ['sdb', false],
    ],
  );
});
