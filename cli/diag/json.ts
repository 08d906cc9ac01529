/**
 * Folded findings for programs. Keys are stable: they are added to, never renamed. Items are troubles with their findings node
 * by node, then reasons why checks could not be made, then nodes that failed.
 */

import type { Failure } from '../../proto/failure.ts';
import { isoTime } from '../duration.ts';
import { errorObject } from '../output/report.ts';
import type { Distinction, FoldedFleet, Member, NotRun, Trouble } from './fold/model.ts';
import { distinctionText } from './text/words.ts';

/** What one item is about. */
export type DiagItem =
  | { type: 'trouble'; trouble: Trouble }
  | { type: 'not-run'; notRun: NotRun }
  | { type: 'node'; node: string; failure: Failure };

/** The items of a fleet. */
export function diagItems(
  { troubles, notRun }: FoldedFleet,
  failures: readonly { node: string; failure: Failure }[],
): DiagItem[] {
  return [
    ...troubles.map((trouble): DiagItem => ({ type: 'trouble', trouble })),
    ...notRun.map((one): DiagItem => ({ type: 'not-run', notRun: one })),
    ...failures.map(({ node, failure }): DiagItem => ({ type: 'node', node, failure })),
  ];
}

/** An item as an object. */
export function itemJson(item: DiagItem): Record<string, unknown> {
  if (item.type === 'trouble') return { type: item.type, ...troubleJson(item.trouble) };
  if (item.type === 'not-run') return { type: item.type, ...item.notRun };
  return { type: item.type, node: item.node, error: errorObject(item.failure) };
}

/** Counts over the fleet, beside the items. */
export function summaryJson(fleet: FoldedFleet, asked: number): Record<string, unknown> {
  const { answered, troubled, healthy, checks, troubles } = fleet;
  const count = (wanted: string) => troubles.filter(({ severity }) => severity === wanted).length;
  return {
    asked,
    answered: answered.length,
    troubled: troubled.length,
    healthy: healthy.length,
    checks,
    criticals: count('critical'),
    warnings: count('warning'),
    infos: count('info'),
  };
}

function troubleJson(trouble: Trouble): Record<string, unknown> {
  const { id, check, severity, title, kind, hardware, nodes, members, attribution, outliers, explained } =
    trouble;
  return {
    ...{ id, check, severity, title, kind, hardware, nodes },
    attribution: {
      tooFewNodes: attribution.tooFew,
      distinctions: attribution.distinctions.map(distinctionJson),
      place: attribution.place ? distinctionJson(attribution.place) : null,
    },
    outliers,
    explains: explained.map(({ members: effects, ...one }) => ({
      ...one,
      findings: effects.map(findingJson),
    })),
    findings: members.map(findingJson),
  };
}

function distinctionJson(one: Distinction): Record<string, unknown> {
  return { text: distinctionText(one), ...one };
}

/** A finding of a node. */
function findingJson({ node, finding }: Member): Record<string, unknown> {
  const { severity, certainty, subject, parameters, evidence, remedy, links, firstUsec, lastUsec, count } =
    finding;
  const word = (text: string) => text.replace(/^[A-Z]+_(?:RISK_)?/, '').toLowerCase();
  return {
    node,
    severity: word(severity),
    certainty: word(certainty),
    subject: subject ?? { kind: 'node', name: '', hardware: '', attributes: {} },
    ...{ parameters, evidence },
    remedy: remedy ? { text: remedy.text, risk: word(remedy.risk) } : null,
    links,
    first: firstUsec > 0 ? isoTime(firstUsec) : null,
    last: lastUsec > 0 ? isoTime(lastUsec) : null,
    count,
  };
}
