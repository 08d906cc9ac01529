/** An answer of the contract as plain values for programs. */

/** The same without the keys by which the decoder tells which optional fields were set ("_offsetSeconds"). */
export function plainMessage<T extends object>(message: T): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(message)
      .filter(([key]) => !key.startsWith('_'))
      .map(([key, value]) => [key, plain(value)]),
  );
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? plainMessage(value) : value;
}
