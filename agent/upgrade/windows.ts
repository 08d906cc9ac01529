/** Windows of maintenance: times of the week, in UTC, in which a node restarts for an upgrade by itself. */

/** The days as documents name them, in the order of Date.getUTCDay. */
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** A window, each week. */
export interface MaintenanceWindow {
  /** "mon" to "sun"; every day where it is not there. */
  readonly days?: readonly (typeof DAYS)[number][] | undefined;
  /** "HH:MM" in UTC. One that ends before it begins ends on the next day. */
  readonly from: string;
  readonly to: string;
}

/** Milliseconds until one of the windows is open: 0 where one is, or where there are none. @param now ms since the epoch */
export function untilWindow(windows: readonly MaintenanceWindow[], now: number): number {
  if (windows.length === 0) return 0;
  const date = new Date(now);
  const minute = date.getUTCDay() * DAY_MINUTES + date.getUTCHours() * 60 + date.getUTCMinutes();
  const into = date.getUTCSeconds() * 1_000 + date.getUTCMilliseconds();
  const waits = windows.flatMap(({ days = DAYS, from, to }) =>
    days.map((day) => {
      const length = (minutesOf(to) - minutesOf(from) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
      const begins = DAYS.indexOf(day) * DAY_MINUTES + minutesOf(from);
      const since = (minute - begins + WEEK_MINUTES) % WEEK_MINUTES;
      return since < length ? 0 : WEEK_MINUTES - since;
    }),
  );
  const minutes = Math.min(...waits);
  return minutes === 0 ? 0 : minutes * 60_000 - into;
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
