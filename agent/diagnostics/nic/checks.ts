/** The checks of the area "nic". */

import type { Check } from '../check.ts';
import { NIC_BOND_CHECKS } from './checks-bond.ts';
import { NIC_BUFFER_CHECKS } from './checks-buffers.ts';
import { NIC_DEVICE_CHECKS } from './checks-device.ts';
import { NIC_DEVLINK_CHECKS } from './checks-devlink.ts';
import { NIC_ERROR_CHECKS } from './checks-errors.ts';
import { NIC_EVENT_CHECKS } from './checks-events.ts';
import { NIC_GROWTH_CHECKS } from './checks-growth.ts';
import { NIC_INFINIBAND_CHECKS } from './checks-infiniband.ts';
import { NIC_LACP_CHECKS } from './checks-lacp.ts';
import { NIC_LINK_CHECKS } from './checks-link.ts';
import { NIC_LOG_LINK_CHECKS } from './checks-log-links.ts';
import { NIC_MLXLINK_CHECKS } from './checks-mlxlink.ts';
import { NIC_MODULE_CHECKS } from './checks-module.ts';
import { NIC_NAME_CHECKS } from './checks-names.ts';
import { NIC_NETWORKD_CHECKS } from './checks-networkd.ts';
import { NIC_PAST_CHECKS } from './checks-past.ts';
import { NIC_PAUSE_CHECKS } from './checks-pause.ts';
import { NIC_QUEUE_CHECKS } from './checks-queues.ts';
import { NIC_SETUP_CHECKS } from './checks-setup.ts';
import { NIC_SWITCH_PORT_CHECKS } from './checks-switch-port.ts';
import { NIC_TEAM_CHECKS } from './checks-teams.ts';
import { NIC_TOPOLOGY_CHECKS } from './checks-topology.ts';
import { NIC_STACK_CHECKS } from './stack-checks.ts';
import { NIC_LOST_CHECKS } from './stack-checks-lost.ts';

/** All checks of the area. */
export const NIC_CHECKS: readonly Check[] = [
  ...[
    ...NIC_LINK_CHECKS,
    ...NIC_LOG_LINK_CHECKS,
    ...NIC_ERROR_CHECKS,
    ...NIC_BUFFER_CHECKS,
    ...NIC_EVENT_CHECKS,
    ...NIC_PAST_CHECKS,
  ],
  ...[...NIC_DEVICE_CHECKS, ...NIC_MODULE_CHECKS, ...NIC_BOND_CHECKS, ...NIC_LACP_CHECKS],
  ...[
    ...NIC_TOPOLOGY_CHECKS,
    ...NIC_NAME_CHECKS,
    ...NIC_QUEUE_CHECKS,
    ...NIC_SETUP_CHECKS,
    ...NIC_STACK_CHECKS,
    ...NIC_LOST_CHECKS,
    ...NIC_MLXLINK_CHECKS,
    ...NIC_DEVLINK_CHECKS,
    ...NIC_INFINIBAND_CHECKS,
    ...NIC_TEAM_CHECKS,
    ...NIC_NETWORKD_CHECKS,
    ...NIC_SWITCH_PORT_CHECKS,
    ...NIC_PAUSE_CHECKS,
    ...NIC_GROWTH_CHECKS,
  ],
];
