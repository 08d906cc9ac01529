/** Checks of what tools told of a machine whose outputs are read line by line; of captured machines, but for what the kernel tells too. */

import type { Check } from '../check.ts';
import { DRBD_CHECK } from './drbd.ts';
import { CLUSTER_NODES_CHECK, CLUSTER_RESOURCES_CHECK } from './pacemaker.ts';
import { QUORUM_CHECK, RINGS_CHECK } from './quorum.ts';
import { SAR_BUSY_CHECK, SAR_ERRORS_CHECK, SAR_PAGING_CHECK } from './sar.ts';

/** All of them. */
export const TOLD_CHECKS: readonly Check[] = [
  SAR_ERRORS_CHECK,
  SAR_BUSY_CHECK,
  SAR_PAGING_CHECK,
  RINGS_CHECK,
  DRBD_CHECK,
  QUORUM_CHECK,
  CLUSTER_NODES_CHECK,
  CLUSTER_RESOURCES_CHECK,
];
