/** Sockets as people paste what ss lists. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'a listener whose queue is full',
    [
      '$ ss -tlnp',
      'State    Recv-Q Send-Q Local Address:Port  Peer Address:Port Process',
      'LISTEN   129    128          0.0.0.0:80         0.0.0.0:*     users:(("nginx",pid=812,fd=6))',
      'LISTEN   0      4096         0.0.0.0:22         0.0.0.0:*     users:(("sshd",pid=700,fd=3))',
    ],
    ['warning nic.listen-queue-full 0.0.0.0:80'],
  ],
  [
    'a connection whose peer does not answer',
    [
      '# ss -tin',
      'State   Recv-Q   Send-Q     Local Address:Port     Peer Address:Port',
      'ESTAB   0        14480      192.0.2.10:5432        192.0.2.20:51234',
      '\t cubic wscale:7,7 rto:54272 backoff:7 rtt:3.4/1.2 ato:40 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:1 ssthresh:2 bytes_sent:812331 bytes_retrans:141904 bytes_acked:670427 segs_out:700 segs_in:400 send 3.4Mbps lastsnd:12 unacked:10 retrans:1/98 lost:10 rcv_space:14480',
      'ESTAB   0        0          192.0.2.10:22          192.0.2.30:51235',
      '\t cubic wscale:7,7 rto:204 rtt:0.4/0.1 mss:1448 cwnd:10 bytes_sent:81233 bytes_acked:81233 segs_out:700 segs_in:400',
    ],
    ['warning nic.connection-loss'],
  ],
  [
    'its second line alone',
    [
      '\t cubic wscale:7,7 rto:54272 backoff:7 rtt:3.4/1.2 ato:40 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:1 ssthresh:2 bytes_sent:812331 bytes_retrans:141904 bytes_acked:670427 segs_out:700 segs_in:400 send 3.4Mbps lastsnd:12 unacked:10 retrans:1/98 lost:10 rcv_space:14480',
    ],
    ['warning nic.connection-loss'],
  ],
  [
    'a connection that is well',
    [
      '# ss -tin',
      'State   Recv-Q   Send-Q     Local Address:Port     Peer Address:Port',
      'ESTAB   0        0          192.0.2.10:22          192.0.2.30:51235',
      '\t cubic wscale:7,7 rto:204 rtt:0.4/0.1 mss:1448 cwnd:10 retrans:0/1 bytes_sent:81233 bytes_acked:81233 segs_out:700 segs_in:400',
    ],
    [],
  ],
  [
    'a listener of netstat on which many wait',
    [
      'netstat -plunt',
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name',
      'tcp        129      0 0.0.0.0:443             0.0.0.0:*               LISTEN      21130/proxyd',
      'tcp        3        0 0.0.0.0:22              0.0.0.0:*               LISTEN      700/sshd',
      'tcp6       0        0 :::80                   :::*                    LISTEN      812/nginx',
    ],
    ['warning nic.listen-queue-full 0.0.0.0:443'],
  ],
  [
    'listeners of netstat that are well',
    ['$ netstat -ltn', 'tcp        0      0 127.0.0.1:25            0.0.0.0:*               LISTEN'],
    [],
  ],
] as const)
  test(what, async () => {
    assert.deepEqual(await troubles(`${text.join('\n')}\n`), expected);
  });
