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
  /^\s*(?:NAMESPACE\s+)?LAST SEEN\b|^NAME\s+CPU\(cores\)|^Events:|^No resources found|\b(?:Normal|Warning)\s+\w{3,60}\s+\S{1,30}\/\S|^\s*(?:Normal|Warning)\s+\w{3,60}\s/m;
/** Reasons of the kubelet and the node controller that are a trouble of the node itself (kubernetes/pkg/kubelet/events). */
const REASONS =
  /^(?:NodeNotReady|SystemOOM|EvictionThresholdMet|NodeHas(?:DiskPressure|InsufficientMemory|InsufficientPID)|FreeDiskSpaceFailed|ImageGCFailed|ContainerGCFailed|KernelDeadlock|OOMKilling|TaskHung|FilesystemIsReadOnly|KubeletSetupFailed|RegisteredNodeFailed)$/;

/** What was saved. @throws Unavailable absent on a running machine, not-captured */
export const clusterEvents = fact({
  id: 'system.cluster-events',
  reads: ['kubectl get events and kubectl top nodes, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): { readonly events: readonly NodeEvent[]; readonly use: readonly NodeUse[] } => {
    const events = new Map<string, NodeEvent>();
    const use: NodeUse[] = [];
    let top = false;
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
      const event = /\bWarning\s+(\w{3,60})\s+node\/(\S{1,253})\s+(.*)$/i.exec(row);
      const [, reason = '', node = '', message = ''] = event ?? [];
      if (REASONS.test(reason))
        events.set(`${node} ${reason}`, { node, reason, message: message.trim().slice(0, 300) });
    }
    return { events: [...events.values()], use };
  },
});
