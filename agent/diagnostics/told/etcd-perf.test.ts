/** etcdctl check perf, benchmark and /health, as people save them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const SLOW = ['warning system.etcd-perf etcd'];
const BAR = ' 60 / 60 Boooooooooooooooooooooooooooooo! 100.00%1m0s\n';
const WELL =
  'PASS: Throughput is 150 writes/s\nPASS: Slowest request took 0.126913s\nPASS: Stddev is 0.009643s\nPASS\n';
const SUMMARY = (p99: string) =>
  `Summary:\n  Total:\t27.9426 secs.\n  Slowest:\t1.2 secs.\n  Requests/sec:\t357.8\n\nLatency distribution:\n  50% in 0.0022 secs.\n  99% in ${p99} secs.\n`;

for (const [what, text, expected] of [
  [
    'too little',
    `[root@n1 ~]# ETCDCTL_API=3 etcdctl --endpoints http://192.0.2.1:2379 check perf --load="l"\n${BAR}FAIL: Throughput too low: 4790 writes/s\nPASS: Slowest request took 0.1s\nPASS: Stddev is 0.06s\nFAIL\n`,
    SLOW,
  ],
  ['rows alone', 'FAIL: too many errors\nFAIL: ERROR(etcdserver: request timed out) -> 1000\nFAIL\n', SLOW],
  [
    'too long',
    `$ etcdctl check perf\n${WELL.replace('PASS: Slowest request took 0.1', 'Slowest request took too long: 1.1')}`,
    SLOW,
  ],
  ['enough', `$ etcdctl check perf\n${BAR}${WELL}`, []],
  [
    'several members that are well',
    `[root@n1 ~]# etcdctl check perf\n${WELL}\n[root@n1 ~]# etcdctl check perf --load=m\n${WELL}`,
    [],
  ],
  [
    'benchmark',
    `$ benchmark --endpoints=http://192.0.2.1:2379 --conns=100 --clients=1000 put --total=1000\n${SUMMARY('0.8371')}`,
    SLOW,
  ],
  ['benchmark that is well', `$ benchmark --endpoints=http://192.0.2.1:2379 put\n${SUMMARY('0.0371')}`, []],
  ['a test suite', 'PASS: TestOne\nFAIL: TestTwo (0.1s)\nPASS\n', []],
  [
    '/health of 3.5',
    '$ curl http://127.0.0.1:2379/health\n{"health":"false","reason":"ALARM NOSPACE"}\n',
    ['critical system.etcd-alarm etcd', 'critical system.etcd-unhealthy etcd /health'],
  ],
  ['/health of 3.4', '{"health": "false"}\n', ['critical system.etcd-unhealthy etcd /health']],
  [
    '/health of one that is well',
    '$ curl -s http://127.0.0.1:2379/health\n{"health":"true","reason":""}\n',
    [],
  ],
  [
    '/health beside other outputs of etcdctl',
    '$ curl -s http://127.0.0.1:2379/health\n{"health":"false","reason":"RAFT NO LEADER"}\n$ etcdctl endpoint health\n127.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n',
    ['critical system.etcd-unhealthy etcd /health'],
  ],
] as const)
  test(`etcd, measured: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
