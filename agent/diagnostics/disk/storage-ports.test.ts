/** Ports of Fibre Channel and SAS, in trees and as grep prints their files; links between graphics processors. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';
import { found } from '../testing.ts';
import { STORAGE_PORT_CHECKS } from './checks-storage-ports.ts';

const fibre = (
  name: string,
  state: string,
  speed: string,
  counters: Readonly<Record<string, string>> = {},
) => ({
  [`sys/class/fc_host/${name}/port_state`]: `${state}\n`,
  [`sys/class/fc_host/${name}/speed`]: `${speed}\n`,
  [`sys/class/fc_host/${name}/supported_speeds`]: '8 Gbit, 16 Gbit, 32 Gbit\n',
  ...Object.fromEntries(
    Object.entries({ rx_frames: '0x0', invalid_crc_count: '0xffffffffffffffff', ...counters }).map(
      ([key, value]) => [`sys/class/fc_host/${name}/statistics/${key}`, `${value}\n`],
    ),
  ),
});
const phy = (name: string, rate: string, words: number) => ({
  [`sys/class/sas_phy/${name}/negotiated_linkrate`]: `${rate}\n`,
  [`sys/class/sas_phy/${name}/invalid_dword_count`]: `${words}\n`,
  [`sys/class/sas_phy/${name}/loss_of_dword_sync_count`]: '2\n',
});

for (const [what, files, expected] of [
  [
    'two that are well',
    { ...fibre('host1', 'Online', '16 Gbit'), ...fibre('host2', 'Online', '16 Gbit') },
    [],
  ],
  [
    'one that lost its link',
    {
      ...fibre('host1', 'Online', '16 Gbit'),
      ...fibre('host2', 'Linkdown', 'unknown', { rx_frames: '0x4f2a' }),
    },
    ['warning disk.fc-port-down host2'],
  ],
  [
    'one that is not connected',
    { ...fibre('host1', 'Online', '16 Gbit'), ...fibre('host2', 'Linkdown', 'unknown') },
    ['info disk.fc-port-down host2'],
  ],
  ['an adapter that is not in use', fibre('host1', 'Linkdown', 'unknown'), []],
  [
    'one that is slower',
    { ...fibre('host1', 'Online', '32 Gbit'), ...fibre('host2', 'Online', '8 Gbit') },
    ['warning disk.fc-speed host2'],
  ],
  [
    'damaged frames',
    fibre('host1', 'Online', '16 Gbit', { invalid_crc_count: '0x1f4', link_failure_count: '0x2' }),
    ['warning disk.fc-errors host1'],
  ],
  [
    'a link that fails',
    fibre('host1', 'Online', '16 Gbit', { link_failure_count: '0x2a', loss_of_sync_count: '0x2b' }),
    ['warning disk.fc-errors host1'],
  ],
  ['a link that came up twice', fibre('host1', 'Online', '16 Gbit', { loss_of_sync_count: '0x2' }), []],
  ['phys that are well', { ...phy('phy-0:0', '12.0 Gbit', 0), ...phy('phy-0:1', '6.0 Gbit', 40) }, []],
  ['a phy with errors', phy('phy-0:1', '6.0 Gbit', 48_210), ['warning disk.sas-phy-errors phy-0:1']],
  [
    'a phy that does not come up',
    phy('phy-0:2', 'Link Rate failed', 3),
    ['warning disk.sas-phy-errors phy-0:2'],
  ],
  ['a phy without a disk', phy('phy-0:3', 'Unknown', 0), []],
] as const)
  test(`ports of storage: ${what}`, async () => {
    assert.deepEqual(await found(STORAGE_PORT_CHECKS, { files }), expected);
    const text = Object.entries(files).map(([path, value]) => `/${path}:${value}`);
    assert.deepEqual(
      await troubles(`$ grep . /sys/class/fc_host/*/*\n${text.join('')}`),
      expected,
      'as text',
    );
  });

const LINKS = (...each: readonly (readonly string[])[]) =>
  `$ nvidia-smi nvlink -s\n${each.map((links, gpu) => `GPU ${gpu}: NVIDIA A100-SXM4-40GB (UUID: GPU-0${gpu}a1b2c3-1111-2222-3333-444455556666)\n${links.map((one, at) => `\t Link ${at}: ${one}\n`).join('')}`).join('')}`;
const UP = '25 GB/s';

for (const [what, text, expected] of [
  ['links that are well', LINKS([UP, UP, UP], [UP, UP, UP]), []],
  ['bridges that nobody plugged', LINKS(['<inactive>', '<inactive>'], ['<inactive>', '<inactive>']), []],
  [
    'one that is not active',
    LINKS([UP, UP, UP], [UP, '<inactive>', UP]),
    ['warning system.graphics-processor 1'],
  ],
  ['one that is slow', LINKS([UP, UP], [UP, '12.5 GB/s']), ['warning system.graphics-processor 1']],
  [
    'errors',
    'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-01)\n\t Link 0: Replay Errors: 3\n\t Link 0: Recovery Errors: 2\n\t Link 0: CRC Errors: 0\n',
    ['warning system.graphics-processor 0'],
  ],
  [
    'a few packets that were sent again',
    'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-01)\n\t Link 0: Replay Errors: 3\n\t Link 0: Recovery Errors: 0\n\t Link 0: CRC Errors: 7\n',
    [],
  ],
  [
    'amd-smi of errors and heat',
    '$ amd-smi metric\nGPU: 0\n    ECC:\n        TOTAL_CORRECTABLE_COUNT: 4\n        TOTAL_UNCORRECTABLE_COUNT: 0\nGPU: 1\n    ECC:\n        TOTAL_CORRECTABLE_COUNT: 0\n        TOTAL_UNCORRECTABLE_COUNT: 2\n    THROTTLE:\n        PPT_VIOLATION_STATUS: ACTIVE\n        HBM_THERMAL_VIOLATION_STATUS: ACTIVE\n',
    ['critical system.graphics-processor 1', 'warning system.graphics-processor 1'],
  ],
  [
    'amd-smi that is well',
    'GPU: 0\n    ECC:\n        TOTAL_CORRECTABLE_COUNT: 0\n        TOTAL_UNCORRECTABLE_COUNT: 0\n    THROTTLE:\n        PPT_VIOLATION_STATUS: ACTIVE\n        HBM_THERMAL_VIOLATION_STATUS: NOT ACTIVE\n',
    [],
  ],
] as const)
  test(`graphics processors: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
