import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseCursor } from '../cursor.ts';
import { compilePattern } from '../pattern.ts';
import { BOOT, NO_JOURNAL, plainEntries, START, type TestEntry, writeJournal } from '../testing/journal.ts';
import { collect, dice } from '../testing/read.ts';
import { JournalSource } from './source.ts';

const cursorOf = (text: string | undefined) => parseCursor(text ?? '', 'JOURNAL');

describe('the journal, from real journal files', { skip: NO_JOURNAL }, () => {
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'nodectl-journal-'));
  });
  after(() => rmSync(root, { recursive: true }));

  function fresh(entries: readonly TestEntry[] = []): { folder: string; source: JournalSource } {
    const folder = mkdtempSync(join(root, 'case-'));
    if (entries.length > 0) writeJournal(folder, entries);
    return { folder, source: new JournalSource({ directory: folder }) };
  }

  test('entries become records with origin, priority, time and the fields that were asked for', async () => {
    const { source } = fresh([
      ...plainEntries(2),
      { usec: START + 5000, message: 'two\nlines', fields: { _COMM: 'x', LONG: 'y'.repeat(3000) } },
      { usec: START + 6000, message: Buffer.from([0xff, 0, 0x41]), fields: { PRIORITY: '99', _PID: 'no' } },
      { usec: START + 7000, fields: { NOTHING: 'but this' } },
      { usec: START + 8000, message: 'm'.repeat(1 << 20) },
    ]);
    const { records, end, gaps } = await collect(source, { fields: ['LONG', '_HOSTNAME'] });
    assert.deepEqual(
      records.map(({ bytes, usec, priority, origin, truncated }) => [
        bytes.length > 100 ? bytes.length : bytes.toString('latin1'),
        usec - START,
        priority,
        origin?.identifier,
        origin?.unit,
        origin?.pid,
        truncated,
      ]),
      [
        ['message 0 needle', 0, 0, 'sshd', 'sshd.service', 100, false],
        ['message 1', 1000, 1, 'cron', 'cron.service', 101, false],
        ['two\nlines', 5000, 255, 'x', '', 0, false],
        ['\xff\0A', 6000, 255, '', '', 0, false],
        ['', 7000, 255, '', '', 0, false],
        [65_536, 8000, 255, '', '', 0, true],
      ],
    );
    assert.deepEqual(
      records.map(({ fields }) => Object.keys(fields)),
      [['_HOSTNAME'], ['_HOSTNAME'], ['LONG'], [], [], []],
    );
    assert.equal(records[2]?.fields.LONG?.length, 3000);
    const last = end?.cursor.split(':')[1];
    assert.deepEqual([end?.records, last, gaps], [6, records[5]?.cursor.split(':')[1], []]);
    const all = await collect(source, { fields: ['*'] });
    assert.deepEqual(Object.keys(all.records[4]?.fields ?? {}), ['_BOOT_ID', 'NOTHING']);
  });

  test('conditions on unit, priority, time, message and number', async () => {
    const { source } = fresh(plainEntries(3000));
    const numbers = async (options: Parameters<typeof collect>[1]) =>
      (await collect(source, options)).texts.map((text) => Number(text.split(' ')[1]));
    const all = Array.from({ length: 3000 }, (_, i) => i);
    assert.deepEqual(
      await numbers({ unit: 'cron.service' }),
      all.filter((i) => i % 3 === 1),
    );
    assert.deepEqual(
      await numbers({ priorityMask: 0b1001 }),
      all.filter((i) => i % 8 === 0 || i % 8 === 3),
    );
    const since = { sinceUsec: START + 1_000_000, untilUsec: START + 2_000_000 };
    assert.deepEqual(await numbers(since), all.slice(1000, 2000));
    assert.deepEqual(
      await numbers({ matcher: compilePattern('NEEDLE', true) }),
      all.filter((i) => i % 10 === 0),
    );
    assert.deepEqual(await numbers({ matcher: compilePattern('^message \\d$', false) }), all.slice(1, 10));
    assert.deepEqual(await numbers({ matcher: compilePattern('zzz|qqq', false) }), []);
    assert.deepEqual(await numbers({ tail: 5 }), all.slice(-5));
    assert.deepEqual(await numbers({ tail: 0 }), []);
    const late = { sinceUsec: START + 1_000_000 };
    assert.deepEqual(await numbers({ ...late, tail: 5 }), all.slice(-5));
    assert.deepEqual(await numbers({ ...since, tail: 2 }), [1998, 1999]);
    assert.deepEqual(await numbers({ untilUsec: since.untilUsec, tail: 2 }), [1998, 1999]);
    assert.deepEqual(
      await numbers({ ...late, tail: 2000, unit: 'cron.service' }),
      all.slice(1000).filter((i) => i % 3 === 1),
    );
    assert.deepEqual(
      await numbers({ ...late, tail: 2, matcher: compilePattern('needle', false) }),
      [2980, 2990],
    );
    assert.deepEqual(await numbers({ tail: 2, matcher: compilePattern('needle', false) }), [2980, 2990]);
    const zeros = await numbers({ tail: 2, unit: 'web.service', matcher: compilePattern('0', false) });
    assert.deepEqual(zeros, all.filter((i) => i % 3 === 2 && `${i}`.includes('0')).slice(-2));
    assert.deepEqual(await numbers({ boot: BOOT }), all);
    assert.deepEqual(await numbers({ boot: '0', tail: 1 }), [2999]);
    await assert.rejects(numbers({ boot: '-1' }), { reason: 'UNKNOWN_BOOT' });
    for (const boot of ['+1', '--x', '0 ', '12', 'f'.repeat(31)]) {
      await assert.rejects(numbers({ boot }), { reason: 'BAD_ARGUMENT' }, boot);
    }
    await assert.rejects(numbers({ fields: ['--x'] }), { reason: 'BAD_ARGUMENT' });
    await assert.rejects(numbers({ boot: '-1', follow: true }), { reason: 'BAD_ARGUMENT' });
    assert.deepEqual((await source.units()).sort(), ['cron.service', 'sshd.service', 'web.service']);
    assert.equal((await source.inspect()).unavailable, '');
  });

  test('every cursor leads to exactly what comes after it, over several files and several ids', async () => {
    const { folder, source } = fresh(plainEntries(400));
    writeJournal(
      folder,
      plainEntries(400, 200).map((entry) => ({ ...entry, message: `other ${entry.usec - START}` })),
      'other.journal',
    );
    const all = await collect(source);
    assert.equal(all.records.length, 800);
    const roll = dice(8);
    for (let i = 0; i < 50; i++) {
      const index = roll(800);
      const rest = await collect(source, { cursor: cursorOf(all.records[index]?.cursor) });
      assert.deepEqual([rest.texts, rest.gaps], [all.texts.slice(index + 1), []], `after ${index}`);
    }
    const filtered = await collect(source, { unit: 'cron.service' });
    const some = await collect(source, {
      unit: 'cron.service',
      cursor: cursorOf(filtered.records[100]?.cursor),
    });
    assert.deepEqual([some.texts, some.gaps], [filtered.texts.slice(101), []]);
  });

  test('a cursor whose record the conditions leave out is no gap', async () => {
    const { source } = fresh(plainEntries(100));
    const { records } = await collect(source);
    const cursor = cursorOf(records[40]?.cursor);
    for (const options of [
      { unit: 'web.service' },
      { matcher: compilePattern('needle', false), tail: 5 },
      { boot: BOOT, priorityMask: 2 },
    ]) {
      const all = await collect(source, { ...options, tail: undefined });
      const { texts, gaps } = await collect(source, { ...options, cursor });
      const expected = all.texts.filter((text) => Number(text.split(' ')[1]) > 40);
      assert.deepEqual([texts, gaps], [expected, []]);
    }
  });

  test('a record that is gone is a gap, counted where numbers go on', async () => {
    const { folder, source } = fresh(plainEntries(100));
    renameSync(join(folder, 'system.journal'), join(folder, 'first.x'));
    // A journal whose first numbers were vacuumed: written on in a copy of the file, from which nothing is left.
    const { records } = await collect(new JournalSource({ directory: fresh(plainEntries(10)).folder }));
    writeJournal(folder, plainEntries(5, 300), 'new.journal');
    const gone = await collect(source, { cursor: cursorOf(records[3]?.cursor) });
    assert.deepEqual([gone.gaps[0]?.cause, gone.gaps[0]?.records, gone.texts.length], ['ROTATED', -1, 5]);
    const filtered = { unit: 'web.service', cursor: cursorOf(records[3]?.cursor) };
    const goneToo = await collect(source, filtered);
    assert.deepEqual([goneToo.gaps.length, goneToo.gaps[0]?.records, goneToo.texts.length], [1, -1, 1]);
    for (const cursor of ['j.x.1:1', 'j.00:1', `j.${'0'.repeat(32)}.1:0`]) {
      await assert.rejects(collect(source, { cursor: cursorOf(cursor) }), { reason: 'BAD_CURSOR' });
    }
  });

  test('new entries are followed, also into an empty journal, with watermarks in between', async () => {
    const { folder, source } = fresh();
    let written = 0;
    const { texts, watermarks } = await collect(source, { follow: true }, (sofar, event) => {
      if (event.event === 'watermark' && written === 0) {
        writeJournal(folder, plainEntries(3));
        written = 3;
      } else if (event.event === 'watermark' && sofar.texts.length === written && written < 9) {
        writeJournal(folder, plainEntries(3, written));
        written += 3;
      }
      return sofar.texts.length >= 9;
    });
    assert.deepEqual(
      texts.map((text) => Number(text.split(' ')[1])),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    );
    assert.ok(watermarks.length >= 3);
    const tail = await collect(source, { follow: true, tail: 0 }, (sofar, event) => {
      if (event.event === 'watermark' && written === 9) {
        written = 10;
        writeJournal(folder, plainEntries(1, 9));
      }
      return sofar.texts.length >= 1;
    });
    assert.deepEqual(tail.texts, ['message 9']);
  });

  test('a time to begin at is for what there is: what is followed begins behind that', async () => {
    const { folder, source } = fresh(plainEntries(9));
    const unit = { sinceUsec: START + 3000, unit: 'cron.service' };
    for (const [options, first] of [
      [unit, [4, 7]],
      [{ sinceUsec: START + 3000, tail: 0 }, []],
    ] as const) {
      const next = Number((await collect(source, { tail: 1 })).texts[0]?.split(' ')[1]) + 1;
      let written = false;
      const { texts } = await collect(source, { ...options, follow: true }, (sofar, event) => {
        if (event.event === 'watermark' && !written) writeJournal(folder, plainEntries(2, next));
        written ||= event.event === 'watermark';
        return sofar.texts.length > first.length;
      });
      const numbers = texts.map((text) => Number(text.split(' ')[1])).slice(0, first.length + 1);
      assert.deepEqual(numbers, [...first, 'tail' in options ? next : next + 1]);
    }
  });

  test('broken off sixty times while entries are written: none lost, none twice', async () => {
    const { folder, source } = fresh(plainEntries(5000));
    const roll = dice(77);
    const seen: number[] = [];
    let cursor = '';
    let written = 5000;
    for (let round = 0; round < 60 || seen.length < written; round++) {
      if (round < 60 && round % 4 === 0) {
        writeJournal(folder, plainEntries(200, written), 'system.journal');
        written += 200;
      }
      const limit = round < 60 ? 1 + roll(250) : 100_000;
      const follow = round % 2 === 0 && seen.length < written;
      const { records, gaps } = await collect(
        source,
        { follow, cursor: cursor === '' ? undefined : cursorOf(cursor) },
        (sofar) => {
          return sofar.records.length >= limit || seen.length + sofar.records.length >= written;
        },
      );
      assert.deepEqual(gaps, []);
      for (const record of records.slice(0, limit)) seen.push(Number(record.text.split(' ')[1]));
      cursor = records.slice(0, limit).at(-1)?.cursor ?? cursor;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: written }, (_, i) => i),
    );
  });

  test('a journalctl that dies is started again from where it was; one that cannot be started is said', async () => {
    const { folder } = fresh(plainEntries(2000));
    const program = join(folder, 'flaky');
    const counter = join(folder, 'count');
    // Dies after some entries, three times.
    writeFileSync(
      program,
      `#!/bin/sh\nn=$(cat ${counter} 2>/dev/null || echo 0)\necho $((n+1)) > ${counter}\nif [ $n -lt 3 ]; then journalctl "$@" | head -c 100000; exit 3; fi\nexec journalctl "$@"\n`,
    );
    chmodSync(program, 0o755);
    const source = new JournalSource({ directory: folder, program });
    const { texts, gaps } = await collect(source);
    assert.deepEqual([texts, gaps], [plainEntries(2000).map(({ message }) => message), []]);
    assert.equal(readFileSync(counter, 'utf8').trim(), '4');
    const none = new JournalSource({ directory: folder, program: join(folder, 'missing') });
    await assert.rejects(collect(none), { reason: 'SOURCE_UNAVAILABLE' });
    assert.match((await none.inspect()).unavailable, /could not be started/);
    const empty = new JournalSource({ directory: join(folder, 'nowhere') });
    assert.notEqual((await empty.inspect()).unavailable, '');
    await assert.rejects(collect(empty), { reason: 'SOURCE_UNAVAILABLE' });
    mkdirSync(join(folder, 'void'));
    const nothing = new JournalSource({ directory: join(folder, 'void') });
    assert.match((await nothing.inspect()).unavailable, /no journal files/);
    const refused = { reason: 'SOURCE_UNAVAILABLE', message: /no journal files/, hint: /systemd-journal/ };
    await assert.rejects(collect(nothing), refused);
    await assert.rejects(collect(nothing, { unit: 'sshd.service' }), refused);
  });

  test('a follower of a journal that the agent may not read is refused, where it would wait for ever', {
    skip: process.geteuid?.() === 0 ? false : 'needs root, to be somebody else for a moment',
  }, async () => {
    const { folder, source } = fresh(plainEntries(2));
    chmodSync(root, 0o755);
    const refused = { reason: 'SOURCE_UNAVAILABLE', message: /may read none/, hint: /systemd-journal/ };
    for (const [folderMode, fileMode] of [
      [0o755, 0o600],
      [0o700, 0o644],
    ] as const) {
      chmodSync(folder, folderMode);
      chmodSync(join(folder, 'system.journal'), fileMode);
      process.seteuid?.(65_534);
      try {
        await assert.rejects(
          collect(source, { follow: true }, () => true),
          refused,
        );
      } finally {
        process.seteuid?.(0);
      }
    }
  });

  test('an agent that may read only its own user’s journal is told so, before what it may read', {
    skip: process.geteuid?.() === 0 ? false : 'needs root, to be somebody else for a moment',
  }, async () => {
    const { folder, source } = fresh(plainEntries(6));
    writeJournal(folder, plainEntries(1, 7), 'user-65534.journal');
    chmodSync(root, 0o755);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'user-65534.journal'), 0o644);
    chmodSync(join(folder, 'system.journal'), 0o600);
    const told = /may read 1 of the 2 files of the journal, the system’s own .* group systemd-journal$/;
    const cursor = cursorOf((await collect(source)).records[5]?.cursor);
    process.seteuid?.(65_534);
    try {
      for (const options of [{}, { tail: 3 }, { unit: 'cron.service' }, { cursor }]) {
        const { texts, gaps, order } = await collect(source, options);
        assert.deepEqual([texts, order[0], gaps[0]?.cause], [['message 7'], 'gap', 'NOT_PERMITTED']);
        assert.match(gaps[0]?.detail ?? '', told);
      }
      const followed = await collect(source, { follow: true }, ({ texts }) => texts.length > 0);
      assert.deepEqual([followed.order[0], followed.gaps.length], ['gap', 1]);
      assert.match((await source.inspect()).incomplete, told);
    } finally {
      process.seteuid?.(0);
    }
    const whole = await collect(source);
    assert.deepEqual([whole.texts.length, whole.gaps], [7, []]);
    assert.equal((await source.inspect()).incomplete, '');
  });

  test('journalctl’s own search may give up: the search goes on without it', async () => {
    const { folder } = fresh(plainEntries(500));
    const program = join(folder, 'giving-up');
    writeFileSync(
      program,
      `#!/bin/sh\ncase "$*" in *--grep*) journalctl "$@" | head -c 2000; echo 'Pattern matching failed' >&2; exit 1;; esac\nexec journalctl "$@"\n`,
    );
    chmodSync(program, 0o755);
    const { texts } = await collect(new JournalSource({ directory: folder, program }), {
      matcher: compilePattern('needle', false),
    });
    assert.equal(texts.length, 50);
  });
});
