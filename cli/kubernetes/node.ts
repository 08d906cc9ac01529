/** The Kubernetes node behind a node of ours, and whether pods may be placed on it. */

import { z } from 'zod';
import { Failure } from '../../proto/failure.ts';
import { type KubectlOptions, kubectl, kubectlFailed, kubectlJson } from './kubectl.ts';

/** Tells which node of ours a Kubernetes node is, where the two bear different names. */
const NODE_LABEL = 'nodectl.dev/node';
/**
 * On a Kubernetes node that was cordoned here, with the time. It is set in the same request as the cordon, so that a command that
 * is killed leaves behind whose the cordon is: the next one then knows to take it away.
 */
const CORDONED = 'nodectl.dev/cordoned';

/** A Kubernetes node. */
export interface KubernetesNode {
  readonly name: string;
  /** Whether no pods are placed on it. */
  readonly cordoned: boolean;
  /** Whether it was cordoned here, by this command or by one that did not get to take that back. */
  readonly ours: boolean;
}

const NODE = z.object({
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ unschedulable: z.boolean().default(false) }),
});
const NODES = z.object({ items: z.array(NODE) });

/**
 * Finds the Kubernetes node: the named one, else that with the label nodectl.dev/node=NAME, else the one of the same name.
 * @param given the name that a flag says
 * @throws Failure KUBERNETES_NODE_UNKNOWN, KUBECTL_FAILED, CANCELLED
 */
export async function kubernetesNode(
  options: KubectlOptions,
  node: string,
  given: string | undefined,
  signal: AbortSignal,
): Promise<KubernetesNode> {
  if (given === undefined) {
    const asked = ['get', 'nodes', '--selector', `${NODE_LABEL}=${node}`];
    const labelled = (await kubectlJson(options, asked, NODES, signal))?.items ?? [];
    if (labelled.length > 1)
      throw new Failure(
        'KUBERNETES_NODE_UNKNOWN',
        `${labelled.length} Kubernetes nodes have the label ${NODE_LABEL}=${node}: ${labelled.map(({ metadata }) => metadata.name).join(', ')}`,
        { hint: 'take the label away from all but one' },
      );
    if (labelled[0]) return facts(labelled[0]);
  }
  const name = given ?? node;
  const found = await kubectlJson(options, ['get', 'node', '--ignore-not-found', '--', name], NODE, signal);
  if (found !== undefined) return facts(found);
  throw new Failure('KUBERNETES_NODE_UNKNOWN', `the cluster has no node "${name}"`, {
    hint:
      given === undefined
        ? `kubectl label node KUBERNETES-NODE ${NODE_LABEL}=${node} says which one it is`
        : 'kubectl get nodes lists those that there are',
  });
}

/**
 * Lets no more pods be placed on a node, and notes that this was done here, both in one request.
 * @throws Failure KUBECTL_FAILED, CANCELLED
 */
export function cordon(options: KubectlOptions, name: string, signal: AbortSignal): Promise<void> {
  return patch(options, name, signal, {
    metadata: { annotations: { [CORDONED]: new Date().toISOString() } },
    spec: { unschedulable: true },
  });
}

/**
 * Lets pods be placed on a node again, and takes the note away.
 * @throws Failure KUBECTL_FAILED, CANCELLED
 */
export function takeCordonBack(options: KubectlOptions, name: string, signal: AbortSignal): Promise<void> {
  return patch(options, name, signal, {
    metadata: { annotations: { [CORDONED]: null } },
    spec: { unschedulable: null },
  });
}

async function patch(
  options: KubectlOptions,
  name: string,
  signal: AbortSignal,
  change: object,
): Promise<void> {
  const args = ['patch', 'node', '--type', 'merge', '--patch', JSON.stringify(change), '--', name];
  const { code, stderr } = await kubectl(options, args, signal);
  if (code !== 0) throw kubectlFailed(args, stderr);
}

function facts({ metadata, spec }: z.infer<typeof NODE>): KubernetesNode {
  return {
    name: metadata.name,
    cordoned: spec.unschedulable,
    ours: spec.unschedulable && metadata.annotations[CORDONED] !== undefined,
  };
}
