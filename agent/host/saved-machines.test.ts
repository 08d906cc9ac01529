import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { savedMachines } from './saved-machines.ts';

const DF = (used: number) =>
  `Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        50G  ${used / 2}G   1G ${used}% /\n`;
const top = mkdtempSync(join(tmpdir(), 'nodectl-machines-'));
after(() => rmSync(top, { recursive: true }));

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(top, 'case-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('each machine of a text has a folder with its name, which is gone afterwards', () => {
  const { machines, told, remove } = savedMachines(
    folderOf({ 'df.txt': `web1:\n${DF(98)}\nweb2:\n${DF(8)}` }),
  );
  assert.deepEqual(
    machines.map(({ folder }) => [basename(folder), readdirSync(folder)]),
    [
      ['web1', ['df.txt']],
      ['web2', ['df.txt']],
    ],
  );
  assert.deepEqual(told, ['df.txt has outputs of 2 machines, each judged on its own: web1, web2']);
  remove();
  assert.equal(existsSync(dirname(machines[0]?.folder ?? '')), false);
});

test('what is beside them stays the folder’s own where an output is in it, else it is named', () => {
  const hosts = { 'web1.txt': DF(98), 'web2.txt': DF(8) };
  const notes = savedMachines(folderOf({ ...hosts, 'README.txt': 'hello\n' }));
  assert.deepEqual(
    notes.machines.map(({ folder }) => basename(folder)),
    ['web1', 'web2'],
  );
  assert.ok(notes.told.includes('not read, since no output of a tool is in it: README.txt'));
  notes.remove();
  const folder = folderOf({
    ...hosts,
    'here.txt': `$ free -m\n              total        used        free      shared  buff/cache   available\nMem:           15000       2000       9000          1       3000       12000\n`,
  });
  const own = savedMachines(folder);
  assert.equal(own.machines[0]?.folder, folder);
  assert.deepEqual([...(own.machines[0]?.without.keys() ?? [])].sort(), ['web1.txt', 'web2.txt']);
  own.remove();
});

test('a folder of one machine stays as it is, and so does one with its own trees', () => {
  const one = folderOf({ 'df.txt': DF(8), 'free.txt': 'none\n' });
  assert.deepEqual(savedMachines(one).machines, [{ folder: one, without: new Map() }]);
  const bundle = folderOf({ 'index.json': '{}', 'web1.txt': DF(98), 'web2.txt': DF(8) });
  assert.deepEqual(savedMachines(bundle).machines, [{ folder: bundle, without: new Map() }]);
});

test('each machine of a collector’s log has a folder, and those are named of whose lines nothing is judged', () => {
  const row = (host: string, said: string) => `Nov 28 03:00:07 ${host} ${said}\n`;
  const { machines, told, remove } = savedMachines(
    folderOf({
      'all.log': [
        row('web-1', 'kernel: INFO: task postgres:1234 blocked for more than 120 seconds.'),
        row('web-2', 'kernel: blk_update_request: critical medium error, dev sdb, sector 2 op 0x0:(READ)'),
        row('web-3', 'sshd[7]: Connection closed by 192.0.2.9'),
      ].join(''),
    }),
  );
  assert.deepEqual(
    machines.map(({ folder }) => basename(folder)),
    ['web-1', 'web-2'],
  );
  assert.deepEqual(told, [
    'all.log has outputs of 2 machines, each judged on its own: web-1, web-2',
    'not judged in all.log: lines of programs that are not read, of web-3',
  ]);
  remove();
});

test('the machines of a long log are told apart too, also where the places are few that show it', () => {
  const row = (host: string, said: string) => `2026-11-28T03:00:07+00:00 ${host} kernel: ${said}\n`;
  const { machines, remove } = savedMachines(
    folderOf({
      'all.log': `${row('web-1', 'usb 1-1: new high-speed USB device number 3').repeat(20_000)}${row('web-2', 'usb 1-1: x').repeat(20_000)}${row('web-1', 'INFO: task postgres:1234 blocked for more than 120 seconds.')}${row('web-2.example.org', 'blk_update_request: critical medium error, dev sdb')}`,
      'one.log': row('db-1', 'usb 1-1: new high-speed USB device number 3').repeat(30_000),
    }),
  );
  const [own, ...others] = machines;
  assert.deepEqual([...(own?.without.keys() ?? [])], ['all.log']);
  const texts = new Map(
    others.map(({ folder }) => [basename(folder), readFileSync(join(folder, 'all.log'), 'utf8')]),
  );
  assert.deepEqual([...texts.keys()], ['web-1', 'web-2']);
  assert.ok(texts.get('web-1')?.includes('blocked') && !texts.get('web-1')?.includes('medium'));
  assert.ok(texts.get('web-2')?.includes('medium') && !texts.get('web-2')?.includes('blocked'));
  remove();
});

for (const [what, files, name] of [
  [
    'its prompts',
    { 'paste.txt': `Last login: x\nroot@web-7:~# df -h\n${DF(8)}root@web-7:~# uptime\n` },
    'web-7',
  ],
  ['a prompt in brackets', { 'm.txt': `[root@s1 ~]# df -h\n${DF(8)}` }, 's1'],
  ['the host in its log', { 'k.txt': 'Nov 28 03:00:07 db-2.example.org kernel: usb 1-1: x\n' }, 'db-2'],
  [
    'a prompt and a log',
    { 'm.txt': `[root@s1 ~]# df -h\n${DF(8)}`, 'k.txt': 'Nov 28 03:00:07 s1 kernel: x\n' },
    's1',
  ],
  ['two prompts', { 'm.txt': `root@s1:~# df -h\n${DF(8)}root@s2:~# uptime\n` }, undefined],
  [
    'a prompt, and another host in a log',
    { 'm.txt': `[root@s1 ~]# df -h\n${DF(8)}`, 'k.txt': 'Nov 28 03:00:07 s2 kernel: x\n' },
    undefined,
  ],
  [
    'nobody’s name',
    { 'm.txt': `root@localhost:~# df -h\n${DF(8)}root@0123456789ab:/# df -h\n${DF(8)}` },
    undefined,
  ],
  [
    'what ssh asked elsewhere',
    { 'm.txt': `me@desk:~$ ssh web1 df -h\n${DF(8)}me@desk:~$ uptime\n` },
    undefined,
  ],
  ['nothing', { 'df.txt': DF(8) }, undefined],
  ['a bundle', { 'index.json': '{}', 'm.txt': `[root@s1 ~]# df -h\n${DF(8)}` }, undefined],
] as [string, Record<string, string>, string | undefined][])
  test(`a machine is called what it calls itself: ${what}`, () => {
    const { machines } = savedMachines(folderOf(files));
    assert.deepEqual(
      machines.map((one) => one.name),
      [name],
    );
  });

test('a machine with its own trees is called by its file etc/hostname', () => {
  const folder = folderOf({});
  for (const path of ['etc', 'proc']) mkdirSync(join(folder, path));
  writeFileSync(join(folder, 'etc/hostname'), 'db-9.example.org\n');
  assert.equal(savedMachines(folder).machines[0]?.name, 'db-9');
});

test('logs of a machine each are told apart, and those of one machine are not', () => {
  const row = (host: string) =>
    `Nov 28 03:00:07 ${host} kernel: INFO: task postgres:1234 blocked for more than 120 seconds.\n`;
  const names = (files: Record<string, string>) => {
    const { machines, remove } = savedMachines(folderOf(files));
    remove();
    return machines.map(({ folder }) => basename(folder)).map((one) => (one.startsWith('case-') ? '' : one));
  };
  assert.deepEqual(names({ 'a.log': row('web-1'), 'b.log': row('web-2'), 'c.log': row('web-1') }), [
    'web-1',
    'web-2',
  ]);
  assert.deepEqual(names({ 'a.log': row('web-1'), 'b.log': row('web-1.example.org') }), ['']);
  assert.deepEqual(names({ 'a.log': row('web-1'), 'b.log': row('localhost') }), ['']);
  assert.deepEqual(names({ 'a.log': row('web-1'), 'b.log': row('web-2'), 'df.txt': DF(8) }), ['']);
});
