/** Checks of mounts: read-only ones, missing ones, those that hang or have counted errors. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { fileSystemErrors } from './file-system-errors.ts';
import { readOnlyAsListed } from './listed-read-only.ts';
import { allMounts, fileSystem, fstab, mounts } from './mounts.ts';
import { usage } from './usage.ts';

/** What a file system that turned read-only leaves behind. */
const CONSEQUENCES = [
  'system.unit-failed',
  'kernel-log.ext4-*',
  'kernel-log.xfs-*',
  'kernel-log.btrfs-*',
  'kernel-log.filesystem-*',
  'kernel-log.readonly-*',
];

const readOnly = check({
  id: 'disk.read-only',
  area: 'disk',
  title: 'File systems that turned read-only',
  about:
    'ext4, xfs and btrfs make themselves read-only when they find an error. That shows as a file system that is read-only ' +
    'while it was mounted for writing, or while /etc/fstab wants it writable. Where a capture tells the options of both as one, ' +
    'ext4 with errors=remount-ro is taken for one that did, and a read-only root for one that may have.',
  needs: { mounts },
  wants: { fstab },
  evaluate: ({ mounts: all, fstab: wanted = [] }) =>
    all.flatMap((mount): FindingDraft[] => {
      const line = wanted.find(({ path }) => path === mount.path);
      const byError = mount.fileSystemReadOnly && !mount.readOnly;
      const unlikeWanted =
        line !== undefined &&
        mount.readOnly &&
        !line.options.some((option) => /^(ro|noauto|user|bind)$/.test(option));
      // A removable or image file system is read-only by nature.
      if (mount.kind !== 'local' || mount.type === 'udf') return [];
      const listed = byError || unlikeWanted || line ? undefined : readOnlyAsListed(mount, all);
      if (listed) return [{ ...listed, explains: CONSEQUENCES }];
      if (!byError && !unlikeWanted) return [];
      return [
        {
          severity: 'critical',
          certainty: byError ? 'certain' : 'likely',
          title: 'A file system turned read-only',
          subject: fileSystem(mount),
          evidence: [
            byError
              ? `${mount.path} is mounted for writing, and its file system (${mount.type}, ${mount.source}) is read-only`
              : `/etc/fstab wants ${mount.path} writable, and it is mounted read-only`,
          ],
          remedy: {
            text: `nodectl dmesg --level err+ names the error. Check the disk, then the file system (fsck, unmounted), then reboot.`,
            risk: 'data',
          },
          explains: ['disk.agent-state', ...CONSEQUENCES],
        },
      ];
    }),
});

const missing = check({
  id: 'disk.mount-missing',
  area: 'disk',
  title: 'File systems of /etc/fstab that are not mounted',
  about:
    'What should be on a file system of its own is then written below its empty mount point, or missing. Lines with noauto, ' +
    'and swap, are left out; with nofail it is a warning of less weight.',
  needs: { allMounts, fstab },
  evaluate: ({ allMounts: all, fstab: wanted }) => {
    const paths = new Set(all.map(({ path }) => path));
    // As it is mounted: without a slash at the end, and where /var/run and /var/lock lead to.
    const plain = (path: string) =>
      (path.replace(/\/+$/, '') || '/')
        .replace(/^\/var\/run(?=\/)/, '/run')
        .replace(/^\/var\/lock(?=\/)/, '/run/lock');
    const expected = wanted.filter(
      ({ path, type, options }) =>
        path.startsWith('/') &&
        type !== 'swap' &&
        !options.includes('noauto') &&
        !options.includes('x-systemd.automount'),
    );
    if (expected.length === 0) return new NotApplicable('/etc/fstab has no file systems');
    return expected
      .filter(({ path }) => !paths.has(plain(path)))
      .map(
        (one): FindingDraft => ({
          severity: one.options.includes('nofail') ? 'info' : 'warning',
          title: 'A file system of /etc/fstab is not mounted',
          subject: fileSystem(one),
          evidence: [`${one.source} should be mounted at ${one.path} (${one.type})`],
          remedy: {
            text: `Mount it: systemctl start its mount unit; systemctl status says why it failed.`,
            risk: 'none',
          },
        }),
      );
  },
});

const hung = check({
  id: 'disk.mount-hung',
  area: 'disk',
  title: 'Mounts that do not answer',
  about:
    'A network file system whose server is gone makes every program that touches it wait for ever (state D), df and backups ' +
    'included. Each mount is asked by a process of its own, with a limit of two seconds, and once more where /proc, which cannot ' +
    'hang, answers at once: on a machine without processor time to spare everything is late.',
  needs: { usage },
  evaluate: ({ usage: { hung: all } }) =>
    all.map(
      (mount): FindingDraft => ({
        severity: mount.kind === 'network' ? 'warning' : 'critical',
        title:
          mount.kind === 'network'
            ? 'A network file system does not answer'
            : 'A file system does not answer',
        subject: fileSystem(mount),
        evidence: [
          `statfs of ${mount.path} (${mount.type}, ${mount.source}) did not return within 2 s, twice, while /proc answered`,
        ],
        remedy:
          mount.kind === 'network'
            ? {
                text: `Look at its server and the way to it. To give it up: umount -f -l ${mount.path}.`,
                risk: 'data',
              }
            : {
                text: 'Look at the disk below it: nodectl diag disk; nodectl dmesg --level err+.',
                risk: 'none',
              },
        explains: ['system.processes-stuck', 'system.load-high', 'kernel-log.hung-task*', 'kernel-log.nfs*'],
      }),
    ),
});

const unreadable = check({
  id: 'disk.filesystem-dead',
  area: 'disk',
  title: 'Mounts that answer with an error',
  about:
    'A file system that has shut itself down (xfs), whose disk is gone, or whose server forgot it (stale NFS handle) answers ' +
    'every call with an error, and stays mounted.',
  needs: { usage },
  evaluate: ({ usage: { failed } }) =>
    failed
      // A mount that came or went meanwhile, or that this user may not see, is none of these.
      .filter(({ why }) =>
        /input\/output error|stale|transport endpoint|structure needs cleaning|no such device|host is down/i.test(
          why,
        ),
      )
      .map(
        ({ mount, why }): FindingDraft => ({
          severity: mount.kind === 'network' ? 'warning' : 'critical',
          title: mount.kind === 'network' ? 'A network file system is broken' : 'A file system has shut down',
          subject: fileSystem(mount),
          evidence: [`statfs of ${mount.path} (${mount.type}, ${mount.source}): ${why}`],
          remedy: {
            text: 'Unmount it, look at its disk or server (nodectl dmesg --level err+), check it and mount it again.',
            risk: 'data',
          },
          explains: CONSEQUENCES,
        }),
      ),
});

const errors = check({
  id: 'disk.filesystem-errors',
  area: 'disk',
  title: 'File systems with errors on record',
  about:
    'ext4 writes into its superblock how many inconsistencies it met, when and where; they stay until e2fsck has run. What it ' +
    'found then may have damaged data without anybody having noticed.',
  needs: { fileSystemErrors },
  wants: { mounts },
  evaluate: ({ fileSystemErrors: { ext4 }, mounts: all = [] }) =>
    ext4
      .filter((one) => one.errors > 0)
      .map((one): FindingDraft => {
        const mount = all.find(
          ({ source, type }) => type.startsWith('ext') && source.endsWith(`/${one.device}`),
        );
        return {
          severity: 'warning',
          title: 'A file system has errors on record',
          subject: mount ? fileSystem(mount) : { kind: 'filesystem', name: one.device },
          parameters: { errors: one.errors },
          count: one.errors,
          ...(one.firstMs === undefined ? {} : { firstMs: one.firstMs }),
          ...(one.lastMs === undefined ? {} : { lastMs: one.lastMs }),
          evidence: [
            `/sys/fs/ext4/${one.device}/errors_count is ${one.errors}` +
              (one.lastFunction === '' ? '' : `, the last in ${one.lastFunction}`),
          ],
          remedy: {
            text: 'Check it unmounted: e2fsck -f; for the root, boot with fsck.mode=force.',
            risk: 'reboot',
          },
          explains: ['kernel-log.ext4-*'],
        };
      }),
});

const btrfs = check({
  id: 'disk.btrfs-errors',
  area: 'disk',
  title: 'btrfs devices with errors or missing',
  about:
    'btrfs counts failed reads, writes and flushes, and blocks whose checksum or generation was wrong, for each device. The ' +
    'counts stay until they are reset.',
  needs: { fileSystemErrors },
  evaluate: ({ fileSystemErrors: { btrfs: all } }) => {
    if (all.length === 0) return new NotApplicable('no btrfs file system tells its devices’ errors');
    return all
      .filter((one) => one.missing || one.read + one.write + one.flush + one.corruption + one.generation > 0)
      .map((one): FindingDraft => {
        const bad = one.missing || one.write + one.flush + one.corruption > 0;
        return {
          severity: bad ? 'critical' : 'warning',
          title: one.missing ? 'A btrfs device is missing' : 'A btrfs device has errors',
          subject: { kind: 'filesystem', name: `${one.label || one.uuid} device ${one.id}` },
          parameters: {
            read: one.read,
            write: one.write,
            flush: one.flush,
            corruption: one.corruption,
            generation: one.generation,
          },
          evidence: [
            one.missing
              ? 'it is not there, and the file system runs without it'
              : `errors: read ${one.read}, write ${one.write}, flush ${one.flush}, corruption ${one.corruption}, generation ${one.generation}`,
          ],
          remedy: one.missing
            ? { text: 'Replace it: btrfs replace start.', risk: 'data' }
            : {
                text: 'btrfs scrub start finds what is damaged; then replace the device, or reset: btrfs device stats -z.',
                risk: 'none',
              },
          explains: ['kernel-log.btrfs-*'],
        };
      });
  },
});

/** Checks of mounts. */
export const DISK_MOUNT_CHECKS = [readOnly, missing, hung, unreadable, errors, btrfs] as const;
