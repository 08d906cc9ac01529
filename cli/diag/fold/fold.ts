/** A fleet's answers folded: one trouble for all nodes that have it, with what tells them from the healthy ones. */

import { compareNames } from '../../fleet/names.ts';
import { attribute } from './attribute.ts';
import { type FleetCheck, fleetFindings } from './fleet-checks.ts';
import {
  bySeverity,
  type Explained,
  type Finding,
  type FoldedFleet,
  type Member,
  type NodeReport,
  type Severity,
  subjectOf,
  type Trouble,
} from './model.ts';
import { notRunOf } from './not-run.ts';
import { outliersOf } from './outliers.ts';
import { causesOf } from './silence.ts';
import { TraitTable } from './trait-table.ts';

/** A trouble while its members are gathered. */
interface Gathered {
  readonly severity: Severity;
  readonly members: Member[];
  /** What it explains, by id and title. */
  readonly explained: Map<string, { id: string; title: string; members: Member[] }>;
}

/**
 * Folds what nodes answered. The same answers give the same result, in whatever order they come.
 * @param isWanted which of the checks over the whole fleet are made; all without
 */
export function foldFleet(
  answers: readonly NodeReport[],
  isWanted?: (check: FleetCheck) => boolean,
): FoldedFleet {
  const sorted = [...answers].sort((a, b) => compareNames(a.node, b.node));
  const reports = withFleetFindings(sorted, isWanted);
  const table = new TraitTable(reports);
  const troubles = withoutCauses(gather(reports).map((one) => finish(one, reports, table)));
  const troubled = new Set(troubles.flatMap(({ severity, nodes }) => (severity === 'info' ? [] : nodes)));
  const notRun = notRunOf(sorted);
  const unclear = new Set(notRun.flatMap(({ nodes }) => nodes));
  const names = reports.map(({ node }) => node);
  const made = reports.flatMap(({ answer }) =>
    answer.checks.filter(({ status }) => WAS_MADE.has(status)).map(({ id }) => id),
  );
  return {
    reports,
    troubles: troubles.sort(
      (a, b) =>
        bySeverity(a.severity, b.severity) ||
        b.nodes.length - a.nodes.length ||
        (a.id < b.id ? -1 : a.id > b.id ? 1 : a.title < b.title ? -1 : 1),
    ),
    notRun,
    answered: names,
    troubled: names.filter((node) => troubled.has(node)),
    healthy: names.filter((node) => !troubled.has(node) && !unclear.has(node)),
    // By what was asked of each: what is compared between nodes judges none of them alone.
    unjudged: sorted
      .filter(
        ({ answer: { checks } }) => checks.length > 0 && !checks.some(({ status }) => LOOKED.has(status)),
      )
      .map(({ node }) => node),
    checks: new Set(made).size,
  };
}

const WAS_MADE = new Set(['CHECK_STATUS_OK', 'CHECK_STATUS_FINDINGS', 'CHECK_STATUS_NOT_APPLICABLE']);
const LOOKED = new Set(['CHECK_STATUS_OK', 'CHECK_STATUS_FINDINGS']);

/** What only the nodes together show is added to the answers of those that it concerns. */
function withFleetFindings(
  reports: readonly NodeReport[],
  isWanted?: (check: FleetCheck) => boolean,
): NodeReport[] {
  const found = fleetFindings(reports, isWanted);
  return reports.map((report) => {
    const { findings, checks } = found.get(report.node) ?? { findings: [], checks: [] };
    const { answer } = report;
    return {
      ...report,
      answer: {
        ...answer,
        findings: [...answer.findings, ...findings],
        checks: [...answer.checks, ...checks],
      },
    };
  });
}

function gather(reports: readonly NodeReport[]): Gathered[] {
  const all = new Map<string, Gathered>();
  for (const { node, answer } of reports)
    for (const { finding, severity, effects } of causesOf(answer.findings)) {
      const { kind, hardware } = subjectOf(finding);
      const key = JSON.stringify([finding.id, severity, kind, hardware, finding.title]);
      const one: Gathered = all.get(key) ?? { severity, members: [], explained: new Map() };
      all.set(key, one);
      one.members.push({ node, finding, nowUsec: answer.nowUsec });
      for (const effect of effects) {
        const { id, title } = effect;
        const entry = one.explained.get(`${id}\0${title}`) ?? { id, title, members: [] };
        one.explained.set(`${id}\0${title}`, entry);
        entry.members.push({ node, finding: effect, nowUsec: answer.nowUsec });
      }
    }
  return [...all.values()];
}

function finish(
  { severity, members, explained }: Gathered,
  reports: readonly NodeReport[],
  table: TraitTable,
): Trouble {
  const finding = members[0]?.finding;
  if (!finding) throw new Error('a trouble that nobody has');
  const { id, check, title } = finding;
  const { kind, hardware } = subjectOf(finding);
  const nodes = [...new Set(members.map(({ node }) => node))];
  return {
    ...{ id, check, severity, kind, hardware, title, nodes, members },
    explained: [...explained.values()].map(
      (one): Explained => ({
        ...one,
        nodes: [...new Set(one.members.map(({ node }) => node))].sort(compareNames),
      }),
    ),
    attribution: attribute({ table, members, healthy: healthyOf(id, check, reports) }),
    outliers: outliersOf(members),
  };
}

/**
 * That some nodes have another firmware or kernel than most is told with the trouble that it sets apart, and not again on its
 * own.
 */
function withoutCauses(troubles: readonly Trouble[]): Trouble[] {
  const isMixed = ({ id }: Trouble) => id.startsWith('fleet.mixed-');
  const taken = new Map<Trouble, Trouble[]>();
  for (const mixed of troubles.filter(isMixed)) {
    const values = new Set(mixed.members.flatMap(({ finding }) => attributesOf(finding)));
    const effect = troubles.find(
      (one) =>
        !isMixed(one) &&
        // The firmware of interfaces may go with troubles of the clock by chance of where it was installed: that is told twice.
        (mixed.kind === 'node' || mixed.kind === one.kind) &&
        bySeverity(one.severity, mixed.severity) <= 0 &&
        one.attribution.distinctions[0]?.traits.some(({ name, value }) => values.has(`${name}\0${value}`)) &&
        mixed.nodes.every((node) => one.nodes.includes(node)),
    );
    if (effect) taken.set(effect, [...(taken.get(effect) ?? []), mixed]);
  }
  const gone = new Set([...taken.values()].flat());
  return troubles
    .filter((one) => !gone.has(one))
    .map((one) => ({
      ...one,
      explained: [
        ...one.explained,
        ...(taken.get(one) ?? []).map(
          ({ id, title, nodes, members }): Explained => ({ id, title, nodes, members }),
        ),
      ],
    }));
}

/** What a finding says of its subject, as traits. */
function attributesOf(finding: Finding): string[] {
  const { kind, attributes } = subjectOf(finding);
  return Object.entries(attributes).map(
    ([key, value]) => `${kind === 'node' ? key : `${kind}.${key}`}\0${value}`,
  );
}

/** Nodes on which a check looked and found nothing of this kind, in whatever form: with another title it is no health. */
function healthyOf(id: string, check: string, reports: readonly NodeReport[]): string[] {
  return reports
    .filter(
      ({ answer }) =>
        answer.checks.some((one) => one.id === check && LOOKED.has(one.status)) &&
        !answer.findings.some((one) => one.id === id),
    )
    .map(({ node }) => node);
}
