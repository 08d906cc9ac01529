/** Probes of the network, as people paste them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'lost packets',
    [
      '$ ping -c 10 192.0.2.1',
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.321 ms',
      '64 bytes from 192.0.2.1: icmp_seq=4 ttl=64 time=0.301 ms',
      '',
      '--- 192.0.2.1 ping statistics ---',
      '10 packets transmitted, 7 received, 30% packet loss, time 9012ms',
      'rtt min/avg/max/mdev = 0.291/0.310/0.341/0.020 ms',
    ],
    ['warning nic.probe 192.0.2.1'],
  ],
  [
    'the statistics alone',
    [
      '--- 192.0.2.1 ping statistics ---',
      '10 packets transmitted, 7 received, 30% packet loss, time 9012ms',
      'rtt min/avg/max/mdev = 0.291/0.310/0.341/0.020 ms',
    ],
    ['warning nic.probe 192.0.2.1'],
  ],
  [
    'none lost',
    [
      '$ ping -c 10 192.0.2.1',
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.321 ms',
      '64 bytes from 192.0.2.1: icmp_seq=4 ttl=64 time=0.301 ms',
      '',
      '--- 192.0.2.1 ping statistics ---',
      '10 packets transmitted, 10 received, 0% packet loss, time 9012ms',
      'rtt min/avg/max/mdev = 0.291/0.310/0.341/0.020 ms',
    ],
    [],
  ],
  [
    'very uneven times',
    [
      '$ ping -c 10 192.0.2.1',
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.321 ms',
      '64 bytes from 192.0.2.1: icmp_seq=4 ttl=64 time=0.301 ms',
      '',
      '--- 192.0.2.1 ping statistics ---',
      '10 packets transmitted, 10 received, 0% packet loss, time 9012ms',
      'rtt min/avg/max/mdev = 0.3/245.2/1950.9/520.1 ms',
    ],
    ['warning nic.probe 192.0.2.1'],
  ],
  [
    'packets that come twice',
    [
      '$ ping -c 2 192.0.2.1',
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.321 ms',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.411 ms (DUP!)',
      '',
      '--- 192.0.2.1 ping statistics ---',
      '1 packets transmitted, 1 received, +1 duplicates, 0% packet loss, time 0ms',
    ],
    ['warning nic.probe 192.0.2.1'],
  ],
  [
    'packets that do not fit',
    [
      '$ ping -M do -s 8972 192.0.2.1',
      'PING 192.0.2.1 (192.0.2.1) 8972(9000) bytes of data.',
      'From 192.0.2.254 icmp_seq=1 Frag needed and DF set (mtu = 1500)',
      'ping: local error: Message too long, mtu=1500',
    ],
    ['warning nic.probe 192.0.2.1'],
  ],
  [
    'mtr that loses at the last hop',
    [
      '$ mtr -rwc 100 203.0.113.9',
      'Start: 2024-03-05T10:20:31+0000',
      'HOST: web1              Loss%   Snt   Last   Avg  Best  Wrst StDev',
      '  1.|-- 192.0.2.254      0.0%   100    0.5   0.6   0.4   1.0   0.2',
      '  2.|-- 198.51.100.1    60.0%   100    2.5   2.6   2.4   3.0   0.2',
      '  3.|-- 203.0.113.9     12.0%   100    9.5   9.6   9.4  12.0   0.2',
    ],
    ['warning nic.probe 203.0.113.9'],
  ],
  [
    'mtr through a router that answers little',
    [
      '$ mtr -rwc 100 203.0.113.9',
      'Start: 2024-03-05T10:20:31+0000',
      'HOST: web1              Loss%   Snt   Last   Avg  Best  Wrst StDev',
      '  1.|-- 192.0.2.254      0.0%   100    0.5   0.6   0.4   1.0   0.2',
      '  2.|-- 198.51.100.1    60.0%   100    2.5   2.6   2.4   3.0   0.2',
      '  3.|-- 203.0.113.9      0.0%   100    9.5   9.6   9.4  12.0   0.2',
    ],
    [],
  ],
  [
    'a path that takes smaller packets',
    [
      '$ tracepath 203.0.113.9',
      ' 1?: [LOCALHOST]                      pmtu 9000',
      ' 1:  gw                 0.4ms',
      ' 2:  gw                 0.4ms pmtu 1500',
      ' 3:  203.0.113.9        1.4ms reached',
      '     Resume: pmtu 1500 hops 3 back 3',
    ],
    ['info nic.probe'],
  ],
  [
    'an address that two machines have',
    [
      '# arping -c 2 -I eth0 192.0.2.1',
      'ARPING 192.0.2.1 from 192.0.2.5 eth0',
      'Unicast reply from 192.0.2.1 [00:16:3E:00:00:01]  0.812ms',
      'Unicast reply from 192.0.2.1 [00:16:3E:00:00:02]  0.912ms',
      'Sent 2 probes (1 broadcast(s))',
      'Received 2 response(s)',
    ],
    ['warning nic.probe 192.0.2.1'],
  ],
  [
    'an address that one has',
    [
      '# arping -c 2 -I eth0 192.0.2.1',
      'ARPING 192.0.2.1 from 192.0.2.5 eth0',
      'Unicast reply from 192.0.2.1 [00:16:3E:00:00:01]  0.812ms',
      'Unicast reply from 192.0.2.1 [00:16:3E:00:00:01]  0.912ms',
      'Sent 2 probes (1 broadcast(s))',
      'Received 2 response(s)',
    ],
    [],
  ],
  [
    'a port that is refused',
    ['$ nc -zv web1 443', 'nc: connect to web1 (192.0.2.1) port 443 (tcp) failed: Connection refused'],
    ['warning nic.probe web1 port 443'],
  ],
  ['a port that is open', ['$ nc -zv web1 443', 'Connection to web1 443 port [tcp/https] succeeded!'], []],
  [
    'a connection that timed out',
    [
      '$ curl -v https://web1/',
      '*   Trying 192.0.2.1:443...',
      '* connect to 192.0.2.1 port 443 failed: Connection timed out',
      '* Closing connection 0',
      'curl: (28) Failed to connect to web1 port 443 after 130123 ms: Connection timed out',
    ],
    ['warning nic.probe'],
  ],
  [
    'an answer',
    [
      '$ curl -vk https://web1/',
      '* Connected to web1 (192.0.2.1) port 443 (#0)',
      '> GET / HTTP/1.1',
      '> Host: web1',
      '>',
      '< HTTP/1.1 200 OK',
      '< Server: nginx',
    ],
    [],
  ],
  [
    'a name that is not resolved',
    ['$ ping -c 3 db7', 'ping: db7: Temporary failure in name resolution'],
    ['warning nic.probe db7'],
  ],
  [
    'a network without a route',
    ['$ ping -c 3 192.0.2.1', 'ping: connect: Network is unreachable'],
    ['warning nic.probe'],
  ],
  ['prose about probes', ['Read more: ping works, mtr too. From 10 hosts we got answers.'], []],
] as const)
  test(what, async () => {
    assert.deepEqual(await troubles(`${text.join('\n')}\n`), expected);
  });
