/** How full file systems are: asked for real, hanging ones given up, tables of df of every kind. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from '../../host/captured-machine.ts';
import { LiveMachine } from '../../host/live-machine.ts';
import type { ToolOutput } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { FactStore } from '../fact-store.ts';
import { found } from '../testing.ts';
import { DISK_MOUNT_CHECKS } from './checks-mounts.ts';
import { parseDf } from './df.ts';
import { parseFstab, parseMountinfo, parseMountOutput } from './mounts.ts';
import { usage } from './usage.ts';

const root = mkdtempSync(join(tmpdir(), 'nodectl-usage-'));
after(() => rmSync(root, { recursive: true }));

/** A machine whose mounts are these, while programs are this machine's. */
function machineWith(name: string, mountinfo: string): LiveMachine {
  mkdirSync(join(root, name, 'proc/1'), { recursive: true });
  writeFileSync(join(root, name, 'proc/1/mountinfo'), mountinfo);
  return new LiveMachine(join(root, name));
}

const read = (machine: LiveMachine | CapturedMachine) =>
  new FactStore(machine, new AbortController().signal).get(usage);

test('real file systems are asked; what is not there is told as failed', async () => {
  const { known, hung, failed } = await read(
    machineWith(
      'real',
      '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 8:2 / /nodectl-no-such-mount rw - xfs /dev/sda2 rw\n24 22 0:3 / /proc rw - proc proc rw\n',
    ),
  );
  assert.deepEqual(
    known.map(({ mount }) => mount.path),
    ['/'],
  );
  const [one] = known;
  assert.ok(
    one && one.bytes > 0 && one.usedBytes > 0 && one.availableBytes >= 0 && one.bytes >= one.usedBytes,
  );
  assert.deepEqual(hung, []);
  assert.deepEqual(
    failed.map(({ mount, why }) => [mount.path, why]),
    [['/nodectl-no-such-mount', 'No such file or directory']],
  );
});

test('a mount that hangs is given up alone, whatever kind it is', async () => {
  // In the place of stat a program that hangs where it is asked about certain mounts, as the real one does on a dead server.
  const bin = join(root, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'stat'),
    '#!/bin/sh\nfor one; do case "$one" in /hangs*) exec sleep 60;; esac; done\nfor one; do case "$one" in /*) echo "4096 100 60 50 10 9 $one";; esac; done\n',
    { mode: 0o755 },
  );
  const path = process.env.PATH;
  process.env.PATH = `${bin}:${path}`;
  try {
    const machine = machineWith(
      'hung',
      '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 8:2 / /hangs/disk rw - xfs /dev/sda2 rw\n' +
        '24 22 0:50 / /hangs/nas rw - nfs4 nas:/export rw\n25 22 0:51 / /fine rw - nfs4 nas2:/export rw\n',
    );
    const store = new FactStore(machine, new AbortController().signal);
    const { known, hung } = await store.get(usage);
    assert.deepEqual(
      known.map(({ mount }) => mount.path),
      ['/', '/fine'],
    );
    // On a machine that is too busy to ask /proc it stays open whether they hang; that is told then.
    const open = store.problems.map(({ what }) => what).join();
    for (const one of ['/hangs/disk', '/hangs/nas'])
      assert.ok(hung.some((mount) => mount.path === one) || open.includes(one), one);
  } finally {
    process.env.PATH = path;
  }
});

test('what hangs while /proc answers is a trouble', async () => {
  class Hanging extends LiveMachine {
    override async run(_program: string, args: readonly string[]): Promise<ToolOutput> {
      const paths = args.filter((one) => one.startsWith('/'));
      if (paths.some((one) => one.startsWith('/hangs'))) throw new Unavailable('timeout', 'no answer');
      return { code: 0, stdout: paths.map((one) => `4096 100 60 50 10 9 ${one}\n`).join(''), stderr: '' };
    }
  }
  const at = join(root, 'hanging');
  machineWith(
    'hanging',
    '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 8:2 / /hangs/disk rw - xfs /dev/sda2 rw\n' +
      '24 22 0:50 / /hangs/nas rw - nfs4 nas:/export rw\n25 22 0:51 / /fine rw - nfs4 nas2:/export rw\n',
  );
  assert.deepEqual(await found(DISK_MOUNT_CHECKS, new Hanging(at)), [
    'critical disk.mount-hung /hangs/disk',
    'warning disk.mount-hung /hangs/nas',
  ]);
});

test('on a starved machine, where everything is late, no mount is taken for hung', async () => {
  const bin = join(root, 'late');
  mkdirSync(bin);
  writeFileSync(join(bin, 'stat'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${bin}:${path}`;
  try {
    const store = new FactStore(
      machineWith('late', '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 8:2 / /data rw - xfs /dev/sda2 rw\n'),
      new AbortController().signal,
    );
    const { known, hung } = await store.get(usage);
    assert.deepEqual([known, hung], [[], []]);
    assert.deepEqual(
      store.problems.map(({ what, kind }) => `${kind} ${what}`),
      ['failed stat -f /, /data'],
    );
  } finally {
    process.env.PATH = path;
  }
});

test('a captured machine is read from saved tables of df, space and inodes', async () => {
  const at = join(root, 'captured');
  mkdirSync(join(at, 'sos_commands/filesys'), { recursive: true });
  writeFileSync(
    join(at, 'sos_commands/filesys/mount_-l'),
    '/dev/vda2 on / type ext4 (rw,relatime) [root]\nproc on /proc type proc (rw)\n',
  );
  writeFileSync(
    join(at, 'sos_commands/filesys/df_-al_-x_autofs'),
    'Filesystem     1K-blocks     Used Available Use% Mounted on\nproc                   0        0         0    - /proc\n/dev/vda2      308585260 25514372 267326276   9% /\n',
  );
  writeFileSync(
    join(at, 'sos_commands/filesys/df_-aliT_-x_autofs'),
    'Filesystem     Type       Inodes   IUsed    IFree IUse% Mounted on\n/dev/vda2      ext4     19660800  584543 19076257    3% /\n',
  );
  const { known } = await read(new CapturedMachine(at));
  assert.deepEqual(
    known.map(({ mount, availableBytes, inodes, freeInodes }) => [
      mount.path,
      mount.type,
      availableBytes,
      inodes,
      freeInodes,
    ]),
    [['/', 'ext4', 267326276 * 1_024, 19660800, 19076257]],
  );
});

test('df: suffixes, POSIX columns, other block sizes, wrapped lines, spaces', () => {
  const first = (text: string) => parseDf(text)[0]?.rows[0];
  assert.equal(
    first('Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1       1.5G  500M  1.0G  33% /boot\n')
      ?.available,
    2 ** 30,
  );
  assert.equal(
    first('Filesystem     1024-blocks    Used Available Capacity Mounted on\n/dev/sda1 100 40 60 40% /\n')
      ?.size,
    100 * 1_024,
  );
  assert.equal(
    first('Filesystem 1B-blocks Used Available Use% Mounted on\n/dev/sda1 4096 0 4096 0% /\n')?.size,
    4_096,
  );
  assert.equal(
    first('Filesystem 512-blocks Used Available Capacity Mounted on\n/dev/sda1 10 0 10 0% /\n')?.size,
    5_120,
  );
  const wrapped = first(
    'Filesystem           1K-blocks      Used Available Use% Mounted on\n/dev/mapper/vg_system-lv_very_long_root\n                       5095040   2000000   2836224  42% /a b\n',
  );
  assert.deepEqual(
    [wrapped?.path, wrapped?.used, wrapped?.source],
    ['/a b', 2_000_000 * 1_024, '/dev/mapper/vg_system-lv_very_long_root'],
  );
  assert.deepEqual(parseDf('nonsense\n\0'), []);
  assert.deepEqual(parseDf(`Filesystem 1K-blocks\n${' x'.repeat(200_000)}`), []);
});

test('mounts: escapes, optional fields, bind mounts, what is no mount', () => {
  const [one] = parseMountinfo(
    '36 35 98:0 /sub /mnt/a\\040b rw,noatime master:1 propagate_from:2 - nfs4 nas:/x\\134y ro,vers=4.2\n',
  );
  assert.deepEqual(
    [one?.path, one?.source, one?.kind, one?.readOnly, one?.fileSystemReadOnly, one?.root],
    ['/mnt/a b', 'nas:/x\\y', 'network', false, true, '/sub'],
  );
  assert.deepEqual(parseMountinfo('36 35\n\0\n - \n'), []);
  assert.deepEqual(
    parseMountOutput('/dev/sda1 on /mnt/a b type ext4 (ro,relatime) [label]\nnonsense\n').map(
      ({ path, readOnly }) => [path, readOnly],
    ),
    [['/mnt/a b', true]],
  );
  assert.deepEqual(
    parseFstab('\n#x\nLABEL=a /a ext4\nbroken\n').map(({ path, options }) => [path, options]),
    [['/a', ['defaults']]],
  );
});

test('df: sizes and inodes below one another are two tables, in whatever language and with whatever options', () => {
  const SIZES = 'Filesystem      Size  Used Avail Use% Mounted on\n/dev/vdb1        40G   38G  1.9G  96% /\n';
  for (const [inodes, row] of [
    ['Filesystem     Inodes IUsed IFree IUse% Mounted on', '/dev/vdb1        1.6M  1.6M     8  100% /'],
    ['Filesystem     Type Inodes IUsed IFree IUse% Mounted on', '/dev/vdb1 ext4 1.6M  1.6M     8  100% /'],
    ['Sys. de fichiers Inœuds IUtil. ILibre IUti% Monté sur', '/dev/vdb1 1,6M 1,6M 8 100% /'],
    ['S.ficheros Nodos-i NUsados NLibres NUso% Montado en', '/dev/vdb1 1,6M 1,6M 8 100% /'],
    ['文件系统 Inode 已用(I) 可用(I) 已用(I)% 挂载点', '/dev/vdb1 1.6M 1.6M 8 100% /'],
  ] as const)
    for (const text of [
      `${/^Filesystem/.test(inodes) ? SIZES : SIZES.replace('Filesystem', 'Dateisystem')}\n${inodes}\n${row}\n`,
      `${inodes}\n${row}\n${/^Filesystem/.test(inodes) ? SIZES : SIZES.replace('Filesystem', 'Dateisystem')}`,
    ])
      assert.deepEqual(
        parseDf(text).map((table) => [
          table.inodes,
          table.rows.map(({ path, available }) => [path, available]),
        ]),
        [
          [false, [['/', Math.round(1.9 * 2 ** 30)]]],
          [true, [['/', 8]]],
        ],
        inodes,
      );
});
