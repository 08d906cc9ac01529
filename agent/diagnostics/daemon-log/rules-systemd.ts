/** What systemd and other inits write into their log, or on the console, of units that do not come up. */

import type { DaemonRule } from './rules.ts';

/** The rules of inits, and of the checks of file systems that they start. */
export const SYSTEMD_RULES: readonly DaemonRule[] = [
  {
    ...{ id: 'system.log-emergency', area: 'system', severity: 'critical', kind: 'service' },
    title: 'The machine came up in emergency mode',
    program: /^systemd$/,
    words:
      /^(?:Reached target (?:Emergency Mode|emergency\.target)|Started (?:Emergency Shell|emergency\.service))/,
    over: /^Reached target (?:Multi-User|multi-user|Graphical|graphical)/,
    remedy: { text: 'See what failed before it: a file system of /etc/fstab, a check of one.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-unit-failed', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A service does not start',
    program: /^systemd$/,
    explains: ['system.log-unit-restarts'],
    words:
      /^(?:Failed to start (?<name>[^.]{2,100}?(?:\.[a-z]{4,9}\b)?)(?: - .{1,200})?\.?$|(?<unit>[\w@.:-]{2,100}): (?:Start request repeated too quickly|Watchdog timeout)|start request repeated too quickly for (?<old>[\w@.:\\-]{2,100}?)\.?$)/,
    over: /^(?:Started|Finished) (?<name>[^.]{2,100}?(?:\.[a-z]{4,9}\b)?)(?: - .{1,200})?\.?$/,
    remedy: { text: 'See systemctl status and the log of the unit.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-unit-exec', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A service cannot be run as its unit says',
    program: /^systemd$/,
    explains: ['system.log-unit-restarts'],
    // systemd.exec(5): from 200 on what it could not set up before the program, which never ran.
    words:
      /^(?<name>[\w@.:\\-]{2,200}): (?:[Mm]ain|[Cc]ontrol) process exited, code=exited,? status=2\d\d\/(?!n\/a)[A-Z_]{3,20}/,
    remedy: {
      text: 'systemctl status names the step: 203/EXEC the program is missing or of another architecture, 217/USER the user, 200/CHDIR the folder.',
      risk: 'restart',
    },
  },
  {
    ...{ id: 'system.log-unit-fails', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A service fails again and again',
    program: /^systemd$/,
    explains: ['system.log-unit-restarts'],
    words:
      /^(?:(?<name>[\w@.:\\-]{2,200}\.service): Failed with result '(?:exit-code|signal|core-dump|watchdog|oom-kill|protocol|resources)'|Unit (?<unit>[\w@.:\\-]{2,200}\.service) entered failed state)/,
    least: 3,
    remedy: { text: 'See systemctl status and the log of the unit.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-device-missing', area: 'system', severity: 'warning', kind: 'service' },
    title: 'systemd waited for a device that did not come',
    program: /^systemd$/,
    explains: ['system.log-dependency', 'system.log-not-mounted'],
    words: /^Timed out waiting for device (?<name>\S{2,200}?)\.?$/,
    remedy: {
      text: 'See /etc/fstab and /etc/crypttab, and whether the disk is there: lsblk -f.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-unit-restarts', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A service is restarted again and again',
    program: /^systemd$/,
    // A few belong to any long life, and those of terminals to each that logs out.
    words:
      /^(?<name>(?!(?:serial-|console-|container-)?getty)[\w@.:\\-]{2,200}\.service): Scheduled restart job, restart counter is at \d{2,9}\.?$/,
    remedy: { text: 'See systemctl status and the log of the unit: why it ends.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-not-mounted', area: 'system', severity: 'warning', kind: 'mount' },
    title: 'A file system could not be mounted',
    program: /^systemd$/,
    explains: ['system.log-dependency'],
    words:
      /^(?:Failed to mount (?:\S{1,200}\.mount - )?(?<name>\S.{0,200}?)\.?$|Unit (?<unit>\S{1,200}\.mount) entered failed state|(?<own>\S{1,200}\.mount): Failed with result ')/,
    over: /^Mounted (?:\S{1,200}\.mount - )?(?<name>\S.{0,200}?)\.?$/,
    remedy: {
      text: 'See systemctl status of the mount, /etc/fstab, and whether the disk or the server is there.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-dependency', area: 'system', severity: 'warning', kind: 'service' },
    title: 'Something was not started since what it needs failed',
    program: /^systemd$/,
    words: /^Dependency failed for (?:\S{1,200}\.[a-z]{4,9} - )?(?<name>\S.{0,200}?)\.?$/,
    over: /^(?:Started|Finished|Mounted|Reached target|Activated swap|Listening on) (?:\S{1,200}\.[a-z]{4,9} - )?(?<name>\S.{0,200}?)\.?$/,
    remedy: {
      text: 'See what failed first: systemctl --failed, systemctl list-dependencies, /etc/fstab.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'disk.log-fsck', area: 'disk', severity: 'critical', kind: 'filesystem' },
    title: 'A check of a file system found damage that it did not repair',
    // fsck(8): 4 in the status are errors left; 1 and 2 are errors that were corrected.
    program: /^(?:systemd-fsck|FSCK|fsck(?:\.\w{2,8})?|e2fsck|xfs_repair)$/,
    words:
      /^(?<name>\S{1,200}): UNEXPECTED INCONSISTENCY\b|^fsck failed with (?:exit status|error code) (?:[4-7]|1[2-5]|2[0-3])\b/,
    remedy: {
      text: 'Save what is on it, look at the disk (smartctl -a), then let fsck repair it by hand.',
      risk: 'data',
    },
  },
  {
    ...{ id: 'system.log-boot-shell', area: 'system', severity: 'critical', kind: 'service' },
    title: 'A boot ended in the shell of the initramfs, or another one',
    program: /^initramfs$/,
    explains: ['system.log-emergency'],
    words: /./,
    remedy: {
      text: 'See which device it did not find or could not check: blkid, root= of the kernel’s command line, /etc/fstab, the drivers in the initramfs.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'disk.log-fsck-not-run', area: 'disk', severity: 'warning', kind: 'filesystem' },
    title: 'A check of a file system could not be run',
    // fsck(8): 8 an error of the operation, 16 of its usage, 32 stopped by somebody, 128 of a library.
    program: /^systemd-fsck$/,
    words: /^fsck failed with (?:exit status|error code) (?:[89]|1[016-9]|2[4-7]|32|128)\b/,
    remedy: {
      text: 'See its own words above that line; the program for the file system may be missing or refuse its options (/etc/fstab).',
      risk: 'none',
    },
  },
  {
    ...{ id: 'memory.log-unit-killed', area: 'memory', severity: 'warning', kind: 'service' },
    title: 'A service lost a process for want of memory',
    program: /^systemd$/,
    explains: ['system.log-unit-killed'],
    words:
      /^(?<name>[\w@.:\\-]{2,200}\.\w{4,9}): (?:A process of this unit has been killed by the OOM killer|Failed with result 'oom-kill')/,
    remedy: {
      text: 'See MemoryMax= of its unit, and what used the memory; nodectl dmesg -g oom.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-unit-crashed', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A service crashed',
    program: /^systemd$/,
    // Where no core is kept, of one that crashed the signal alone is told; the end by its result, of old ones without it.
    words:
      /^(?<name>[\w@.:\\-]{2,200}): (?:[Mm]ain process exited, code=(?:dumped,? status=\d{1,3}\/\w{3,10}|killed,? status=(?:4\/ILL|5\/TRAP|6\/ABRT|7\/BUS|8\/FPE|11\/SEGV|31\/SYS))|Failed with result 'core-dump')/,
    remedy: {
      text: 'See coredumpctl info; update it, or look at the memory where several programs crash.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-unit-killed', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A service was killed',
    program: /^systemd$/,
    words: /^(?<name>[\w@.:\\-]{2,200}\.service): [Mm]ain process exited, code=killed,? status=9\/KILL/,
    // One that did not stop when it was asked to is killed by systemd itself.
    over: /^(?<name>[\w@.:\\-]{2,200}\.service): Failed with result 'timeout'/,
    remedy: {
      text: 'See what killed it: want of memory (nodectl dmesg -g oom), systemd-oomd or earlyoom, or a person.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-unit-late', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A service did not start in time',
    program: /^systemd$/,
    words: /^(?<name>[\w@.:\\-]{2,200}): [Ss]tart operation timed out\. Terminating/,
    remedy: {
      text: 'See what it waits for in its log; TimeoutStartSec= of its unit sets how long it may.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-init-crashed', area: 'system', severity: 'critical', kind: 'service' },
    title: 'systemd itself crashed: nothing is started or stopped any more',
    program: /^systemd$/,
    words: /^(?:Freezing execution\.?$|Caught <(?:SEGV|ABRT|BUS|ILL|FPE)>)/,
    remedy: { text: 'Restart the machine; look at its memory, and update systemd.', risk: 'reboot' },
  },
];
