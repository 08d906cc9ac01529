/**
 * `ethtool -S`: counters under the driver's own names, of which there may be thousands; also `--phy-statistics` and the
 * standard groups of `-S --groups`, as text and as JSON.
 */

import { count, isJson, isObject, type JsonObject, jsonOf, lines, refusal } from './text.ts';

/** Counters by name, in the driver's order. */
export type Counters = ReadonlyMap<string, number>;

const MAX_COUNTERS = 100_000;
const FORM = 'ethtool -S';

/** Counters as they are gathered. Some drivers name two counters alike; the second must not hide the first. */
class Gathered {
  readonly counters = new Map<string, number>();
  readonly #copies = new Map<string, number>();

  put(name: string, value: number): void {
    if (this.counters.size >= MAX_COUNTERS) return;
    const copy = (this.#copies.get(name) ?? 0) + 1;
    this.#copies.set(name, copy);
    this.counters.set(copy === 1 ? name : `${name} (${copy})`, value);
  }
}

/** Numbers of JSON by the names on the way to them; a histogram's buckets by their bounds. */
function flatten(value: JsonObject, path: string, gathered: Gathered, depth = 0): void {
  for (const [key, one] of Object.entries(value)) {
    const name = path === '' ? key : `${path}-${key}`;
    if (typeof one === 'number' && Number.isFinite(one)) gathered.put(name, one);
    else if (isObject(one) && depth < 5) flatten(one, name, gathered, depth + 1);
    else if (Array.isArray(one))
      for (const bucket of one.slice(0, 1_000))
        if (isObject(bucket) && typeof bucket.val === 'number')
          gathered.put(`${name}-${bucket.low}to${bucket.high}`, bucket.val);
  }
}

/** Reads `ethtool -S`. Names may hold anything, colons too: the value is what stands behind the last one. @throws Unavailable */
export function parseStatistics(text: string): Counters {
  const gathered = new Gathered();
  if (isJson(text)) {
    flatten(jsonOf(FORM, text), '', gathered);
    return gathered.counters;
  }
  let heading = false;
  for (const line of lines(text)) {
    const at = line.lastIndexOf(':');
    if (at <= 0) continue;
    const value = line.slice(at + 1).trim();
    heading ||= value === '' && /statistics|stats for/i.test(line);
    const number = count(value) ?? negative(value);
    const name = line.slice(0, at).trim();
    if (number !== undefined && name !== '') gathered.put(name, number);
  }
  // A driver that has the form but no counters is no trouble.
  if (gathered.counters.size === 0 && !heading) throw refusal(FORM, text);
  return gathered.counters;
}

/** Old versions print counters as signed numbers: what is below zero is the same 64 bits without a sign. */
function negative(value: string): number | undefined {
  return /^-\d{1,19}$/.test(value) ? Number(BigInt.asUintN(64, BigInt(value))) : undefined;
}
