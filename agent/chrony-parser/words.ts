/** Values that several reports have: leap status, reference identifiers, options of sources. */

/** What is known of a leap second; "unsynchronised" is how NTP says that a clock is not set. */
export type Leap = 'normal' | 'insert' | 'delete' | 'unsynchronised' | 'unknown';

/** "Normal", "Insert second", "Not synchronised", or the one-letter form of selectdata. */
export function leapOf(text: string): Leap {
  switch (text.split('<', 1)[0]?.trim().toLowerCase()) {
    case 'normal':
    case 'n':
      return 'normal';
    case 'insert second':
    case '+':
      return 'insert';
    case 'delete second':
    case '-':
      return 'delete';
    case 'not synchronised':
    case 'not synchronized':
      return 'unsynchronised';
    default:
      return 'unknown';
  }
}

/** A reference identifier as eight hexadecimal digits; chrony before 2.0 printed it like an IPv4 address. */
export function refidOf(text: string): string {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part)))
    return text.toUpperCase().padStart(8, '0');
  return parts
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** chrony's "Yes" and "No". */
export function yes(text: string): boolean {
  return text.toLowerCase().startsWith('yes');
}

/** A time in seconds since the epoch, or undefined where it is the epoch itself: never. */
export function timeOf(seconds: number): number | undefined {
  return seconds === 0 ? undefined : seconds;
}
