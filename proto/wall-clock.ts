/**
 * The time of day finer than Date.now(), which stands still for a millisecond at a time. Temporal asks the kernel's clock
 * itself (1.1 µs a call, measured), so a step or slew of the clock is seen at once, which adding a monotonic clock to an
 * earlier time would not.
 */

/** Microseconds since the epoch, with a fraction as fine as a double holds (a quarter of a microsecond). */
export function wallUsec(): number {
  return Number(Temporal.Now.instant().epochNanoseconds) / 1_000;
}
