/** `nodectl nic`: what it is called, takes and prints. */

import { FROM_OPTION } from '../../diag/options.ts';
import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl nic`. */
export const NIC: CommandSpec = {
  name: 'nic',
  summary: 'Show network interfaces: driver, firmware, speed, errors, and the switch behind the cable',
  description:
    'A row for each interface that has a device, and for bonds. For one interface of one node, or with --verbose, everything: link and what both sides can, PCI Express, rings, channels, offloads, flow control, counters that are not zero with their rates, the pluggable module with its bounds, bond, VLAN and neighbour. What is wrong with them, nodectl diag nic says.',
  group: 'Diagnostics',
  arguments: [
    {
      name: 'interface',
      description: 'only these; * and ? stand for any characters and for one',
      variadic: true,
    },
  ],
  options: [
    { flags: '--virtual', description: 'virtual interfaces too' },
    { flags: '-v, --verbose', description: 'everything, for every interface' },
    FROM_OPTION,
  ],
  targets: 'read-all',
  output: true,
  exitCodes: { 1: 'no node has such an interface' },
  examples: [
    { command: 'nodectl nic', about: 'a row for each interface' },
    { command: 'nodectl nic eth0 -n web-1', about: 'everything about one' },
    { command: "nodectl nic 'en*' -l rack=a -o wide", about: 'some interfaces of a rack' },
    { command: 'nodectl nic --from ./web-1', about: 'a captured machine' },
  ],
  load: () => import('./run.ts'),
};
