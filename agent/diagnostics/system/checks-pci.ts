/** Checks of the PCI bus of a captured machine, by what lspci told. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { bridgeOf, type PciDevice, pciDevices } from './pci-devices.ts';

/** Devices whose links are to run as fast as they can: those of graphics slow down when idle, those of bridges when nothing is behind. */
const BUSY =
  /^(?:Ethernet|Network|Infiniband|Non-Volatile memory|RAID bus|Serial Attached SCSI|Mass storage|SATA|SCSI storage|Fibre Channel|Processing accelerators)/i;

function subjectOf({ address, type, name }: PciDevice) {
  const hardware = [type, name].filter(Boolean).join(': ').slice(0, 100);
  return { kind: 'pci', name: address, ...(hardware === '' ? {} : { hardware }) };
}

const slowLink = check({
  id: 'system.pcie-link',
  area: 'system',
  title: 'Devices on a PCI Express link that is degraded',
  about:
    'A link trains to the fastest speed and most lanes that both ends can. Less than that means dirt in the slot, a bad riser or a card that ' +
    'is half out. What was saved of lspci -vv is judged: where the slot is in it, against the slot; else one step of speed less is told ' +
    'as an info, since the slot may have no more.',
  needs: { devices: pciDevices },
  links: ['https://docs.kernel.org/admin-guide/abi-testing.html'],
  evaluate: ({ devices }) => {
    if (devices.every(({ can, runs }) => !can || !runs)) return new NotApplicable('no link is told of');
    return devices.flatMap((device): FindingDraft[] => {
      const { can, runs, address } = device;
      // What nothing names was asked for by somebody.
      if (!(device.type === '' || BUSY.test(device.type)) || !can || !runs || runs.width === 0) return [];
      const slot = bridgeOf(device, devices)?.can;
      const speed = Math.min(can.speed, slot?.speed ?? can.speed);
      const width = Math.min(can.width, slot?.width ?? can.width);
      if (runs.speed >= can.speed && runs.width >= can.width) return [];
      const worn = runs.speed < speed || runs.width < width;
      const surely = slot !== undefined || runs.width < width || runs.speed * 2 < speed;
      return [
        {
          severity: worn && surely ? 'warning' : 'info',
          certainty: slot === undefined ? 'possible' : 'certain',
          title: worn
            ? 'A PCI Express link runs below what it can'
            : 'A PCI device stands in a slot that can less than it',
          subject: subjectOf(device),
          parameters: { speedGTs: runs.speed, width: runs.width, possibleGTs: speed, possibleWidth: width },
          evidence: [
            `${address}: ${runs.speed} GT/s x${runs.width}, the device can ${can.speed} GT/s x${can.width}` +
              (slot ? `, the slot ${slot.speed} GT/s x${slot.width}` : ''),
          ],
          remedy: {
            text: worn
              ? 'Reseat the card, clean the slot, try another riser or slot; then the firmware’s settings of the slot.'
              : 'Where it is too slow, put it into a faster slot.',
            risk: 'reboot',
          },
        },
      ];
    });
  },
});

const errors = check({
  id: 'system.pcie-errors',
  area: 'system',
  title: 'Devices whose registers hold errors of PCI Express',
  about:
    'Advanced error reporting keeps a bit for each kind of error until somebody clears it. Bits that looking for devices at boot sets ' +
    '(unsupported requests) are left out. Errors that were corrected are told as an info; where the kernel counted them, many are a warning, ' +
    'since each packet that is sent again makes the link slower.',
  needs: { devices: pciDevices },
  thresholds: {
    corrected: {
      value: 1_000,
      unit: '',
      source: 'chosen: a sound link corrects next to none; over how long they came is not captured',
    },
  },
  links: ['https://docs.kernel.org/PCI/pcieaer-howto.html'],
  evaluate: ({ devices }, { corrected: many }) => {
    if (devices.every(({ counted }) => counted === false))
      return new NotApplicable('no count of errors is told of');
    return devices
      .filter(({ fatal, corrected }) => fatal.length + corrected.length > 0)
      .slice(0, 50)
      .map((device): FindingDraft => {
        const { fatal, corrected, address, correctedCount = 0 } = device;
        return {
          severity: fatal.length > 0 || correctedCount >= many ? 'warning' : 'info',
          certainty: 'likely',
          title:
            fatal.length > 0
              ? 'A PCI device has errors that were not corrected'
              : 'A PCI device has errors that were corrected',
          subject: subjectOf(device),
          evidence: [`${address}: ${[...fatal, ...corrected].join(', ')}`],
          remedy: {
            text: 'Reseat the card and look at its riser; nodectl diag scan finds when it happened in the kernel’s log.',
            risk: 'reboot',
          },
        };
      });
  },
});

/** Checks of the PCI bus. */
export const SYSTEM_PCI_CHECKS = [slowLink, errors] as const;
