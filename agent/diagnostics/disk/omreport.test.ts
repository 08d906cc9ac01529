/** Dell's omreport, and ipmitool chassis status without its command line. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'omreport-pdisk',
    `List of Physical Disks on Controller PERC H730 Mini (Slot Embedded)

ID                              : 0:1:3
Status                          : Non-Critical
Name                            : Physical Disk 0:1:3
State                           : Online
Failure Predicted               : Yes
ID                              : 0:1:4
Status                          : Ok
State                           : Online
Failure Predicted               : No
`,
    ['warning disk.raid-drive physical disk 0:1:3'],
  ],
  [
    'omreport-vdisk',
    `Virtual Disk 0 on Controller PERC H730 Mini (Slot Embedded)

ID                                : 0
Status                            : Critical
Name                              : Virtual Disk 0
State                             : Degraded
`,
    ['critical disk.raid-degraded virtual disk 0'],
  ],
  [
    'well: omreport-pdisk',
    `# omreport storage pdisk controller=0
List of Physical Disks on Controller PERC H730 Mini (Slot Embedded)

ID                              : 0:1:4
Status                          : Non-Critical
State                           : Online
Failure Predicted               : No
`,
    [],
  ],
  [
    'omreport-chassis',
    `Health

Main System Chassis

SEVERITY : COMPONENT
Ok       : Fans
Critical : Power Supplies
Ok       : Memory
`,
    ['critical system.board-sensor Power Supplies'],
  ],
  [
    'well: omreport-chassis',
    `SEVERITY : COMPONENT
Ok       : Fans
Ok       : Memory
`,
    [],
  ],
  [
    'ipmi-chassis',
    `System Power         : on
Power Overload       : false
Main Power Fault     : true
Cooling/Fan Fault    : true
`,
    ['critical system.chassis-fault Cooling/Fan Fault', 'critical system.chassis-fault Main Power Fault'],
  ],
  [
    'well: ipmi-chassis',
    `System Power         : on
Power Overload       : false
Main Power Fault     : false
Cooling/Fan Fault    : false
`,
    [],
  ],
] as const)
  test(`Dell and chassis: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
