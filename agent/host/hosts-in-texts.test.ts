import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsByHost } from './hosts-in-texts.ts';

const DF = (used: number) =>
  `Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        50G  ${used / 2}G   1G ${used}% /\n`;
const before = (host: string, text: string) => text.replaceAll(/^(?=.)/gm, `${host}: `);

const ping = (host: string) =>
  `PING ${host} (${host}) 56(84) bytes of data.\n64 bytes from ${host}: icmp_seq=1 ttl=64 time=0.312 ms\n\n--- ${host} ping statistics ---\n3 packets transmitted, 1 received, 66% packet loss, time 2030ms\nrtt min/avg/max/mdev = 0.289/0.312/0.412/0.030 ms\n`;
const ZPOOL =
  '  pool: tank\n state: DEGRADED\nstatus: One or more devices are faulted.\naction: Replace it.\n  scan: none requested\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n\ttank        DEGRADED     0     0     0\n\t  sda       FAULTED      0     0     3\n\nerrors: No known data errors\n';

for (const [what, text, hosts] of [
  ['rules around names', `--- web1 ---\n${DF(98)}--- web2 ---\n${DF(8)}`, ['web1', 'web2']],
  ['rules around words', `==== db ====\n${DF(98)}==== web ====\n${DF(8)}`, ['db', 'web']],
  ['names with a colon', `web1:\n${DF(98)}\nweb2:\n${DF(8)}`, ['web1', 'web2']],
  ['names alone, as a loop prints them', `web1\n${DF(98)}web2\n${DF(8)}`, ['web1', 'web2']],
  ['names with domains', `# web1.example.org\n${DF(98)}# web2.example.org\n${DF(8)}`, ['web1', 'web2']],
  ['addresses', `== 192.0.2.7 ==\n${DF(98)}== 192.0.2.8 ==\n${DF(8)}`, ['192.0.2.7', '192.0.2.8']],
  ['words that say so', `Host: alpha\n${DF(98)}Host: beta\n${DF(8)}`, ['alpha', 'beta']],
  ['names with the command', `=== web1: df -h ===\n${DF(98)}=== web2: df -h ===\n${DF(8)}`, ['web1', 'web2']],
  ['ansible', `web1 | CHANGED | rc=0 >>\n${DF(98)}web2 | SUCCESS | rc=0 >>\n${DF(8)}`, ['web1', 'web2']],
  [
    'ansible -o',
    `web1 | CHANGED | rc=0 | (stdout) ${DF(98).trim().replaceAll('\n', '\\n')}\nweb2 | CHANGED | rc=0 | (stdout) ${DF(8).trim().replaceAll('\n', '\\n')}\n`,
    ['web1', 'web2'],
  ],
  [
    'clush -b',
    `---------------\nweb1\n---------------\n${DF(98)}---------------\nweb[2-9] (8)\n---------------\n${DF(8)}`,
    ['web1', 'web[2-9]'],
  ],
  [
    'pssh -i',
    `[1] 10:11:12 [SUCCESS] web1\n${DF(98)}[2] 10:11:13 [SUCCESS] web2\n${DF(8)}`,
    ['web1', 'web2'],
  ],
  ['pdsh', `${before('web1', DF(98))}${before('web2', DF(8))}`, ['web1', 'web2']],
  ['ssh', `$ ssh web1 df -h\n${DF(98)}$ ssh root@web2 df -h\n${DF(8)}`, ['web1', 'web2']],
  [
    'ssh, and the own',
    `$ ssh web1 df -h\n${DF(98)}$ df -h\n${DF(8)}$ ssh web2 df -h\n${DF(9)}`,
    ['', 'web1', 'web2'],
  ],
  [
    'names that a loop prints at a prompt',
    `root@head:~# for h in db web; do echo "$h:"; ssh $h df -h; done\ndb:\n${DF(98)}web:\n${DF(8)}`,
    ['db', 'web'],
  ],
  ['a file of several, at a prompt', `root@head:~# cat all.txt\ndb:\n${DF(98)}web:\n${DF(8)}`, ['db', 'web']],
  ['what a script prints at a prompt', `root@head:~# ./each df\ndb:\n${DF(98)}web:\n${DF(8)}`, ['db', 'web']],
  [
    'another machine below a heading, behind one at a prompt',
    `root@web1:~# df -h\n${DF(98)}\n== web2 ==\n${DF(8)}`,
    ['web1', 'web2'],
  ],
  [
    'another machine below its name, behind one at a prompt',
    `root@web1:~# df -h\n${DF(98)}\nweb2:\n${DF(8)}`,
    ['web1', 'web2'],
  ],
  ['prompts', `root@web1:~# df -h\n${DF(98)}root@web2:~# df -h\n${DF(8)}`, ['web1', 'web2']],
] as [string, string, string[]][])
  test(`machines are told apart: ${what}`, () => {
    const texts = textsByHost(text);
    assert.deepEqual([...(texts?.keys() ?? [])].sort(), hosts);
    const [full, ...others] = [...(texts ?? [])].filter(([, own]) => own.includes('98%'));
    assert.equal(
      full?.[0],
      hosts.find((host) => host !== ''),
    );
    assert.deepEqual(others, []);
  });

for (const [what, text] of [
  ['before and after', `Before:\n${DF(98)}\nAfter:\n${DF(8)}`],
  ['devices', `=== sda1 ===\n${DF(98)}=== sdb1 ===\n${DF(8)}`],
  ['interfaces', `eth0:\n${DF(98)}\neth1:\n${DF(8)}`],
  ['versions of the kernel', `--- 5.15.0-91 ---\n${DF(98)}--- 6.8.0-31 ---\n${DF(8)}`],
  ['one machine at two prompts', `root@web1:~# df -h\n${DF(98)}root@web1:/tmp# df -h\n${DF(8)}`],
  ['a container’s prompt', `root@web1:~# df -h\n${DF(98)}root@0123456789ab:/# df -h\n${DF(8)}`],
  ['a machine before it got its name', `root@localhost:~# df -h\n${DF(98)}root@web1:~# df -h\n${DF(8)}`],
  [
    'words, each above another output',
    `disks:\n${DF(98)}\nmemory:\n              total        used        free      shared  buff/cache   available\nMem:           15Gi       2Gi       9Gi       1Mi       3Gi        12Gi\n`,
  ],
  ['devices before lines', `sda1: ok\nsda2: ok\n${DF(8)}`],
  ['who is asked by ping', `${ping('192.0.2.7')}${ping('192.0.2.8')}`],
  ['who is asked by ping, at a prompt', `[root@lb-1 ~]# ping -c 3 192.0.2.7\n${ping('192.0.2.7')}`],
  ['parts of zpool status', `root@nas:~# zpool status\n${ZPOOL}`],
  ['parts of zpool status, twice', `root@nas:~# zpool status\n${ZPOOL}root@nas:~# zpool status\n${ZPOOL}`],
  ['parts of zpool status without a prompt', `${ZPOOL}\n${ZPOOL}`],
  [
    'parts of pcs status',
    `root@s1:~# pcs status\nCluster name: c1\nCluster Summary:\n  * Stack: corosync\n  * Current DC: s1 (version 2.1.5) - partition WITHOUT quorum\n  * 2 nodes configured\n\nNode List:\n  * Online: [ s1 ]\n  * OFFLINE: [ s2 ]\n\nNode Attributes:\n  * Node: s1:\n    * x : 1\n  * Node: s2:\n    * x : 1\n\nFull List of Resources:\n  * vip\t(ocf:heartbeat:IPaddr2):\t Stopped\n\nDaemon Status:\n  corosync: active/enabled\n`,
  ],
  ...['errors', 'Mem', 'services', 'data', 'status', 'total', 'alpha'].map((word): [string, string] => [
    `${word}: within outputs at a prompt`,
    `root@nas:~# df -h\n${word}:\n${DF(98)}root@nas:~# df -h\n${word}:\n${DF(8)}`,
  ]),
  ...['errors', 'Mem', 'services'].map((word): [string, string] => [
    `${word}: among words`,
    `root@nas:~# cat notes\n${word}:\n${DF(98)}root@nas:~# df -h\n${DF(8)}`,
  ]),
] as [string, string][])
  test(`one machine stays one: ${what}`, () => {
    assert.equal(textsByHost(text), undefined);
  });

test('what a host answered that has no output is none of its neighbour’s, and is named', () => {
  const texts = textsByHost(
    `web1 | CHANGED | rc=0 >>\n${DF(98)}web2 | FAILED | rc=1 >>\ndf: /srv: Transport endpoint is not connected\nnon-zero return code\nweb3 | UNREACHABLE! => {\n    "msg": "timed out",\n    "unreachable": true\n}\n`,
  );
  assert.deepEqual([...(texts?.keys() ?? [])].sort(), ['web1', 'web2', 'web3']);
  assert.ok(!texts?.get('web1')?.includes('Transport'));
  assert.ok(!texts?.get('web2')?.includes('timed out'));
});

test('what all hosts were asked stands above what each answered', () => {
  const asked = 'cat /proc/sys/kernel/tainted';
  const rows = (head: string, one: string, two: string) => textsByHost(`${head}\n${one}${two}`);
  for (const texts of [
    rows(
      `$ ansible all -b -m shell -a "${asked}"`,
      'web1 | CHANGED | rc=0 >>\n0\n',
      'web2 | CHANGED | rc=0 >>\n512\n',
    ),
    rows(
      `$ pssh -i -H "web1 web2" ${asked}`,
      '[1] 10:11:12 [SUCCESS] web1\n0\n',
      '[2] 10:11:13 [SUCCESS] web2\n512\n',
    ),
    rows(`[root@head ~]# pdsh -w web[1-2] ${asked}`, 'web1: 0\n', 'web2: 512\n'),
    rows(`$ clush -b -w web[1-2] ${asked}`, '------\nweb1\n------\n0\n', '------\nweb2\n------\n512\n'),
  ])
    for (const [host, value] of [
      ['web1', '0'],
      ['web2', '512'],
    ] as const) {
      const own = texts?.get(host) ?? '';
      assert.ok(own.includes(asked) && own.split('\n').includes(value), own);
      assert.ok(!own.split('\n').includes(value === '0' ? '512' : '0'), own);
    }
});

test('the chips of sensors are no machines', () => {
  const chip = (name: string) => `${name}\nAdapter: ISA adapter\ntemp1:        +32.0°C  (crit = +105.0°C)\n`;
  assert.equal(textsByHost(`${chip('coretemp-isa-0000')}\n${chip('dell_smm-virtual-0')}`), undefined);
});
