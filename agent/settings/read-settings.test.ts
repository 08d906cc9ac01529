/**
 * A configuration's file comes out of the process that reads it as it is, and so does what is wrong with it: also a threshold of a check that
 * there is not.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { readSettings } from './read-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-checked-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'agent.yaml');

const read = (text: string) => {
  writeFileSync(file, text);
  return readSettings(file);
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

test('a file that cannot be read is told, and where no process can be started this one reads it', async (t) => {
  await assert.rejects(readSettings(join(folder, 'none.yaml')), { reason: 'BAD_CONFIG', message: /ENOENT/ });
  const { execPath } = process;
  t.after(() => {
    process.execPath = execPath;
  });
  process.execPath = join(folder, 'no-node');
  assert.deepEqual(await read('labels: { rack: b }\n'), { labels: { rack: 'b' } });
  await assert.rejects(read('labels: 3\n'), { reason: 'BAD_CONFIG', message: /agent\.yaml:1:/ });
});
