import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldApart } from './twice-saved.ts';

const DF = (used: number) =>
  `Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        50G  ${used / 2}G   1G ${used}% /\n`;
const DETAIL = (failed: number) =>
  `/dev/md0:\n           Version : 1.2\n        Raid Level : raid1\n             State : clean\n    Failed Devices : ${failed}\n`;

for (const [what, first, second, replaced] of [
  ['before and after', 'df_before.txt', 'df_after.txt', 'df_before.txt'],
  ['old, and without a word', 'df.old.txt', 'df.txt', 'df.old.txt'],
  ['without a word, and new', 'df.txt', 'df-new.txt', 'df.txt'],
  ['dates', 'df-2024-03-05.txt', 'df-2024-03-06.txt', 'df-2024-03-05.txt'],
] as const)
  test(`the later of two files counts: ${what}`, () => {
    const found = toldApart(
      new Map([
        [first, DF(98)],
        [second, DF(8)],
      ]),
    );
    assert.deepEqual([...found.replaced.keys()], [replaced]);
    assert.match(found.replaced.get(replaced) ?? '', /earlier output of what df/);
    assert.deepEqual(found.apart, []);
  });

test('files of which nobody can tell which is later, and those of hosts, are judged apart', () => {
  const texts = new Map([
    ['df1.txt', DF(98)],
    ['df2.txt', DF(8)],
  ]);
  assert.deepEqual(
    toldApart(texts).apart.map(({ label }) => label),
    ['df1', 'df2'],
  );
  const hosts = new Map([
    ['df_web1.txt', DF(98)],
    ['df_web2.txt', DF(8)],
    ['uptime_web1.txt', ' 10:00:00 up 4 days,  1 user,  load average: 0.00, 0.01, 0.05\n'],
    ['note.txt', 'seen on Monday\n'],
  ]);
  assert.deepEqual(
    toldApart(hosts).apart.map(({ path, label, isHost }) => [path, label, isHost]),
    [
      ['df_web1.txt', 'web1', true],
      ['df_web2.txt', 'web2', true],
      ['uptime_web1.txt', 'web1', true],
    ],
  );
});

test('files of one machine stay together: the same twice, other options, other devices, other names', () => {
  for (const texts of [
    [
      ['df_a.txt', DF(8)],
      ['df_b.txt', DF(8)],
    ],
    [
      ['df-h.txt', DF(8)],
      ['df-hl.txt', DF(9)],
    ],
    [
      ['df.txt', DF(8)],
      ['report.txt', DF(9)],
    ],
    [
      ['mdadm_md0.txt', DETAIL(0)],
      ['mdadm_md1.txt', DETAIL(1).replace('md0', 'md1')],
    ],
    [
      ['note1.txt', DF(8)],
      ['note2.txt', 'nothing\n'],
    ],
  ] as [string, string][][]) {
    const found = toldApart(new Map(texts));
    assert.deepEqual([[...found.replaced], found.apart], [[], []]);
  }
});
