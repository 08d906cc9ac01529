/** What services, the kubelet and mails of daemons tell in few lines, and parts of outputs without their heads; the same of healthy machines raises nothing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const SHOW = (more: string) =>
  `Type=simple\nRestart=always\nGuessMainPID=yes\n${more}ExecMainCode=1\nExecStart={ path=/usr/bin/agentd ; argv[]=/usr/bin/agentd --quiet ; ignore_errors=no }\nSlice=system.slice\n`;
const CONDITION = (type: string, status: string, reason: string) =>
  `  {\n    "type": "${type}",\n    "status": "${status}",\n    "lastHeartbeatTime": "2026-08-15T03:48:32Z",\n    "lastTransitionTime": "2026-08-15T03:49:20Z",\n    "reason": "${reason}",\n    "message": "words"\n  }`;
const SYSTEMD = (words: string) => `Oct 22 05:17:19 node7 systemd[1]: ${words}\n`;
const TOP = (percent: string) =>
  `  PID USER      PR  NI    VIRT    RES    SHR S  %CPU %MEM     TIME+ COMMAND\n   54 root      20   0       0      0      0 R ${percent}  0.0  62:34.27 kswapd0\n22207 alice     20   0    5024   1244    864 R   0.3  0.1   0:00.30 top\n`;

for (const [what, text, expected] of [
  ['the table of top alone', TOP('100.0'), ['warning memory.reclaim-busy']],
  ['the table of top where nothing is busy', TOP('  0.0'), []],
  [
    'a row of ntpq behind a head on the line of the command',
    '# ntpq -np remote refid st t when poll reach delay offset jitter\n==============================================================================\n192.0.2.33 .INIT. 16 u - 64 0 0.000 0.000 0000.00\n',
    ['warning clock.no-reachable-source', 'warning clock.not-synchronised'],
  ],
  [
    'ntpdate without a server that it can use',
    'server 192.0.2.1, stratum 16, offset -0.000015, delay 0.02609\n27 Nov 10:39:42 ntpdate[4729]: no server suitable for synchronization found\n',
    ['warning clock.log-no-source'],
  ],
  [
    'ntpdate before the network was there, and ntpd afterwards',
    'Nov 27 10:39:42 node7 ntpdate[4729]: no server suitable for synchronization found\nNov 27 10:45:42 node7 ntpd[812]: synchronized to 192.0.2.1, stratum 2\n',
    [],
  ],
  [
    'ntpdate that set the clock',
    '27 Nov 10:39:42 ntpdate[4729]: step time server 192.0.2.1 offset 0.912345 sec\n',
    [],
  ],
  [
    'systemctl show of a service that ended with an error',
    SHOW('MainPID=0\nResult=exit-code\nNRestarts=5\nExecMainStatus=255\n'),
    ['warning system.unit-restarts agentd.service'],
  ],
  [
    'systemctl show of a failed one',
    `$ systemctl show agentd\n${SHOW('MainPID=0\nResult=exit-code\nNRestarts=5\n')}Id=agentd.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\n`,
    ['warning system.unit-failed agentd.service'],
  ],
  [
    'systemctl show of one that runs, though it was started again',
    `$ systemctl show agentd\n${SHOW('MainPID=812\nResult=success\nNRestarts=5\n')}Id=agentd.service\nActiveState=active\nSubState=running\n`,
    [],
  ],
  ['a unit file', '[Service]\nType=simple\nRestart=always\nExecStart=/usr/bin/agentd\n', []],
  [
    'conditions of a node alone',
    `curl -s localhost:8080/api/v1/nodes/node7 | jq .status.conditions\n[\n${CONDITION('MemoryPressure', 'Unknown', 'NodeStatusUnknown')},\n${CONDITION('Ready', 'Unknown', 'NodeStatusUnknown')}\n]\n`,
    ['critical system.kubernetes-node node'],
  ],
  [
    'the same, cut off within the last one',
    `[\n${CONDITION('MemoryPressure', 'False', 'KubeletHasSufficientMemory')},\n${CONDITION('Ready', 'False', 'KubeletNotReady').slice(0, 130)}`,
    ['critical system.kubernetes-node node'],
  ],
  [
    'conditions of a node that is ready',
    `[\n${CONDITION('DiskPressure', 'False', 'KubeletHasNoDiskPressure')},\n${CONDITION('Ready', 'True', 'KubeletReady')}\n]\n`,
    [],
  ],
  [
    'conditions of a pod that is not ready',
    '[\n  {\n    "type": "Ready",\n    "status": "False",\n    "lastProbeTime": null,\n    "lastTransitionTime": "2026-08-15T03:49:20Z",\n    "reason": "ContainersNotReady"\n  }\n]\n',
    [],
  ],
  [
    'crictl without a runtime',
    '$ crictl ps\nFATA[0000] listing containers: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix /run/containerd/containerd.sock: connect: no such file or directory"\n',
    ['critical system.runtime-not-ready container runtime'],
  ],
  [
    'crictl of somebody who may not ask',
    '$ crictl ps\nFATA[0000] listing containers: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix /run/containerd/containerd.sock: connect: permission denied"\n',
    [],
  ],
  [
    'a kubelet that does not reach the API server',
    'May 04 23:13:38 node7 kubelet[2443]: E0504 23:13:38.872465    2443 reflector.go:205] k8s.io/kubernetes/pkg/kubelet/kubelet.go:474: Failed to list *v1.Node: Get https://192.0.2.195:6443/api/v1/nodes: dial tcp 192.0.2.195:6443: connect: connection refused\n'.repeat(
      2,
    ),
    ['warning system.log-api-server'],
  ],
  [
    'the same before it was registered',
    `${'May 04 23:13:38 node7 kubelet[2443]: E0504 23:13:38.872465    2443 reflector.go:205] Failed to list *v1.Node: dial tcp 192.0.2.195:6443: connect: connection refused\n'.repeat(2)}May 04 23:14:38 node7 kubelet[2443]: I0504 23:14:38.872465    2443 kubelet_node_status.go:76] Successfully registered node node7\n`,
    [],
  ],
  [
    'a unit whose program is missing',
    SYSTEMD('agentd.service: Scheduled restart job, restart counter is at 557.') +
      SYSTEMD('agentd.service: Main process exited, code=exited, status=203/EXEC') +
      SYSTEMD("agentd.service: Failed with result 'exit-code'."),
    ['warning system.log-unit-exec agentd.service', 'warning system.log-unit-restarts agentd.service'],
  ],
  [
    'a unit that fails again and again',
    SYSTEMD("agentd.service: Failed with result 'exit-code'.").repeat(3),
    ['warning system.log-unit-fails agentd.service'],
  ],
  [
    'the same in the words of old releases',
    SYSTEMD('Unit agentd.service entered failed state.').repeat(3),
    ['warning system.log-unit-fails agentd.service'],
  ],
  [
    'a login that ends, and a unit that failed once',
    SYSTEMD('getty@tty1.service: Scheduled restart job, restart counter is at 557.').repeat(4) +
      SYSTEMD("agentd.service: Failed with result 'exit-code'."),
    [],
  ],
  [
    'a mail of smartd',
    'The following warning/error was logged by the smartd daemon:\n\nDevice: /dev/sdq [SAT], 8 Currently unreadable (pending) sectors\n\nDevice info:\nMAKER-1\n',
    ['warning disk.log-smart-sectors sdq'],
  ],
  [
    'a mail of mdadm',
    'This is an automatically generated mail message from mdadm\nrunning on node7\n\nA DegradedArray event had been detected on md device /dev/md/7.\n',
    ['critical disk.log-array-degraded md/7'],
  ],
  ['a mail of mdadm that tests mails', 'A TestMessage event had been detected on md device /dev/md/7.\n', []],
] as const)
  test(`${what}: ${expected.join() || 'nothing'}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
