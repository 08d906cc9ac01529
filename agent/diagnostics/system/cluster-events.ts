/** Warnings about nodes in `kubectl get events` and `kubectl describe node`, and what `kubectl top nodes` says, of captured machines. */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { savedText } from '../required.ts';

/** Something that happened to a node. */
export interface NodeEvent {
  readonly node: string;
  readonly reason: string;
  readonly message: string;
}

/** How much of a node is used, in percent. */
export interface NodeUse {
  readonly node: string;
  readonly cpu: number;
  readonly memory: number;
}

const MAX_ROWS = 50_000;
/** What of kubectl's outputs tells of events or of use. */
const TELLS =
  /^\s*(?:NAMESPACE\s+)?LAST SEEN\b|^NAME\s+CPU\(cores\)|^Events:|^No resources found|\b(?:Normal|Warning)\s+\w{3,60}\s+\S{1,30}\/\S|\bNode\s+(?:Normal|Warning)\s|^\s*(?:Normal|Warning)\s+\w{3,60}\s/m;
/** Reasons of the kubelet and the node controller that are a trouble of the node itself (kubernetes/pkg/kubelet/events), and the node problem detector's. */
const REASONS =
  /^(?:NodeNotReady|SystemOOM|EvictionThresholdMet|NodeHas(?:DiskPressure|InsufficientMemory|InsufficientPID)|FreeDiskSpaceFailed|ImageGCFailed|ContainerGCFailed|KernelDeadlock|OOMKilling|TaskHung|FilesystemIsReadOnly|KubeletSetupFailed|RegisteredNodeFailed|KernelOops|Ext4Error|IOError|MemoryReadError|ConntrackFull|NTPIsDown|FailedNodeAllocatableEnforcement|(?:Docker|Containerd|Kubelet)(?:Is)?(?:Unhealthy|Hung)|Rebooted)$/;
/** What takes them back. */
const OVER: Readonly<Record<string, string>> = {
  NodeReady: 'NodeNotReady',
  NodeHasNoDiskPressure: 'NodeHasDiskPressure',
  NodeHasSufficientMemory: 'NodeHasInsufficientMemory',
  NodeHasSufficientPID: 'NodeHasInsufficientPID',
};
const AGE = String.raw`<?(?:invalid|unknown|\d{1,5}[dhmsy](?:\d{1,4}[hms])?)>?`;
/** "3m12s Warning SystemOOM node/w7 System OOM encountered …" */
const LISTED = new RegExp(
  `^\\s*(?:\\S{1,63}\\s+)?(${AGE})(?: \\(x\\d+ over [^)]{1,20}\\))?\\s+(?:Warning|Normal)\\s+(\\w{3,60})\\s+node\\/(\\S{1,253})\\s+(.*)$`,
  'i',
);
/** Before 1.13: "5m 6m 1 w7.15 Node Normal NodeNotReady kubelet, w7 Node w7 status is now: …" */
const LISTED_BEFORE = new RegExp(
  `^\\s*(${AGE})\\s+${AGE}\\s+\\d{1,9}\\s+\\S{1,253}\\s+Node\\s+(?:Warning|Normal)\\s+(\\w{3,60})\\s+(?:kubelet|node-?controller|controllermanager|kernel-monitor)(?:, (\\S{1,253}))?\\s+(.*)$`,
);
/** Below a node that is described: "Warning SystemOOM 3m (x4 over 20m) kubelet, w7 System OOM encountered …" */
const DESCRIBED = new RegExp(
  `^\\s*(?:Warning|Normal)\\s+(\\w{3,60})\\s+(${AGE})(?: \\(x\\d+ over [^)]{1,20}\\))?\\s+(\\S{1,100}(?:, \\S{1,253})?)\\s+(.*)$`,
);
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 };

/** "3m12s" in seconds; what is no age counts as now. */
function ageOf(text: string): number {
  return [...text.matchAll(/(\d{1,5})([smhdy])/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * (SECONDS[unit ?? ''] ?? 0),
    0,
  );
}

/** An event as a row tells it. @param described the node that is described above it, empty where it is none */
function eventIn(row: string, described: string): (NodeEvent & { readonly age: number }) | undefined {
  const listed = LISTED.exec(row);
  const before = listed ? null : LISTED_BEFORE.exec(row);
  const [, age = '', reason = '', node = '', message = ''] = listed ?? before ?? [];
  const named = /\b[Nn]ode (\S{1,253}) (?:status is now|has been rebooted)/;
  if (reason !== '')
    return { node: node || (named.exec(message)?.[1] ?? 'node'), reason, message, age: ageOf(age) };
  const below = described === '' ? null : DESCRIBED.exec(row);
  if (!below) return undefined;
  const [, what = '', when = '', , words = ''] = below;
  return { node: named.exec(words)?.[1] ?? described, reason: what, message: words, age: ageOf(when) };
}

/** What was saved of events and of use. */
export interface ClusterEvents {
  readonly events: readonly NodeEvent[];
  readonly use: readonly NodeUse[];
  /** Whether events of nodes were there at all, of whatever kind. */
  readonly told: boolean;
}

/** What was saved. @throws Unavailable absent on a running machine, not-captured */
export const clusterEvents = fact({
  id: 'system.cluster-events',
  reads: ['kubectl get events and kubectl top nodes, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): ClusterEvents => {
    const events = new Map<string, NodeEvent & { age: number }>();
    const over = new Map<string, number>();
    const use: NodeUse[] = [];
    let top = false;
    let told = false;
    let described = '';
    const text = savedText(machine, 'kubectl', 'oc');
    // Other outputs of kubectl tell neither, and a list without a row tells that there is none.
    if (!TELLS.test(text))
      throw new Unavailable('nonsense', 'what was saved of kubectl tells of no event and no use of nodes');
    for (const raw of text.split('\n', MAX_ROWS)) {
      const row = raw.slice(0, 1_000);
      if (/^NAME\s+CPU\(cores\)\s+CPU%/.test(row)) top = true;
      else if (row.trim() === '') top = false;
      const used = top
        ? /^(\S{1,253})\s+\d{1,9}m?\s+(\d{1,4})%\s+\d{1,9}\w{0,2}\s+(\d{1,4})%/.exec(row)
        : null;
      if (used) use.push({ node: used[1] ?? '', cpu: Number(used[2]), memory: Number(used[3]) });
      // A pod is described with the same words.
      described = /^Namespace:\s+\S/.test(row) ? '' : (/^Name:\s+(\S{1,253})/.exec(row)?.[1] ?? described);
      const event = eventIn(row, described);
      told ||=
        event !== undefined || /^\s*LAST SEEN\b|^(?:NAMESPACE\s+)?LAST SEEN\b|^Events:\s+<none>/.test(row);
      if (!event) continue;
      const { node, reason, message, age } = event;
      const taken = OVER[reason];
      if (taken !== undefined)
        over.set(`${node} ${taken}`, Math.min(age, over.get(`${node} ${taken}`) ?? age));
      if (REASONS.test(reason))
        events.set(`${node} ${reason}`, { node, reason, message: message.trim().slice(0, 300), age });
    }
    for (const [key, { age }] of events)
      if ((over.get(key) ?? Number.POSITIVE_INFINITY) <= age) events.delete(key);
    // A name that other events of the only node tell is that of those which name none.
    const names = new Set([...events.values()].map(({ node }) => node).filter((name) => name !== 'node'));
    const [name = 'node'] = names.size === 1 ? names : [];
    const named = [...events.values()].map((one) => (one.node === 'node' ? { ...one, node: name } : one));
    return { events: named, use, told };
  },
});
