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
] as const)
  test(`logs: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
