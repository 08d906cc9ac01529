import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodectl } from './testing.ts';

test('--list shows the sources of each node and why one cannot be read, or not all of it', async () => {
  const sources = [
    {
      name: 'file/app',
      kind: 'LOG_SOURCE_KIND_FILE',
      description: '/var/log/app.log',
      isDefault: false,
      unavailable: '',
      bytes: 4_404_019,
    },
    {
      name: 'journal',
      kind: 'LOG_SOURCE_KIND_JOURNAL',
      description: 'the systemd journal',
      isDefault: true,
      unavailable: '',
      incomplete: 'the agent may read 1 of 3 files',
      bytes: 0,
    },
    {
      name: 'kernel',
      kind: 'LOG_SOURCE_KIND_KERNEL',
      description: '/dev/kmsg',
      isDefault: false,
      unavailable: 'not permitted',
      bytes: 0,
    },
  ];
  const table = await nodectl(['logs', '--list', '-n', 'web-1'], { sources });
  assert.equal(
    table.out,
    `NODE   SOURCE             KIND        SIZE  DESCRIPTION
web-1  file/app           file     4.2 MiB  /var/log/app.log
web-1  journal (default)  journal        -  the systemd journal; only in part: the agent may read 1 of 3 files
web-1  kernel             kernel         -  cannot be read: not permitted (/dev/kmsg)
`,
  );
  const json = JSON.parse((await nodectl(['logs', '--list', '-n', 'web-1', '-o', 'json'], { sources })).out);
  assert.deepEqual(json.items[2], {
    node: 'web-1',
    name: 'kernel',
    kind: 'kernel',
    default: false,
    bytes: null,
    description: '/dev/kmsg',
    unavailable: 'not permitted',
    incomplete: null,
  });
  assert.equal(json.items[1].incomplete, 'the agent may read 1 of 3 files');
});
