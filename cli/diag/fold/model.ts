/** What folding a fleet works on and gives: answers of nodes, troubles, and what tells the sick from the healthy. */

import type { DiagnoseResponse__Output } from '../../../proto/gen/types/nodectl/v1/DiagnoseResponse.ts';
import type { Finding__Output } from '../../../proto/gen/types/nodectl/v1/Finding.ts';
import type { Subject__Output } from '../../../proto/gen/types/nodectl/v1/Subject.ts';

/** A finding as a node sent it, or as the fleet's own checks made it. */
export type Finding = Finding__Output;

/** A node's answer, with the labels that it has in the context or by its own word. */
export interface NodeReport {
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly answer: DiagnoseResponse__Output;
}

/** Severities, the worst first. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
/** A severity. */
export type Severity = (typeof SEVERITIES)[number];

/** A finding's severity; what a newer agent may say and is not known here counts as a warning. */
export function severityOf({ severity }: Pick<Finding, 'severity'>): Severity {
  if (severity === 'SEVERITY_CRITICAL') return 'critical';
  return severity === 'SEVERITY_INFO' ? 'info' : 'warning';
}

/** Sorts the worse first. */
export function bySeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

const THE_NODE: Subject__Output = { kind: 'node', name: '', hardware: '', attributes: {} };

/** What a finding is with; the node where nothing is said. */
export function subjectOf({ subject }: Pick<Finding, 'subject'>): Subject__Output {
  return subject ?? THE_NODE;
}

/** A value by which nodes differ: "kernel", "nic.firmware", or "label.rack" for a label. */
export interface TraitValue {
  readonly name: string;
  readonly value: string;
}

/** How many of a number of nodes have something. */
export interface Share {
  readonly having: number;
  readonly of: number;
}

/** What tells the sick from the healthy: a value, or two that do so only together. */
export interface Distinction {
  readonly traits: readonly TraitValue[];
  /** Other values that are on exactly the same nodes, so that nothing can choose between them and this one. */
  readonly same: readonly TraitValue[];
  readonly sick: Share;
  readonly healthy: Share;
  /** P(value | sick) - P(value | healthy). */
  readonly difference: number;
  /** The probability of so much by chance, corrected for how many values were looked at. */
  readonly p: number;
  /** Healthy nodes that have it too. */
  readonly counterExamples: readonly string[];
  /** Sick nodes that do not have it. */
  readonly exceptions: readonly string[];
}

/** What was found out about why some nodes have a trouble and others do not. */
export interface Attribution {
  /** The best first; empty where nothing tells them apart with enough certainty. */
  readonly distinctions: readonly Distinction[];
  /** A switch, rack or the like that most of the sick share, where it is no distinction. */
  readonly place: Distinction | undefined;
  /** There were too few nodes to tell. */
  readonly tooFew: boolean;
}

/** A parameter by which one node stands out among those that have the same trouble. */
export interface Outlier {
  readonly node: string;
  readonly parameter: string;
  readonly value: number;
  /** The median of all nodes that have the trouble. */
  readonly median: number;
}

/** A trouble on one node. */
export interface Member {
  readonly node: string;
  readonly finding: Finding;
  /** Microseconds since the epoch on the node's clock when it answered. */
  readonly nowUsec: number;
}

/** A finding that is not told on its own, since another one causes it. */
export interface Explained {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly string[];
  /** Each finding, in the order of the nodes. */
  readonly members: readonly Member[];
}

/** One distinct trouble, with all nodes that have it. */
export interface Trouble {
  readonly id: string;
  readonly check: string;
  /** That of its findings, or of the worst that it causes. */
  readonly severity: Severity;
  readonly kind: string;
  readonly hardware: string;
  readonly title: string;
  /** Sorted. */
  readonly nodes: readonly string[];
  /** Each finding; a node may have several. In the order of the nodes. */
  readonly members: readonly Member[];
  readonly explained: readonly Explained[];
  readonly attribution: Attribution;
  readonly outliers: readonly Outlier[];
}

/** A reason why checks could not be made. */
export interface NotRun {
  readonly reason: string;
  readonly checks: readonly string[];
  readonly nodes: readonly string[];
}

/** A fleet's findings, folded. */
export interface FoldedFleet {
  /** The answers, sorted by node, with what only the nodes together show. */
  readonly reports: readonly NodeReport[];
  /** The worst first, then those with most nodes. */
  readonly troubles: readonly Trouble[];
  /** Those that hide most first. */
  readonly notRun: readonly NotRun[];
  /** Nodes that answered, sorted. */
  readonly answered: readonly string[];
  /** Those among them that have a warning or a critical. */
  readonly troubled: readonly string[];
  /** Those that have none and on which every check could be made. */
  readonly healthy: readonly string[];
  /** Those on which no check found anything to look at: nothing is known of their health. */
  readonly unjudged: readonly string[];
  /** Distinct checks that were made on at least one node. */
  readonly checks: number;
}
