/** Draining nodes of a Kubernetes cluster around their reboots, for --drain. */

import { parseDuration } from '../duration.ts';
import { type DrainEvent, type Drained, drain, uncordon } from '../kubernetes/drain.ts';
import { flag, type Session, text } from '../session.ts';
import type { Courtesy } from './roll-out.ts';

const DRAIN_MS = 10 * 60_000;
/** Pods may come back also where the command was interrupted: the node is up. */
const UNCORDON_MS = 60_000;

/** The courtesy that the flags ask for, or undefined where they ask for none. Throws BAD_ARGUMENT. */
export function kubernetesCourtesy(session: Session): Courtesy | undefined {
  const kubeconfig = text(session, 'kubeconfig');
  const context = text(session, 'kubeContext');
  if (!flag(session, 'drain') && kubeconfig === undefined) return undefined;
  const options = {
    env: session.env,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    timeoutMs: parseDuration(text(session, 'drainTimeout') ?? '') ?? DRAIN_MS,
    deleteEmptydirData: flag(session, 'drainDeleteEmptydirData'),
    force: flag(session, 'drainForce'),
  };
  const drained = new Map<string, Drained>();
  return {
    before: async (node, tell) => {
      drained.set(node, await drain(node, options, session.signal, (event) => tell(eventText(event))));
    },
    after: async (node, tell) => {
      const before = drained.get(node);
      if (before && (await uncordon(before, options, AbortSignal.timeout(UNCORDON_MS))))
        tell('takes pods again');
    },
  };
}

function eventText(event: DrainEvent): string {
  switch (event.kind) {
    case 'cordoned':
      return event.before ? 'was cordoned before' : 'cordoned';
    case 'evicting':
      return `moves ${event.pod} away`;
    case 'evicted':
      return `${event.pod} is away`;
    case 'blocked':
      return `waits for ${event.pod}: the disruption budget ${event.budget} does not let it go`;
    case 'drained':
      return 'drained';
  }
}
