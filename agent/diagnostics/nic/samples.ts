/**
 * What is sampled of the network on the slow tick: errors, drops, packets and carrier changes of the interfaces that matter, and
 * the stack's own losses. All from /proc and three folders of /sys: an interface more costs one line of a file that is read anyhow.
 */

import type { Sample, Sampler } from '../../history/sample.ts';
import { type Machine, number } from '../../host/machine.ts';
import { interfaceFolder } from './paths.ts';
import { parseSoftnet, softnetTotals } from './softnet.ts';
import { parseProtocolCounters } from './stack.ts';
import { type LinkCounter, parseNetDev } from './statistics.ts';

/** Counters of /proc/net/dev that are worth a past. */
const COUNTERS: readonly LinkCounter[] = [
  ...(['rx_packets', 'rx_bytes', 'rx_errors', 'rx_dropped', 'rx_fifo_errors'] as const),
  ...(['tx_packets', 'tx_bytes', 'tx_errors', 'tx_dropped'] as const),
];
/** Counters of the stack, by the names of their series. */
const STACK = [
  ['tcp_segments_out', 'Tcp OutSegs'],
  ['tcp_retransmits', 'Tcp RetransSegs'],
  ['tcp_listen_overflows', 'TcpExt ListenOverflows'],
  ['udp_receive_buffer_errors', 'Udp RcvbufErrors'],
] as const;
/** So many interfaces are sampled: the history is bounded too. */
const MAX_INTERFACES = 32;

/** Interfaces with a device, and bonds, told by their entries in /sys alone. */
function sampled(machine: Machine, name: string): boolean {
  const folder = interfaceFolder(machine, name);
  if (!folder.startsWith('sys/devices/virtual/'))
    // A function that is lent out belongs to a guest, who has its own history.
    return (
      folder.startsWith('sys/devices/') &&
      !machine.has(`${folder.slice(0, folder.lastIndexOf('/net/'))}/physfn`)
    );
  return machine.has(`${folder}/bonding`);
}

function read(machine: Machine): Sample[] {
  const samples: Sample[] = [];
  const dev = parseNetDev(machine.text('proc/net/dev') ?? 'face');
  let taken = 0;
  for (const [name, counters] of dev) {
    if (taken >= MAX_INTERFACES || name === 'lo' || !sampled(machine, name)) continue;
    taken++;
    for (const counter of COUNTERS) {
      const value = counters[counter];
      if (value !== undefined) samples.push({ series: `nic/${name}/${counter}`, value });
    }
    const folder = interfaceFolder(machine, name);
    for (const file of ['carrier_changes', 'statistics/rx_crc_errors', 'statistics/rx_missed_errors']) {
      const value = number(machine, `${folder}/${file}`);
      if (value !== undefined)
        samples.push({ series: `nic/${name}/${file.replace('statistics/', '')}`, value });
    }
  }
  const softnet = machine.text('proc/net/softnet_stat');
  if (softnet !== undefined) {
    const total = softnetTotals(parseSoftnet(softnet));
    for (const [key, value] of Object.entries(total)) samples.push({ series: `nic//softnet_${key}`, value });
  }
  const stack = parseProtocolCounters(
    `${machine.text('proc/net/snmp') ?? ''}\n${machine.text('proc/net/netstat') ?? ''}`,
  );
  for (const [series, counter] of STACK) {
    const value = stack.get(counter);
    if (value !== undefined) samples.push({ series: `nic//${series}`, value });
  }
  return samples;
}

/** The sampler of this area. */
export const NIC_SAMPLER: Sampler = { id: 'nic', read };
