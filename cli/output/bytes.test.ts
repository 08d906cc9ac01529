import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText } from './bytes.ts';

test('bytes have the unit that makes them short', () => {
  const texts = [0, 812, 1_023, 1_024, 4_404_019, 1_073_741_824, 2 ** 50, -1, Number.NaN].map(bytesText);
  assert.deepEqual(texts, [
    ...['0 B', '812 B', '1023 B', '1.0 KiB', '4.2 MiB', '1.0 GiB', '1024.0 TiB', '0 B', '0 B'],
  ]);
});
