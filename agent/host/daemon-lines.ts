/** Lines of daemons in a text that holds other things too: what smartd, mdadm, multipathd, corosync, the kubelet and others write into a log. */

import { headingOf } from './section-starts.ts';

/** "smartd[732]: …" behind the time and the host of a log, or at the beginning of a line; corosync's own form behind it. */
const DAEMON =
  /(?:^|[\s:\]/])(?:smartd|mdadm|multipathd?|iscsid|zed|dmeventd|lvm|mount(?=\[\d)|systemd-networkd|NetworkManager|teamd_[\w.-]{1,16}|dhclient|dhcpcd|corosync|pacemaker[\w-]{1,16}|crmd|Keepalived\w{0,12}|etcd|kubelet|containerd|dockerd|cri-dockerd|crio|k3s(?:-agent)?|rke2(?:-server|-agent)?|systemd-oomd|earlyoom|nohang\w{0,12}|rasdaemon|systemd(?:-fsck)?|FSCK|fsck(?:\.\w{2,8})?|upsmon|apcupsd|auditd|haproxy(?=\[\d{1,10}\]: .{0,40}(?:Server|backend|proxy) )|sshd(?=\[\d{1,10}\]: (?:fatal: |Server listening|.{0,8}no hostkeys)))(?:\[\d{1,10}\])?(?:: (?!(?:in)?active\/)| \w{4,9} +\[)/;
/** etcd's own forms (JSON; before 3.4 capnslog's), klog's, containerd's and rasdaemon's. */
const OWN =
  /"caller":"[\w./-]{1,80}\.go:\d|\d\d:\d\d:\d\d\.\d{6} [CEWNID] \| [a-z][\w/]{1,30}: |^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ \w+\.go:\d|^time="\d{4}-.{10,40}" level=|^DEBU\[\d{4,6}\] StatusResponse: |^(?:FATA\[\d{4}-\d\d-\d\dT|failed to start (?:daemon|containerd): |Error starting daemon: |mem avail: |Killing process: \S{1,40}, pid: |\[kubelet-check\] )|\bmc_event:|^ups\.status: [A-Z]|^STATUS {3}: [A-Z]|^[A-Z][a-z]{2} +\d{1,2} \d{4} [\d:.]{8,20} +ereport\.fs\.zfs\./;
/** What any program says of files. */
const FILES =
  /^(?=.*(?:\w(?:\[\d{1,10}\])?: |\[InnoDB\] )).*(?:no space left on device|input\/output error|too many open files)/i;
/** What smartd and mdadm send by mail: the words of their log without its head. */
const MAILED: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:The following warning\/error was logged by the smartd daemon: )?(Device: \/dev\/\S{1,60}.{0,80}(?:Currently unreadable|Offline uncorrectable|FAILED SMART self-check|Failed SMART usage|error count increased|Self-Test Log error).{0,120})/,
    'smartd',
  ],
  [
    /^(A (?:Fail|FailSpare|DegradedArray|DeviceDisappeared) event had been detected on md device \S{1,60})/,
    'mdadm',
  ],
];

/**
 * What inits show on the console while a machine comes up, as systemd's log has it: "[FAILED] Failed to start x.", in colours or not; init
 * of RHEL 6 ("Starting x: [FAILED]"), of Debian 7 ("[FAIL] Starting x: y failed!") and OpenRC (" * Starting x ... [ !! ]").
 */
const CONSOLE: readonly (readonly [RegExp, (words: string) => string])[] = [
  [/^\s{0,4}\[ {0,2}(?:FAILED|DEPEND|TIME|OK) {0,2}\] (\S.{3,200})$/, (words) => words],
  [
    /^\s{0,4}\[FAIL\] Starting (\S.{1,100}?)(?: failed!|\.\.\.failed[.!])/,
    (words) => `Failed to start ${words}.`,
  ],
  [/^Starting (\S.{1,100}?): {1,60}\[FAILED\]\s*$/, (words) => `Failed to start ${words}.`],
  [
    /^ \* (?:Starting|Mounting|Checking) (\S.{1,100}?) ?\.{3}\s{1,100}\[ !! \]/,
    (words) => `Failed to start ${words}.`,
  ],
];
/** What shells say in which a boot ends: of dracut, initramfs-tools, mkinitcpio, other inits and boot loaders. */
const ENDS_IN_SHELL =
  /^(?:\s{0,8}(?:Entering emergency mode\. Exit the shell|Generating "\/run\/initramfs\/rdsosreport|You are (?:in emergency mode|now being dropped into an emergency shell)|Give root password for maintenance|grub rescue>)|\s{0,4}(?:ALERT! {1,3}\S.{0,120} does not exist\. {1,3}Dropping to a shell|Gave up waiting for root|ERROR: device '.{1,120}' not found\. Skipping fsck|ERROR: Failed to mount (?:the real root|'.{1,120}' on real root))|.{0,40}starting emergency shell)/i;
const COLOURS = /\u001b\[[\d;]{0,12}m/g;

/** A line of the console as systemd's log has it; undefined for any other. */
function onConsole(raw: string): string | undefined {
  if (/emergency|dracut|initramfs|ALERT!|Gave up|ERROR: |root password|grub rescue/i.test(raw)) {
    const words = ENDS_IN_SHELL.exec(raw)?.[0];
    if (words !== undefined) return `initramfs: ${raw.trim().slice(0, 300)}`;
  }
  if (!/^[\s\u001b]{0,4}(?:\[|\* |Starting )/.test(raw)) return undefined;
  const line = raw.replace(COLOURS, '').slice(0, 300);
  for (const [pattern, said] of CONSOLE) {
    const words = pattern.exec(line)?.[1];
    if (words !== undefined) return `systemd: ${said(words.trim())}`;
  }
  return undefined;
}

/** A line of such a mail as it stands in a log; undefined for any other. */
function mailed(line: string): string | undefined {
  if (!/^(?:The following warning|Device: \/dev\/|A [A-Z]\w{3,20} event had been)/.test(line))
    return undefined;
  for (const [look, program] of MAILED) {
    const words = look.exec(line)?.[1];
    if (words !== undefined) return `${program}: ${words.trim()}`;
  }
  return undefined;
}

/** Of those nothing is told here: the kernel's lines are read as such. */
const KERNEL = /(?:^|\s)kernel(?:\[\d{1,10}\])?: /;
const QUOTE = /^ ?(?:> ?){1,12}/;
const MAX_LINE = 2_000;

/** The lines of daemons, one below the other; empty where there is none. Those below the prompt of another host than the first are left out. */
export function daemonLinesOf(text: string): string {
  const kept: string[] = [];
  let host: string | undefined;
  let elsewhere = false;
  for (const raw of text.split('\n')) {
    const line = raw.replace(QUOTE, '').slice(0, MAX_LINE);
    if (!KERNEL.test(line) && (DAEMON.test(line) || OWN.test(line) || FILES.test(line))) {
      if (!elsewhere) kept.push(line.trim());
      continue;
    }
    const mail = mailed(line.trimStart()) ?? onConsole(line);
    if (mail !== undefined) {
      if (!elsewhere) kept.push(mail);
      continue;
    }
    const heading = headingOf(line);
    if (!heading) continue;
    const name = heading.host.split('.', 1)[0] ?? '';
    if (name !== '') host ??= name;
    elsewhere = heading.elsewhere || (name !== '' && name !== host);
  }
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}
