/** Members of JSON that a program printed: what is not there, or is something else, is an empty object. */

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** A value, or the member of it that a path leads to, where it is an object; else an empty one. */
export function memberOf(value: unknown, ...path: string[]): Json {
  let at: unknown = value;
  for (const key of path) at = typeof at === 'object' && at !== null ? (at as Json)[key] : undefined;
  return typeof at === 'object' && at !== null ? (at as Json) : {};
}

/** The objects of a list; none where it is no list. */
export function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}
