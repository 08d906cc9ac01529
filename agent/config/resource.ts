/**
 * Resources: the smallest parts of a machine that a document decides on. Each can be looked at, compared, applied and put
 * back; all of that is idempotent, since an apply that was cut off is put back as a whole when the agent starts again.
 */

import type { HostFiles } from '../host/host-files.ts';
import type { Machine } from '../host/machine.ts';
import type { Reach } from '../host/reach.ts';

/** The machine that is changed. */
export interface ConfigHost {
  readonly machine: Machine;
  readonly files: HostFiles;
  /** How health checks reach services; from this machine unless told. */
  readonly reach?: Reach;
}

/** What a resource was before it was changed: plain JSON, enough to put it back. Never shown, since it may hold secrets. */
export type Snapshot = unknown;

/** One value that is not as it should be. Secrets and long texts are digests. */
export interface Difference {
  /** "content", "mode", "value", "active". */
  readonly field: string;
  readonly from: string;
  readonly to: string;
  /** What differs as lines of a unified diff, for texts that everybody on the machine may read anyway. */
  readonly lines?: () => readonly string[];
}

/** When a change counts: at once, when a unit restarts (the engine does that), or with the next boot. */
export type Effect = 'live' | 'restart' | 'reboot';

/**
 * What is done once when any resource that names it has changed, also when it was put back: "reload systemd", "restart a
 * unit". They run in the order of their ranks.
 */
export interface Activation {
  /** "systemd/reload", "unit/chrony.service/restart". The same id is the same activation. */
  readonly id: string;
  /** 0 to 99: systemd itself 10, network 20, kernel 30, mounts 40, units 50. */
  readonly rank: number;
  /** @throws Failure HOST_CHANGE_FAILED */
  run(host: ConfigHost, signal: AbortSignal): Promise<void>;
}

/** A part of a machine. */
export interface Resource {
  /** "file//etc/motd", "sysctl/net.core.somaxconn": unique in a document. */
  readonly id: string;
  /** Ids of resources, or beginnings of ids that end in "/", that are applied before this one. */
  readonly after: readonly string[];
  readonly effect: Effect;
  /** Whether changing it can cut the connection to the node: such changes are tried, and revert by themselves. */
  readonly risksConnection: boolean;
  readonly activates: readonly Activation[];
  /** Paths of files that it is made of, to be watched for drift. */
  readonly watches?: readonly string[];
  /** Looks at the machine. @throws Unavailable or Failure where that cannot be done */
  observe(host: ConfigHost): Promise<Snapshot>;
  /** Whether two snapshots are of the same state; without it they must be equal. Pure. */
  readonly same?: (one: Snapshot, other: Snapshot) => boolean;
  /** What differs from what it should be; empty where nothing does. Pure. */
  compare(snapshot: Snapshot): readonly Difference[];
  /** Makes it what it should be. @throws Failure HOST_CHANGE_FAILED */
  apply(host: ConfigHost): Promise<void>;
  /** Makes it what it was. @throws Failure HOST_CHANGE_FAILED */
  restore(host: ConfigHost, snapshot: Snapshot): Promise<void>;
}

/** Sorts resources so that each stands behind those that it comes after; else the order stays. Throws an Error on a circle. */
export function inOrder(resources: readonly Resource[]): Resource[] {
  const sorted: Resource[] = [];
  const state = new Map<Resource, 'open' | 'done'>();
  // Many come after the same ones.
  const named = new Map<string, readonly Resource[]>();
  const all = (wanted: string) => {
    const found =
      named.get(wanted) ??
      resources.filter(({ id }) => (wanted.endsWith('/') ? id.startsWith(wanted) : id === wanted));
    named.set(wanted, found);
    return found;
  };
  const visit = (one: Resource) => {
    if (state.get(one) === 'done') return;
    if (state.get(one) === 'open') throw new Error(`${one.id} comes after itself`);
    state.set(one, 'open');
    for (const wanted of one.after) for (const other of all(wanted)) if (other !== one) visit(other);
    state.set(one, 'done');
    sorted.push(one);
  };
  for (const one of resources) visit(one);
  return sorted;
}
