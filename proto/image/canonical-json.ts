/**
 * JSON of which there is one way only to write it, so that the bytes that were signed say what was meant and nothing else:
 * keys sorted by their UTF-16 units, no white space, strings and numbers as JSON.stringify writes them (RFC 8785).
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A value as canonical JSON. Members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  return write(value as Json);
}

/**
 * What canonical JSON says, once it has the shape that `check` demands of it. Anything that is not written canonically is
 * refused: white space, doubled or unsorted keys, numbers that lose digits, invalid UTF-8.
 * @param check takes what was parsed and gives it back typed, or throws
 * @param refuse makes the error for bytes that are no canonical JSON, from a clause such as "is no JSON"
 */
export function parseCanonicalJson<T>(
  bytes: Uint8Array,
  check: (value: unknown) => T,
  refuse: (why: string) => Error,
): T {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw refuse('is no JSON in UTF-8');
  }
  // The shape comes first: it bounds how deeply the value is nested before it is written again.
  const checked = check(value);
  if (write(value as Json) !== text)
    throw refuse('is not written canonically: sorted keys, each once, without white space');
  return checked;
}

function write(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = value as { readonly [key: string]: Json | undefined };
  const written = Object.keys(members)
    .filter((key) => members[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(members[key] as Json)}`);
  return `{${written.join(',')}}`;
}
