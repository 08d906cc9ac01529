/** Memory that is attached by Compute Express Link. Sources: drivers/cxl. */

import { group, type Signature } from '../signature.ts';

/** What stands before a message: a driver of CXL, or its bus where the device has none. */
const CXL = 'cxl{_pci|_mem|_port|_acpi|_region|_pmem|} {dev}: {*}';

/** Memory behind CXL. */
export const CXL_MEMORY: readonly Signature[] = group(
  {
    family: 'pcie',
    severity: 'warning',
    device: 'pci',
    about:
      'Memory that is attached by Compute Express Link cannot be used, or not as a whole: the machine has less than it should.',
    remedy: {
      text: 'Update the firmware of the machine and of the card; look at how its setup divides the memory (cxl list).',
      risk: 'reboot',
    },
  },
  [
    {
      name: 'cxl-lost',
      severity: 'critical',
      title: 'Memory behind CXL was lost while it was in use',
      about:
        'An error of the link was not recovered from, or the device was reset under its users. What was in that memory is gone, and programs that had it may crash.',
      lines: [
        `${CXL}{frozen|failure} state error detected, `,
        `${CXL}memdev disabled, abort error handling`,
        `${CXL}SBR happened without memory regions removal`,
        `${CXL}System may be unstable if regions hosted system memory`,
      ],
    },
    {
      name: 'cxl-not-ready',
      title: 'Memory behind CXL is not there',
      lines: [
        `${CXL}{T|t}imeout awaiting memory {range|active}`,
        `${CXL}Media not active`,
        `${CXL}Range register decodes outside platform defined CXL ranges`,
        `${CXL}CXL port topology not found`,
        `${CXL}CXL port topology {w} not enabled`,
        `${CXL}HDM decoder {capability|registers} not found`,
        `${CXL}No component registers`,
        `${CXL}Device DVSEC not present, skip CXL.mem init`,
        `${CXL}mismatched CXL topologies detected`,
        `${CXL}no CXL window for range`,
        `${CXL}no more target slots available`,
        `${CXL}{autodiscovery interrupted|cannot insert resource|Committed out of order|Committed with zero size}`,
        `${CXL}Mailbox is too small`,
        'cxl{_mem|_port|_acpi|_region|_pmem|} {dev}: {*}{ailed probe|ailed to |rror -|imed out|nvalid }',
      ],
    },
  ],
);
