/** Network adapters of virtual machines. Sources: drivers/net/{virtio_net,xen-netfront}.c, drivers/net/{vmxnet3,hyperv}, drivers/net/ethernet/{amazon,google,microsoft}. */

import { group, type Signature } from '../signature.ts';
import { RESET } from './nic-reset.ts';

/** Their signatures. */
export const VIRTUAL_NICS: readonly Signature[] = group(RESET, [
  {
    name: 'nic-ena',
    title: 'An Amazon ENA interface was reset',
    links: ['https://docs.kernel.org/networking/device_drivers/ethernet/amazon/ena.html'],
    lines: [
      'ena {*}{dev}: Keep alive watchdog timeout',
      'ena {*}{dev}: The number of lost tx completions is above the threshold',
      '{dev}: The number of lost tx completions is above the threshold',
      'ena {*}{dev}: Lost TX completions are above the threshold',
      'ena {*}{dev}: Potential MSIX issue on {Rx|Tx} side Queue = {n}',
      'ena {*}{dev}: Trigger reset is on',
      'ena {*}{dev}: Reset attempt failed',
      'ena {*}{dev}: Device reset failed',
      'ena {*}{dev}: Device reset completed successfully',
      'ena {*}{dev}: Can not reset device',
      'ena {*}{dev}: Transmit time out',
      "ena {*}{dev}: Found a Tx that wasn't completed on time",
      'ena {*}{dev}: ENA admin queue is not in running state!',
      'ena {*}{dev}: Resetting the device',
      'ena {*}{dev}: Wait for completion (polling) timeout',
      'ena: Wait for completion (polling) timeout',
      'ena {*}{dev}: Reg read{|32} timeout occurred',
      "ena {*}{dev}: TX hasn't completed",
      'ena {*}{dev}: CQE is out of range',
      "ena {*}{dev}: The ena device sent a completion but the driver didn't receive a MSI-X interrupt",
      'ena {*}{dev}: The ena device sent a completion but',
      'ena: The ena device sent a completion but',
      "ena {*}{dev}: Device isn't ready, can't reset device",
      "ena {dev}: {*}Reset indication didn't turn {on|off}",
      "ena {dev} {w}: Reset indication didn't turn {on|off}",
    ],
  },
  {
    name: 'nic-virtio',
    title: 'A virtio network interface does not send',
    about:
      'The host did not take packets from the queue in time: the hypervisor is overloaded or its back end has failed.',
    remedy: {
      text: 'Look at the host: its load, its vhost threads and the network behind it.',
      risk: 'none',
    },
    lines: [
      'virtio_net {*}{dev}: TX timeout on queue: {n}',
      'virtio_net {*}{dev}: Unexpected TXQ ({n}) queue failure: {n}',
      'virtio_net {*}: {*}id {n} out of range',
      '{dev}: bad gso: type: {n}, size: {n}',
      '{dev}: bad gso type {n}',
      'virtio_net {*}{dev}: Failed to send command {*}',
      '{dev}: xennet: skb rides the rocket: {n} slots',
      'net {dev}: rx->offset: {n}, size: {n}',
      '{dev}: Unexpected TXQ ({n}) queue failure',
      'net {dev}: DMA Tx error',
    ],
  },
  {
    name: 'nic-hyperv',
    title: 'A Hyper-V network interface failed over or does not send',
    lines: [
      'hv_netvsc {*}{dev}: Data path switched from VF: {w}',
      'hv_netvsc {*}: unable to complete send',
      'hv_netvsc {*}{dev}: Unable to send {*}',
      'hv_netvsc {*}{dev}: unable to open: {n}',
      'hv_netvsc {*}{dev}: nvsp_rndis_pkt_complete error status: {x}',
      'mana {*}{dev}: Failed to fence RQ {n}: timed out',
      'mana {*}: HWC: Request timed out!',
      'mana {*}{dev}: {Failed|HWC|Command}{*}',
    ],
    severity: 'info',
  },
  {
    name: 'nic-vmxnet3',
    title: 'A VMware vmxnet3 interface hangs',
    about: 'The hypervisor did not work off the transmit ring, and the driver resets the interface.',
    remedy: {
      text: 'Look at the load of the ESXi host; update the VM’s hardware version and the host.',
      risk: 'connection',
    },
    lines: [
      'vmxnet3 {*}{dev}: tx hang',
      'vmxnet3 {*}{dev}: resetting',
      'vmxnet3 {*}{dev}: intr type {n}, mode {n}, {n} vectors allocated failed',
      'vmxnet3 {*}{dev}: Failed to {activate|reset}',
      'vmxnet3 {*}{dev}: failed to activate dev: error {n}',
      'vmxnet3 {*}{dev}: {rx|tx}Queue{*}error {x}',
      '{dev}: vmxnet3: {*}error {x}',
    ],
  },
  {
    name: 'nic-gve',
    title: 'A Google gVNIC interface was reset',
    lines: [
      'gve {*}{dev}: Timeout on tx queue',
      'gve {*}{dev}: Device requested reset',
      'gve {*}{dev}: Performing reset',
      'gve {*}{dev}: Reset failed! !!! DISABLING ALL QUEUES !!!',
      'gve {*}{dev}: Device status {x}{*}reset',
      'gve {*}{dev}: AQ command{*} {timed out|failed}',
      'gve {*}{dev}: TX timeout on queue {n}',
      'gve {*}{dev}: Kicking queue {n}',
    ],
  },
]);
