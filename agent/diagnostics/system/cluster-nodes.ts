/**
 * Nodes of Kubernetes, as `kubectl get nodes` (also with -o yaml and json) and `kubectl describe node` printed them, as a must-gather has
 * them and `kubectl cluster-info dump`; of captured machines only.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { savedText } from '../required.ts';

/** A node as its cluster sees it. */
export interface ClusterNode {
  readonly name: string;
  /** Undefined where it is not told. */
  readonly ready: boolean | undefined;
  /** Why it is not ready; empty where it is, or where that is not told. */
  readonly why: string;
  /** Conditions that are a trouble: "DiskPressure", "KernelDeadlock". */
  readonly conditions: readonly { readonly type: string; readonly message: string }[];
}

const MAX_ROWS = 50_000;
const MAX_NODES = 5_000;
/** Conditions that are a trouble where they are true: Kubernetes' own, and those of the node problem detector and its like. */
const BAD =
  /^(?:(?:Memory|Disk|PID)Pressure|OutOfDisk|NetworkUnavailable|KernelDeadlock|ReadonlyFilesystem|CorruptDockerOverlay2|Frequent\w{1,40}|\w{1,40}(?:Unhealthy|Problem|Error|Deadlock|Failure|Stuck))$/;

/** Taints that Kubernetes and network plugins put on a node by its conditions; those that people put on it are meant. */
const TAINT =
  /\b(?:node\.kubernetes\.io\/(unreachable|not-ready|out-of-disk|(?:disk|memory|pid)-pressure|network-unavailable)|node\.\w{2,20}(?:\.io|\.com)?\/(agent-not-ready)|node\.cloudprovider\.kubernetes\.io\/(uninitialized|shutdown))\b/;
/** Conditions by their taints. */
const TAINTED: Readonly<Record<string, string>> = {
  ...{ 'out-of-disk': 'OutOfDisk', 'disk-pressure': 'DiskPressure', 'memory-pressure': 'MemoryPressure' },
  ...{ 'pid-pressure': 'PIDPressure', 'network-unavailable': 'NetworkUnavailable' },
  ...{ 'agent-not-ready': 'NetworkUnavailable', uninitialized: 'Uninitialized', shutdown: 'Shutdown' },
};
const NOT_READY: Readonly<Record<string, string>> = {
  unreachable: 'its kubelet is not heard any more',
  'not-ready': 'its kubelet says that it is not ready',
};

type Draft = { -readonly [K in keyof ClusterNode]: ClusterNode[K] };

/** What the taints of a node tell, where its conditions do not. */
function byTaints(node: ClusterNode, taints: readonly string[]): ClusterNode {
  const bad = taints.flatMap(
    (taint) =>
      TAINT.exec(taint)
        ?.slice(1)
        .find((word) => word !== undefined) ?? [],
  );
  const why = bad.find((word) => word in NOT_READY);
  const conditions = bad
    .map((word) => TAINTED[word])
    .filter(
      (type): type is string => type !== undefined && !node.conditions.some((one) => one.type === type),
    );
  const message = 'by its taint';
  return {
    ...node,
    ...(node.ready === undefined && why !== undefined
      ? { ready: false, why: `it has the taint ${why}: ${NOT_READY[why]}` }
      : {}),
    conditions: [...node.conditions, ...[...new Set(conditions)].map((type) => ({ type, message }))],
  };
}

/** Parses both forms, in any mixture. Lines of other outputs are passed over. */
function parseClusterNodes(text: string): ClusterNode[] {
  const nodes = new Map<string, Draft>();
  const node = (name: string) => {
    const known = nodes.get(name) ?? { name, ready: undefined, why: '', conditions: [] };
    if (nodes.size < MAX_NODES) nodes.set(name, known);
    return known;
  };
  let table = false;
  let described = 'node';
  let conditions = false;
  let below = '';
  const taints = new Map<string, string[]>();
  const tainted = (name: string, row: string) => {
    if (name === '') return;
    node(name);
    taints.set(name, [...(taints.get(name) ?? []), row]);
  };
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 1_000).trimEnd();
    const words = row.trim().split(/\s+/);
    const [first = '', second = ''] = words;
    // What a field of a description goes on with stands below it.
    if (/^\S/.test(row)) below = /^Taints:/.test(row) ? described : '';
    if (below !== '') tainted(below, row);
    if (/^NAME\s+.*\bTAINTS\b/.test(row)) table = true;
    // The first "[m" of "[map[" goes for what colours a text.
    else if (table && /\bm?ap\[.*\bkey:/.test(row)) tainted(first, row);
    if (/^\s*NAME\s+STATUS\b/.test(row)) table = true;
    else if (table && /^(?:Not)?Ready\b|^Unknown\b/.test(second)) {
      const one = node(first);
      one.ready = /^Ready\b/.test(second);
      if (!one.ready) one.why ||= `kubectl get nodes says ${second}`;
    } else if (/^Name:\s+\S/.test(row)) described = second;
    // A pod, which is described with the same words.
    else if (/^Namespace:\s+\S/.test(row)) described = '';
    else if (/^Conditions:|^\s*Type\s+Status\s+LastHeartbeatTime\b/.test(row)) conditions = true;
    else if (conditions && /^(?!-{4}|\S+\s+(?:True|False|Unknown)\s)\S/.test(row)) conditions = false;
    else if (conditions || /^\s*(?:Ready|\w{1,20}Pressure)\s+(?:True|False|Unknown)\s/.test(row)) {
      if (described === '' || !/^(?:True|False|Unknown)$/.test(second)) continue;
      const told =
        row
          .trim()
          .split(/ {2,}|\t+/)
          .slice(4)
          .join(': ') || words.slice(2).join(' ');
      const one = node(described);
      if (first === 'Ready') {
        one.ready = second === 'True';
        if (!one.ready) one.why = `Ready is ${second}${told === '' ? '' : `: ${told}`}`.slice(0, 300);
      } else if (second === 'True' && BAD.test(first))
        one.conditions = [...one.conditions, { type: first, message: told.slice(0, 300) }];
    }
    if (row === '') table = false;
  }
  return [...nodes.values()].map((one) => byTaints(one, taints.get(one.name) ?? []));
}

/** An object of Kubernetes, as far as it concerns the state of a node. */
interface KubernetesObject {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly taints?: readonly { readonly key?: string }[] | null };
  readonly status?: {
    readonly conditions?: readonly { type?: string; status?: string; reason?: string; message?: string }[];
  };
  readonly items?: readonly KubernetesObject[] | null;
}

/** Nodes in a list or an object of Kubernetes. */
function nodesOf(object: KubernetesObject | null): ClusterNode[] {
  if (typeof object !== 'object' || object === null) return [];
  // kubectl cluster-info dump leaves the kind of what is in a list to the list.
  const of = object.kind === 'NodeList' ? { kind: 'Node' } : {};
  if (object.items) return object.items.slice(0, MAX_NODES).flatMap((one) => nodesOf({ ...of, ...one }));
  const { kind, metadata, spec, status } = object;
  if (kind !== 'Node' || metadata?.name === undefined) return [];
  const conditions = status?.conditions ?? [];
  const told = ({ reason = '', message = '' }: (typeof conditions)[number]) =>
    [reason, message]
      .filter((word) => word !== '')
      .join(': ')
      .slice(0, 300);
  const ready = conditions.find(({ type }) => type === 'Ready');
  const isReady = ready === undefined ? undefined : ready.status === 'True';
  const node = {
    name: metadata.name,
    ready: isReady,
    why: ready === undefined || isReady ? '' : `Ready is ${ready.status}: ${told(ready)}`,
    conditions: conditions
      .filter(({ type = '', status: word }) => word === 'True' && BAD.test(type))
      .map((one) => ({ type: one.type ?? '', message: told(one) })),
  };
  const taints = Array.isArray(spec?.taints) ? spec.taints : [];
  return [
    byTaints(
      node,
      taints.map((one) => String(one?.key)),
    ),
  ];
}

/** The conditions of a node alone, which somebody cut out of its YAML. */
const HEARTBEAT = /^- lastHeartbeatTime: /;
const NAMELESS = 'kind: Node\nmetadata:\n  name: node\nstatus:\n  conditions:\n';

/**
 * The conditions of a node alone in JSON (`… | jq .status.conditions`), whole or cut off; undefined where there are none. Those of pods have no
 * time of a heartbeat.
 */
function fromConditions(text: string): ClusterNode | undefined {
  const conditions = text
    .split(/[{}]/, MAX_ROWS)
    .filter(
      (block) =>
        /"lastHeartbeatTime":|"reason": ?"NodeStatusUnknown"/.test(block) ||
        /"lastTransitionTime":\s*$/.test(block),
    )
    .map((block) => {
      const of = (key: string) => new RegExp(`"${key}": ?"([^"]{0,500})"`).exec(block)?.[1] ?? '';
      return { ...{ type: of('type'), status: of('status') }, reason: of('reason'), message: of('message') };
    })
    .filter(({ type, status }) => type !== '' && status !== '');
  const [node] = nodesOf({ kind: 'Node', metadata: { name: 'node' }, status: { conditions } });
  return conditions.length === 0 ? undefined : node;
}

/** Parses YAML and JSON; what is neither, or of other kinds, has no nodes. */
async function parseObjects(whole: string): Promise<ClusterNode[]> {
  const text = HEARTBEAT.test(whole) ? `${NAMELESS}${whole.replace(/^/gm, '  ')}` : whole;
  if (!/\bkind"?:\s*"?Node(?:List)?\b/.test(text)) return [];
  try {
    if (/^\s*\{/.test(text)) return nodesOf(JSON.parse(text) as KubernetesObject);
    const { parseSavedYaml } = await import('./saved-yaml.ts');
    return nodesOf(parseSavedYaml(text) as KubernetesObject);
  } catch {
    // Cut off, or with other words around it: the tables in it are read all the same.
    return [];
  }
}

/** Nodes of the cluster. @throws Unavailable absent on a running machine, not-captured, nonsense */
export const clusterNodes = fact({
  id: 'system.cluster-nodes',
  reads: ['kubectl get nodes and kubectl describe node, a must-gather, kubectl cluster-info dump'],
  limitMs: 3_000,
  read: async ({ machine }): Promise<readonly ClusterNode[]> => {
    const found = parseClusterNodes(savedText(machine, 'kubectl', 'oc'));
    const texts = ['kubectl', 'oc'].flatMap((program) => machine.saved?.(program) ?? []);
    const objects = (await Promise.all(texts.map(({ text }) => parseObjects(text)))).flat();
    const nodes = [...new Map([...found, ...objects].map((one) => [one.name, one])).values()];
    if (nodes.length === 0) nodes.push(...texts.flatMap(({ text }) => fromConditions(text) ?? []));
    if (nodes.length === 0) throw new Unavailable('nonsense', 'what was saved of kubectl tells of no node');
    return nodes;
  },
});
