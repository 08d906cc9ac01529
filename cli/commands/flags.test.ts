import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from './flags.ts';

test('flags are taken apart', () => {
  assert.deepEqual(parseFlags('-f, --follow'), { short: '-f', long: '--follow', value: '', optional: false });
  assert.deepEqual(parseFlags('--tail <N>'), { short: '', long: '--tail', value: 'N', optional: false });
  assert.deepEqual(parseFlags('-b, --boot [id]'), {
    short: '-b',
    long: '--boot',
    value: 'id',
    optional: true,
  });
  assert.deepEqual(parseFlags('--no-color'), { short: '', long: '--no-color', value: '', optional: false });
  assert.deepEqual(parseFlags('--label <key=value...>'), {
    short: '',
    long: '--label',
    value: 'key=value',
    optional: false,
  });
});
