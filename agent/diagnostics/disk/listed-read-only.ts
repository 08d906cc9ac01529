/**
 * File systems that a list shows read-only without telling whether the mount is, as an administrator wants, or the file system, as an
 * error makes it: /proc/mounts, `mount`, `findmnt`.
 */

import type { FindingDraft } from '../finding.ts';
import { fileSystem, type Mount } from './mounts.ts';

/** Images and verified devices, which are read-only by nature. */
const IMAGE = /^\/dev\/(?:loop|dm-|zram|sr|mtd|ubi|root$|mapper\/(?:root|usr|vroot)$|mapper\/.*verity)/;
/** Where systems keep what only an update writes. */
const KEPT = /^\/(?:usr|boot|efi|nix|oem|sysroot|ostree|firmware|recovery|snap)(?:\/|$)/;

/** What to make of it; undefined where it is as it should be, or where the list tells the two apart. @param all everything that is mounted */
export function readOnlyAsListed(mount: Mount, all: readonly Mount[]): FindingDraft | undefined {
  const { path, type, source, options } = mount;
  if (mount.fileSystemReadOnly !== undefined || !mount.readOnly || !/^(?:ext[34]|xfs|btrfs|f2fs)$/.test(type))
    return undefined;
  // In a container single files of the machine are mounted so.
  const contained = all.some((one) => one.path === '/' && one.type === 'overlay');
  // A snapshot that is booted, such as MicroOS has.
  const snapshot = options.some((option) => /^subvol=.*snapshot/.test(option));
  if (contained || snapshot || !source.startsWith('/dev/') || IMAGE.test(source)) return undefined;
  const listed = `${path} is mounted read-only (${type}, ${source})`;
  const remedy = {
    text: 'nodectl dmesg --level err+ tells whether an error made it so: then check the disk and the file system (fsck, unmounted).',
    risk: 'none',
  } as const;
  if (options.includes('errors=remount-ro') && type.startsWith('ext'))
    return {
      ...{ severity: 'critical', certainty: 'likely', title: 'A file system turned read-only' },
      ...{ subject: fileSystem(mount), remedy },
      evidence: [`${listed}, and errors=remount-ro has errors make it so`],
    };
  if (path === '/')
    return {
      ...{ severity: 'warning', certainty: 'possible', title: 'The root file system is read-only' },
      ...{ subject: fileSystem(mount), remedy, evidence: [listed] },
    };
  if (KEPT.test(path)) return undefined;
  return {
    ...{ severity: 'info', certainty: 'possible', title: 'A file system is mounted read-only' },
    ...{ subject: fileSystem(mount), remedy, evidence: [listed] },
  };
}
