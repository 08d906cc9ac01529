import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExportParser } from './export.ts';

const ID = '7a582b617661456aaaaa0bb8aee200b7';
const head = (number: number) =>
  `__CURSOR=s=${ID};i=${number.toString(16)};b=${ID};m=1;t=1;x=1\n__REALTIME_TIMESTAMP=${number}\n_PID=7\n`;
const whole = (number: number) => Buffer.from(`${head(number)}MESSAGE=line ${number}\n\n`);

/** A value with any bytes. */
function binary(name: string, value: Buffer, length = value.length): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, value]);
}

/** The numbers and messages that a parser gives of bytes that come in pieces. */
function parse(bytes: Buffer, piece: number) {
  const parser = new ExportParser(true);
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    parser.push(bytes.subarray(at, at + piece));
    for (let entry = parser.next(); entry !== undefined; entry = parser.next())
      found.push(`${entry.seqnum} ${entry.bytes.toString('latin1', entry.message.start, entry.message.end)}`);
  }
  return { found, skipped: parser.skipped };
}

/** What journalctl prints of an entry whose file loses its blocks meanwhile, before it goes on with the next. */
const TORN: Record<string, Buffer> = {
  'in a name, with zeros': Buffer.from(`${head(2)}_P\0\0\0\0\0\0\0\0\n`),
  'in a name': Buffer.from(`${head(2)}MESS\n`),
  'in a name, at its first byte': Buffer.from(`${head(2)}\0\0\0\n`),
  'behind a field': Buffer.from(head(2)),
  'in a value of bytes': Buffer.concat([Buffer.from(head(2)), binary('MESSAGE', Buffer.from('x\n\n1\n'), 6)]),
  'without a cursor': Buffer.from('_PID=7\nMESSAGE=whose?\n\n'),
};

for (const [where, torn] of Object.entries(TORN))
  test(`an entry that is torn ${where} is left out and counted, and the next ones are not`, () => {
    const other = binary('MESSAGE', Buffer.from(`of bytes\n__CURSOR=s=${ID};i=9\n`));
    const rest = [Buffer.from(head(4)), other, Buffer.from('\n\n'), whole(5)];
    const bytes = Buffer.concat([whole(1), torn, whole(3), torn, torn, ...rest]);
    for (const piece of [1, 7, 64, bytes.length])
      assert.deepEqual(
        parse(bytes, piece),
        { found: ['1 line 1', '3 line 3', `4 of bytes\n__CURSOR=s=${ID};i=9\n`, '5 line 5'], skipped: 3 },
        `in pieces of ${piece}`,
      );
  });
