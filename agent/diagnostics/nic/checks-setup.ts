/** Checks of how NICs are set up: offloads, flow control, Energy-Efficient Ethernet, error correction, the processors that they are near to. */

import { type Check, check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { percent } from '../quantities.ts';
import { countOf, percentOf } from './counter-check.ts';
import { quantitiesOf } from './counters/counters.ts';
import {
  nicCounters,
  nicDrivers,
  nicEee,
  nicFeatures,
  nicFec,
  nicPause,
  nicSettings,
} from './ethtool-facts.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { nicInterrupts } from './interrupts.ts';
import { nicForwarding, nicNodes } from './placement.ts';

const NO_DEVICE = new NotApplicable('this machine has no network device');
const OFFLOADS = 'https://docs.kernel.org/networking/segmentation-offloads.html';

/** Offloads whose absence costs a processor that could do something else. */
const WORTHWHILE = [
  'rx-checksumming',
  'tx-checksumming',
  'scatter-gather',
  'tcp-segmentation-offload',
  'generic-receive-offload',
] as const;

const offloads = check({
  id: 'nic.offloads-off',
  area: 'nic',
  title: 'Offloads that a NIC could do and that are switched off',
  about:
    'Checksums, segmentation and coalescing of packets cost a processor much more than a NIC. They are sometimes switched off to ' +
    'get around a bug and then forgotten. Offloads that the device does not have are not reported.',
  needs: { features: nicFeatures, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  links: [OFFLOADS],
  evaluate: ({ features, interfaces, identities }) => {
    if (features.size === 0) return NO_DEVICE;
    return interfaces.flatMap(({ name, carrier }): FindingDraft[] => {
      const own = features.get(name);
      if (!own || carrier === false) return [];
      const off = WORTHWHILE.filter(
        (feature) => own.get(feature)?.on === false && own.get(feature)?.fixed === false,
      );
      // A heading such as tx-checksumming is off, and not fixed, where all that it stands for is fixed off.
      const real = off.filter(
        (feature) =>
          feature !== 'tx-checksumming' ||
          [...own].some(([key, one]) => key.startsWith('tx-checksum-') && !one.fixed),
      );
      if (
        real.length === 0 ||
        !real.some((feature) => feature !== 'tcp-segmentation-offload' || canSegment(own))
      )
        return [];
      return [
        {
          severity: 'info',
          title: 'Offloads that the NIC could do are switched off',
          subject: nicSubject(name, identities),
          parameters: { offloads: real.join(', ') },
          evidence: [`ethtool -k ${name}: off ${real.join(', ')}`],
          remedy: {
            text: `Where no known bug speaks against it: ethtool -K ${name} ${real.map(short).join(' on ')} on.`,
            risk: 'connection',
          },
        },
      ];
    });
  },
});

function canSegment(own: ReadonlyMap<string, { fixed: boolean }>): boolean {
  return own.get('tx-tcp-segmentation')?.fixed === false;
}

/** ethtool's short names, which -K takes. */
function short(feature: (typeof WORTHWHILE)[number]): string {
  return {
    ...{ 'rx-checksumming': 'rx', 'tx-checksumming': 'tx', 'scatter-gather': 'sg' },
    ...{ 'tcp-segmentation-offload': 'tso', 'generic-receive-offload': 'gro' },
  }[feature];
}

const wanted = check({
  id: 'nic.offloads-refused',
  area: 'nic',
  title: 'Offloads that were asked for and are not on',
  about:
    'Somebody asked for an offload that the device refused, for it depends on another one or on a mode that is set.',
  needs: { features: nicFeatures, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  evaluate: ({ features, interfaces, identities }) => {
    if (features.size === 0) return NO_DEVICE;
    return interfaces.flatMap(({ name }): FindingDraft[] => {
      const refused = [...(features.get(name) ?? [])]
        .filter(([, one]) => one.requested === true && !one.on)
        .map(([feature]) => feature);
      // A member of a bond or bridge has some taken away by what it is part of.
      const shown = refused.filter(
        (feature) =>
          feature !== 'large-receive-offload' && !feature.startsWith('tx-vlan') && feature !== 'rx-gro-hw',
      );
      if (shown.length === 0) return [];
      return [
        {
          severity: 'info',
          title: 'Offloads that were asked for are not on',
          subject: nicSubject(name, identities),
          parameters: { offloads: shown.join(', ') },
          evidence: [`ethtool -k ${name}: ${shown.slice(0, 6).join(', ')} [requested on]`],
          remedy: { text: 'See in the driver’s documentation what they depend on.', risk: 'none' },
        },
      ];
    });
  },
});

const lro = check({
  id: 'nic.lro-forwarding',
  area: 'nic',
  title: 'Large receive offload on a machine that passes packets on',
  about:
    'LRO joins packets in a way that cannot be undone. On a router or bridge that breaks what passes through; drivers say so in ' +
    'their documentation. GRO does the same job and can be undone.',
  needs: { features: nicFeatures, interfaces: nicInterfaces },
  wants: { identities: nicIdentities, forwards: nicForwarding },
  links: ['https://docs.kernel.org/networking/device_drivers/ethernet/intel/ixgbe.html'],
  evaluate: ({ features, interfaces, identities, forwards }) => {
    if (features.size === 0) return NO_DEVICE;
    const bridges = new Set(interfaces.filter(({ kind }) => kind === 'bridge').map(({ name }) => name));
    return interfaces.flatMap(({ name, master }): FindingDraft[] => {
      const bridged = master !== undefined && bridges.has(master);
      if (features.get(name)?.get('large-receive-offload')?.on !== true || (!bridged && !forwards)) return [];
      return [
        {
          severity: bridged ? 'warning' : 'info',
          certainty: 'likely',
          title: 'Large receive offload is on where packets are passed on',
          subject: nicSubject(name, identities),
          evidence: [
            `${name}: large-receive-offload is on, and ${bridged ? `it is part of the bridge ${master}` : 'net.ipv4.ip_forward is 1'}`,
          ],
          remedy: { text: `ethtool -K ${name} lro off gro on`, risk: 'connection' },
          explains: ['nic.tcp-retransmits'],
        },
      ];
    });
  },
});

const flowControl = check({
  id: 'nic.flow-control-differs',
  area: 'nic',
  title: 'Flow control that both sides did not agree on',
  about:
    'Pause frames work where both sides want them. Here this side offers them, and negotiation ended without: the switch has ' +
    'them off. That is harmless until buffers overflow. Members of one bond that differ are told too.',
  needs: { pause: nicPause, interfaces: nicInterfaces },
  wants: { identities: nicIdentities, counters: nicCounters, drivers: nicDrivers },
  thresholds: {
    least: countOf(1_000, 'chosen: packets lost for want of buffers, without which it makes no difference'),
  },
  evaluate: ({ pause, interfaces, identities, counters, drivers }, { least }) => {
    if (pause.size === 0) return new NotApplicable('no device tells of flow control');
    return interfaces.flatMap(({ name, carrier, master, statistics }): FindingDraft[] => {
      const own = pause.get(name);
      if (!own || carrier === false) return [];
      const told = counters?.get(name);
      const quantities = told && quantitiesOf(drivers?.get(name)?.driver, told);
      const lost = Math.max(
        quantities?.get('fifo')?.value ?? 0,
        quantities?.get('missed')?.value ?? 0,
        statistics.rx_missed_errors ?? 0,
      );
      const refused =
        own.autonegotiate === true && own.tx === true && own.txNegotiated === false && lost >= least;
      const siblings =
        master === undefined
          ? []
          : interfaces.filter((one) => one.master === master && one.name !== name && pause.has(one.name));
      const other = siblings.find(
        (one) => pause.get(one.name)?.rx !== own.rx || pause.get(one.name)?.tx !== own.tx,
      );
      if (!refused && !other) return [];
      return [
        {
          severity: 'info',
          certainty: 'possible',
          title: refused
            ? 'Flow control is offered and was not agreed on, while packets are lost'
            : 'Flow control differs between members of one bond',
          subject: nicSubject(name, identities),
          parameters: { rx: String(own.rx ?? 'unknown'), tx: String(own.tx ?? 'unknown') },
          evidence: [
            refused
              ? `ethtool -a ${name}: sending pause frames offered, not agreed on; ${lost} packets lost for want of buffers`
              : `ethtool -a: ${name} rx ${own.rx ? 'on' : 'off'} tx ${own.tx ? 'on' : 'off'}, ${other?.name} otherwise`,
          ],
          remedy: {
            text: 'Set flow control alike on both sides and on all members of a bond.',
            risk: 'connection',
          },
        },
      ];
    });
  },
});

/** Drivers of which trouble with Energy-Efficient Ethernet is known. */
const EEE_DRIVERS = new Set(['igb', 'igc', 'e1000e', 'r8169', 'r8125', 'r8168', 'tg3']);

const eee = check({
  id: 'nic.eee-flaps',
  area: 'nic',
  title: 'Energy-Efficient Ethernet on a link that flaps',
  about:
    'With Energy-Efficient Ethernet the link sleeps between packets. Some pairs of NIC and switch (Intel I21x and I22x, Realtek ' +
    '8111/8125) lose the link or packets when they wake. Told only where the link came and went, for most do well.',
  needs: { eee: nicEee, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  thresholds: {
    changes: countOf(10, 'chosen: coming up after a boot makes two to six changes of the carrier'),
  },
  evaluate: ({ eee: states, interfaces, identities }, { changes }) => {
    if (states.size === 0) return new NotApplicable('no device has Energy-Efficient Ethernet');
    return interfaces.flatMap(({ name, carrierChanges = 0 }): FindingDraft[] => {
      const driver = identities?.get(name)?.driver ?? '';
      if (!states.get(name)?.active || !EEE_DRIVERS.has(driver) || carrierChanges < changes) return [];
      return [
        {
          severity: 'warning',
          certainty: 'possible',
          title: 'The link flaps, and Energy-Efficient Ethernet is in force',
          subject: nicSubject(name, identities),
          parameters: { carrierChanges },
          evidence: [`${name} (${driver}): EEE enabled and active, ${carrierChanges} changes of the carrier`],
          remedy: { text: `Try without: ethtool --set-eee ${name} eee off.`, risk: 'connection' },
          explains: ['nic.link-flaps'],
        },
      ];
    });
  },
});

const noFec = check({
  id: 'nic.fec-off',
  area: 'nic',
  title: 'A fast link without error correction',
  about:
    'From 25 Gbit/s on most media need forward error correction to reach the bit error ratio that Ethernet asks for (IEEE 802.3by, ' +
    'cd). Short direct-attached cables may do without; told only where frames break.',
  needs: { fec: nicFec, settings: nicSettings, interfaces: nicInterfaces },
  wants: { identities: nicIdentities, counters: nicCounters, drivers: nicDrivers },
  thresholds: {
    speed: { value: 25_000, unit: 'Mbit/s', source: 'IEEE 802.3by: RS-FEC for 25GBASE-SR and 25GBASE-CR' },
    least: countOf(100, 'chosen: a link that comes up breaks some'),
  },
  evaluate: ({ fec, settings, interfaces, identities, counters, drivers }, { speed, least }) => {
    if (fec.size === 0) return new NotApplicable('no device has forward error correction');
    return interfaces.flatMap(({ name, carrier, statistics }): FindingDraft[] => {
      const now = identities?.get(name)?.speedMbps ?? settings.get(name)?.speedMbps ?? 0;
      const active = fec.get(name)?.active ?? [];
      const off = active.length > 0 && active.every((one) => /^(?:off|none)$/i.test(one));
      const own = counters?.get(name);
      const broken = Math.max(
        (own && quantitiesOf(drivers?.get(name)?.driver, own).get('crc')?.value) ?? 0,
        statistics.rx_crc_errors ?? 0,
      );
      if (!off || now < speed || carrier === false || broken < least) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'A fast link runs without error correction, and frames break',
          subject: nicSubject(name, identities),
          parameters: { speedMbps: now, crcErrors: broken },
          evidence: [
            `ethtool --show-fec ${name}: active ${active.join(', ')}; ${broken} frames with a wrong checksum`,
          ],
          remedy: {
            text: `Set the same on both sides: ethtool --set-fec ${name} encoding rs.`,
            risk: 'connection',
          },
          explains: ['nic.crc-errors', 'nic.symbol-errors', 'nic.receive-errors'],
        },
      ];
    });
  },
});

const remote = check({
  id: 'nic.numa-remote',
  area: 'nic',
  title: 'Interrupts of a NIC on processors far from it',
  about:
    'A device is near to one NUMA node. Packets that are handled on another cross the link between the nodes, which costs time and ' +
    'limits throughput from about 25 Gbit/s on.',
  needs: { interrupts: nicInterrupts, interfaces: nicInterfaces, nodes: nicNodes },
  wants: { identities: nicIdentities },
  thresholds: {
    share: percentOf(50, 'chosen: more than half'),
    least: countOf(1_000_000, 'chosen: a device with less to do needs no care'),
  },
  evaluate: ({ interrupts: { spreads }, interfaces, nodes, identities }, { share, least }) => {
    if (new Set(nodes.values()).size < 2) return new NotApplicable('this machine has one NUMA node');
    return interfaces.flatMap(({ name, device }): FindingDraft[] => {
      const spread = spreads.get(name);
      if (!spread || device?.numaNode === undefined || spread.total < least) return [];
      const far = [...spread.byCpu].reduce(
        (sum, [cpu, count]) => sum + (nodes.get(cpu) === device.numaNode ? 0 : count),
        0,
      );
      if (percent(far, spread.total) <= share) return [];
      return [
        {
          severity: 'info',
          title: 'Most interrupts of the NIC go to processors far from it',
          subject: nicSubject(name, identities),
          parameters: { sharePercent: percent(far, spread.total), node: device.numaNode },
          evidence: [
            `${percent(far, spread.total)} % of ${spread.total} interrupts came to processors of other nodes than ${device.numaNode}`,
          ],
          remedy: {
            text: `Bind them to node ${device.numaNode}: IRQBALANCE_ARGS, or /proc/irq/N/smp_affinity_list.`,
            risk: 'none',
          },
        },
      ];
    });
  },
});

/** Checks of this file. */
export const NIC_SETUP_CHECKS: readonly Check[] = [offloads, wanted, lro, flowControl, eee, noFec, remote];
