import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../failure.ts';
import { Deframer, frame, MAX_MESSAGE_BYTES } from './framing.ts';

/** All messages that come out when bytes are pushed in pieces of the given sizes. */
function deframe(bytes: Buffer, size: () => number): { messages: string[]; incomplete: boolean } {
  const deframer = new Deframer();
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + size();
    for (const message of deframer.push(bytes.subarray(at, end))) messages.push(message.toString());
    at = end;
  }
  return { messages, incomplete: deframer.incomplete };
}

test('messages come out whole, however the bytes are cut', () => {
  const sent = ['', 'a', 'x'.repeat(300), '', 'y'.repeat(70_000), 'end'];
  const bytes = Buffer.concat(sent.map((one) => frame(Buffer.from(one))));
  for (const size of [() => 1, () => 4, () => 5, () => 6, () => bytes.length, () => randomInt(1, 5_000)])
    assert.deepEqual(deframe(bytes, size), { messages: sent, incomplete: false });
});

test('a message that is cut short is told apart from a clean end', () => {
  const bytes = frame(Buffer.from('hello'));
  for (let length = 1; length < bytes.length; length++)
    assert.deepEqual(
      deframe(bytes.subarray(0, length), () => 3),
      { messages: [], incomplete: true },
    );
});

test('a message that is too long or compressed is refused before it is gathered', () => {
  const long = Buffer.alloc(5);
  long.writeUInt32BE(MAX_MESSAGE_BYTES + 1, 1);
  const compressed = frame(Buffer.from('x'));
  compressed[0] = 1;
  for (const bytes of [long, compressed]) assert.throws(() => deframe(bytes, () => 5), Failure);
});

test('a message in pieces of a byte, with empty ones between, takes no more memory than it has bytes', () => {
  const script = `
    import { Deframer, frame } from '${join(import.meta.dirname, 'framing.ts')}';
    const bytes = frame(Buffer.alloc(400_000, 7));
    const deframer = new Deframer();
    let count = 0;
    for (let at = 0; at < bytes.length; at++)
      for (const piece of [bytes.subarray(at, at + 1), bytes.subarray(at, at)])
        for (const message of deframer.push(piece)) count += message.length;
    process.stdout.write(String(count));`;
  const options = ['--max-old-space-size=16', '--input-type=module-typescript', '-e', script];
  assert.equal(execFileSync(process.execPath, options, { encoding: 'utf8' }), '400000');
});
