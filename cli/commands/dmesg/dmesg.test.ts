import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodectl, sends, T } from '../logs/testing.ts';

test('dmesg asks for the kernel, takes levels as dmesg does, and shows its times in three ways', async () => {
  const fields = { _SOURCE_MONOTONIC_TIMESTAMP: Buffer.from('12345678'), SYSLOG_FACILITY: Buffer.from('0') };
  const fleet = {
    read: { 'web-1': sends([{ time: T, message: 'eth0: link down', priority: 4, fields }], 'kernel') },
  };
  const plain = await nodectl(['dmesg', '-n', 'web-1', '--level', 'err,warning', '--utc'], fleet);
  assert.equal(plain.requests['web-1']?.source, 'kernel');
  assert.deepEqual(plain.requests['web-1']?.priorities, [3, 4]);
  assert.deepEqual(plain.requests['web-1']?.fields, []);
  const decoded = await nodectl(['dmesg', '-n', 'web-1', '-x', '--raw-times'], fleet);
  assert.equal(decoded.out, '[   12.345678] kern.warning: eth0: link down\n');
  assert.deepEqual(decoded.requests['web-1']?.fields, ['_SOURCE_MONOTONIC_TIMESTAMP', 'SYSLOG_FACILITY']);
  const iso = await nodectl(['dmesg', '-n', 'web-1', '-o', 'iso', '--utc', '-f'], fleet);
  assert.match(iso.out, /^2026-08-02T10:05:03\.000000Z kernel: eth0: link down/);
  assert.equal(iso.requests['web-1']?.tail, undefined);
});

test('an earlier boot is asked for, and what programs wrote into the kernel’s log has their names', async () => {
  const wrote = (message: string, origin: { identifier: string; pid?: number }) => ({
    ...{ time: T, message, priority: 6, origin },
    fields: { SYSLOG_FACILITY: Buffer.from('3') },
  });
  const records = [
    ...[
      wrote('Linux version 6', { identifier: 'kernel' }),
      wrote('in the ring buffer', { identifier: 'daemon' }),
    ],
    ...[wrote('Started.', { identifier: 'systemd', pid: 1 }), wrote('bad block', { identifier: 'fsck' })],
  ];
  const fleet = { read: { 'web-1': sends(records, 'kernel') } };
  const { out, requests } = await nodectl(['dmesg', '-n', 'web-1', '-b', 'previous', '--utc', '-x'], fleet);
  assert.deepEqual([requests['web-1']?.source, requests['web-1']?.boot], ['kernel', '-1']);
  assert.deepEqual(
    out.split('\n').map((line) => line.replace(/^\[.*?\] daemon\.info: /, '')),
    ['Linux version 6', 'in the ring buffer', 'systemd[1]: Started.', 'fsck: bad block', ''],
  );
});
