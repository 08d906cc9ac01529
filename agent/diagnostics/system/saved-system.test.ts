/** What people save of services, pods, containers, logs, processors and files of the kernel that grep printed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const PODS = (status: string, ready: string) =>
  `NAMESPACE     NAME           READY   STATUS     RESTARTS       AGE\nkube-system   etcd-master1   ${ready}     ${status}    2 (5d ago)     12d\ndefault       job-x          0/1     Completed  0              1h\n`;
const DESCRIBED = (reason: string) =>
  `$ kubectl describe pod web-1\nName:             web-1\nNamespace:        default\nStatus:           Running\nContainers:\n  web:\n    State:          Running\n    Last State:     Terminated\n      Reason:       ${reason}\n    Restart Count:  14\n`;
const DOCKER = (status: string) =>
  `CONTAINER ID   IMAGE       COMMAND     CREATED       STATUS                         PORTS      NAMES\n2b3c4d5e6f70   postgres    "entry"     2 weeks ago   ${status.padEnd(30)} 5432/tcp   db\n3c4d5e6f7081   busybox     "sh"        3 weeks ago   ${'Exited (0) 3 weeks ago'.padEnd(30)}            tmp\n`;
const KUBELET = (message: string) =>
  `Nov 02 09:12:01 node2 kubelet[1182]: E1102 09:12:01.123456    1182 x.go:285] ${message}\n`;
const TURBO = (busy: string, heat: number, slowed: number) =>
  `Core\tCPU\tAvg_MHz\tBusy%\tBzy_MHz\tTSC_MHz\tCoreTmp\tCoreThr\tPkgTmp\n-\t-\t798\t${busy}\t${heat}\t${slowed}\t${heat}\n`.replace(
    `${busy}\t${heat}\t${slowed}\t${heat}`,
    `${busy}\t2800\t2900\t${heat}\t${slowed}\t${heat}`,
  );
const POLICY = (most: string) =>
  `analyzing CPU 0:\n  driver: intel_pstate\n  hardware limits: 800 MHz - 4.20 GHz\n  current policy: frequency should be within 800 MHz and ${most}.\n`;
const UPTIME = (load: string) => ` 09:12:01 up 12 days,  3:02,  3 users,  load average: ${load}\n`;

const EVENTS = (status: string, ready: string) =>
  DESCRIBED('Error').replace('Running', status).replace('Terminated\n      Reason:       Error', 'None') +
  `Conditions:\n  Type              Status\n  Ready             ${ready} \nEvents:\n  Warning  FailedScheduling  6m51s  default-scheduler  0/2 nodes are available\n`;

for (const [what, text, expected] of [
  [
    'a pod that ends again and again',
    PODS('CrashLoopBackOff', '0/1'),
    ['warning system.pod-sick kube-system/etcd-master1'],
  ],
  [
    'a pod of which a container is not ready',
    PODS('Running', '1/2'),
    ['warning system.pod-sick kube-system/etcd-master1'],
  ],
  ['pods that run, and one that is done', PODS('Running', '1/1'), []],
  ['a pod that was killed for memory', DESCRIBED('OOMKilled'), ['warning system.pod-sick web-1']],
  ['a pod that ended well before', DESCRIBED('Completed'), []],
  ['a pod that is ready, and had no node before', EVENTS('Running', 'True'), []],
  ['a pod for which there is no node', EVENTS('Pending', 'False'), ['warning system.pod-sick web-1']],
  [
    'a name that was taken out of what was saved',
    '$ sysctl -a\nkernel.hostname = localhost.localdomain\nkernel.panic = 10\n',
    [],
  ],
  [
    'a container that is not well',
    `$ docker ps -a\n${DOCKER('Up 3 hours (unhealthy)')}`,
    ['warning system.pod-sick db'],
  ],
  [
    'a container that starts again and again',
    DOCKER('Restarting (1) 12 seconds ago'),
    ['warning system.pod-sick db'],
  ],
  ['containers that run', DOCKER('Up 3 hours (healthy)'), []],
  [
    'systemctl with options of its own',
    '$ systemctl list-units --type=mount --state=failed --no-pager\n  UNIT            LOAD   ACTIVE SUB    DESCRIPTION\n● mnt-data.mount  loaded failed failed /mnt/data\n',
    ['warning system.unit-failed mnt-data.mount'],
  ],
  [
    'a number of failed units alone',
    '$ systemctl status\n● web01\n    State: degraded\n   Failed: 2 units\n',
    ['warning system.unit-failed 2 units'],
  ],
  [
    'a kubelet without a network',
    KUBELET('"Container runtime network not ready" networkReady="NetworkPluginNotReady"'),
    ['warning system.kubelet-log-trouble kubelet'],
  ],
  ['a kubelet that says nothing of weight', KUBELET('"SyncLoop ADD" source="api"'), []],
  ['turbostat of a processor that is slowed', TURBO('99.80', 100, 912), ['warning system.frequency-held']],
  ['turbostat of a processor that is well', TURBO('99.80', 61, 0), []],
  [
    'a policy that holds the processors',
    `# cpupower frequency-info\n${POLICY('800 MHz')}`,
    ['warning system.frequency-held'],
  ],
  ['a policy that does not', POLICY('4.20 GHz'), []],
  ['a load that few machines can do', UPTIME('148.21, 140.02, 121.77'), ['warning system.load-high']],
  ['a load of some processors', UPTIME('8.21, 9.02, 7.77'), []],
  [
    'faults of the processor that grep printed',
    '$ grep . /sys/devices/system/cpu/vulnerabilities/*\n/sys/devices/system/cpu/vulnerabilities/l1tf:Mitigation: PTE Inversion\n/sys/devices/system/cpu/vulnerabilities/mds:Vulnerable: no microcode\n',
    ['warning kernel.mitigations-missing'],
  ],
  [
    'counts of EDAC that grep printed',
    '/sys/devices/system/edac/mc/mc0/csrow0/ch0_ce_count:0\n/sys/devices/system/edac/mc/mc0/csrow1/ch0_ce_count:4821\n',
    ['warning memory.corrected-errors mc0/csrow1/ch0'],
  ],
  [
    'a kernel that died, by its taint alone',
    '$ cat /proc/sys/kernel/tainted\n129\n',
    ['critical kernel.died-before'],
  ],
] as const)
  test(`system, saved: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !one.startsWith('info')),
      expected,
    );
  });
