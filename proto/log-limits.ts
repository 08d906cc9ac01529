/** Bounds on a request for logs. nodectl keeps them before it asks, and a node whoever asks (nodectl.v1.ReadLogsRequest). */

/** The longest pattern, in characters. */
export const MAX_PATTERN = 1_024;
/** The most records that `tail` may ask for: no honest request names more. */
export const MAX_TAIL = 10_000_000;
/** The most fields that may be named; "*" asks for all. */
export const MAX_FIELDS = 64;
