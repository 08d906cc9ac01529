/** Times of records as text. Records mostly share their second with the one before, so the last second is kept. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Turns µs since the epoch into text. */
export type TimeText = (usec: number) => string;

const two = (value: number) => String(value).padStart(2, '0');

/** A function that is asked again only when the second changes. */
function bySecond(
  text: (date: Date) => string,
  fraction: (usec: number) => string,
  zone: (date: Date) => string,
): TimeText {
  let second = Number.NaN;
  let head = '';
  let tail = '';
  return (usec) => {
    const current = Math.floor(usec / 1_000_000);
    if (current !== second) {
      const date = new Date(current * 1_000);
      second = current;
      head = text(date);
      tail = zone(date);
    }
    return head + fraction(usec - current * 1_000_000) + tail;
  };
}

const microseconds = (usec: number) => `.${String(usec).padStart(6, '0')}`;
const nothing = () => '';

/** "Aug 02 10:15:03", as journalctl and syslog have it, in local time or UTC. */
export function shortTime(utc: boolean): TimeText {
  return bySecond(
    (date) =>
      utc
        ? `${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())} ${date.toISOString().slice(11, 19)}`
        : `${MONTHS[date.getMonth()]} ${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
    nothing,
    nothing,
  );
}

/** "2026-08-02T10:15:03.123456+02:00": ISO 8601 with microseconds and the zone. */
export function isoTime(utc: boolean): TimeText {
  return bySecond(
    (date) =>
      utc
        ? date.toISOString().slice(0, 19)
        : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
    microseconds,
    (date) => (utc ? 'Z' : offset(-date.getTimezoneOffset())),
  );
}

function offset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A span in words for a person: "0.8 s", "42 s", "3 min", "2.5 h". */
export function spanText(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 90_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 5_400_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
