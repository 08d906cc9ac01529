/**
 * Network adapters that do no more work until somebody acts, in the words of all their drivers. Looked for before what else each
 * driver says, which mostly tells of adapters that come back by themselves. Sources: drivers/net.
 */

import { group } from '../signature.ts';
import { RESET } from './nic-reset.ts';

/** Adapters that have given up, or that their drivers have. */
export const DEAD_NICS = group(RESET, [
  {
    name: 'nic-dead',
    severity: 'critical',
    title: 'A network adapter does no more work',
    about:
      'The adapter or its firmware met an error that its driver cannot bring it back from, and nothing is sent through it any more.',
    remedy: {
      text: 'Load the driver again or restart the node; power it off and on where that is not enough. Update the adapter’s firmware.',
      risk: 'reboot',
    },
    lines: [
      '{dev}: Unrecoverable {HW error|Error} detected',
      '{dev}: encountered fatal error, adapter stopped',
      '{dev}: {*}{device is unrecoverable|device is in unrecoverable state|unrecoverable device error}',
      '{dev}: {Adapter recovery failed|Adapter in non recoverable error|Please reboot server to recover}',
      '{dev}: Reset failed .. Reboot server',
      '{dev}: Reset failed! !!! DISABLING ALL QUEUES !!!',
      '{dev}: Rebuild failed, unload and reload driver',
      '{dev}: The driver for the device stopped because',
      'i40e {*}{dev}: {PF reset failed|Rebuild AdminQ failed}',
      '{dev}: driver needs to be unloaded and reloaded',
      '{dev}: fatal error; disabling device',
      '{dev}: eeprom check failed ({n}), Tx/Rx traffic disabled',
      '{dev}: Reset task did not complete, VF disabled',
      '{dev}: hclge device re-init failed, VF is disabled!',
      '{dev}: Device state set to Failed. Please Reboot',
      '{dev}: Fan Failure on Network Controller has caused the driver to shutdown the card',
      'bnx2x {*}{dev}: Recovery {failed|has failed}. Power cycle {is |}needed',
      'bnx2x: [bnx2x_{w}:{n}({dev})]{*}FATAL ',
      "bnx2x: [bnx2x_{w}:{n}({dev})]Can't load NIC when there is panic",
      '[qede_{w}:{n}({dev})]{*}Power cycle is needed',
      'qede {*}{dev}: {*}Power cycle is needed',
      'cxgb4 {dev}: {*}uncorrectable ECC',
      'mlx4_core {dev}: {C|c}ommunication channel is offline',
      'sfc {*}{dev}: has been disabled',
      'qeth {dev}{*}: The qeth device driver failed to recover an error',
      // Interfaces of boards (stmmac) that could not be started, and are not until somebody tries again.
      '^{w} {w} {dev}: stmmac_hw_setup: DMA engine initialization failed',
      '^{w} {w} {dev}: {stmmac_open|__stmmac_open}: Hw setup failed',
    ],
    explains: [
      ...['kernel-log.link-down', 'kernel-log.nic-tx-hang', 'kernel-log.netdev-watchdog'],
      ...['nic.transmit-timeouts', 'nic.link-down'],
    ],
  },
]);
