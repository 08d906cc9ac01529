import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unpacked } from './unpacked.ts';

test('the first line of a log that grows is there before the next one is', async () => {
  let written = 0;
  async function* growing(): AsyncGenerator<Buffer> {
    for (const line of ['[    1.0] one\n', '[    2.0] two\n']) {
      written++;
      yield Buffer.from(line);
    }
  }
  const lines: string[] = [];
  for await (const piece of unpacked(growing())) {
    lines.push(piece.toString());
    assert.equal(written, lines.length);
  }
  assert.deepEqual(lines, ['[    1.0] one\n', '[    2.0] two\n']);
});
