/** One machine under two names: syslog daemons write a host's short name or its full one, by their settings and by when they were started. */

/** What looks like a full name and is none: an address. */
const ADDRESS = /^[\d.]+$|:/;

/**
 * Which names of a log are one machine's: from a short name to the full one that begins with it. A short name that two full ones
 * begin with is nobody's, and stays.
 */
export function fullNames(hosts: Iterable<string>): ReadonlyMap<string, string> {
  const all = new Set(hosts);
  const full = new Map<string, string>();
  const several = new Set<string>();
  for (const host of all) {
    const dot = host.indexOf('.');
    if (dot < 1 || ADDRESS.test(host)) continue;
    const short = host.slice(0, dot);
    if (!all.has(short)) continue;
    if (full.has(short)) several.add(short);
    full.set(short, host);
  }
  for (const short of several) full.delete(short);
  return full;
}
