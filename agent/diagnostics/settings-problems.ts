/** Thresholds that a configuration sets and that no check has: one that is misspelt would else be without effect, and nobody told. */

import type { Check } from './check.ts';
import type { ThresholdSettings } from './domain.ts';
import type { Problem } from './fact.ts';

/** So many are named. */
const MAX_NAMED = 5;

/** What is wrong with settings. Values below 0, or that are no numbers, are none of a threshold. */
export function settingsProblems(settings: ThresholdSettings, checks: readonly Check[]): Problem[] {
  const known = new Map(checks.map((one) => [one.id, one]));
  const wrong = Object.entries(settings).flatMap(([id, values]) => {
    const check = known.get(id);
    if (!check) return [`${id} (no such check)`];
    return Object.entries(values).flatMap(([name, value]) => {
      if (!Object.hasOwn(check.thresholds, name)) return [`${id}.${name} (the check has no such threshold)`];
      return isThreshold(value) ? [] : [`${id}.${name} (${value} is below 0 or no number)`];
    });
  });
  if (wrong.length === 0) return [];
  const more = wrong.length > MAX_NAMED ? ` and ${wrong.length - MAX_NAMED} more` : '';
  return [
    {
      what: 'thresholds of the configuration',
      kind: 'nonsense',
      why: `these have no effect: ${wrong.slice(0, MAX_NAMED).join(', ')}${more}`,
    },
  ];
}

/** Whether a value can be one. */
export function isThreshold(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}
