/** What parts of Kubernetes and etcd answer of their health, as people save it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'healthz-verbose',
    `[+]ping ok
[-]log failed: reason withheld
[+]etcd ok
healthz check failed
`,
    ['warning system.kube-health log'],
  ],
  [
    'livez-etcd',
    `$ kubectl get --raw='/livez?verbose'
[+]ping ok
[-]etcd failed: reason withheld
livez check failed
`,
    ['critical system.kube-health etcd'],
  ],
  [
    'well: readyz',
    `[+]ping ok
[+]etcd ok
readyz check passed
`,
    [],
  ],
  [
    'kubectl-cs',
    `$ kubectl get cs
NAME                 STATUS      MESSAGE                                                                                       ERROR
scheduler            Unhealthy   Get "http://127.0.0.1:10251/healthz": dial tcp 127.0.0.1:10251: connect: connection refused
etcd-0               Healthy     {"health":"true"}
`,
    ['info system.kube-health scheduler'],
  ],
  [
    'kubectl-cs-etcd',
    `NAME                 STATUS      MESSAGE                                                                                       ERROR
etcd-0               Unhealthy   Get https://192.0.2.1:2379/health: dial tcp 192.0.2.1:2379: connect: connection refused
`,
    ['critical system.kube-health etcd-0'],
  ],
  [
    'unstarted',
    `8e9e05c52164694d, unstarted, , http://192.0.2.4:2380, , false
91bc3c398fb3c146, started, n1, http://192.0.2.1:2380, http://192.0.2.1:2379, false
`,
    ['warning system.etcd-member-unstarted etcd 8e9e05c52164694d'],
  ],
  [
    'unstarted-table',
    `$ etcdctl member list -w table
+------------------+-----------+------+--------------------------+--------------------------+------------+
|        ID        |  STATUS   | NAME |        PEER ADDRS        |       CLIENT ADDRS       | IS LEARNER |
+------------------+-----------+------+--------------------------+--------------------------+------------+
| 826365ad0defc9be | unstarted |      | http://192.0.2.4:2380    |                          |      false |
| 8859076857b24171 |   started | n1   | http://192.0.2.1:2380    | http://192.0.2.1:2379    |      false |
+------------------+-----------+------+--------------------------+--------------------------+------------+
`,
    ['warning system.etcd-member-unstarted etcd 826365ad0defc9be'],
  ],
  [
    'well: memberlist',
    `91bc3c398fb3c146, started, n1, http://192.0.2.1:2380, http://192.0.2.1:2379, false
91bc3c398fb3c147, started, n2, http://192.0.2.2:2380, http://192.0.2.2:2379, false
`,
    [],
  ],
  [
    'etcd-metrics',
    `$ curl -s http://127.0.0.1:2381/metrics | grep etcd_
# HELP etcd_server_has_leader Whether or not a leader exists. 1 is existence, 0 is not.
# TYPE etcd_server_has_leader gauge
etcd_server_has_leader 0
etcd_server_leader_changes_seen_total 42
etcd_mvcc_db_total_size_in_bytes 2.1e+09
etcd_server_quota_backend_bytes 2.147483648e+09
`,
    ['critical system.etcd-database-full etcd', 'critical system.etcd-no-leader etcd'],
  ],
  [
    'etcd-metrics-fsync',
    `etcd_disk_wal_fsync_duration_seconds_bucket{le="0.008"} 100
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.016"} 200
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.512"} 900
etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 1000
etcd_disk_wal_fsync_duration_seconds_count 1000
`,
    ['critical system.etcd-slow-disk etcd'],
  ],
  [
    'etcd-metrics of etcd 2, the buckets alone',
    `curl -L http://localhost:2379/metrics | grep etcd_wal_fsync_durations_seconds_bucket
etcd_wal_fsync_durations_seconds_bucket{le="0.008"} 0
etcd_wal_fsync_durations_seconds_bucket{le="0.016"} 529
etcd_wal_fsync_durations_seconds_bucket{le="0.064"} 2.7211701e+07
etcd_wal_fsync_durations_seconds_bucket{le="0.256"} 3.541656e+07
etcd_wal_fsync_durations_seconds_bucket{le="4.096"} 3.5752512e+07
`,
    ['warning system.etcd-slow-disk etcd'],
  ],
  [
    'well: etcd-metrics',
    `etcd_server_has_leader 1
etcd_server_leader_changes_seen_total 1
etcd_mvcc_db_total_size_in_bytes 2.1e+07
etcd_server_quota_backend_bytes 2.147483648e+09
`,
    [],
  ],
] as const)
  test(`health: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
