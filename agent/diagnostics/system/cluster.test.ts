/** Nodes of Kubernetes by their taints, and events of nodes in every form that kubectl prints: sick ones and such as are well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const NODE = (taints: string) =>
  `Name:               w7\nRoles:              <none>\nLabels:             kubernetes.io/hostname=w7\nTaints:             ${taints}\nUnschedulable:      false\n`;
const READY = `Conditions:\n  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message\n  ----             ------  -----------------                 ------------------                ------                       -------\n  Ready            True    Mon, 02 Feb 2026 10:00:12 +0000   Mon, 02 Feb 2026 09:55:00 +0000   KubeletReady                 kubelet is posting ready status\n`;
const EVENTS =
  'Events:\n  Type     Reason                   Age                From     Message\n  ----     ------                   ----               ----     -------\n';
const OOM =
  '  Warning  SystemOOM                12m                kubelet  System OOM encountered, victim process: java, pid: 2345\n';
const BENIGN =
  '  Warning  InvalidDiskCapacity      13m                kubelet  invalid capacity 0 on image filesystem\n';
const WENT = (age: string) =>
  `  Normal   NodeNotReady             ${age}                 kubelet  Node w7 status is now: NodeNotReady\n`;
const CAME = (age: string) =>
  `  Normal   NodeReady                ${age}                 kubelet  Node w7 status is now: NodeReady\n`;
const CRITICAL = ['critical system.kubernetes-node w7'];
const WARNING = ['warning system.kubernetes-node w7'];
const EVENT = (node: string) => [`warning system.kubernetes-events ${node}`];
const YAML = (key: string) =>
  `apiVersion: v1\nkind: Node\nmetadata:\n  name: w7\nspec:\n  taints:\n  - effect: NoSchedule\n    key: ${key}\n`;

for (const [what, text, expected] of [
  [
    'unreachable',
    NODE(
      'node.kubernetes.io/unreachable:NoExecute\n                    node.kubernetes.io/unreachable:NoSchedule',
    ),
    CRITICAL,
  ],
  [
    'unreachable, in the second row',
    NODE('dedicated=db:NoSchedule\n                    node.kubernetes.io/unreachable:NoSchedule'),
    CRITICAL,
  ],
  ['not-ready', NODE('node.kubernetes.io/not-ready:NoExecute'), CRITICAL],
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'network-unavailable'].map(
    (taint) => [taint, NODE(`node.kubernetes.io/${taint}:NoSchedule`), WARNING] as const,
  ),
  ['a network plugin that is not ready', NODE('node.cilium.io/agent-not-ready:NoSchedule'), WARNING],
  ['a cordon', NODE('node.kubernetes.io/unschedulable:NoSchedule'), []],
  ['a control plane', NODE('node-role.kubernetes.io/control-plane:NoSchedule'), []],
  ['no taint', NODE('<none>'), []],
  [
    'a taint that was just taken off a node that is ready',
    NODE('node.kubernetes.io/not-ready:NoExecute') + READY,
    [],
  ],
  [
    'a line alone',
    'Taints:             node.kubernetes.io/disk-pressure:NoSchedule\n',
    ['warning system.kubernetes-node node'],
  ],
  ['YAML', YAML('node.kubernetes.io/unreachable'), CRITICAL],
  ['YAML of a control plane', YAML('node-role.kubernetes.io/control-plane'), []],
  [
    'a column of taints',
    'NAME   TAINTS\nw1     <none>\nw7     [map[effect:NoSchedule key:node.kubernetes.io/unreachable timeAdded:2026-01-01T00:00:00Z]]\n',
    CRITICAL,
  ],
  ['a row alone', 'w7     NotReady   <none>   10d   v1.29.3\n', CRITICAL],
  ['a row alone before there were roles', 'w7     NotReady                      10d   v1.7.3\n', CRITICAL],
  [
    'a row alone of a node that is cordoned',
    'w7     Ready,SchedulingDisabled   <none>   10d   v1.29.3\n',
    [],
  ],
  ['events alone', EVENTS + OOM + BENIGN, EVENT('node')],
  ['benign events alone', EVENTS + BENIGN, []],
  ['a row of them alone', OOM, EVENT('node')],
  ['a benign row alone', BENIGN, []],
  ['events, of which one tells the name', EVENTS + OOM + WENT('9m'), [...EVENT('w7'), ...EVENT('w7')]],
  ['one that came back', EVENTS + WENT('9m') + CAME('3m'), []],
  ['one that went after it had come', EVENTS + CAME('9m') + WENT('3m'), EVENT('w7')],
  ['one that is ready now', NODE('<none>') + READY + EVENTS + WENT('9m'), []],
  [
    'a restart',
    `${EVENTS}  Warning  Rebooted  13m  kubelet  Node w7 has been rebooted, boot id: 4d3b9a2c\n`,
    ['info system.kubernetes-events w7'],
  ],
  [
    'kubectl get events',
    'LAST SEEN   TYPE      REASON         OBJECT    MESSAGE\n9m          Normal    NodeNotReady   node/w7   Node w7 status is now: NodeNotReady\n',
    EVENT('w7'),
  ],
  [
    'a row of kubectl get events',
    '9m12s       Warning   ImageGCFailed   node/w7   failed to garbage collect required amount of images\n',
    EVENT('w7'),
  ],
  [
    'kubectl get events, which is over',
    'LAST SEEN   TYPE      REASON         OBJECT    MESSAGE\n9m          Normal    NodeNotReady   node/w7   Node w7 status is now: NodeNotReady\n3m          Normal    NodeReady      node/w7   Node w7 status is now: NodeReady\n',
    [],
  ],
  [
    'kubectl get events of old',
    'LASTSEEN   FIRSTSEEN   COUNT   NAME   KIND   SUBOBJECT   TYPE   REASON   SOURCE   MESSAGE\n5m   6m   1   w7.15   Node      Normal   NodeNotReady   kubelet, w7   Node w7 status is now: NodeNotReady\n',
    [],
  ],
] as const)
  test(`nodes of Kubernetes: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
