/**
 * Kubernetes courtesy: before a node is rebooted its pods move elsewhere, and afterwards pods may come back. A node that somebody
 * had cordoned before stays so, and a drain that does not come to its end takes back what it did and says which pod held it.
 */

import { Failure } from '../../proto/failure.ts';
import { formatDuration } from '../duration.ts';
import { type KubectlOptions, kubectl, kubectlFailed } from './kubectl.ts';
import { cordon, type KubernetesNode, kubernetesNode, takeCordonBack } from './node.ts';
import { type LeftPod, leftPods } from './pods.ts';

/** How a node is drained. */
export interface DrainOptions extends KubectlOptions {
  /** The Kubernetes node's name where it is not found by label or by its name. */
  readonly kubernetesNode?: string;
  /** How long the pods may take, in milliseconds; then the node is uncordoned and the drain has failed. */
  readonly timeoutMs: number;
  /** Evicts pods that keep data in emptyDir volumes, which is lost. */
  readonly deleteEmptydirData?: boolean;
  /** Evicts pods that no controller will make anew. */
  readonly force?: boolean;
}

/** What a drain tells while it runs. */
export type DrainEvent =
  | { readonly kind: 'cordoned'; readonly kubernetesNode: string; readonly before: boolean }
  /** A pod is being moved. */
  | { readonly kind: 'evicting' | 'evicted'; readonly pod: string }
  /** A budget does not let a pod go now; kubectl tries again. `budget` is "NAMESPACE/NAME". */
  | { readonly kind: 'blocked'; readonly pod: string; readonly budget: string }
  | { readonly kind: 'drained'; readonly kubernetesNode: string };

/** A node that was drained. */
export interface Drained {
  readonly kubernetesNode: string;
  /** Whether it had been cordoned by somebody else: it stays so. */
  readonly cordonedBefore: boolean;
}

/** What kubectl's limit is given beyond ours, so that it is kubectl that ends and tells. */
const GRACE_MS = 30_000;
/** How long taking back may take: it must be done also where the command was interrupted. */
const TAKE_BACK_MS = 60_000;

/**
 * Cordons and drains the Kubernetes node behind a node.
 * @param onEvent told what happens, in order
 * @throws Failure DRAIN_BLOCKED with the pods and budgets that held it, DRAIN_REFUSED where pods may not be evicted without being
 *   told so, KUBERNETES_NODE_UNKNOWN, KUBECTL_FAILED, CANCELLED. In each case the node is as it was.
 */
export async function drain(
  node: string,
  options: DrainOptions,
  signal: AbortSignal,
  onEvent: (event: DrainEvent) => void,
): Promise<Drained> {
  const found = await kubernetesNode(options, node, options.kubernetesNode, signal);
  const cordonedBefore = found.cordoned && !found.ours;
  const drained: Drained = { kubernetesNode: found.name, cordonedBefore };
  try {
    if (!found.cordoned) await cordon(options, found.name, signal);
    onEvent({ kind: 'cordoned', kubernetesNode: found.name, before: cordonedBefore });
    await evictAll(found, options, signal, onEvent);
    onEvent({ kind: 'drained', kubernetesNode: found.name });
    return drained;
  } catch (error) {
    const failure = Failure.from(error);
    const taken = await uncordon(drained, options, AbortSignal.timeout(TAKE_BACK_MS)).then(
      () => undefined,
      Failure.from,
    );
    if (!taken) throw failure;
    throw new Failure(
      failure.reason,
      `${failure.message}; and ${found.name} stays cordoned: ${taken.message}`,
      { hint: `kubectl uncordon ${found.name}`, cause: failure },
    );
  }
}

/**
 * Lets pods come back to a node that was drained. Says whether it did: one that was cordoned before stays so.
 * @throws Failure KUBECTL_FAILED, CANCELLED
 */
export async function uncordon(
  { kubernetesNode: name, cordonedBefore }: Drained,
  options: KubectlOptions,
  signal: AbortSignal,
): Promise<boolean> {
  if (cordonedBefore) return false;
  await takeCordonBack(options, name, signal);
  return true;
}

/** Has kubectl evict everything, and turns its end into an answer. */
async function evictAll(
  { name }: KubernetesNode,
  options: DrainOptions,
  signal: AbortSignal,
  onEvent: (event: DrainEvent) => void,
): Promise<void> {
  const { timeoutMs, deleteEmptydirData, force } = options;
  const args = [
    ...['drain', '--ignore-daemonsets', '--timeout', `${Math.ceil(timeoutMs / 1_000)}s`],
    ...(deleteEmptydirData ? ['--delete-emptydir-data'] : []),
    ...(force ? ['--force'] : []),
    ...['--', name],
  ];
  const blocks = new Blocks(options, name, signal, onEvent);
  let evicting = false;
  const onLine = (line: string) => {
    const event = moved(line);
    if (event) {
      evicting = true;
      onEvent(event);
    } else if (/disruption budget/.test(line)) blocks.look();
  };
  const limits = { timeoutMs: timeoutMs + GRACE_MS, onLine };
  const { code, stderr } = await kubectl(options, args, signal, limits).finally(() => blocks.end());
  if (code === 0) return;
  if (!evicting && /cannot delete/i.test(stderr)) throw refused(name, stderr);
  const left = await leftPods(options, name, signal);
  if (left.length === 0 || !evicting) throw kubectlFailed(args, lastLine(stderr));
  throw blocked(name, timeoutMs, left);
}

/** Says which budgets hold pods, each once, as soon as kubectl has been refused an eviction. */
class Blocks {
  readonly #ask: () => Promise<LeftPod[]>;
  readonly #onEvent: (event: DrainEvent) => void;
  readonly #told = new Set<string>();
  #asking = false;
  #over = false;

  constructor(
    options: KubectlOptions,
    name: string,
    signal: AbortSignal,
    onEvent: (event: DrainEvent) => void,
  ) {
    this.#ask = () => leftPods(options, name, signal);
    this.#onEvent = onEvent;
  }

  /** Looks, unless it does so already. */
  look(): void {
    if (this.#asking || this.#over) return;
    this.#asking = true;
    void this.#ask()
      .then((pods) => {
        for (const { namespace, name, budget, ending } of pods) {
          const pod = `${namespace}/${name}`;
          if (budget === undefined || ending || this.#told.has(pod) || this.#over) continue;
          this.#told.add(pod);
          this.#onEvent({ kind: 'blocked', pod, budget });
        }
      })
      // What cannot be asked now is told by how the drain ends.
      .catch(() => undefined)
      .finally(() => {
        this.#asking = false;
      });
  }

  /** Tells nothing more. */
  end(): void {
    this.#over = true;
  }
}

/** What a line of kubectl's says of a pod: "evicting pod NAMESPACE/NAME" and "pod/NAME evicted", as all its versions since 1.18 have it. */
function moved(line: string): DrainEvent | undefined {
  const [, begun] = /^evicting pod "?([^\s"]+)/.exec(line) ?? [];
  if (begun !== undefined) return { kind: 'evicting', pod: begun };
  const [, done] = /^pod\/(\S+) evicted$/.exec(line) ?? [];
  return done === undefined ? undefined : { kind: 'evicted', pod: done };
}

function refused(name: string, stderr: string): Failure {
  const why = /cannot delete[^\n]*/i.exec(stderr)?.[0] ?? lastLine(stderr);
  return new Failure('DRAIN_REFUSED', `${name} has pods that are not evicted without being told so: ${why}`, {
    hint: /local storage|emptydir/i.test(why)
      ? '--drain-delete-emptydir-data evicts them, and what they keep in emptyDir volumes is lost'
      : '--drain-force evicts them, and pods that no controller manages do not come back',
  });
}

function blocked(name: string, timeoutMs: number, left: readonly LeftPod[]): Failure {
  const words = left.slice(0, 5).map(({ namespace, name: pod, budget, ending }) => {
    const why = ending
      ? 'is ending and has not ended'
      : budget === undefined
        ? 'was not evicted'
        : `is held by the PodDisruptionBudget ${budget}`;
    return `pod ${namespace}/${pod} ${why}`;
  });
  const more = left.length > words.length ? `; and ${left.length - words.length} more` : '';
  return new Failure(
    'DRAIN_BLOCKED',
    `${name} was not drained within ${formatDuration(timeoutMs)}: ${words.join('; ')}${more}`,
    {
      hint: left.some(({ budget }) => budget !== undefined)
        ? 'bring up more replicas or loosen the budget, then try again; a longer --drain-timeout waits longer'
        : 'a longer --drain-timeout waits longer',
    },
  );
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
