/** Thresholds that a configuration sets and that no check has: one that is misspelt would else be without effect, and nobody told. */

import type { Check } from './check.ts';
import type { ThresholdSettings } from './domain.ts';
import type { Problem } from './fact.ts';

/** So many are named. */
const MAX_NAMED = 5;

/** A threshold that has no effect. */
interface ThresholdProblem {
  /** The check, and the threshold's name where there is such a check. */
  readonly path: readonly string[];
  readonly why: string;
}

/** Thresholds that have no effect. Values below 0, or that are no numbers, are none. */
function thresholdProblems(settings: ThresholdSettings, checks: readonly Check[]): ThresholdProblem[] {
  const known = new Map(checks.map((one) => [one.id, one]));
  return Object.entries(settings).flatMap(([id, values]): ThresholdProblem[] => {
    const check = known.get(id);
    if (!check) return [{ path: [id], why: 'no such check' }];
    return Object.entries(values).flatMap(([name, value]): ThresholdProblem[] => {
      if (!Object.hasOwn(check.thresholds, name))
        return [{ path: [id, name], why: 'the check has no such threshold' }];
      return isThreshold(value) ? [] : [{ path: [id, name], why: `${value} is below 0 or no number` }];
    });
  });
}

/** What tells which there are. */
export const THRESHOLDS_HINT =
  'nodectl diag --list shows the checks, nodectl diag --explain ID the thresholds of one';

/** Thresholds of a text that have no effect, a line each with its place. @param place where a path of the text stands */
export function thresholdLines(
  settings: ThresholdSettings,
  checks: readonly Check[],
  place: (path: readonly string[]) => string,
): string[] {
  return thresholdProblems(settings, checks).map(({ path, why }) => {
    const whole = ['diagnostics', 'thresholds', ...path];
    return `${place(whole)}: ${whole.join('.')}: ${why}`;
  });
}

/** What is wrong with settings, as a problem of each run: a document that was applied by a newer agent may be an older one's now. */
export function settingsProblems(settings: ThresholdSettings, checks: readonly Check[]): Problem[] {
  const wrong = thresholdProblems(settings, checks).map(({ path, why }) => `${path.join('.')} (${why})`);
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
