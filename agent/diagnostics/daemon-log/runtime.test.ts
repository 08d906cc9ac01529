/** What the kubelet, container runtimes, multipathd and earlyoom write into logs, with what is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const SKIP = (ts: number, more = '') =>
  `{"ts":${ts}.6128,"caller":"kubelet/kubelet.go:2406","msg":"Skipping pod synchronization","err":"[container runtime status check may not have completed yet${more}]"}\n`;
const YET = ', PLEG is not healthy: pleg has yet to be successful';
const KLOG = (time: string, more = '') =>
  `May 12 ${time} n1 kubelet[812]: E0512 ${time}.123456     812 kubelet.go:1852] skipping pod synchronization - [container runtime status check may not have completed yet${more}]\n`;
const MPATH = (words: string) => `May 11 16:40:10 n1 multipathd[4554]: ${words}\n`;
const OOM = (words: string) => `Jun 28 18:02:11 n1 earlyoom[1103]: ${words}\n`;
const STATUS = (ready: boolean) =>
  `Mar 07 09:51:59 n1 crio[2858]: time="2025-03-07T09:51:59.404696188+07:00" level=debug msg="Response: &StatusResponse{Status:&RuntimeStatus{Conditions:[]*RuntimeCondition{&RuntimeCondition{Type:RuntimeReady,Status:true,Reason:,Message:,},&RuntimeCondition{Type:NetworkReady,Status:${ready},Reason:,Message:no CNI configuration file,},},},}"\n`;
const WAITS = ['warning system.kubelet-waits kubelet'];

for (const [what, text, expected] of [
  ['a kubelet that waits, in JSON', SKIP(1753141980841, YET) + SKIP(1753148291619), WAITS],
  [
    'the same behind a node’s address',
    `192.0.2.5: ${SKIP(1753141980841, YET)}192.0.2.5: ${SKIP(1753148291619)}`,
    WAITS,
  ],
  ['klog', KLOG('10:11:12', YET) + KLOG('10:15:12'), WAITS],
  ['a start', SKIP(1753141980841, YET) + SKIP(1753141986841), []],
  [
    'two starts',
    SKIP(1753141980841, YET) + SKIP(1753141986841) + SKIP(1753148291619, YET) + SKIP(1753148295619),
    [],
  ],
  ['a runtime’s answer', STATUS(false), ['warning system.log-cri-status']],
  ['one that is ready at last', STATUS(false) + STATUS(true), []],
  [
    'crictl --debug',
    'DEBU[0000] StatusResponse: &StatusResponse{Status:&RuntimeStatus{Conditions:[]*RuntimeCondition{&RuntimeCondition{Type:RuntimeReady,Status:false,Reason:,Message:,},},},}\n',
    ['warning system.log-cri-status'],
  ],
  [
    'a path that is down',
    MPATH('mpatha: sdak - tur checker reports path is down'),
    ['warning disk.log-path-down sdak'],
  ],
  [
    'one that came back, and one that stands by',
    MPATH('mpatha: sdb - rdac checker reports path is down') +
      MPATH('mpatha: sdb - rdac checker reports path is up') +
      MPATH('mpatha: sdc - rdac checker reports path is ghost'),
    [],
  ],
  [
    'no path left',
    MPATH('mpatha: Entering recovery mode: max_retries=12'),
    ['critical disk.log-paths-lost mpatha'],
  ],
  [
    'paths again',
    MPATH('mpatha: Entering recovery mode: max_retries=12') + MPATH('mpatha: Recovered to normal mode'),
    [],
  ],
  [
    'little memory',
    OOM('mem avail:   309 of 11556 MiB ( 2.67%), swap free:    0 of    0 MiB ( 0.00%)'),
    ['warning memory.log-low'],
  ],
  [
    'no swap left',
    OOM('mem avail:  1709 of 11556 MiB (14.80%), swap free:    0 of 8191 MiB ( 0.00%)'),
    ['warning memory.log-low'],
  ],
  [
    'full swap beside much memory',
    OOM('mem avail:  7709 of 11556 MiB (66.70%), swap free:    0 of 8191 MiB ( 0.00%)'),
    [],
  ],
  [
    'enough of both, and no swap',
    OOM('mem avail:  7709 of 11556 MiB (66.70%), swap free:    0 of    0 MiB ( 0.00%)'),
    [],
  ],
  [
    'little memory that is past',
    OOM('mem avail:   309 of 11556 MiB ( 2.67%), swap free:    0 of    0 MiB ( 0.00%)') +
      OOM('mem avail:  9109 of 11556 MiB (78.82%), swap free:    0 of    0 MiB ( 0.00%)'),
    [],
  ],
  [
    'requests of etcd that are late again and again',
    ['360.9', '361.1', '358.4']
      .map(
        (ms) =>
          `    2019-09-09 11:52:19.420001 W | etcdserver: read-only range request "key:\\"/registry/${ms}\\" " with result "range_response_count:1 size:451" took too long (${ms}ms) to execute\n`,
      )
      .join(''),
    ['info system.etcd-log-slow etcd'],
  ],
  [
    'etcd and certificates that are not accepted',
    'Aug  9 12:57:26 n1 etcd: rejected connection from "192.0.2.12:34990" (error "remote error: tls: bad certificate", ServerName "")\n'.repeat(
      2,
    ),
    ['warning system.log-etcd-tls'],
  ],
  [
    'the same in JSON, and a member that is away',
    `${'{"level":"warn","ts":"2022-01-06T23:14:33.765Z","caller":"embed/config_logging.go:169","msg":"rejected connection","remote-addr":"192.0.2.4:40124","server-name":"","error":"remote error: tls: bad certificate"}\n'.repeat(2)}{"level":"warn","ts":"2022-01-06T23:14:35.734Z","caller":"etcdserver/cluster_util.go:288","msg":"failed to reach the peer URL","address":"https://192.0.2.5:2380/version","remote-member-id":"f70a5f7cb9fb4a0","error":"dial tcp 192.0.2.5:2380: connect: connection refused"}\n`,
    ['warning system.log-etcd-peer f70a5f7cb9fb4a0', 'warning system.log-etcd-tls'],
  ],
  [
    'one that looks whether the port is open',
    'Aug  9 12:57:26 n1 etcd: rejected connection from "192.0.2.12:34990" (error "EOF", ServerName "")\n'.repeat(
      9,
    ),
    [],
  ],
  [
    'etcd that panics',
    '{"level":"panic","ts":"2022-01-06T23:14:33.765Z","caller":"raft/log.go:233","msg":"tocommit(10) is out of range [lastIndex(9)]. Was the raft log corrupted, truncated, or lost?"}\n',
    ['critical system.log-etcd-fatal'],
  ],
  [
    'the same before JSON',
    '2019-05-12 10:11:12.123456 C | etcdmain: member 8e9e05c52164694d has already been bootstrapped\n',
    ['critical system.log-etcd-fatal'],
  ],
  [
    'members of two clusters',
    '2019-05-12 10:11:12.123456 E | rafthttp: request cluster ID mismatch (got 1 want 2)\n',
    ['warning system.log-etcd-stranger'],
  ],
  [
    'a runtime by hand',
    'INFO[2020-12-06T13:14:51.712175688Z] Starting up\nfailed to start daemon: error initializing graphdriver: driver not supported\n',
    ['warning system.log-runtime-fatal'],
  ],
  [
    'a runtime of a service',
    'Aug 13 04:56:00 n1 dockerd[9942]: time="2020-08-13T04:56:00.098589347Z" level=fatal msg="Error starting daemon: timeout"\n',
    ['warning system.log-runtime-fatal'],
  ],
  [
    'one that came at last',
    'Aug 13 04:56:00 n1 dockerd[9942]: failed to start daemon: timeout\nAug 13 04:57:00 n1 dockerd[9999]: time="2020-08-13T04:57:00.098589347Z" level=info msg="Daemon has completed initialization"\n',
    [],
  ],
  [
    'earlyoom by hand',
    'mem avail: 712 MiB (9 %), swap free: 0 MiB (0 %)\nOut of memory! mem min: 783 MiB, swap min: 0 MiB\nKilling process: tail, pid: 5476, badness: 367, VmRSS: 719 MiB\n',
    ['warning memory.log-killed tail'],
  ],
] as const)
  test(`logs: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
