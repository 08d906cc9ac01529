/** Fisher's exact test, one-sided, and how many values it may be asked about before chance answers. */

/** Logarithms of factorials, made as far as they were asked for. */
const LOG_FACTORIALS = [0];

function logFactorial(n: number): number {
  for (let at = LOG_FACTORIALS.length; at <= n; at++)
    LOG_FACTORIALS.push((LOG_FACTORIALS[at - 1] ?? 0) + Math.log(at));
  return LOG_FACTORIALS[n] ?? 0;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** A table of two by two by its margins: of `all` nodes `sick` are sick and `having` have the value. */
export interface Margins {
  readonly all: number;
  readonly sick: number;
  readonly having: number;
}

/** The probability that at least `both` sick nodes have a value where having it and being sick are unrelated. */
export function fisher({ all, sick, having }: Margins, both: number): number {
  const most = Math.min(sick, having);
  let sum = 0;
  for (let k = Math.max(both, having + sick - all, 0); k <= most; k++)
    sum += Math.exp(logChoose(sick, k) + logChoose(all - sick, having - k) - logChoose(all, having));
  return Math.min(1, sum);
}

/** The least probability that margins allow, where as many of the sick have the value as can. */
export function leastPossible(margins: Margins): number {
  return fisher(margins, Math.min(margins.sick, margins.having));
}

/**
 * By how much a probability must be multiplied for the number of values that were tested (Bonferroni). Values that could not
 * be significant whatever the sick nodes were are not among the tested ones: R. E. Tarone, "A modified Bonferroni method for
 * discrete data", Biometrics 46 (1990). On a small fleet that is most of them, and without this nothing could be said there.
 * @param least what leastPossible gives for each value
 * @param alpha the probability of an error that is accepted over all values together
 */
export function correction(least: readonly number[], alpha: number): number {
  const sorted = [...least].sort((a, b) => a - b);
  let tested = sorted.length;
  for (let factor = 1; factor < sorted.length; factor++) {
    // As the factor grows fewer of them can be significant, until they are no more than it.
    while (tested > 0 && (sorted[tested - 1] ?? 0) > alpha / factor) tested--;
    if (tested <= factor) return factor;
  }
  return Math.max(1, sorted.length);
}
