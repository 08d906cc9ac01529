/** The checks of the area "disk". */

import type { Check } from '../check.ts';
import { BTRFS_TOLD_CHECKS } from './btrfs-told.ts';
import { CEPH_CHECK } from './ceph.ts';
import { DISK_ARRAY_CHECKS } from './checks-arrays.ts';
import { DISK_DEVICE_CHECKS } from './checks-devices.ts';
import { DISK_HEALTH_CHECKS } from './checks-health.ts';
import { DISK_MOUNT_CHECKS } from './checks-mounts.ts';
import { DISK_NVME_CHECKS } from './checks-nvme.ts';
import { DISK_POOL_SPACE_CHECKS } from './checks-pool-space.ts';
import { DISK_POOL_CHECKS } from './checks-pools.ts';
import { DISK_RAID_CHECKS } from './checks-raid.ts';
import { DISK_SPACE_CHECKS } from './checks-space.ts';
import { DISK_SPEED_CHECKS } from './checks-speed.ts';
import { STORAGE_PORT_CHECKS } from './checks-storage-ports.ts';
import { DISK_WEAR_CHECKS } from './checks-wear.ts';
import { FSCK_CHECK } from './fsck-told.ts';
import { ISCSI_CHECK } from './iscsi.ts';
import { LISTED_CHECK } from './listed-disks.ts';
import { LVM_MISSING_CHECK } from './lvm-missing.ts';
import { LVS_LETTERS_CHECK } from './lvs-letters.ts';
import { TOOL_ERRORS_CHECK } from './tool-errors.ts';

/** All checks of the area. */
export const DISK_CHECKS: readonly Check[] = [
  ...DISK_SPACE_CHECKS,
  ...DISK_POOL_SPACE_CHECKS,
  ...DISK_MOUNT_CHECKS,
  ...DISK_HEALTH_CHECKS,
  ...DISK_WEAR_CHECKS,
  ...DISK_DEVICE_CHECKS,
  ...DISK_SPEED_CHECKS,
  ...DISK_ARRAY_CHECKS,
  ...DISK_POOL_CHECKS,
  ...DISK_NVME_CHECKS,
  ...DISK_RAID_CHECKS,
  ...STORAGE_PORT_CHECKS,
  LISTED_CHECK,
  LVM_MISSING_CHECK,
  LVS_LETTERS_CHECK,
  ISCSI_CHECK,
  CEPH_CHECK,
  ...BTRFS_TOLD_CHECKS,
  FSCK_CHECK,
  TOOL_ERRORS_CHECK,
];
