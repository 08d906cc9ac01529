/** What daemons that watch disks write into their logs: smartd, mdadm, multipathd, iscsid, zed, dmeventd, mount; and what any program says of files. */

import type { DaemonRule } from './rules.ts';

const SMARTD = /^smartd$/;
const DEVICE = String.raw`Device: (?:\/dev\/)?(?<name>[\w./-]{1,60})`;
const REPLACE = {
  text: 'Save the data and replace the disk; smartctl -a tells more.',
  risk: 'data',
} as const;

/** The rules of daemons that watch disks, arrays, pools and paths. */
export const DISK_RULES: readonly DaemonRule[] = [
  {
    ...{ id: 'disk.log-smart-failed', area: 'disk', severity: 'critical', kind: 'disk' },
    title: 'A disk says by SMART that it fails',
    program: SMARTD,
    words: new RegExp(
      `^${DEVICE}\\b.*(?:FAILED SMART self-check|SMART Failure: |Critical Warning \\(0x(?!00)|Failed SMART usage Attribute)`,
    ),
    remedy: REPLACE,
  },
  {
    ...{ id: 'disk.log-smart-sectors', area: 'disk', severity: 'warning', kind: 'disk' },
    title: 'A disk has sectors that cannot be read',
    program: SMARTD,
    words: new RegExp(
      `^${DEVICE}\\b.*[, ][1-9]\\d{0,9} (?:Currently unreadable \\(pending\\)|Offline uncorrectable|(?:total )?pending) sectors`,
    ),
    over: new RegExp(`^${DEVICE}\\b.*No more Currently unreadable`),
    remedy: REPLACE,
  },
  {
    ...{ id: 'disk.log-smart-errors', area: 'disk', severity: 'warning', kind: 'disk' },
    title: 'A disk’s own log of errors grows',
    program: SMARTD,
    words: new RegExp(
      `^${DEVICE}\\b.*(?:(?:ATA|NVMe) error count increased from|Self-Test Log error count increased from|Read SMART .{1,40} Failed)`,
    ),
    remedy: { text: 'See smartctl -a: what failed, and whether it was the cable.', risk: 'none' },
  },
  {
    ...{ id: 'disk.log-array-degraded', area: 'disk', severity: 'critical', kind: 'array' },
    title: 'A RAID array has lost a member',
    program: /^mdadm$/,
    words:
      /^(?:A )?(?:Fail|FailSpare|DegradedArray|DeviceDisappeared)(?: event)?(?: (?:had been )?detected)? (?:event detected )?on md device (?:\/dev\/)?(?<name>[\w./:-]{1,60}?)\.?(?:,|$)/,
    over: /^(?:RebuildFinished|SpareActive|NewArray) event detected on md device (?:\/dev\/)?(?<name>[\w./:-]{1,60}?)(?:,|$)/,
    remedy: { text: 'See mdadm --detail; replace the member and add the new one.', risk: 'data' },
  },
  {
    ...{ id: 'disk.log-paths-lost', area: 'disk', severity: 'critical', kind: 'disk' },
    title: 'A multipath disk has no path left',
    program: /^multipathd?$/,
    words:
      /^(?<name>[\w.-]{2,60}): (?:remaining active paths: 0$|Entering recovery mode|Last path deleted, disabling queueing)/,
    over: /^(?<name>[\w.-]{2,60}): (?:remaining active paths: [1-9]|Recovered to normal mode)/,
    remedy: { text: 'See multipath -ll, the cables, the switch and the storage.', risk: 'none' },
  },
  {
    ...{ id: 'disk.log-path-failed', area: 'disk', severity: 'warning', kind: 'disk' },
    title: 'Paths of a multipath disk failed',
    program: /^multipathd?$/,
    words:
      /^checker failed path \S{1,20} in map (?<name>[\w.-]{2,60})|^(?<map>[\w.-]{2,60}): [Ff]ail(?:ing)? path /,
    remedy: { text: 'See multipath -ll, the cables, the switch and the storage.', risk: 'none' },
  },
  {
    ...{ id: 'disk.log-path-down', area: 'disk', severity: 'warning', kind: 'disk' },
    title: 'The check of a path to a multipath disk fails',
    program: /^multipathd?$/,
    explains: ['disk.log-path-failed'],
    // "ghost" is a standby path, which is well.
    words:
      /^(?:[\w.-]{2,60}: )?(?<name>(?:sd[a-z]{1,4}|nvme\w{3,16}|\d+:\d+))(?: -|:) (?:\w{2,20} checker reports path is (?:down|shaky)|(?:\w{2,20} )?checker timed out)/,
    over: /^(?:[\w.-]{2,60}: )?(?<name>(?:sd[a-z]{1,4}|nvme\w{3,16}|\d+:\d+))(?: -|:) (?:\w{2,20} checker reports path is (?:up|ghost)|reinstated)/,
    remedy: {
      text: 'See multipath -ll; look at the HBA or NIC, the cable, the switch and the array’s port of that path.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'disk.log-iscsi', area: 'disk', severity: 'warning', kind: 'disk' },
    title: 'An iSCSI connection broke',
    program: /^iscsid$/,
    words:
      /^(?:Kernel reported iSCSI connection (?<name>\d+:\d+) error|connection(?<of>\d+:\d+) is (?:not operational|failed))/,
    over: /^connection(?<name>\d+:\d+) is operational/,
    remedy: { text: 'See the network on the way to the target, and the target.', risk: 'none' },
  },
  {
    ...{ id: 'disk.log-full', area: 'disk', severity: 'critical', kind: 'mount' },
    title: 'A file system is full, by what a program says',
    program: /./,
    words: /^(?!.*(?:inotify|\/sys\/fs\/cgroup|\/dev\/)).*\bno space left on device\b/i,
    remedy: { text: 'See df -h and df -i; make room.', risk: 'data' },
  },
  {
    ...{ id: 'disk.log-io-error', area: 'disk', severity: 'critical', kind: 'disk' },
    title: 'A program could not read or write its files',
    program: /./,
    words: /(?:^|[\s"'])\/(?!dev|sys|proc|run)[^\s:"']{2,200}["']?: input\/output error\b/i,
    remedy: { text: 'See the kernel’s log for the disk below it, and its SMART values.', risk: 'data' },
  },
  {
    ...{ id: 'disk.log-pool-device', area: 'disk', severity: 'warning', kind: 'disk' },
    title: 'ZFS has taken a device out of use, or it is not there',
    // zed's own syslog lines: "eid=39 class=statechange pool='tank' vdev=sda1 vdev_state=FAULTED".
    program: /^zed$/,
    words:
      /\bclass=(?:statechange|vdev\.\w+) .{0,200}?\bvdev(?:_path|_devid)?=(?<name>\S{1,120}) .{0,80}?vdev_state=(?:FAULTED|DEGRADED|UNAVAIL|REMOVED)/,
    over: /\bclass=statechange .{0,200}?\bvdev(?:_path|_devid)?=(?<name>\S{1,120}) .{0,80}?vdev_state=ONLINE/,
    remedy: {
      text: 'See zpool status -v; look at the disk and its cable, then zpool replace.',
      risk: 'data',
    },
  },
  {
    ...{ id: 'disk.log-pool-errors', area: 'disk', severity: 'warning', kind: 'disk' },
    title: 'ZFS meets errors of a device',
    program: /^zed$/,
    words:
      /(?:\bclass=|^ereport\.fs\.zfs\.)(?:io|checksum|data|probe_failure|io_failure|authentication)\b(?:.{0,200}?\bvdev(?:_path)?=(?<name>\S{1,120}))?/,
    remedy: {
      text: 'See zpool status -v and smartctl -a of the disk; zpool scrub finds what is damaged.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'disk.log-thin-full', area: 'disk', severity: 'critical', kind: 'volume' },
    title: 'A thin pool or a snapshot is nearly full, by what dmeventd says',
    program: /^(?:dmeventd|lvm)$/,
    words:
      /^(?:WARNING: )?(?:Thin(?: pool)?|Snapshot|Sum of all thin) (?<name>\S{1,120}?)(?: (?:data|metadata))? is now (?:8\d|9\d|100)(?:\.\d+)?% full/,
    remedy: {
      text: 'Extend it (lvextend), or remove what is in it, before it takes no writes.',
      risk: 'data',
    },
  },
  {
    ...{ id: 'disk.log-lvm-raid', area: 'disk', severity: 'critical', kind: 'volume' },
    title: 'A RAID volume of LVM has lost a device',
    program: /^(?:dmeventd|lvm)$/,
    words:
      /^(?:WARNING: )?(?:Device #\d+ of \S{1,20} array, (?<name>\S{1,120}), has failed|(?:Primary|Secondary) mirror device \S{1,40} has failed)/,
    remedy: { text: 'See lvs -a -o +devices; replace the disk, then lvconvert --repair.', risk: 'data' },
  },
  {
    ...{ id: 'disk.log-iscsi-login', area: 'disk', severity: 'warning', kind: 'disk' },
    title: 'An iSCSI target is not reached, or refuses',
    program: /^iscsid$/,
    words:
      /^(?:connect to (?<name>\S{1,80}) failed \(|cannot make a connection to (?<address>\S{1,80})|[Ll]ogin (?:failed|authentication failed)|(?:conn \d+ )?login rejected: initiator (?:failed|error))/,
    over: /^[Cc]onnection\d+:\d+ (?:to \S{1,200} )?.{0,120}is operational/,
    least: 2,
    remedy: {
      text: 'See the network on the way to the target, its portal and its access rules.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'disk.log-mount-failed', area: 'disk', severity: 'warning', kind: 'mount' },
    title: 'mount says why it failed',
    program: /^mount$/,
    words:
      /^mount(?:\.\w{2,8})?: (?!\(hint\)|.{0,200}(?:WARNING|warning:|mounted (?:on|read-only)|already mounted))(?:(?<name>\/\S{0,120}): )?\S/,
    remedy: { text: 'See whether the disk or the server is there, and check the file system.', risk: 'none' },
  },
];
