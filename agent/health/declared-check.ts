/**
 * One look at one declared health check (proto/health-check.ts): for a config that was applied, and for an image that was booted.
 * How often and how long it is looked at is its caller's matter.
 */

import { parseAddress } from '../../proto/address.ts';
import type { HealthCheck } from '../../proto/health-check.ts';
import { FactStore } from '../diagnostics/fact-store.ts';
import { kubelet } from '../diagnostics/system/kubernetes.ts';
import type { Machine } from '../host/machine.ts';
import { LIVE_REACH, type Reach } from '../host/reach.ts';
import { etcdHealth } from './etcd-health.ts';

/** One look takes at most this long. */
const LOOK_MS = 5_000;

/** Where is looked. */
export interface CheckedNode {
  readonly machine: Machine;
  /** How services are reached; from this machine unless told. */
  readonly reach?: Reach | undefined;
}

/** Looks once: undefined where the check holds, else what was found, a sentence without a full stop. Never throws. */
export async function lookAt(
  check: HealthCheck,
  node: CheckedNode,
  signal: AbortSignal,
): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  try {
    return await look(check, node, limit);
  } catch (error) {
    return limit.aborted || (error as Error).name === 'AbortError' ? 'no answer' : (error as Error).message;
  }
}

/** @throws Error why it does not hold */
async function look(
  { unit, tcp, http, kubelet: asksKubelet, etcd }: HealthCheck,
  { machine, reach = LIVE_REACH }: CheckedNode,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (unit !== undefined) {
    const { stdout } = await machine.run('systemctl', ['show', '--property=ActiveState', '--', unit], {
      ...{ signal, timeoutMs: LOOK_MS },
    });
    const state = /^ActiveState=(.*)$/m.exec(stdout)?.[1] || 'unknown';
    return state === 'active' ? undefined : `${unit} is ${state}`;
  }
  if (tcp !== undefined) {
    const address = parseAddress(tcp);
    if (!address) return `${tcp} is no address`;
    await reach.tcp(address.host, address.port, signal);
    return undefined;
  }
  if (http !== undefined) {
    const status = await reach.http(http, signal);
    return status < 400 ? undefined : `${http} answers ${status}`;
  }
  const facts = new FactStore(machine, signal);
  if (asksKubelet) return (await facts.get(kubelet)).trouble || undefined;
  if (etcd) return (await facts.get(etcdHealth)).trouble || undefined;
  return 'the check asks for nothing that this agent knows';
}
