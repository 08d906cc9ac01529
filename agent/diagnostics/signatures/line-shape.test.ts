import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../test/upgrade/seeded.ts';
import { LineShape, shapeOfPart } from './line-shape.ts';
import { ShapeMemory } from './shape-memory.ts';

const taken = new LineShape();

/** The shape of a line. */
function shapeOf(line: string): string {
  // With bytes around it, which are none of its own.
  const bytes = Buffer.from(`7${line}7`, 'latin1');
  taken.take(bytes, 1, bytes.length - 1);
  return taken.text();
}

test('numbers are one in a shape, and words with letters stay', () => {
  for (const [line, shape] of [
    ['nvme nvme0: I/O 12 QID 3 timeout', 'nvme nvme0: I/O 0 QID 0 timeout'],
    ['[   12.345678] igb 0000:0a:00.0 eth0: reset', ' igb 0:0:0.0 eth0: reset'],
    ['[   12.345678][  T7] e1000e: 0x1f, 0xdeadbeef 1f 3w-9xxx', '[  T7] e1000e: 0, 0 0 3w-9xxx'],
    ['at ffff8881deadbeef dead 0x 0xg 12G 0X1F', 'at ffff8881deadbeef dead 0 0xg 12G 0X1F'],
    ['[12] [1.2.3.4] [ 1.5', '[0] [0.0.0.0] [ 0.0'],
    ['é5 5é', 'é0 0é'],
    ['', ''],
  ] as const)
    assert.equal(shapeOf(line), shape);
});

test('lines of any length have a shape', () => {
  for (const length of [4_091, 4_092, 4_093, 4_096, 4_097, 70_000])
    assert.equal(shapeOf('x'.repeat(length)).length, length);
  assert.equal(shapeOf('all 1s'), 'all 0s'.replace('0s', '1s'));
});

test('the shape of a line has the shape of every text that the line has', () => {
  const next = seededRandom(17);
  const some = (length: number) =>
    Array.from({ length }, () => '0019afxgZ_: .-['[Math.floor(next() * 15)]).join('');
  let digits = 0;
  for (let round = 0; round < 200_000; round++) {
    const text = some(1 + next() * 8);
    const before = some(next() * 6);
    const line = `${before}${text}${some(next() * 6)}`;
    // Where a text begins with letters, only a template's parts tell that no number can go on in it.
    const behindDigits = /(?:^|[^0-9A-Za-z_])(?:0x|\d)[0-9a-f]*$/.test(before);
    // The time before a message is no part of it.
    if (line.startsWith('[')) continue;
    if (behindDigits) digits++;
    const part = shapeOfPart(text, behindDigits);
    assert.ok(shapeOf(line).includes(part), `${line} → ${shapeOf(line)}: ${text} → ${part}`);
  }
  assert.ok(digits > 10_000);
});

test('what is known of a shape is known of it alone, and no more is kept than there is room for', () => {
  const memory = new ShapeMemory<number>();
  const line = (at: number) =>
    `port p${at}_ of switch s${(at * 7919) % 1_000}_ ${'is up and well '.repeat(at % 9)}`;
  let kept = 0;
  for (let at = 0; at < 60_000; at++) {
    shapeOf(line(at));
    assert.equal(memory.get(taken), undefined);
    memory.set(taken, at);
    assert.equal(memory.get(taken), at);
  }
  for (let at = 0; at < 60_000; at++) {
    shapeOf(line(at));
    const known = memory.get(taken);
    assert.ok(known === undefined || known === at);
    if (known !== undefined) kept++;
  }
  assert.ok(kept > 500 && kept <= 8_192, `${kept}`);
  shapeOf('x'.repeat(513));
  memory.set(taken, 1);
  assert.equal(memory.get(taken), undefined);
});
