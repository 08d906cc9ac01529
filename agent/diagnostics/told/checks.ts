/** Checks of what tools told of a machine whose outputs are read line by line; of captured machines, but for what the kernel tells too. */

import type { Check } from '../check.ts';
import { BOOTS_CHECK } from './boots-told.ts';
import { CERTIFICATES_TOLD_CHECK } from './certificates-told.ts';
import { FAILED_COMMAND_CHECKS } from './command-failures.ts';
import { CORE_DUMPS_CHECK } from './core-dumps.ts';
import { DKMS_CHECK } from './dkms.ts';
import { DRBD_CHECK } from './drbd.ts';
import { ETCD_PERF_CHECK } from './etcd-perf.ts';
import { FIRMWARE_CHECK } from './firmware-told.ts';
import { FSTAB_CHECK } from './fstab.ts';
import { FULL_LISTS_CHECK } from './full-lists.ts';
import { GLUSTER_CHECK } from './gluster.ts';
import { GPU_CHECK } from './gpu.ts';
import { JOURNAL_VERIFY_CHECK } from './journal-verify.ts';
import { CRASH_SESSION_CHECK, KDUMP_TOLD_CHECK } from './kdump.ts';
import { KUBE_HEALTH_CHECK } from './kube-health.ts';
import { FIO_CHECK, MEASURED_CLOCK_CHECK, MEMTESTER_CHECK } from './measured.ts';
import { MEDIA_CHECK } from './media.ts';
import { MODULE_LOADS_CHECK } from './module-loads.ts';
import { NETWORK_MANAGER_CHECK } from './network-manager.ts';
import { NFS_REQUESTS_CHECK, NFS_SERVER_CHECK } from './nfs.ts';
import { CLUSTER_NODES_CHECK, CLUSTER_RESOURCES_CHECK } from './pacemaker.ts';
import { PACKAGES_CHECK } from './packages.ts';
import { PORT_TESTS_CHECK } from './port-tests.ts';
import { PROBES_CHECK } from './probes.ts';
import { QUORUM_CHECK, RINGS_CHECK } from './quorum.ts';
import { RAS_RECORDS_CHECK } from './ras-records.ts';
import { RTC_TOLD_CHECK } from './rtc-told.ts';
import { RUNTIME_INFO_CHECK } from './runtime-info.ts';
import { SAR_BUSY_CHECK, SAR_ERRORS_CHECK, SAR_PAGING_CHECK } from './sar.ts';
import { SOCKET_DROPS_CHECK } from './socket-memory.ts';
import { CONNECTIONS_CHECK, LISTENERS_CHECK } from './sockets.ts';

/** All of them. */
export const TOLD_CHECKS: readonly Check[] = [
  SAR_ERRORS_CHECK,
  SAR_BUSY_CHECK,
  SAR_PAGING_CHECK,
  RINGS_CHECK,
  LISTENERS_CHECK,
  CONNECTIONS_CHECK,
  SOCKET_DROPS_CHECK,
  MODULE_LOADS_CHECK,
  PROBES_CHECK,
  NFS_REQUESTS_CHECK,
  NFS_SERVER_CHECK,
  DRBD_CHECK,
  QUORUM_CHECK,
  GPU_CHECK,
  FIRMWARE_CHECK,
  FSTAB_CHECK,
  RUNTIME_INFO_CHECK,
  MEASURED_CLOCK_CHECK,
  FIO_CHECK,
  MEMTESTER_CHECK,
  ETCD_PERF_CHECK,
  FULL_LISTS_CHECK,
  MEDIA_CHECK,
  KUBE_HEALTH_CHECK,
  CLUSTER_NODES_CHECK,
  CLUSTER_RESOURCES_CHECK,
  DKMS_CHECK,
  KDUMP_TOLD_CHECK,
  CRASH_SESSION_CHECK,
  RTC_TOLD_CHECK,
  GLUSTER_CHECK,
  CERTIFICATES_TOLD_CHECK,
  PACKAGES_CHECK,
  CORE_DUMPS_CHECK,
  JOURNAL_VERIFY_CHECK,
  RAS_RECORDS_CHECK,
  PORT_TESTS_CHECK,
  BOOTS_CHECK,
  NETWORK_MANAGER_CHECK,
  ...FAILED_COMMAND_CHECKS,
];
