/** What a report is made from. */

import type { Failure } from '../../../proto/failure.ts';
import type { FoldedFleet, Severity } from '../fold/model.ts';

/** A sample of the past. */
export interface Point {
  /** Milliseconds since the epoch on the node's clock. */
  readonly at: number;
  readonly value: number;
}

/** A series of a node's past. */
export interface Series {
  /** "nic/eth0/rx_errors" */
  readonly name: string;
  /** The oldest first. */
  readonly points: readonly Point[];
  /** How much it grew, where it is a counter. */
  readonly growth: number;
}

/** What a node remembers of itself. */
export interface Past {
  readonly node: string;
  readonly series: readonly Series[];
}

/** How far a node's clock is ahead. */
export interface ClockOffset {
  readonly node: string;
  readonly offsetMs: number;
  /** The true offset is at most so far from it. */
  readonly errorMs: number;
}

/** Everything that a report shows. */
export interface ReportData {
  /** The context's name, or where captured machines were. */
  readonly place: string;
  /** Who made it, as a certificate names them; empty where nobody was asked. */
  readonly by: string;
  readonly version: string;
  /** Milliseconds since the epoch on this machine's clock. */
  readonly nowMs: number;
  readonly fleet: FoldedFleet;
  readonly failures: readonly { node: string; failure: Failure }[];
  readonly asked: number;
  readonly pasts: readonly Past[];
  readonly clocks: readonly ClockOffset[];
  /** What the clocks were compared with: "this workstation". */
  readonly clocksAgainst: string;
}

/** How a node is: its worst finding; or well as far as was looked; or well; or not known at all. */
export type NodeState = Severity | 'unclear' | 'healthy' | 'silent';

/** The states in words, the worst first. */
export const STATES: Readonly<Record<NodeState, string>> = {
  critical: 'critical',
  warning: 'warning',
  silent: 'no answer',
  unclear: 'well as far as checked',
  info: 'healthy, with a note',
  healthy: 'healthy',
};

/** The state of each node, with the titles of what it has, the worst first. */
export function nodeStates({
  fleet,
  failures,
}: ReportData): Map<string, { state: NodeState; titles: string[] }> {
  const healthy = new Set(fleet.healthy);
  const states = new Map<string, { state: NodeState; titles: string[] }>(
    fleet.answered.map((node) => [node, { state: healthy.has(node) ? 'healthy' : 'unclear', titles: [] }]),
  );
  // Troubles come the worst first, so the first one of a node is its worst.
  for (const { severity, nodes, title } of fleet.troubles)
    for (const node of nodes) {
      const entry = states.get(node);
      if (!entry) continue;
      if (entry.titles.length === 0 && (severity !== 'info' || entry.state === 'healthy'))
        entry.state = severity;
      entry.titles.push(title);
    }
  for (const { node, failure } of failures) states.set(node, { state: 'silent', titles: [failure.message] });
  return states;
}
