import assert from 'node:assert/strict';
import {
  appendFileSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Disk, Journal } from './journal.ts';
import { Register, type RegisteredNode, type TokenRecord } from './register.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nodectl-journal-'));
after(() => rmSync(scratch, { recursive: true }));
let count = 0;
const fresh = () => join(scratch, `journal-${count++}`);
const check = (entry: unknown) => entry as number;
const real: Disk = { writeSync, fsyncSync, ftruncateSync };
/** For tests that write thousands of lines. */
const quick: Disk = { ...real, fsyncSync: () => undefined };

/** Entries as a journal writes them, a line each. */
function written(...entries: unknown[]): string {
  const path = fresh();
  const { journal } = Journal.open<unknown>(path, (entry) => entry, quick);
  for (const entry of entries) journal.append(entry);
  journal.close();
  return readFileSync(path, 'utf8');
}

/** What a journal holds when it is opened. */
function entriesOf(path: string): number[] {
  const { journal, entries } = Journal.open(path, check);
  journal.close();
  return entries;
}

test('entries come back in their order', () => {
  const path = fresh();
  const { journal, entries } = Journal.open(path, check);
  assert.deepEqual(entries, []);
  for (const n of [3, 1, 2]) journal.append(n);
  journal.close();
  journal.close();
  assert.deepEqual(entriesOf(path), [3, 1, 2]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.throws(() => journal.append(4), { reason: 'INTERNAL' });
});

test('a line that a crash cut short is dropped wherever it was cut, and the next one is whole', () => {
  const line = written(123456789);
  for (let cut = 1; cut < line.length; cut++) {
    const path = fresh();
    writeFileSync(path, written(1, 2) + line.slice(0, cut));
    const { journal, entries } = Journal.open(path, check);
    assert.deepEqual(entries, [1, 2]);
    journal.append(3);
    journal.close();
    assert.deepEqual(entriesOf(path), [1, 2, 3]);
  }
  const path = fresh();
  writeFileSync(path, `${written(1)}\0\0\0\0`);
  const { journal, entries, dropped } = Journal.open(path, check);
  journal.close();
  assert.deepEqual([entries, dropped], [[1], 4]);
});

test('a journal that cannot be read is told, and not called a defect', () => {
  const path = fresh();
  mkdirSync(path);
  assert.throws(() => entriesOf(path), { reason: 'BAD_CONFIG', message: /cannot be read/, hint: /backup/ });
});

test('a damaged line before the end is never passed over', () => {
  const path = fresh();
  writeFileSync(path, `${written(1)}{"op":\n${written(3)}`);
  assert.throws(() => entriesOf(path), { reason: 'BAD_CONFIG', message: /line 2 of/, hint: /backup/ });
});

test('a bit that flips anywhere in a line is found, also where the line is JSON as before', () => {
  const line = Buffer.from(written('rack-a'));
  const path = fresh();
  for (let at = 0; at < line.length * 8; at++) {
    const rotten = Buffer.from(line);
    rotten.writeUInt8(rotten.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
    writeFileSync(path, rotten + written('rack-b'));
    assert.throws(() => entriesOf(path), { reason: 'BAD_CONFIG', message: /line [12] of/ }, `bit ${at}`);
  }
});

test('an append that fails half-way leaves no trace, and the next one counts', () => {
  for (const failing of ['write', 'flush'] as const)
    for (const part of [0, 1, 5]) {
      const path = fresh();
      let broken = false;
      const disk: Disk = {
        ...real,
        writeSync: (file, bytes, offset) => {
          if (!broken || failing === 'flush') return writeSync(file, bytes, offset);
          if (offset >= part) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          return writeSync(file, bytes, offset, part);
        },
        fsyncSync: (file) => {
          if (!broken || failing === 'write') return fsyncSync(file);
          broken = false;
          throw Object.assign(new Error('input/output error'), { code: 'EIO' });
        },
      };
      const { journal } = Journal.open(path, check, disk);
      journal.append(1);
      broken = true;
      assert.throws(() => journal.append(222_222_222), { code: /ENOSPC|EIO/ });
      broken = false;
      journal.append(3);
      journal.close();
      assert.deepEqual(entriesOf(path), [1, 3], `${failing} ${part}`);
    }
});

test('a disk that cannot even take back a part ends the writing until the journal is opened anew', () => {
  const path = fresh();
  let broken = false;
  const fail = () => {
    throw new Error('input/output error');
  };
  const disk: Disk = {
    ...real,
    writeSync: (file, bytes, offset) => {
      if (!broken) return writeSync(file, bytes, offset);
      return offset > 0 ? fail() : writeSync(file, bytes, 0, 3);
    },
    ftruncateSync: fail,
  };
  const { journal } = Journal.open(path, check, disk);
  journal.append(1);
  broken = true;
  assert.throws(() => journal.append(222_222_222), /input\/output/);
  broken = false;
  assert.throws(() => journal.append(3), { reason: 'INTERNAL', hint: /mend the disk/ });
  journal.close();
  assert.deepEqual(entriesOf(path), [1]);
});

test('a file that has grown far beyond what is live is rewritten, and appended to from then on', () => {
  const path = fresh();
  const { journal } = Journal.open(path, check, quick);
  let largest = 0;
  for (let n = 0; n < 10_000; n++) {
    journal.append(n);
    journal.compact(() => [n], 1);
    largest = Math.max(largest, statSync(path).size);
  }
  journal.close();
  assert.ok(largest < 1100 * written(9_999).length, `${largest} bytes`);
  assert.equal(entriesOf(path).at(-1), 9999);
});

test('a rewrite that fails loses nothing', () => {
  const path = fresh();
  const { journal } = Journal.open(path, check, quick);
  let tried = 0;
  const unwritable = () => {
    tried++;
    throw new Error('no space left on device');
  };
  for (let n = 0; n < 1500; n++) {
    journal.append(n);
    journal.compact(() => [{ toJSON: unwritable } as unknown as number], 1);
  }
  journal.close();
  // Once, and then not again for as long as the file has not doubled.
  assert.equal(tried, 1);
  assert.equal(entriesOf(path).length, 1500);
});

const token = (digest: string, node: string, usedBy = ''): TokenRecord => ({
  digest,
  node,
  notAfter: 1e15,
  usedBy,
  answer: '',
});
const node = (name: string, serial = '1'): RegisteredNode => ({
  name,
  addresses: ['10.0.0.1:7443'],
  ownLabels: { zone: 'a' },
  setLabels: {},
  enrolledAt: 1,
  issuedAt: 1,
  notAfter: 2,
  serial,
  previousSerial: '',
});

function register(disk: Disk = quick): { folder: string; register: Register } {
  const folder = mkdtempSync(join(scratch, 'register-'));
  return { folder, register: new Register(folder, disk) };
}

test('lines that are JSON and no entries of a register are refused', () => {
  const whole = { op: 'node', node: node('a') };
  for (const line of [
    'null',
    '7',
    '[]',
    '{}',
    '{"op":"x"}',
    '{"op":"remove"}',
    '{"op":"token","token":{}}',
    '{"op":"node"}',
  ])
    assert.throws(
      () => {
        const folder = mkdtempSync(join(scratch, 'bad-'));
        writeFileSync(join(folder, 'register.jsonl'), written(whole, JSON.parse(line)));
        new Register(folder).close();
      },
      { reason: 'BAD_CONFIG', message: /line 2/ },
      line,
    );
});

test('a register is after a reopening what it was before, also over many rewrites', () => {
  const { folder, register: first } = register();
  for (let n = 0; n < 50; n++) {
    first.addToken(token(`t${n}`, `n${n}`), 0);
    first.enrol(token(`t${n}`, `n${n}`, 'key'), node(`n${n}`));
  }
  for (let n = 0; n < 4000; n++) first.putNode(node(`n${n % 40}`, String(n)));
  for (let n = 45; n < 50; n++) first.removeNode(`n${n}`);
  assert.ok(readFileSync(join(folder, 'register.jsonl'), 'utf8').split('\n').length < 1000 + 4 * 100 + 10);
  const before = [...first.nodes()];
  first.close();
  const second = new Register(folder);
  assert.deepEqual(second.nodes(), before);
  assert.equal(before.length, 45);
  assert.equal(second.token('t7')?.usedBy, 'key');
  assert.equal(second.token('t47'), undefined);
  second.close();
});

test('a node and its token are recorded as one: no cut gives the one without the other', () => {
  const { folder, register: made } = register();
  made.addToken(token('t', 'n'), 0);
  const before = statSync(join(folder, 'register.jsonl')).size;
  made.enrol(token('t', 'n', 'key'), node('n'));
  made.close();
  const whole = readFileSync(join(folder, 'register.jsonl'));
  for (let size = before; size <= whole.length; size += 7) {
    const again = mkdtempSync(join(scratch, 'cut-'));
    writeFileSync(join(again, 'register.jsonl'), whole.subarray(0, size));
    const found = new Register(again, quick);
    assert.equal(found.node('n') !== undefined, found.token('t')?.usedBy === 'key');
    found.close();
  }
});

test('what a register has lost is told', () => {
  const { folder, register: made } = register();
  assert.deepEqual([made.isNew, made.problem], [true, undefined]);
  made.putNode(node('a'));
  made.close();
  appendFileSync(join(folder, 'register.jsonl'), '{"op":"node","nod');
  const cut = new Register(folder);
  cut.close();
  assert.match(cut.problem ?? '', /register\.jsonl was cut short.*17 bytes were dropped/);
  assert.equal(cut.isNew, false);
  const whole = new Register(folder);
  whole.close();
  assert.equal(whole.problem, undefined);
});

test('a write that fails changes nothing in memory either', () => {
  let full = false;
  const disk: Disk = {
    ...quick,
    writeSync: (file, bytes, offset) => {
      if (full) throw new Error('no space left on device');
      return writeSync(file, bytes, offset);
    },
  };
  const { register: made } = register(disk);
  made.addToken(token('t', 'n'), 0);
  full = true;
  assert.throws(() => made.enrol(token('t', 'n', 'key'), node('n')), /no space/);
  assert.equal(made.node('n'), undefined);
  assert.equal(made.token('t')?.usedBy, '');
  full = false;
  made.enrol(token('t', 'n', 'key'), node('n'));
  made.close();
});

test('expired tokens make room, tokens in force do not', () => {
  const { register: made } = register();
  for (let n = 0; n < 20_000; n++) made.addToken({ ...token(`t${n}`, 'n'), notAfter: n < 5 ? 10 : 1e15 }, 0);
  const one = token('more', 'n');
  assert.throws(() => made.addToken(one, 0), { reason: 'REGISTER_FULL' });
  made.addToken(one, 10);
  assert.equal(made.token('t0'), undefined);
  assert.equal(made.token('t5')?.node, 'n');
  made.close();
});

test('a stray file of a killed rewrite is removed when the register is opened', () => {
  const { folder, register: made } = register();
  made.close();
  const stray = join(folder, `register.jsonl.${process.pid}.0123abcd.tmp`);
  appendFileSync(stray, 'x');
  new Register(folder).close();
  assert.equal(statSync(stray, { throwIfNoEntry: false }), undefined);
});
