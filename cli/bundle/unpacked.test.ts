import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { unpackArchive, unpackStream } from './unpack.ts';
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

/** What comes of pieces. */
async function of(...pieces: Buffer[]): Promise<Buffer> {
  async function* source(): AsyncGenerator<Buffer> {
    yield* pieces;
  }
  return Buffer.concat(await Array.fromAsync(unpacked(source())));
}

test('packed texts, in whatever pieces they come', async () => {
  const text = Buffer.from('[ 1.0] a message\n[ 2.0] all is well\n'.repeat(500));
  for (const packed of [text, gzipSync(text), zstdCompressSync(text)]) {
    assert.deepEqual(await of(packed), text);
    const pieces = [...packed.subarray(0, 9)].map((one) => Buffer.from([one]));
    assert.deepEqual(await of(...pieces, packed.subarray(9)), text);
  }
  const short = gzipSync(text);
  await assert.rejects(of(short.subarray(0, short.length - 20)));
  assert.equal((await of()).length, 0);
  assert.deepEqual(await of(Buffer.from([0x1f])), Buffer.from([0x1f]));
});

test('an archive that cannot be read is not called damaged', async () => {
  await assert.rejects(unpackArchive('/nowhere/web-1.tar.zst'), {
    reason: 'BAD_ARGUMENT',
    message: '/nowhere/web-1.tar.zst cannot be read: there is no such file or folder',
  });
});

test('of what comes for ever and is no archive so much is taken as a text may have', async () => {
  let pieces = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) {
      pieces++;
      yield Buffer.alloc(1 << 20, 'all is well\n');
    }
  }
  await assert.rejects(unpackStream('stdin', endless()), {
    reason: 'BAD_ARGUMENT',
    message: 'stdin is too long a text: 64 MiB are read',
  });
  assert.ok(pieces < 70);
});
