/** What the signatures of network drivers have in common. */

import type { GroupSpec } from '../signature.ts';

/** What helps with most adapters. */
export const ADVICE =
  'Update the adapter’s firmware and the kernel together; read ethtool -i and -S of the interface and try another cable, port or transceiver.';

/** A driver that resets its adapter. */
export const RESET: GroupSpec = {
  family: 'nic-reset',
  severity: 'warning',
  device: 'nic',
  about:
    'The driver found its adapter stuck or in error and reset it. Packets are lost each time, and the link may go down.',
  remedy: { text: ADVICE, risk: 'connection' },
  explains: ['kernel-log.link-down', 'nic.resets', 'nic.link-flaps'],
};
