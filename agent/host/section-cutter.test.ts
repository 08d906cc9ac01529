/** Outputs are found within longer texts, by the command above them or by their first lines, and no others. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from './captured-machine.ts';
import { sectionsOf } from './section-cutter.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-sections-'));
after(() => rmSync(folder, { recursive: true }));

const COUNTERS = 'NIC statistics:\n     rx_packets: 7\n     rx_crc_errors: 2\n';
const RINGS =
  'Ring parameters for eth1:\nPre-set maximums:\nRX:\t\t4096\n\nCurrent hardware settings:\nRX:\t\t256\n';

/** The command lines that are found in a text. */
const commands = (text: string, hint = '') => sectionsOf(text, hint).map(({ command }) => command);

for (const [name, heading] of [
  ['a prompt of root', '[root@web1 ~]# ethtool -S eth0'],
  ['a prompt with a folder', 'root@web1:/var/log# ethtool -S eth0'],
  ['a prompt and sudo', 'me@web1:~$ sudo ethtool -S eth0'],
  ['a shell that tells what it does', '+ ethtool -S eth0'],
  ['a heading', '===== ethtool -S eth0 ====='],
  ['a comment with the path', '# /sbin/ethtool -S eth0'],
  ['words', '### Running: ethtool -S eth0'],
  ['nothing', 'ethtool -S eth0'],
  ['a filter', '$ ethtool -S eth0 | grep -v ": 0"'],
])
  test(`an output below ${name}`, () => {
    const found = sectionsOf(`before\n${heading}\n${COUNTERS}\n$ date\nrx_missed_errors: 5\n`, '');
    assert.deepEqual(
      found.filter(({ command }) => command === 'ethtool -S eth0').map(({ text }) => text.trim()),
      [COUNTERS.trim()],
    );
  });

test('an output without a command is known by its first line, its interface by what stands around it', () => {
  assert.deepEqual(commands(RINGS), ['ethtool -g eth1']);
  assert.deepEqual(commands(`Interface eth0\n${COUNTERS}\nInterface eth1\n${COUNTERS}`), [
    'ethtool -S eth0',
    'ethtool -S eth1',
  ]);
  assert.deepEqual(commands(COUNTERS, 'network stats-enp3s0f1'), ['ethtool -S enp3s0f1']);
  assert.deepEqual(commands(`${RINGS}\n${COUNTERS}`), ['ethtool -g eth1', 'ethtool -S eth1']);
  assert.deepEqual(commands(COUNTERS, 'counters'), ['ethtool -S unnamed']);
});

test('an output ends where the next begins, and a table does not end within itself', () => {
  const sources =
    'MS Name/IP address         Stratum Poll Reach LastRx Last sample\n' +
    '===============================================================================\n' +
    '^* ntp1                          2   6   377    20   +11us[  +15us] +/-   10ms\n';
  const [first, second, ...more] = sectionsOf(`${sources}\n${RINGS}`, '');
  assert.equal(first?.command, 'chronyc sources');
  assert.match(first?.text ?? '', /ntp1/);
  assert.doesNotMatch(first?.text ?? '', /Ring/);
  assert.match(second?.text ?? '', /256/);
  assert.deepEqual(more, []);
});

test('what another machine or network namespace printed is not the machine’s', () => {
  assert.deepEqual(
    commands(`[root@a ~]# ethtool -S eth0\n${COUNTERS}[root@b ~]# ethtool -S eth1\n${COUNTERS}`),
    ['ethtool -S eth0'],
  );
  const others = new Set<string>();
  sectionsOf(
    `root@a:~# date\nroot@a.example.net:~# date\nroot@b:~# ethtool -S eth1\n${COUNTERS}`,
    '',
    others,
  );
  assert.deepEqual([...others], ['b']);
  assert.deepEqual(commands(`$ ip netns exec blue ethtool -S eth0\n${COUNTERS}`), []);
});

test('sentences and lists of modules are no commands', () => {
  assert.deepEqual(
    commands(
      'ip is a program\nnvme 49152 5 nvme_core\n# ethtool tells more than one thinks of when one reads what it says\n',
    ),
    [],
  );
});

test('a captured machine finds what is in one text, and says which files were of use', async () => {
  writeFileSync(
    join(folder, 'notes.txt'),
    `$ cat /proc/mdstat\nPersonalities : [raid1]\n\n# ethtool -S eth0\n${COUNTERS}`,
  );
  writeFileSync(join(folder, 'other.txt'), 'nothing of the kind\n');
  const machine = new CapturedMachine(folder);
  assert.equal((await machine.run('ethtool', ['-S', 'eth0'])).stdout.trim(), COUNTERS.trim());
  assert.match(machine.text('proc/mdstat') ?? '', /raid1/);
  assert.deepEqual(
    machine.saved('ethtool').map(({ words }) => words),
    [['s', 'eth0']],
  );
  assert.deepEqual(machine.savedFiles(), { used: ['notes.txt'], unused: ['other.txt'], reasons: new Map() });
});

test('of a text that is too long to look for outputs in, the kernel’s lines are read, but for those of other hosts', () => {
  const root = mkdtempSync(join(folder, 'long-'));
  const filler = `${'something else\n'.repeat(100_000)}`;
  const own = '[   10.000001] own é line';
  writeFileSync(
    join(root, 'console.txt'),
    `root@a:~# tail x\n${filler}${filler}${own}\nroot@b:~# dmesg\n[   11.000001] of b\nroot@a:~# dmesg\n[   12.000001] last`,
  );
  writeFileSync(join(root, 'notes.txt'), `${filler}${filler}`);
  const machine = new CapturedMachine(root);
  const [log, ...more] = machine.kernelLogs();
  let text = '';
  for (let piece = log?.read(); piece && piece.length > 0; piece = log?.read()) text += piece.toString();
  log?.close();
  assert.deepEqual(more, []);
  assert.equal(text, `${own}\n[   12.000001] last\n`);
  const { used, reasons } = machine.savedFiles();
  assert.deepEqual(used, ['console.txt']);
  assert.match(
    reasons.get('console.txt') ?? '',
    /^what other hosts printed \(b\); all but lines of the kernel’s log/,
  );
  assert.match(reasons.get('notes.txt') ?? '', /^no line of the kernel’s log is in it/);
});

test('the kernel’s lines below another host’s prompt are not the machine’s', () => {
  const others = new Set<string>();
  const text = '[root@a ~]# dmesg\n[    1.000001] mine\n[root@b ~]# dmesg\n[    2.000001] of b\n';
  const dmesg = sectionsOf(text, '', others).filter(
    ({ command, text }) => command === 'dmesg' && /mine|of b/.test(text),
  );
  assert.ok(dmesg.length > 0);
  for (const one of dmesg) assert.equal(one.text.trim(), '[    1.000001] mine');
  assert.deepEqual([...others], ['b']);
});

test('of a log that is longer than what is read of one, that is told', () => {
  const root = mkdtempSync(join(folder, 'kern-'));
  mkdirSync(join(root, 'var/log'), { recursive: true });
  writeFileSync(join(root, 'var/log/kern.log'), 'x\n');
  truncateSync(join(root, 'var/log/kern.log'), 65 << 20);
  const machine = new CapturedMachine(root);
  for (const log of machine.kernelLogs()) log.close();
  assert.match(machine.savedFiles().reasons.get('var/log/kern.log') ?? '', /^all but its last 64 MiB/);
});
