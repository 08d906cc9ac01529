/** The checks of the area "system". */

import { SYSTEM_ACTIVITY_CHECKS } from '../activity/checks.ts';
import type { Check } from '../check.ts';
import { SYSTEM_CLUSTER_CHECKS } from './checks-cluster.ts';
import { SYSTEM_CONTAINER_CHECKS } from './checks-containers.ts';
import { SYSTEM_ENVIRONMENT_CHECKS } from './checks-environment.ts';
import { SYSTEM_IDENTITY_CHECKS } from './checks-identity.ts';
import { SYSTEM_KUBERNETES_CHECKS } from './checks-kubernetes.ts';
import { SYSTEM_PCI_CHECKS } from './checks-pci.ts';
import { SYSTEM_PROCESSOR_CHECKS } from './checks-processors.ts';
import { SYSTEM_SERVICE_LOG_CHECKS } from './checks-service-logs.ts';
import { SYSTEM_SERVICE_CHECKS } from './checks-services.ts';
import { SYSTEM_TABLE_CHECKS } from './checks-tables.ts';
import { FREQUENCY_CHECK } from './frequency-told.ts';
import { INTERRUPT_COUNTERS_CHECK } from './interrupt-counters.ts';
import { PODS_CHECK } from './pods-told.ts';

/** All checks of the area. */
export const SYSTEM_CHECKS: readonly Check[] = [
  ...SYSTEM_PROCESSOR_CHECKS,
  INTERRUPT_COUNTERS_CHECK,
  ...SYSTEM_ACTIVITY_CHECKS,
  ...SYSTEM_ENVIRONMENT_CHECKS,
  ...SYSTEM_SERVICE_CHECKS,
  ...SYSTEM_TABLE_CHECKS,
  ...SYSTEM_IDENTITY_CHECKS,
  ...SYSTEM_KUBERNETES_CHECKS,
  ...SYSTEM_CLUSTER_CHECKS,
  ...SYSTEM_PCI_CHECKS,
  ...SYSTEM_CONTAINER_CHECKS,
  ...SYSTEM_SERVICE_LOG_CHECKS,
  PODS_CHECK,
  FREQUENCY_CHECK,
];
