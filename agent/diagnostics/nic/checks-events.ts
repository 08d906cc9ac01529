/** Checks of events that should not happen at all: hangs, resets, transfers that fail, allowances that are used up. */

import { type Check, check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { counterEvidence, countOf } from './counter-check.ts';
import { type Counted, quantitiesOf } from './counters/counters.ts';
import type { Quantity } from './counters/quantities.ts';
import { nicCounters, nicDrivers, nicFec } from './ethtool-facts.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';

/** A check of a quantity of which any event is a trouble. */
function eventCheck(spec: {
  id: string;
  title: string;
  about: string;
  quantity: Quantity;
  finding: string;
  severity: 'info' | 'warning' | 'critical';
  least: ReturnType<typeof countOf>;
  remedy: FindingDraft['remedy'];
  explains?: readonly string[];
  links?: readonly string[];
  /** What of it is told; all unless told. */
  only?: (counted: Counted) => boolean;
  /** Other ids for what the counters say more closely. */
  more?: (names: readonly string[]) => Record<string, string | number>;
}): Check {
  return check({
    ...{ id: spec.id, area: 'nic', title: spec.title, about: spec.about, links: spec.links ?? [] },
    needs: { counters: nicCounters, interfaces: nicInterfaces },
    wants: { drivers: nicDrivers, identities: nicIdentities },
    thresholds: { least: spec.least },
    evaluate: ({ counters, interfaces, drivers, identities }, { least }) => {
      let counts = false;
      const findings = interfaces.flatMap(({ name, device }): FindingDraft[] => {
        const own = counters.get(name);
        const counted =
          own && quantitiesOf(drivers?.get(name)?.driver ?? device?.driver, own).get(spec.quantity);
        counts ||= counted !== undefined;
        if (!counted || counted.value < least || spec.only?.(counted) === false) return [];
        return [
          {
            severity: spec.severity,
            certainty: counted.known ? 'certain' : 'likely',
            title: spec.finding,
            subject: nicSubject(name, identities),
            parameters: { count: counted.value, ...spec.more?.(counted.counters.map((one) => one.name)) },
            evidence: counterEvidence(counted),
            count: counted.value,
            remedy: spec.remedy,
            explains: spec.explains ?? [],
          },
        ];
      });
      return counts ? findings : new NotApplicable('no driver of this machine counts this');
    },
  });
}

const timeouts = eventCheck({
  id: 'nic.transmit-timeouts',
  title: 'Transmit queues that stood still',
  about:
    'The kernel gives a queue up that has sent nothing for some seconds although it should, and has the driver reset the device ' +
    '("NETDEV WATCHDOG … transmit queue timed out" in the log). Counted by the driver since it was loaded.',
  quantity: 'timeouts',
  finding: 'Transmit queues of the NIC stood still and were reset',
  severity: 'warning',
  least: countOf(1, 'chosen: there should be none'),
  remedy: {
    text: 'Update the NIC’s firmware and see whether this kernel has a known trouble with its driver: nodectl kernel --troubles. ASPM and offloads are the usual suspects.',
    risk: 'reboot',
  },
  explains: ['nic.transmit-errors', 'nic.link-flaps', 'nic.resets'],
});

const resets = eventCheck({
  id: 'nic.resets',
  title: 'Devices or queues that were reset',
  about:
    'Drivers reset a device or one of its queues when it stopped answering. Each time packets are lost and the link may drop.',
  quantity: 'resets',
  finding: 'The NIC or its queues were reset',
  severity: 'warning',
  least: countOf(3, 'chosen: taking a device into use may count one or two'),
  remedy: {
    text: 'Look for the reason in the log (nodectl dmesg -g IFACE), then update the device’s firmware.',
    risk: 'reboot',
  },
});

const silent = eventCheck({
  id: 'nic.firmware-silent',
  title: 'Commands that a NIC’s firmware never answered',
  about:
    'The driver talks to the device’s firmware by commands. One without an answer means that the firmware hangs or is very slow.',
  quantity: 'firmware',
  finding: 'The NIC’s firmware does not answer commands',
  severity: 'warning',
  least: countOf(1, 'chosen: there should be none'),
  remedy: {
    text: 'Update the firmware; on a cloud instance stop and start it, so that it gets another host.',
    risk: 'reboot',
  },
  explains: ['nic.transmit-timeouts', 'nic.resets'],
});

const dma = eventCheck({
  id: 'nic.dma-errors',
  title: 'Transfers to memory that failed',
  about:
    'The driver could not map memory for the device, or the device’s access to it failed: an exhausted IOMMU or bounce buffer, or a broken bus.',
  quantity: 'dma',
  finding: 'Transfers between the NIC and memory fail',
  severity: 'warning',
  least: countOf(10, 'chosen: a driver tries again at once'),
  remedy: {
    text: 'Look for messages of the IOMMU and of swiotlb: nodectl dmesg -g "DMAR|AMD-Vi|swiotlb".',
    risk: 'none',
  },
  explains: ['nic.transmit-drops', 'nic.receive-drops'],
});

const pcieErrors = eventCheck({
  id: 'nic.pcie-errors',
  title: 'Errors and stalls of PCI Express, as the NIC sees them',
  about:
    'The device counts bad signals on its PCI Express link and the times that it had to wait for the host.',
  quantity: 'pci',
  finding: 'The NIC sees errors or stalls of its PCI Express link',
  severity: 'info',
  least: countOf(1_000, 'chosen: a link that comes up makes some'),
  remedy: {
    text: 'Reseat the card, look at nic.pcie-degraded and at AER messages: nodectl dmesg -g AER.',
    risk: 'reboot',
  },
  explains: ['nic.buffer-overflow'],
});

const linkFaults = eventCheck({
  id: 'nic.link-faults',
  title: 'Faults that the line signalled',
  about:
    'Ethernet from 10 Gbit/s on signals a fault to the other side when it receives nothing sensible. A local fault is seen here, a remote one there.',
  quantity: 'linkFault',
  finding: 'The line signals faults',
  severity: 'info',
  least: countOf(20, 'chosen: a link that comes up makes a few'),
  remedy: {
    text: 'A local fault: look at the receiving fibre and optic. A remote fault: at the sending one.',
    risk: 'connection',
  },
  explains: ['nic.link-flaps'],
});

const allowance = eventCheck({
  id: 'nic.allowance-exceeded',
  title: 'Packets held back because a cloud instance’s allowance was used up',
  about:
    'Instances have allowances of bandwidth, packets a second, tracked connections and link-local requests (DNS, time, metadata). ' +
    'What goes beyond is queued or dropped by the host, which looks like loss that nobody causes.',
  quantity: 'allowance',
  finding: 'The instance’s network allowance was exceeded',
  severity: 'warning',
  least: countOf(1, 'AWS and Amazon EKS: any growth of an allowance-exceeded counter'),
  links: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-network-performance-ena.html'],
  more: (names) => ({ allowances: names.map((name) => name.replace(/_allowance_exceeded$/, '')).join(', ') }),
  remedy: {
    text: 'bw_*: a larger instance. pps: fewer, larger packets. conntrack: fewer connections or untracked security groups. linklocal: cache DNS.',
    risk: 'none',
  },
  explains: ['nic.tcp-retransmits', 'nic.receive-drops', 'nic.transmit-drops'],
});

const storms = eventCheck({
  id: 'nic.pause-storm',
  title: 'A NIC that paused its link for so long that its firmware stepped in',
  about:
    'A device that cannot deliver its packets tells the switch to pause, and a switch that has to pause tells its other ports: one ' +
    'stuck machine can stop a network. Firmware counts when pausing goes on for hundreds of milliseconds.',
  quantity: 'pauseStorm',
  finding: 'The NIC paused its link for too long',
  severity: 'warning',
  least: countOf(1, 'chosen: there should be none'),
  // bnx2x counts each time that its timer ran out, also while the machine starts and nobody takes packets yet.
  only: ({ value, counters }) =>
    value > 10 || counters.some(({ name }) => name !== 'rx_constant_pause_events'),
  links: ['https://docs.kernel.org/networking/device_drivers/ethernet/mellanox/mlx5/counters.html'],
  remedy: {
    text: 'Find what kept the machine from taking packets at that time (hung task, firmware); consider flow control off: ethtool -A IFACE tx off.',
    risk: 'connection',
  },
});

const moduleEvents = eventCheck({
  id: 'nic.module-events',
  title: 'Troubles of a pluggable module that the NIC counted',
  about:
    'The device saw its module too hot, its management bus stuck, or a shorted connector since the driver was loaded.',
  quantity: 'module',
  finding: 'The NIC counted troubles of its pluggable module',
  severity: 'warning',
  least: countOf(1, 'chosen: there should be none'),
  remedy: { text: 'Reseat or replace the module, and see to the air flow.', risk: 'connection' },
  explains: ['nic.link-flaps', 'nic.link-down'],
});

const eeeErrors = eventCheck({
  id: 'nic.eee-errors',
  title: 'Errors while leaving Energy-Efficient Ethernet’s sleep',
  about:
    'The transceiver did not wake in time when the link left its low-power state. Packets are lost each time.',
  quantity: 'eee',
  finding: 'The transceiver has trouble with Energy-Efficient Ethernet',
  severity: 'info',
  least: countOf(100, 'chosen: a link that comes up makes some'),
  remedy: { text: 'Switch it off: ethtool --set-eee IFACE eee off.', risk: 'connection' },
  explains: ['nic.link-flaps', 'nic.crc-errors'],
});

const fec = check({
  id: 'nic.fec-uncorrectable',
  area: 'nic',
  title: 'Blocks that forward error correction could not repair',
  about:
    'From 25 Gbit/s on links live with bit errors that forward error correction repairs. A block that it cannot repair is lost ' +
    'with all frames in it: the line is worse than its correction.',
  needs: { interfaces: nicInterfaces },
  wants: { counters: nicCounters, fecs: nicFec, drivers: nicDrivers, identities: nicIdentities },
  thresholds: { least: countOf(100, 'chosen: a link that comes up makes some') },
  links: ['https://docs.kernel.org/networking/statistics.html'],
  evaluate: ({ interfaces, counters, fecs, drivers, identities }, { least }) => {
    if (!counters && !fecs) return new Skipped('neither ethtool -S nor ethtool --show-fec could be read');
    let counts = false;
    const findings = interfaces.flatMap(({ name, device }): FindingDraft[] => {
      const own = counters?.get(name);
      const counted =
        own && quantitiesOf(drivers?.get(name)?.driver ?? device?.driver, own).get('fecUncorrected');
      const told = fecs?.get(name)?.uncorrectableBlocks;
      counts ||= counted !== undefined || told !== undefined;
      const value = Math.max(counted?.value ?? 0, told ?? 0);
      if (value < least) return [];
      return [
        {
          severity: 'warning',
          certainty: counted?.known === false ? 'likely' : 'certain',
          title: 'Error correction cannot repair what the line damages',
          subject: nicSubject(name, identities),
          parameters: { count: value },
          evidence: [
            ...counterEvidence(counted),
            ...(told ? [`ethtool -I --show-fec ${name}: uncorrectable_blocks ${told}`] : []),
          ],
          count: value,
          remedy: {
            text: 'Clean or replace cable and optics; see that both sides use the same and the strongest FEC: ethtool --show-fec IFACE.',
            risk: 'connection',
          },
          explains: ['nic.crc-errors', 'nic.symbol-errors', 'nic.receive-errors', 'nic.link-flaps'],
        },
      ];
    });
    return counts ? findings : new NotApplicable('no driver of this machine counts this');
  },
});

/** Checks of this file. */
export const NIC_EVENT_CHECKS: readonly Check[] = [
  ...[timeouts, resets, silent, dma, pcieErrors, linkFaults, allowance, storms, moduleEvents, eeeErrors, fec],
];
