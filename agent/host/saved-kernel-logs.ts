/**
 * Which files of a captured folder are the kernel's log. Tools name them after the command, people as they like: "dmesg",
 * "dmesg.txt", "sos_commands/kernel/dmesg_-T", "journalctl -k -b 0", "kern.log".
 */

/** The machine's own files, best first. The first is what a bundle has of the ring buffer. */
export const OWN_LOGS: readonly string[] = [
  ...['dev/kmsg', 'var/log/dmesg', 'var/log/kern.log', 'var/log/kernel.log'],
  ...['var/log/messages', 'var/log/syslog'],
];

/** Of the previous boot: "-b -1", "--boot=-1", "--boot_-1". */
const EARLIER_BOOT = /(?:-b|--?boot)[ _=]?-\d/;

/**
 * How good a saved output is as a log of the kernel: 0 is best, undefined where it is none. An output of journalctl for all
 * units holds the kernel's lines too.
 * @param name of the file, without its folder
 */
export function rankOfLog(name: string): number | undefined {
  const plain = name.toLowerCase().replace(/\.(?:txt|out|log)$/, '');
  if (/\.(?:gz|xz|zst|bz2|json|tar|zip)$/.test(plain) || EARLIER_BOOT.test(plain)) return undefined;
  if (/^journalctl\b/.test(plain.replaceAll('_', ' ')))
    return /[ _](?:-[a-z]*k[a-z]*|--dmesg)(?![a-z-])|_transport=kernel/.test(plain)
      ? 1
      : /(?:-b|--?boot)(?![a-z])/.test(plain) && !/list-boots|-u[ _]|--unit/.test(plain)
        ? 3
        : undefined;
  // Also behind the name of a host: "web01_dmesg.log".
  if (/^(?:dmesg|kmsg|ring[-_]?buffer)(?![a-z])|[_. -]dmesg(?:$|[_. -])/.test(plain)) return 0;
  if (/^(?:kern|kernel|kernel[-_]?log|journal[-_]?k(?:ernel)?|journal[-_]kernel)$/.test(plain)) return 2;
  return /^(?:messages|syslog|journal)$/.test(plain) ? 4 : undefined;
}
