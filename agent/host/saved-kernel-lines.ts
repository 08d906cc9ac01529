/**
 * Lines of the kernel's log within a text that holds other things too: notes, the log of a console, what several hosts printed.
 * A text that is too long to be held is read piece by piece.
 */

import { JournalRecords } from './journal-records.ts';
import { fileLog, type KernelLog } from './kernel-log.ts';
import { plainText } from './plain-text.ts';
import { headingOf } from './section-starts.ts';

/** The kernel's time since boot, of six decimals, with what some kernels add to it; on a page of Markdown its brackets have a backslash. */
const STAMP = String.raw`\\?\[ {0,8}\d{1,9}\.\d{6}(?:[@,]\d{1,4})?(?: {0,4}<[^>]{1,24}>)?\\?\]`;
const FACILITY =
  '(?:kern|user|daemon) {0,2}: {0,2}(?:emerg|alert|crit|err|warn|warning|notice|info|debug) {0,4}: ?';
const CLOCK = String.raw`\d\d:\d\d:\d\d(?:[.,]\d{1,9})?`;
/** syslog and journalctl in short, short-iso, short-full and short-unix, in whatever language; RFC 5424. */
const DATE = String.raw`(?:<\d{1,3}>)?(?:1 )?(?:(?:\p{L}{2,12}\.?,? )?(?:\p{L}{2,12}\.?|\d{1,2}[月월]) {1,2}\d{1,2}\.? (?:\d{4} )?${CLOCK}(?: \d{4})?|(?:\w{3} )?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s,]{0,20}|\d{10}\.\d{6})(?: [A-Z][A-Z\d+-]{1,6})?:?`;
/** What several machines were asked with, before the time. */
const WHOSE = String.raw`(?:[\w.:-]{1,64} {0,20}[|:] {1,2})?`;
/** A facility, a host, a relay's own host: what stands between the time and the kernel's name. */
const WORDS = String.raw`(?: {1,2}[^\s"]{1,255}){0,3}`;
/**
 * A line of the kernel's log, in the forms that agent/diagnostics/signatures/kernel-line.ts takes apart: with its time since boot or
 * (dmesg -T) that of the day; a record of /dev/kmsg; or of a log of syslog, the journal, OpenWrt's logread or Talos, with the kernel's
 * name, its time since boot or a driver with an address of the PCI bus behind the time.
 */
const KERNEL_LINE = new RegExp(
  [
    // What a table, a frame or a patch puts before it, and a console's prompt, a name or "kernel:".
    String.raw`^[\s\0|│+*]{0,12}(?:(?:<\d{1,4}>|${FACILITY}|[^"[\]]{1,40})?${STAMP}`,
    String.raw`\[ {0,8}[+-]\d{1,6}[.,]\d{6}\] `,
    String.raw`\[[A-Z][a-z]{2} ?\d{1,2} \d\d:\d\d\] `,
    String.raw`${WHOSE}\[[A-Z][a-z]{2} [ \d]\d ${CLOCK}\] (?!(?:NOTICE|WARNING|ERROR|VERBOSE|DEBUG)\[)`,
    String.raw`(?:${FACILITY})?\[\p{L}{1,12}\.? (?:\p{L}{1,12}\.?|\d{1,2}[月월]) +\d{1,2} \d\d:\d\d:\d\d \d{4}(?: {0,4}<[^>]{1,24}>)?\]`,
    String.raw`(?:\d\.[\w.+~-]{1,64},)?\d{1,4},\d{1,20},\d{1,20},[-c+](?:,[^;]{0,120})?;`,
    // `dmesg --time-format iso`.
    String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{6}[+-]\d\d:\d\d `,
    // talosctl.
    String.raw`(?:\S{1,64}: )?(?:kern|user|daemon): +\w{3,7}: \[\d{4}-\d\d-\d\dT[\d:.]{8,20}Z\]: `,
    // With the time of a relay, or with what a container's log has, before its own.
    String.raw`${WHOSE}(?:${DATE}(?: {1,2}[^\s:"]{1,255}){0,2} {1,2})?${DATE}(?:${WORDS} {1,2}kernel(?:\[\d{1,10}\])?(?:: ?| - - )`,
    // Also another kernel's, whose console a program hands on.
    String.raw`(?:${WORDS}|.{0,100}: "?(?:<\d{1,3}>)?) {0,8}${STAMP} `,
    String.raw`(?: \S{1,255})? [\w.-]{2,32} [\da-f]{4,5}:[\da-f]{2}:[\da-f]{2}\.[0-7](?:: | [\w.@-]{1,20}: )))`,
  ].join('|'),
  'u',
);
/** What stands before a message without a time: its priority or the kernel's name. */
const UNTIMED = /^ ?(?:<\d{1,4}>|(?:[\w.-]{1,64} )?kernel(?:\[\d{1,10}\])?: ?)/;
/** Without a time only what nothing but the kernel begins a line with. */
const TIMELESS =
  /^(?:BTRFS:? (?:error|critical|warning|info) \(device |EXT[234]-fs (?:(?:error|warning) \(device |\([\w-]{1,32}\): )|JBD2: |Aborting journal on device |end_request: (?:I\/O|critical \w{1,12}) error|(?:mce: )?CPU\d{1,4}: (?:Core|Package) (?:temperature|power limit)|(?:nf_conntrack: |ip_conntrack: )+table full|TCP: (?:request_sock_TCP|out of memory|Possible SYN)|clocksource: (?:timekeeping watchdog|Marking clocksource|Switched to)|oom-kill:constraint=|\S{1,16} invoked oom-killer: |usb \d{1,2}-[\d.]{1,12}: |nfs: server \S{1,100} (?:not responding|OK)|CIFS: VFS: |NVRM: Xid |kernel BUG at |[a-z][\w-]{1,31} [\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.[0-7](?: [\w.@-]{1,20})?: \S|bond[\w.]{0,12}: (?:\(slave \S{1,16}\): )?link status |XFS \([\w-]{1,32}\): |(?:lost async page write|Buffer I\/O error on dev|blk_update_request: |print_req_error: |I\/O error, dev )|ata\d{1,3}(?:\.\d\d)?: (?:exception|failed|SError|COMRESET|link is slow|hard|error)|sd \d{1,3}:\d{1,3}:\d{1,5}:\d{1,5}: \[|nvme nvme\d{1,3}: (?:I\/O|controller|Abort|Device not ready|resetting|Removing)|md\/raid[\w:]{1,20}: |EDAC (?:MC\d|\w{1,20} MC\d|amd64)|(?:mce: )?(?:\{\d{1,9}\})?\[Hardware Error\]: |INFO: (?:task \S{1,40} blocked for more|rcu_)|rcu: INFO: rcu_|(?:NMI )?watchdog: |BUG: (?:unable to handle|soft lockup|kernel NULL|Bad page)|Kernel panic - not syncing|(?:Memory cgroup out|Out) of memory: Kill|Killed process \d|NETDEV WATCHDOG: |WARNING: CPU: \d|general protection fault)/;
/** In a mail a line is quoted. */
const QUOTE = /^ ?(?:> ?){1,12}/;
/** Of a line without an end so many characters are kept. */
const MAX_LINE = 8_192;

/** Picks the kernel's lines out of the lines of a text, but for those below the prompt of another host than the first. */
class KernelLines {
  readonly #others: Set<string>;
  readonly #records = new JournalRecords();
  #host: string | undefined;
  #other = '';

  /** @param others takes the names of other hosts whose lines are left out */
  constructor(others: Set<string>) {
    this.#others = others;
  }

  /** The line as the kernel wrote it; undefined where it is none of the machine's. */
  take(raw: string): string | undefined {
    const line = raw.replace(QUOTE, '');
    const message =
      KERNEL_LINE.test(line) || TIMELESS.test(line.replace(UNTIMED, ''))
        ? line.trimStart()
        : this.#records.take(line);
    if (message !== undefined) {
      if (this.#other === '') return message;
      this.#others.add(this.#other);
      return undefined;
    }
    const heading = headingOf(line);
    if (!heading) return undefined;
    const host = heading.host.split('.', 1)[0] ?? '';
    if (host !== '') this.#host ??= host;
    this.#other = host === this.#host ? '' : host;
    return undefined;
  }
}

/** What is no line of a log though it has a colon: what a program or a shell says where it could not print one. */
const NO_LINE =
  /^(?:(?:-?(?:ba|z|da|a|k)?sh|dmesg|journalctl|timeout|sudo|su|cat|tail|grep|ssh|error|usage|hint|warning|permission denied)\b(?!\[)[^:]{0,60}: |-- |$)/i;
/** A driver's or program's name before its message, a field of a record, the kernel's first line. */
const LIKE_A_LINE = /^\s{0,12}(?:[a-z*(][^:]{0,100}: ?\S|\{|<\d|\[[ \w]|[A-Z_]{2,40}=|Linux version )/i;

/** Whether a text has a line that may be of the kernel's log or of syslog, in any form: without their times they have a name before them. */
export function mayBeLog(text: string): boolean {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .some((line) => KERNEL_LINE.test(line) || (!NO_LINE.test(line) && LIKE_A_LINE.test(line)));
}

/** The kernel's lines of a text, one below the other; empty where it has none. */
export function kernelLinesOf(text: string, others: Set<string>): string {
  const lines = new KernelLines(others);
  return joined(text.split('\n').flatMap((line) => lines.take(line) ?? []));
}

/**
 * A file as a log of the kernel's lines in it alone, in bounded memory. Undefined where it has none of them.
 * @param others takes the names of other hosts whose lines are left out, while it is read
 * @throws Unavailable where it may not be read
 */
export function filteredLog(root: string, path: string, others: Set<string>): KernelLog | undefined {
  const log = fileLog(root, path);
  if (!log) return undefined;
  const lines = new KernelLines(others);
  const decoder = new TextDecoder();
  let rest = '';
  let ended = false;
  /** The lines that a piece completes. */
  const more = (): string => {
    const piece = log.read();
    ended = piece.length === 0;
    const whole = `${rest}${decoder.decode(piece, { stream: !ended })}`.split('\n');
    rest = ended ? '' : (whole.pop() ?? '').slice(0, MAX_LINE);
    return joined(
      plainText(`${whole.join('\n')}\n`)
        .split('\n')
        .flatMap((line) => lines.take(line) ?? []),
    );
  };
  /** The next lines that there are: an empty piece would be the end. */
  const next = (): string => {
    let found = '';
    while (found === '' && !ended) found = more();
    return found;
  };
  let first = next();
  if (first === '') {
    log.close();
    return undefined;
  }
  return {
    ...{ name: path, lost: log.lost },
    read: () => {
      const found = first === '' ? next() : first;
      first = '';
      return Buffer.from(found);
    },
    close: () => log.close(),
  };
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
