/** The kernel's log of a boot that is over, from a journal that was kept: levels, times, and what is said where there is none. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createLogs } from '../domain.ts';
import { noSuchBoot } from '../journal/boots.ts';
import { BOOT, NO_JOURNAL, START, type TestEntry, writeJournal } from '../testing/journal.ts';
import { recordsOf, type TestRecord } from '../testing/read.ts';
import type { LogQuery } from '../types.ts';

const NOW_BOOT = 'f'.repeat(32);
const SECOND = 1_000_000;
/** The test journal's clock that began at boot shows a second at START. */
const JOURNAL_BEGAN = 30 * SECOND;

/** The kernel's messages of a boot that had run for half a minute when its journal began. */
function kernelEntries(): TestEntry[] {
  const said = (at: number, message: string, more: Record<string, string> = {}): TestEntry => ({
    usec: START - SECOND + Math.max(at, JOURNAL_BEGAN),
    message,
    fields: {
      ...{ _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', SYSLOG_FACILITY: '0', PRIORITY: '6' },
      ...{ _SOURCE_MONOTONIC_TIMESTAMP: `${at}`, ...more },
    },
  });
  return [
    said(0, 'Linux version 6.12'),
    said(1_500_000, 'eth0: link up'),
    said(2 * SECOND, 'Started journal.', {
      ...{ SYSLOG_IDENTIFIER: 'systemd', SYSLOG_PID: '1', _PID: '1', SYSLOG_FACILITY: '3' },
    }),
    said(40 * SECOND, 'EXT4-fs error (device sda1)', { PRIORITY: '2' }),
    said(41 * SECOND, 'Kernel panic - not syncing', { PRIORITY: '0' }),
  ];
}

describe('the kernel’s log of an earlier boot', { skip: NO_JOURNAL }, () => {
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'nodectl-kernel-boot-'));
  });
  after(() => rmSync(root, { recursive: true }));

  /** A node whose ring buffer cannot be read, with a journal. */
  function node(entries: readonly TestEntry[]) {
    const directory = mkdtempSync(join(root, 'case-'));
    if (entries.length > 0) writeJournal(directory, entries);
    const bootIdPath = join(directory, 'boot_id');
    writeFileSync(bootIdPath, `${NOW_BOOT}\n`);
    const kernel = { path: join(directory, 'no-kmsg'), bootIdPath };
    return createLogs({ node: 'n1', journal: { directory }, kernel, pods: false });
  }

  async function read(logs: ReturnType<typeof node>, more: Partial<LogQuery>) {
    const query: LogQuery = {
      ...{ source: 'kernel', sinceUsec: 0, untilUsec: 0, boot: '-1', grep: '', grepIgnoreCase: false },
      ...{ priorities: [], tail: undefined, follow: false, cursor: '', fields: [], ...more },
    };
    const { source, events } = await logs.read(query, new AbortController().signal);
    const records: TestRecord[] = [];
    for await (const event of events) if (event.event === 'batch') records.push(...recordsOf(event.batch));
    return { source, records, texts: records.map(({ text }) => text) };
  }

  const later: TestEntry[] = ['user', 'kernel'].map((transport, i) => ({
    ...{ usec: START + 3_600 * SECOND + i, message: 'of the running boot', boot: NOW_BOOT },
    fields: { _TRANSPORT: transport },
  }));
  const others: TestEntry = { usec: START + 40 * SECOND, message: 'a program', fields: { PRIORITY: '0' } };

  test('its messages come with levels and the kernel’s own times, and nothing else does', async () => {
    const logs = node([...kernelEntries(), others, ...later]);
    const { source, records } = await read(logs, { fields: ['SYSLOG_FACILITY'] });
    assert.equal(source, 'kernel');
    assert.deepEqual(
      records.map(({ text, usec, priority, origin, fields }) => [
        ...[text, usec - START + SECOND, priority, origin?.identifier, String(fields.SYSLOG_FACILITY)],
      ]),
      [
        ['Linux version 6.12', 0, 6, 'kernel', '0'],
        ['eth0: link up', 1_500_000, 6, 'kernel', '0'],
        ['Started journal.', 2 * SECOND, 6, 'systemd', '3'],
        ['EXT4-fs error (device sda1)', 40 * SECOND, 2, 'kernel', '0'],
        ['Kernel panic - not syncing', 41 * SECOND, 0, 'kernel', '0'],
      ],
    );
    assert.deepEqual(Object.keys(records[0]?.fields ?? {}), ['SYSLOG_FACILITY']);
    assert.equal((await read(logs, { boot: BOOT })).records.length, 5);
    const rest = await read(logs, { cursor: records[2]?.cursor ?? '' });
    assert.deepEqual(rest.texts, ['EXT4-fs error (device sda1)', 'Kernel panic - not syncing']);
  });

  test('conditions are on what is shown: the kernel’s times, levels, the newest', async () => {
    const logs = node([...kernelEntries(), others, ...later]);
    const untilUsec = START + SECOND;
    assert.deepEqual((await read(logs, { untilUsec })).texts, ['Linux version 6.12', 'eth0: link up']);
    assert.deepEqual((await read(logs, { untilUsec, tail: 1 })).texts, ['eth0: link up']);
    assert.deepEqual((await read(logs, { sinceUsec: START + 39 * SECOND, tail: 9 })).texts, [
      ...['EXT4-fs error (device sda1)', 'Kernel panic - not syncing'],
    ]);
    assert.deepEqual((await read(logs, { priorities: [2] })).texts, ['EXT4-fs error (device sda1)']);
    assert.deepEqual((await read(logs, { tail: 1 })).texts, ['Kernel panic - not syncing']);
    assert.deepEqual((await read(logs, { grep: 'LINK', grepIgnoreCase: true, tail: 3 })).texts, [
      'eth0: link up',
    ]);
  });

  test('a boot that is not there, or not over, is refused, with what there is and what to do', async () => {
    const logs = node([...kernelEntries(), ...later]);
    for (const boot of ['-2', 'a'.repeat(32)])
      await assert.rejects(read(logs, { boot }), {
        ...{
          reason: 'UNKNOWN_BOOT',
          message: /nothing of the boot "(-2|a+)": it has 2 boots, from -1 to 0$/,
        },
        hint: /SystemMaxUse=/,
      });
    await assert.rejects(read(logs, { follow: true }), { reason: 'BAD_ARGUMENT', message: /it is over/ });
    await assert.rejects(read(logs, { boot: '12' }), { reason: 'BAD_ARGUMENT' });
    await assert.rejects(read(node(later), {}), {
      reason: 'UNKNOWN_BOOT',
      message: /nothing of the previous boot \(-1\): it has one boot only/,
    });
    // The running boot's is in the ring buffer, which cannot be read here.
    for (const boot of ['', '0', 'this', NOW_BOOT])
      await assert.rejects(read(logs, { boot }), { reason: 'SOURCE_UNAVAILABLE', message: /no-kmsg/ }, boot);
  });

  test('a node without a journal is told from one that keeps it in memory and one that keeps it in part', async () => {
    await assert.rejects(read(node([]), {}), {
      ...{
        reason: 'UNKNOWN_BOOT',
        message: /^the node has no journal, so nothing of the previous boot \(-1\)/,
      },
      hint: /case-\w+ is there and empty: only a running systemd-journald/,
    });
    const [empty, memory, kept] = ['empty', 'memory', 'kept'].map((name) => join(root, name)) as [
      ...[string, string, string],
    ];
    for (const folder of [empty, memory, kept]) mkdirSync(folder);
    for (const folder of [memory, kept]) writeJournal(folder, later);
    const missing = join(root, 'missing');
    const told = async (inMemory: string, folder: string) => {
      const failure = await noSuchBoot({ directory: inMemory }, '-1', { kept: folder, memory: inMemory });
      return `${failure.message} | ${failure.hint}`;
    };
    assert.match(
      await told(empty, missing),
      /^the node has no journal.* \| earlier boots are kept by systemd-j/,
    );
    assert.match(await told(empty, empty), /^the node has no journal.* is there and empty/);
    for (const none of [missing, empty])
      assert.match(await told(memory, none), /one boot only \| .*in memory.* make the folder \/var\/log/);
    assert.match(await told(memory, kept), /one boot only \| .*SystemMaxUse=/);
  });
});
