/** The pods that are left on a Kubernetes node, and what keeps each there. */

import { z } from 'zod';
import { type KubectlOptions, kubectlJson } from './kubectl.ts';

/** A pod that a drain has not moved yet. */
export interface LeftPod {
  readonly namespace: string;
  readonly name: string;
  /** The PodDisruptionBudget that lets no pod of its kind go now, as "NAMESPACE/NAME", or undefined. */
  readonly budget: string | undefined;
  /** Whether it was told to end and has not ended. */
  readonly ending: boolean;
}

const LABELS = z.record(z.string(), z.string()).default({});
const POD = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: LABELS,
    annotations: LABELS,
    deletionTimestamp: z.string().optional(),
    ownerReferences: z
      .array(z.object({ kind: z.string(), controller: z.boolean().default(false) }))
      .default([]),
  }),
  status: z.object({ phase: z.string().default('') }).default({ phase: '' }),
});
const PODS = z.object({ items: z.array(POD) });
const SELECTOR = z.object({
  matchLabels: LABELS,
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
});
const BUDGETS = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string() }),
      spec: z.object({ selector: SELECTOR.optional() }),
      status: z.object({ disruptionsAllowed: z.number().default(0) }).default({ disruptionsAllowed: 0 }),
    }),
  ),
});

/** The kubelet's own note on a pod that it runs from a file: nobody can evict it. */
const MIRROR = 'kubernetes.io/config.mirror';

/**
 * The pods of a node that a drain would move, with what holds them: a budget first, since that is what a person can change.
 * @param name the Kubernetes node
 * @throws Failure KUBECTL_FAILED, CANCELLED
 */
export async function leftPods(
  options: KubectlOptions,
  name: string,
  signal: AbortSignal,
): Promise<LeftPod[]> {
  const field = ['--field-selector', `spec.nodeName=${name}`];
  const asked = ['get', 'pods', '--all-namespaces', ...field];
  const pods = (await kubectlJson(options, asked, PODS, signal))?.items ?? [];
  const movable = pods.filter(
    ({ metadata, status }) =>
      metadata.annotations[MIRROR] === undefined &&
      !['Succeeded', 'Failed'].includes(status.phase) &&
      !metadata.ownerReferences.some(({ kind, controller }) => controller && kind === 'DaemonSet'),
  );
  const spaces = [...new Set(movable.map(({ metadata }) => metadata.namespace))];
  const budgets = (
    await Promise.all(
      spaces.map((space) =>
        kubectlJson(options, ['get', 'poddisruptionbudgets', '--namespace', space], BUDGETS, signal),
      ),
    )
  ).flatMap((one) => one?.items ?? []);
  const left = movable.map(({ metadata }): LeftPod => {
    const holding = budgets.find(
      ({ metadata: own, spec, status }) =>
        own.namespace === metadata.namespace &&
        status.disruptionsAllowed < 1 &&
        spec.selector !== undefined &&
        selects(spec.selector, metadata.labels),
    );
    return {
      ...{ namespace: metadata.namespace, name: metadata.name },
      budget: holding && `${holding.metadata.namespace}/${holding.metadata.name}`,
      ending: metadata.deletionTimestamp !== undefined,
    };
  });
  const held = (pod: LeftPod) => (pod.budget !== undefined && !pod.ending ? 0 : 1);
  return left.sort((a, b) => held(a) - held(b));
}

/** Whether a label selector of the API takes a pod with these labels. An empty one takes all. */
export function selects(
  { matchLabels, matchExpressions }: z.infer<typeof SELECTOR>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      // NotIn takes what lacks the label as well.
      return operator === 'NotIn' && (value === undefined || !values.includes(value));
    })
  );
}
