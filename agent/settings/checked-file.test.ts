/** A threshold of a check that there is not is refused where it stands, as all else that is wrong with a configuration. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { readCheckedFile } from './checked-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-checked-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'agent.yaml');

const read = (text: string) => {
  writeFileSync(file, text);
  return readCheckedFile(file);
};

test('thresholds of checks that there are', async () => {
  const set = { 'nic.crc-errors': { warn: 0.5 } };
  assert.deepEqual(
    (await read('diagnostics:\n  thresholds:\n    nic.crc-errors: { warn: 0.5 }\n')).diagnostics,
    {
      thresholds: set,
    },
  );
  assert.deepEqual(await read('labels: { rack: a }\n'), { labels: { rack: 'a' } });
});

test('others are refused with line and column, all of them', async () => {
  const text =
    'diagnostics:\n  thresholds:\n    nic.crc-erors: { warn: 1 }\n    nic.crc-errors:\n      worn: 1\n      warn: -1\n';
  await assert.rejects(read(text), (error) => {
    assert.ok(error instanceof Failure && error.reason === 'BAD_CONFIG');
    assert.deepEqual(error.message.replaceAll(file, 'F').split('\n'), [
      'F:3:5: diagnostics.thresholds.nic.crc-erors: no such check',
      'F:5:7: diagnostics.thresholds.nic.crc-errors.worn: the check has no such threshold',
      'F:6:7: diagnostics.thresholds.nic.crc-errors.warn: -1 is below 0 or no number',
    ]);
    return true;
  });
});
