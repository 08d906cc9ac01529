/** Checks of the device itself: its bus and its driver. */

import { type Check, check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { isGone } from './counters/counters.ts';
import { nicChannels, nicCounters, nicDrivers, nicFeatures } from './ethtool-facts.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { nicSpeeds, type PcieLink } from './speeds.ts';
import { nicUnbound } from './unbound.ts';

const NO_DEVICE = new NotApplicable('this machine has no network device');

const degraded = check({
  id: 'nic.pcie-degraded',
  area: 'nic',
  title: 'A NIC on a slow PCI Express link',
  about:
    'A card trains its link to the fastest speed and most lanes that both ends can. Less than that means dirt in the slot, a bad ' +
    'riser or a card that is half out. Less than the card can, in a slot that has no more, is told as such: it may be enough. ' +
    'For 25 Gbit/s a device needs 4 lanes of 8 GT/s, for 100 Gbit/s 16 of them.',
  needs: { speeds: nicSpeeds, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  links: ['https://docs.kernel.org/admin-guide/abi-testing.html'],
  evaluate: ({ speeds, interfaces, identities }) => {
    let judged = false;
    const findings = interfaces.flatMap(({ name, device }): FindingDraft[] => {
      const link = speeds.get(name)?.pcie;
      if (!link) return [];
      judged = true;
      const slotSpeed = Math.min(link.maxSpeed, link.slotSpeed ?? link.maxSpeed);
      const slotWidth = Math.min(link.maxWidth, link.slotWidth ?? link.maxWidth);
      const worn = link.speed < slotSpeed || link.width < slotWidth;
      const narrow = link.speed < link.maxSpeed || link.width < link.maxWidth;
      if (!narrow) return [];
      const ports = identities?.get(name)?.speedMbps ?? 0;
      const starved = ports > 0 && usable(link) < ports;
      return [
        {
          severity: worn && starved ? 'critical' : worn ? 'warning' : starved ? 'warning' : 'info',
          title: worn
            ? 'The NIC’s PCI Express link is degraded'
            : starved
              ? 'The NIC’s slot is slower than its port'
              : 'The NIC stands in a slot that can less than it',
          subject: nicSubject(name, identities),
          parameters: {
            speedGTs: link.speed,
            width: link.width,
            possibleGTs: slotSpeed,
            possibleWidth: slotWidth,
          },
          evidence: [
            `${device?.address}: ${link.speed} GT/s x${link.width}, the card can ${link.maxSpeed} GT/s x${link.maxWidth}` +
              (link.slotSpeed === undefined
                ? ''
                : `, the slot ${link.slotSpeed} GT/s x${link.slotWidth ?? '?'}`),
            ...(starved
              ? [`about ${Math.round(usable(link) / 1_000)} Gbit/s for a port of ${ports / 1_000} Gbit/s`]
              : []),
          ],
          remedy: worn
            ? {
                text: 'Reseat the card, clean the slot, try another riser or slot; then the firmware’s settings of the slot.',
                risk: 'reboot',
              }
            : {
                text: 'Put the card into a slot with as many lanes and as fast as the card.',
                risk: 'reboot',
              },
          explains:
            worn || starved
              ? [
                  'nic.buffer-overflow',
                  'nic.ring-overflow',
                  'nic.receive-drops',
                  'nic.transmit-underruns',
                  'nic.pcie-errors',
                ]
              : [],
        },
      ];
    });
    return judged ? findings : new NotApplicable('no device tells of a PCI Express link');
  },
});

/** What a link carries each way, in Mbit/s: its code takes a fifth below 8 GT/s and a 65th from there on, packets' heads a tenth. */
function usable({ speed, width }: PcieLink): number {
  return speed * 1_000 * width * (speed < 8 ? 0.8 : 64 / 65) * 0.9;
}

const vanished = check({
  id: 'nic.device-gone',
  area: 'nic',
  title: 'A NIC that has gone from its bus',
  about:
    'A device that is not there any more answers every read with all bits set. It has lost power or its link, or hangs; its ' +
    'interface is still listed.',
  needs: { counters: nicCounters, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  evaluate: ({ counters, interfaces, identities }) => {
    if (counters.size === 0) return NO_DEVICE;
    return interfaces.flatMap(({ name, device }): FindingDraft[] => {
      const own = counters.get(name);
      if ((!own || !isGone(own)) && device?.vendor !== 'ffff') return [];
      return [
        {
          severity: 'critical',
          title: 'The NIC answers no more',
          subject: nicSubject(name, identities),
          evidence: [`${device?.address ?? name}: every counter has all bits set`],
          remedy: {
            text: 'Power the machine off and on; reseat the card. Look for AER and "device lost" messages: nodectl dmesg.',
            risk: 'reboot',
          },
          explains: ['nic.*'],
        },
      ];
    });
  },
});

const outOfTree = check({
  id: 'nic.driver-out-of-tree',
  area: 'nic',
  title: 'A NIC driver from outside of the kernel',
  about:
    'The driver was built on its own (DKMS, a vendor’s package) and taints the kernel. It may be newer than the kernel’s, or left ' +
    'over from long ago; it may not build for the next kernel, which then has no network.',
  needs: { interfaces: nicInterfaces },
  wants: { identities: nicIdentities, drivers: nicDrivers },
  links: ['https://docs.kernel.org/admin-guide/tainted-kernels.html'],
  evaluate: ({ interfaces, identities, drivers }) => {
    const devices = interfaces.filter(({ kind }) => kind === 'physical');
    if (devices.length === 0) return NO_DEVICE;
    if (devices.every(({ device }) => device?.driver === undefined))
      return new Skipped('the modules of the drivers are not known');
    return devices.flatMap(({ name, device }): FindingDraft[] => {
      const taint = device?.moduleTaint ?? '';
      if (!/[OP]/.test(taint)) return [];
      const version = device?.moduleVersion ?? drivers?.get(name)?.version;
      return [
        {
          severity: 'info',
          title: 'The NIC’s driver is from outside of the kernel',
          subject: nicSubject(name, identities),
          parameters: { taint, ...(version ? { version } : {}) },
          evidence: [
            `/sys/module/${device?.module}/taint is ${taint}${version ? `, version ${version}` : ''}`,
          ],
          remedy: {
            text: 'Before a kernel upgrade see that the driver builds for the new kernel, or that the kernel’s own will do.',
            risk: 'none',
          },
        },
      ];
    });
  },
});

const safeMode = check({
  id: 'nic.ice-safe-mode',
  area: 'nic',
  title: 'An E800 NIC in Safe Mode',
  about:
    'The ice driver loads a package (DDP) of firmware into the device. Without it the device runs in Safe Mode: one queue, no ' +
    'spreading, no offloads. The package is /lib/firmware/intel/ice/ddp/ice.pkg, which minimal images like to leave out.',
  needs: { drivers: nicDrivers, channels: nicChannels, features: nicFeatures },
  wants: { identities: nicIdentities },
  links: ['https://docs.kernel.org/networking/device_drivers/ethernet/intel/ice.html'],
  evaluate: ({ drivers, channels, features, identities }) => {
    const ice = [...drivers].filter(([, { driver }]) => driver === 'ice').map(([name]) => name);
    if (ice.length === 0) return new NotApplicable('no NIC of this machine is driven by ice');
    return ice.flatMap((name): FindingDraft[] => {
      const queues = channels.get(name)?.maximum.combined;
      const segmentation = features.get(name)?.get('tcp-segmentation-offload');
      const hashing = features.get(name)?.get('receive-hashing');
      const signs = [
        queues === 1,
        segmentation?.on === false && segmentation.fixed,
        hashing?.on === false && hashing.fixed,
      ];
      if (signs.filter(Boolean).length < 2) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'The NIC runs in Safe Mode without its firmware package',
          subject: nicSubject(name, identities),
          parameters: { ...(queues === undefined ? {} : { queuesMaximum: queues }) },
          evidence: [
            `${name}: ${queues ?? '?'} queue at most, segmentation and hashing cannot be switched on`,
          ],
          remedy: {
            text: 'Add /lib/firmware/intel/ice/ddp/ice.pkg (Debian: firmware-misc-nonfree, Red Hat: linux-firmware) to the image, and reload the driver.',
            risk: 'connection',
          },
          explains: [
            'nic.single-queue',
            'nic.offloads-off',
            'nic.interrupts-one-cpu',
            'nic.ring-overflow',
            'nic.softnet-drops',
          ],
        },
      ];
    });
  },
});

const unbound = check({
  id: 'nic.driver-missing',
  area: 'nic',
  title: 'A network device without a driver',
  about:
    'A network controller on the PCI bus that no driver is bound to: its module is missing from the kernel or image, is kept away, ' +
    'or failed when it was loaded.',
  needs: { unbound: nicUnbound },
  evaluate: ({ unbound: devices }) =>
    devices.map(
      ({ address, ids, module }): FindingDraft => ({
        severity: 'warning',
        title: 'A network device has no driver',
        subject: { kind: 'nic', name: address, hardware: ids, attributes: { pci: ids } },
        evidence: [
          `${address}${ids === '' ? '' : ` (${ids})`} is a network controller and has no driver${module === undefined ? '' : `; modules for it: ${module}`}`,
        ],
        remedy: {
          text: 'nodectl dmesg shows why its driver failed; see whether the image has its module and firmware.',
          risk: 'none',
        },
      }),
    ),
});

/** Checks of this file. */
export const NIC_DEVICE_CHECKS: readonly Check[] = [...[degraded, vanished, outOfTree, safeMode, unbound]];
