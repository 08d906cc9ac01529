/** Everything about interfaces at once, for those who look at the facts themselves and not at findings. */

import { matches } from '../../history/query.ts';
import { type HistoryView, NO_HISTORY } from '../../history/view.ts';
import type { Machine } from '../../host/machine.ts';
import type { MaybeFactsOf } from '../check.ts';
import type { Problem } from '../fact.ts';
import { FactStore } from '../fact-store.ts';
import { nicBonds } from './bonding.ts';
import { quantitiesOf } from './counters/counters.ts';
import { ETHTOOL_DETAILS, nicCounters, nicDrivers, nicSettings } from './ethtool-facts.ts';
import { nicIdentities } from './identity.ts';
import { type Interface, isClose, nicInterfaces } from './interfaces.ts';
import { nicInterrupts } from './interrupts.ts';
import { nicNeighbours } from './lldp/fact.ts';
import { nicQueues } from './qdisc.ts';
import { nicSpeeds } from './speeds.ts';
import { nicVlans } from './vlans.ts';

/** What is read of all interfaces. */
const FACTS = {
  ...{ identities: nicIdentities, drivers: nicDrivers, speeds: nicSpeeds, settings: nicSettings },
  ...{ counters: nicCounters, neighbours: nicNeighbours, bonds: nicBonds, vlans: nicVlans },
};
/** What is read beside it for a close look. */
const DETAILS = { ...ETHTOOL_DETAILS, interrupts: nicInterrupts, queues: nicQueues };

/** Which interfaces are wanted, and how much of them. */
export interface Wanted {
  /** Names with "*" and "?"; those with a device and bonds where empty. */
  readonly patterns: readonly string[];
  readonly virtual: boolean;
  readonly details: boolean;
}

/** The window that rates are taken from. */
const RATE_MS = 600_000;

/** How fast a counter of an interface grew a second; undefined where there is no history of it. */
function rateOf(history: HistoryView, name: string, counter: string): number | undefined {
  const growth = history.growth(`nic/${name}/${counter}`, RATE_MS);
  return growth && growth.overMs > 0 ? (growth.delta * 1_000) / growth.overMs : undefined;
}

/** What the facts say of interfaces; undefined parts could not be read or are absent. */
export type NicOverview = Awaited<ReturnType<typeof readNics>>;

/** Reads what is wanted. What cannot be read is among the problems. */
export async function readNics(
  machine: Machine,
  signal: AbortSignal,
  wanted: Wanted,
  history: HistoryView = NO_HISTORY,
) {
  const store = new FactStore(machine, signal, history);
  const [{ interfaces = [] }, facts, details] = await Promise.all([
    store.maybe({ interfaces: nicInterfaces }),
    store.maybe(FACTS),
    store.maybe(wanted.details ? DETAILS : {}) as Promise<Partial<MaybeFactsOf<typeof DETAILS>>>,
  ]);
  const chosen = interfaces.filter((one) => isWanted(one, wanted));
  const { counters, drivers } = facts;
  return {
    chosen,
    others: interfaces.length - chosen.length,
    ...facts,
    ...details,
    rateOf: (name: string, counter: string) => rateOf(history, name, counter),
    quantitiesOf: (one: Interface) => {
      const own = counters?.get(one.name);
      return own && quantitiesOf(drivers?.get(one.name)?.driver ?? one.device?.driver, own);
    },
    problems: store.problems as readonly Problem[],
  };
}

function isWanted(one: Interface, { patterns, virtual }: Wanted): boolean {
  if (patterns.length > 0) return patterns.some((pattern) => matches(pattern, one.name));
  return virtual || isClose(one);
}

/** "up", "no-carrier", "off", or the kernel's own word. */
export function stateOf({ up, carrier, operstate }: Interface): string {
  if (!up) return 'off';
  if (carrier === false) return 'no-carrier';
  return operstate === undefined || operstate === 'unknown' ? 'up' : operstate;
}
