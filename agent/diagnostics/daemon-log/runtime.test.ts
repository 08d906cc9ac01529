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
const LOG = (program: string, words: string) => `Mar 01 10:00:01 n1 ${program}[912]: ${words}\n`;
const SYSTEMD = (words: string) => `Mar 01 10:00:02 n1 systemd[1]: ${words}\n`;
const SANDBOX = (id: string) =>
  `E0301 10:00:01.123456     912 remote_runtime.go:116] "RunPodSandbox from runtime service failed" err="rpc error: code = Unknown desc = failed to setup network for sandbox \\"${id}\\": plugin type=\\"calico\\" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized"\n`;
const ZED = (state: string) =>
  LOG('zed', `eid=39 class=statechange pool='tank' vdev=sda1 vdev_state=${state}`);
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
  ['zed: a device', ZED('FAULTED'), ['warning disk.log-pool-device sda1']],
  ['one that is back', ZED('REMOVED') + ZED('ONLINE'), []],
  [
    'zed: news',
    LOG('zed', "eid=3 class=scrub_finish pool='tank'") + LOG('zed', "eid=4 class=config_sync pool='tank'"),
    [],
  ],
  [
    'zed: errors',
    LOG('zed', "eid=12 class=checksum pool='tank' vdev=sdb1 algorithm=fletcher4 size=131072 err=52"),
    ['warning disk.log-pool-errors sdb1'],
  ],
  [
    'dmeventd',
    LOG('dmeventd', 'WARNING: Thin pool vg0-pool-tpool data is now 95.04% full.'),
    ['critical disk.log-thin-full vg0-pool-tpool'],
  ],
  [
    'dmeventd: RAID',
    LOG('lvm', 'Device #1 of raid1 array, vg-lv, has failed.'),
    ['critical disk.log-lvm-raid vg-lv'],
  ],
  ['dmeventd: news', LOG('lvm', 'Monitoring thin pool vg0-pool-tpool.'), []],
  [
    'iscsid',
    LOG('iscsid', 'connect to 192.0.2.10:3260 failed (No route to host)').repeat(2),
    ['warning disk.log-iscsi-login 192.0.2.10:3260'],
  ],
  [
    'mount',
    LOG('mount', 'mount: /srv/data: wrong fs type, bad option, bad superblock on /dev/sdb1.'),
    ['warning disk.log-mount-failed /srv/data'],
  ],
  [
    'mount: news',
    LOG('mount', 'mount: (hint) your fstab has been modified, but systemd still uses the old version;') +
      LOG('mount', 'mount: /srv: WARNING: source write-protected, mounted read-only.'),
    [],
  ],
  [
    'the OOM killer',
    LOG('systemd', '').replace(
      /systemd.*/,
      'systemd[1]: app.service: A process of this unit has been killed by the OOM killer.',
    ),
    ['warning memory.log-unit-killed app.service'],
  ],
  [
    'a crash',
    LOG('x', '').replace(/x.*/, 'systemd[1]: app.service: Main process exited, code=dumped, status=11/SEGV'),
    ['warning system.log-unit-crashed app.service'],
  ],
  [
    'a crash without a core',
    SYSTEMD('app.service: Main process exited, code=killed, status=11/SEGV'),
    ['warning system.log-unit-crashed app.service'],
  ],
  [
    'a crash by its result alone',
    SYSTEMD("app.service: Failed with result 'core-dump'."),
    ['warning system.log-unit-crashed app.service'],
  ],
  [
    'one that was killed, and nothing says by whom',
    SYSTEMD('app.service: Main process exited, code=killed, status=9/KILL'),
    ['warning system.log-unit-killed app.service'],
  ],
  [
    'one that did not stop when it was asked to',
    SYSTEMD('app.service: Main process exited, code=killed, status=9/KILL') +
      SYSTEMD("app.service: Failed with result 'timeout'."),
    [],
  ],
  [
    'an end on request',
    LOG('x', '').replace(/x.*/, 'systemd[1]: app.service: Main process exited, code=killed, status=15/TERM'),
    [],
  ],
  [
    'systemd that crashed',
    LOG('x', '').replace(/x.*/, 'systemd[1]: Freezing execution.'),
    ['critical system.log-init-crashed'],
  ],
  [
    'a start that is late',
    LOG('x', '').replace(/x.*/, 'systemd[1]: docker.service: start operation timed out. Terminating.'),
    ['warning system.log-unit-late docker.service'],
  ],
  ['pods without a network', SANDBOX('a') + SANDBOX('b') + SANDBOX('c'), ['warning system.log-sandbox']],
  [
    'a certificate of a kubelet',
    LOG(
      'kubelet',
      'E0301 10:00:01.123456     912 bootstrap.go:265] part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: 2023-02-01 10:00:00 +0000 UTC',
    ),
    ['critical system.log-kubelet-cert'],
  ],
  [
    'kubeadm’s look',
    "[kubelet-check] It seems like the kubelet isn't running or healthy.\n[kubelet-check] The HTTP call equal to 'curl -sSL http://localhost:10248/healthz' failed with error: x\n",
    ['warning system.log-kubelet-check'],
  ],
  ['one that is well', '[kubelet-check] The kubelet is healthy after 501.5ms\n', []],
  [
    'a runtime’s line alone',
    'time="2024-03-01T10:00:01.123456789Z" level=fatal msg="Failed to run CRI service"\n',
    ['warning system.log-runtime-fatal'],
  ],
] as const)
  test(`logs: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
