/** Following a declared log file: one that is made later, that is truncated, or that is renamed under the reader. */

import assert from 'node:assert/strict';
import {
  appendFileSync,
  closeSync,
  openSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { cursorOf, fresh, stamp } from '../testing/declared-files.ts';
import { collect } from '../testing/read.ts';
import { declaredChain } from './chain.ts';
import { PlainFormat } from './plain.ts';
import { FileSource } from './source.ts';

test('follow waits for a file that is made later, holds a line until it is whole, and gives watermarks', async () => {
  const { path, source } = fresh();
  const writing = (async () => {
    await delay(50);
    writeFileSync(path, `${stamp(1)} par`);
    await delay(700);
    appendFileSync(path, 'tial\nnext\n');
  })();
  const before = Date.now() * 1000;
  const { texts, watermarks, order } = await collect(
    source,
    { follow: true },
    (sofar) => sofar.texts.length >= 2,
  );
  await writing;
  assert.deepEqual(texts, [`${stamp(1)} partial`, 'next']);
  assert.ok(watermarks.length >= 1);
  assert.ok(watermarks.every(({ timeUsec }) => timeUsec > before - 1e6 && timeUsec <= Date.now() * 1000));
  assert.ok(!order.includes('end'));
});

test('a follower is told at once that it has caught up, with a cursor that loses nothing, even of an empty file', async () => {
  const { path, source } = fresh('');
  for (const tail of [0, 5]) {
    const { order, watermarks } = await collect(source, { follow: true, tail }, () => true);
    assert.deepEqual(order, ['watermark']);
    appendFileSync(path, 'written meanwhile\n');
    const rest = await collect(source, { cursor: cursorOf(watermarks[0]?.cursor) });
    assert.deepEqual([rest.texts, rest.gaps], [['written meanwhile'], []]);
    truncateSync(path);
  }
});

test('truncation while following loses only what was never seen', async () => {
  const { path, source } = fresh('one\ntwo\n');
  const { texts, gaps } = await collect(source, { follow: true }, (sofar, event) => {
    if (event.event === 'batch' && sofar.texts.length === 2) {
      setTimeout(() => {
        truncateSync(path);
        setTimeout(() => appendFileSync(path, 'three and more than before\n'), 100);
      }, 100);
    }
    return sofar.texts.length >= 3;
  });
  assert.deepEqual([texts, gaps], [['one', 'two', 'three and more than before'], []]);
});

test('a slow reader of a file that is truncated is told how much it lost', async () => {
  const { path, source } = fresh(`${'0123456789'.repeat(5)}\n`.repeat(20_000));
  const { gaps, texts } = await collect(source, { follow: true }, (sofar) => {
    if (sofar.order.length === 1) truncateSync(path);
    if (sofar.order.length === 2) appendFileSync(path, 'afterwards\n');
    return sofar.texts.at(-1) === 'afterwards';
  });
  assert.equal(gaps[0]?.cause, 'TRUNCATED');
  assert.equal((gaps[0]?.bytes ?? 0) + texts.slice(0, -1).join('\n').length + 1, 51 * 20_000);
});

test('a line written between the last read and the rotation is not lost', async () => {
  const { path } = fresh('one\n');
  const chain = declaredChain(path);
  let looks = 0;
  const source = new FileSource({
    name: 'file/app',
    kind: 'FILE',
    description: path,
    missing: '',
    format: (selection) => new PlainFormat(selection),
    chain: {
      ...chain,
      newest: () => {
        // Just now the reader has come to the end; before it sees the new file, the writer adds a line and rotates.
        if (++looks === 1) {
          appendFileSync(path, 'two\n');
          renameSync(path, `${path}.1`);
          writeFileSync(path, 'three\n');
        }
        return chain.newest();
      },
    },
  });
  const { texts } = await collect(source, { follow: true }, (sofar) => sofar.texts.includes('three'));
  assert.deepEqual(texts, ['one', 'two', 'three']);
});

test('what a writer appends to a renamed file whose successor was begun is said to be lost', async () => {
  const { path, source } = fresh('one\n');
  const writer = openSync(path, 'a');
  let step = 0;
  const { texts, gaps } = await collect(source, { follow: true }, (sofar) => {
    if (step === 0 && sofar.texts.includes('one')) {
      step = 1;
      renameSync(path, `${path}.1`);
      writeFileSync(path, 'two\n');
    } else if (step === 1 && sofar.texts.includes('two')) {
      step = 2;
      writeSync(writer, 'late\n');
    }
    return sofar.gaps.length > 0;
  });
  closeSync(writer);
  assert.deepEqual(texts, ['one', 'two']);
  assert.deepEqual([gaps[0]?.cause, gaps[0]?.bytes], ['ROTATED', 5]);
  assert.match(gaps[0]?.detail ?? '', /went on in .*app\d+\.log after its successor had been begun/);
});
