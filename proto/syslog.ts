/** The names of syslog(3)'s priorities and facilities, as journalctl and dmesg write them. */

/** The names of the priorities, by their numbers. */
export const PRIORITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

const FACILITIES = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['res0', 'res1', 'res2', 'res3'],
  ...Array.from({ length: 8 }, (_, local) => `local${local}`),
];

/** Whether it is the name of a facility, or the number of one that has none. */
export function isFacility(name: string): boolean {
  return FACILITIES.includes(name) || /^\d+$/.test(name);
}

/** The name of a facility by its number, or the number itself where there is none. */
export function facilityName(number: number): string {
  return FACILITIES[number] ?? String(number);
}
