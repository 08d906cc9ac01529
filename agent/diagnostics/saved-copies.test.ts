/** The same output is read however somebody copied it: below a prompt or a caption, quoted, coloured, indented, with other line ends. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const COUNTERS =
  'NIC statistics:\n     rx_packets: 1000000\n     tx_packets: 100000\n     rx_crc_errors: 5000\n';
const ARRAYS =
  'Personalities : [raid1]\nmd0 : active raid1 sdb1[1] sda1[0](F)\n      1048512 blocks super 1.2 [2/1] [_U]\n\nunused devices: <none>\n';
const BACKLOG = `${['0a5b0000', '00009000', ...Array(11).fill('00000000')].join(' ')}\n`.repeat(2);
const BOND =
  'Ethernet Channel Bonding Driver: v5.14\n\nBonding Mode: fault-tolerance (active-backup)\nCurrently Active Slave: eno1\nMII Status: up\nMII Polling Interval (ms): 100\n\nSlave Interface: eno1\nMII Status: up\nLink Failure Count: 0\n\nSlave Interface: eno2\nMII Status: down\nLink Failure Count: 3\n';

/** Commands with their outputs, and what is found in them. The interface's name tells nothing. */
const OUTPUTS = [
  ['ethtool -S xlan', COUNTERS, 'warning nic.crc-errors xlan'],
  ['cat /proc/mdstat', ARRAYS, 'critical disk.md-degraded md0'],
  ['cat /proc/net/softnet_stat', BACKLOG, 'warning nic.softnet-drops'],
  ['cat /proc/net/bonding/bond0', BOND, 'warning nic.bond-member-down eno2'],
] as const;

const under = (prompt: string) => (command: string, output: string) => `${prompt}${command}\n${output}`;
const lines = (text: string, before: string, behind = '') =>
  text
    .split('\n')
    .map((line) => `${before}${line}${behind}`)
    .join('\n');

/** Each line behind the same words. */
const prefixed = (text: string, before: string) => lines(text.replace(/\n$/, ''), before);

for (const [how, copied] of [
  ['a prompt in brackets', under('[root@host ~]$ ')],
  ['a prompt of zsh', under('user@host ~ % ')],
  ['a prompt of a shell without a name', under('bash-5.1# ')],
  ['a prompt of a host alone', under('web1# ')],
  ['a prompt with the folder in brackets', under('root@host[~]# ')],
  ['a prompt of two lines', under('┌──(root@host)-[~]\n└─# ')],
  ['a prompt behind an environment', under('(venv) [root@host ~]# ')],
  ['a prompt behind the time', under('[10:12:01] root@host:~# ')],
  ['a prompt of busybox', under('/ # ')],
  ['another command in the same line', under('# date; ')],
  ['a program that measures it', under('$ time sudo ')],
  ['watch', (command, output) => `Every 2.0s: ${command}        host: Sat Nov 28 10:00:00 2026\n\n${output}`],
  ['words in front', under('Output from ')],
  [
    'a sentence',
    (command, output) => `Note that the output of ${command} on the broken node is below:\n\n${output}`,
  ],
  ['a sentence with quotes', (command, output) => `The \`${command}\` command shows:\n\n${output}`],
  ['words behind', (command, output) => `${command} output\n${output}`],
  [
    'a caption and a fence',
    (command, output) => `Output of \`${command}\`:\n\n\`\`\`text\n${output}\`\`\`\n`,
  ],
  ['a bold caption', (command, output) => `**${command}**\n\`\`\`shell\n${output}\`\`\`\n`],
  ['a summary', (command, output) => `<details><summary>${command}</summary>\n\n\`\`\`\n${output}\`\`\`\n`],
  ['a forum’s code', (command, output) => `[code]${command}\n${output}[/code]\n`],
  ['a page’s text', (command, output) => `<pre>${command}\n${output}</pre>\n`],
  ['a block that is indented', (command, output) => lines(`$ ${command}\n${output}`, '    ')],
  [
    'a caption and a block that is indented',
    (command, output) => `### \`${command}\`\n\n${lines(output, '    ')}`,
  ],
  ['a mail', (command, output) => `Hi,\n\n${lines(`# ${command}\n${output}`, '> > ')}\n\nthanks\n`],
  ['a part of supportconfig', under('#==[ Command ]======================#\n# /usr/sbin/')],
  ['line ends of Windows', (command, output) => `${command}\n${output}`.replaceAll('\n', '\r\n')],
  [
    'colours',
    (command, output) =>
      `\x1b[01;32mroot@host\x1b[00m:\x1b[01;34m~\x1b[00m# ${command}\n${lines(output, '\x1b[1m', '\x1b[0m')}`,
  ],
  [
    'a terminal’s title and marks',
    (command, output) =>
      `\x1b]0;root@host:~\x07\x1b[?2004h[root@host ~]# ${command}\r\n\x1b[?2004l${output.replaceAll('\n', '\r\r\n')}`,
  ],
  ['a web page’s blanks', (command, output) => `\ufeff$ ${command}\n${output.replaceAll('  ', '\u00a0 ')}`],
  ['a prompt with the date', under('[2026-02-02 10:00:12] root@host:~# ')],
  ['a loop', (command, output) => `# for i in 1; do echo $i; ${command}; done\n${output}`],
  ['another root', under('# chroot /host ')],
  ['a shell on another host', (command, output) => `me@laptop:~$ ssh root@n7 '${command}'\n${output}`],
  [
    'a login on another host',
    (command, output) => `me@laptop:~$ ssh root@n7\nroot@n7:~# ${command}\n${output}`,
  ],
  ['a pod on the node', under('$ kubectl debug node/n7 -it --image=busybox -- chroot /host ')],
  ['the namespaces of process 1', under('# nsenter -t 1 -m -u -i -n -p -- ')],
  ['colours that were written out', (command, output) => `^[[01;32mroot@host^[[00m:~# ${command}\n${output}`],
  [
    'a page of HTML',
    (command, output) =>
      `<html><body><p>I ran <code>${command}</code>:</p>\n<pre><code>${output.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</code></pre></body></html>\n`,
  ],
  [
    'lines of HTML',
    (command, output) =>
      `<pre><b># ${command}</b><br>\n${lines(output.replaceAll('<', '&lt;'), '', '<br>')}</pre>\n`,
  ],
  ['line ends of old Macs', (command, output) => `${command}\n${output}`.replaceAll('\n', '\r')],
  ['an empty line behind each', (command, output) => `$ ${command}\n\n${lines(output, '', '\n')}`],
  [
    'a result in JSON',
    (command, output) => `${JSON.stringify({ cmd: command, rc: 0, stdout: output }, null, 2)}\n`,
  ],
  [
    'the name of a host on each line',
    (command, output) => `# pdsh -w n7 "${command}"\n${prefixed(output, 'n7: ')}`,
  ],
  [
    'a line of the journal each',
    (command, output) => prefixed(`${command}\n${output}`, 'Feb 02 10:00:00 n7 collect.sh[812]: '),
  ],
  [
    'times of a container’s log',
    (command, output) => prefixed(`$ ${command}\n${output}`, '2026-02-02T10:00:00.123456789Z '),
  ],
  ['a box', (command, output) => prefixed(`$ ${command}\n${output}`, '│ ')],
] as const satisfies readonly (readonly [string, (command: string, output: string) => string])[])
  test(`an output below ${how}`, async () => {
    for (const [command, output, expected] of OUTPUTS)
      assert.deepEqual(await troubles(copied(command, output)), [expected], command);
  });

test('a file that supportconfig kept is read as what it is', async () => {
  const part = (kind: string, heading: string, text: string) =>
    `#==[ ${kind} ]=============#\n# ${heading}\n${text}\n`;
  assert.deepEqual(
    await troubles(
      part('Verification', 'rpm -V mdadm', 'unsatisfied') +
        part('Configuration File', '/proc/mdstat', ARRAYS) +
        part('Log File', '/var/log/warn', 'nothing') +
        part('Command', '/usr/sbin/ethtool -S xlan', COUNTERS),
    ),
    ['critical disk.md-degraded md0', 'warning nic.crc-errors xlan'],
  );
});

test('a command that a sentence speaks of is none of another program’s output', async () => {
  assert.deepEqual(
    await troubles(`I ran \`ethtool -S other\` before, and now see:\n\n\n${ARRAYS}\nand\n\n\n\n${COUNTERS}`),
    ['critical disk.md-degraded md0', 'warning nic.crc-errors unnamed'],
  );
});

test('what a container or a network namespace has is not the machine’s, but for what all have in common', async () => {
  const below = (command: string) =>
    Promise.all(
      OUTPUTS.map(async ([run, output, expected]) =>
        (await troubles(`$ ${command} ${run}\n${output}`)).includes(expected),
      ),
    );
  assert.deepEqual(await below('docker exec -it toolbox'), [false, true, false, false]);
  assert.deepEqual(await below('kubectl exec -n kube-system p1 --'), [false, true, false, false]);
  assert.deepEqual(await below('ip netns exec blue'), [false, true, false, false]);
  assert.deepEqual(await below('kubectl exec coredns-5d78c9869d-abcde --'), [false, true, false, false]);
  for (const own of [
    'docker compose exec -T web',
    'docker exec -i web',
    'podman exec -u root web',
    'docker-compose exec web',
    'kubectl exec p1 -c app --',
  ])
    assert.deepEqual(await below(own), [false, true, false, false], own);
  // These pods are in the machine’s network; their file systems are their own.
  for (const pod of [
    'kube-proxy-x7xkz',
    'ds/cilium',
    '-it calico-node-2klw9 -c calico-node',
    'node-debugger-n1-abcde',
  ])
    assert.deepEqual(await below(`kubectl -n kube-system exec ${pod} --`), [true, true, true, true], pod);
});

test('what was run on a machine from afar is the machine’s', async () => {
  for (const afar of [
    'kubectl node-shell n1 --',
    'gcloud compute ssh n1 --zone a --command',
    'vagrant ssh n1 -c',
    'minikube ssh --',
    'multipass exec n1 --',
    'tsh ssh root@n1',
    'sshpass -p x ssh -o StrictHostKeyChecking=no root@n1',
  ])
    for (const [run, output, expected] of OUTPUTS) {
      const asked = /(?:command|-c)$/.test(afar) ? `"${run}"` : run;
      assert.deepEqual(await troubles(`$ ${afar} ${asked}\n${output}`), [expected], `${afar} ${run}`);
    }
});

test('of lines of several hosts those of the first are read', async () => {
  assert.deepEqual(await troubles(`${prefixed(COUNTERS, 'n7: ')}\n${prefixed(ARRAYS, 'n8: ')}`), [
    'warning nic.crc-errors unnamed',
  ]);
});
