/** etcd's log as it was before JSON, in JSON and as the journal has it: troubles, and what any start and any load says. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const AT = '2019-05-12 10:11:12.123456';
const PEER = '8211f1d0f64f3269';
const UNIT =
  '● etcd.service - Etcd Server\n   Loaded: loaded (/usr/lib/systemd/system/etcd.service; enabled)\n   Active: active (running) since Sun 2019-05-12 09:00:01 UTC; 1h ago\n Main PID: 2345 (etcd)\n\n';
const json = (file: string, msg: string, more: string) =>
  `{"level":"warn","ts":"2024-05-12T10:11:12.123Z","caller":"${file}.go:68","msg":"${msg}",${more}}\n`;
const REQUEST = (took: string) =>
  `read-only range request "key:\\"/registry\\" " took too long (${took}) to execute`;
const TIMED_OUT = 'publish error: etcdserver: request timed out';

for (const [what, text, expected] of [
  [
    'a write of seconds alone',
    `${AT} W | wal: sync duration of 1.8s, expected less than 1s\n`,
    ['warning system.etcd-log-slow etcd'],
  ],
  [
    'entries of seconds',
    `${AT} W | etcdserver: apply entries took too long [1.2s for 1 entries]\n`,
    ['warning system.etcd-log-slow etcd'],
  ],
  ['a request a little late', `${AT} W | etcdserver: ${REQUEST('112.3ms')}\n`, []],
  [
    'systemctl status with lines of the log',
    `${UNIT}May 12 10:11:12 m1 etcd[2345]: ${REQUEST('1.8s')}\nMay 12 10:11:13 m1 etcd[2345]: sync duration of 2.2s, expected less than 1s\nMay 12 10:11:14 m1 etcd[2345]: failed to send out heartbeat on time (exceeded the 100ms timeout for 1.2s)\n`,
    ['warning system.etcd-log-slow etcd', 'warning system.log-etcd-heartbeat'],
  ],
  [
    'systemctl status that is well',
    `${UNIT}May 12 10:11:12 m1 etcd[2345]: ${REQUEST('112.3ms')}\nMay 12 10:11:12 m1 etcd[2345]: 8e9e05c52164694d became leader at term 2\n`,
    [],
  ],
  [
    'a heartbeat',
    `${AT} W | etcdserver: failed to send out heartbeat on time (exceeded the 100ms timeout for 1.2s)\n`,
    ['warning system.log-etcd-heartbeat'],
  ],
  [
    'a member that is not reached',
    `${AT} W | rafthttp: health check for peer ${PEER} could not connect: dial tcp 192.0.2.2:2380: connect: connection refused\n`,
    [`warning system.log-etcd-peer ${PEER}`],
  ],
  [
    'the same in JSON',
    json(
      'rafthttp/probing_status',
      'prober detected unhealthy status',
      `"round-tripper-name":"ROUND_TRIPPER_SNAPSHOT","remote-peer-id":"${PEER}","rtt":"0s","error":"dial tcp 192.0.2.2:2380: connect: connection refused"`,
    ),
    [`warning system.log-etcd-peer ${PEER}`],
  ],
  [
    'one that came back',
    `${AT} W | rafthttp: lost the TCP streaming connection with peer ${PEER} (stream Message reader)\n${AT} I | rafthttp: peer ${PEER} became active\n`,
    [],
  ],
  [
    'one that came back, in JSON',
    `${json('rafthttp/peer_status', 'peer became inactive (message send to peer failed)', `"peer-id":"${PEER}","error":"x"`)}${json('rafthttp/peer_status', 'peer became active', `"peer-id":"${PEER}"`)}`,
    [],
  ],
  [
    'clocks',
    `${AT} W | rafthttp: the clock difference against peer ${PEER} is too high [2.3s > 1s]\n`,
    ['warning clock.log-peer-drift'],
  ],
  ['no leader', `${AT} E | etcdserver: ${TIMED_OUT}\n`.repeat(2), ['critical system.log-etcd-no-leader']],
  [
    'a leader at last',
    `${`${AT} E | etcdserver: ${TIMED_OUT}\n`.repeat(2)}${AT} I | raft: raft.node: 8e9e05c52164694d elected leader ${PEER} at term 3\n`,
    [],
  ],
  [
    'leaders that are lost again and again',
    `${AT} I | raft: raft.node: 8e9e05c52164694d lost leader ${PEER} at term 3\n`.repeat(3),
    ['warning system.log-etcd-leader'],
  ],
  [
    'a leader that was lost once',
    `${AT} I | raft: raft.node: 8e9e05c52164694d lost leader ${PEER} at term 3\n`,
    [],
  ],
  [
    'no room',
    `${AT} W | etcdserver: alarm NOSPACE raised by peer ${PEER}\n`,
    ['critical system.log-etcd-space'],
  ],
  [
    'no room, in JSON',
    json('etcdserver/apply', 'alarm raised', `"alarm":"NOSPACE","from":"${PEER}"`),
    ['critical system.log-etcd-space'],
  ],
  [
    'no room, as k3s finds it',
    'time="2026-04-28T03:57:45+08:00" level=warning msg="Errors present on etcd cluster: memberID:13118187214589646828 alarm:NOSPACE "\ntime="2026-04-28T03:57:45+08:00" level=info msg="Defragmenting etcd database"\n',
    ['critical system.log-etcd-space'],
  ],
  [
    'no leader, as its own raft says',
    json(
      'etcdserver/zap_raft',
      '2f847f91dcb22445 no leader at term 49; dropping index reading msg',
      '"logger":"raft"',
    ).repeat(2),
    ['critical system.log-etcd-no-leader'],
  ],
  [
    'a start',
    `${AT} I | etcdmain: etcd Version: 3.3.10\n${AT} I | etcdserver: name = m1\n${AT} I | embed: serving insecure client requests on 127.0.0.1:2379\n`,
    [],
  ],
] as const)
  test(`etcd: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
