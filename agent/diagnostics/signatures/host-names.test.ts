import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fullNames } from './host-names.ts';
import type { Hit } from './line-scanner.ts';
import { Tally } from './tally.ts';

test('a short name is the full one that begins with it, unless two do', () => {
  assert.deepEqual(
    [...fullNames(['db1', 'db1.example.net', 'db2', 'db10.example.net', 'db3.example.net'])],
    [['db1', 'db1.example.net']],
  );
  assert.equal(fullNames(['db1', 'db1.example.net', 'db1.example.org']).size, 0);
  assert.equal(fullNames(['10', '10.0.0.7', 'fe80', 'fe80::1.2', '.x', '']).size, 0);
});

const signature = {
  id: 'kernel-log.nvme-timeout',
  severity: 'warning',
  family: 'nvme-timeout',
  device: 'disk',
};
function hit(line: number, host: string | undefined, device = 'nvme0'): Hit {
  return {
    ...{ signature, device, host, line, times: 1, text: `line ${line}` },
    ...{ driver: undefined, bus: undefined, timeMs: undefined, uptime: undefined },
  } as unknown as Hit;
}

test('lines of a machine under both of its names are one group, in the order of the log', () => {
  const tally = new Tally({ hosts: true });
  for (const one of [
    hit(1, 'db1'),
    hit(2, 'db1.example.net'),
    hit(3, 'db2'),
    hit(4, 'db1'),
    hit(5, undefined),
  ])
    tally.add(one);
  tally.add(hit(6, 'db1.example.net', 'nvme1'));
  assert.deepEqual(
    tally.groups().map(({ host, device, count, first, last, newest, recent }) => ({
      ...{ host, device, count, first: first.line, last: last.line, newest },
      recent: recent.map(({ line }) => line),
    })),
    [
      {
        ...{ host: 'db1.example.net', device: 'nvme0', count: 4, first: 1, last: 5 },
        ...{ newest: ['line 2', 'line 4', 'line 5'], recent: [1, 2, 4, 5] },
      },
      { host: 'db2', device: 'nvme0', count: 1, first: 3, last: 3, newest: ['line 3'], recent: [3] },
      {
        host: 'db1.example.net',
        device: 'nvme1',
        count: 1,
        first: 6,
        last: 6,
        newest: ['line 6'],
        recent: [6],
      },
    ],
  );
});

test('a log whose machines have one name each is as it was', () => {
  const tally = new Tally({ hosts: true });
  for (const one of [
    hit(1, 'db1'),
    hit(2, 'db2.example.net'),
    hit(3, 'db1.example.net'),
    hit(4, 'db1.example.org'),
  ])
    tally.add(one);
  assert.deepEqual(
    tally.groups().map(({ host }) => host),
    ['db1', 'db2.example.net', 'db1.example.net', 'db1.example.org'],
  );
});
