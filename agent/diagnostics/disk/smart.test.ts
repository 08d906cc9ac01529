/** Health of disks: every form that smartctl and nvme-cli print it in, by protocol and version, and what is no such form. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../host/unavailable.ts';
import { found, type Parts, reportOf } from '../testing.ts';
import { DISK_HEALTH_CHECKS } from './checks-health.ts';
import { DISK_WEAR_CHECKS } from './checks-wear.ts';
import type { DiskHealth } from './health.ts';
import { parseNvmeLog } from './nvme-log.ts';
import { parseSmartJson } from './smart-json.ts';
import { parseSmartText } from './smart-text.ts';

const checks = [...DISK_HEALTH_CHECKS, ...DISK_WEAR_CHECKS];
const head = { json_format_version: [1, 0], smartctl: { version: [7, 4], exit_status: 0 } };
const attribute = (
  id: number,
  name: string,
  value: number,
  raw: string,
  failed = '',
  prefailure = false,
) => ({
  ...{ id, name, value, worst: value, thresh: 10, when_failed: failed, flags: { prefailure } },
  raw: { value: Number.parseInt(raw, 10), string: raw },
});

const sata = {
  ...head,
  device: { name: '/dev/sda', type: 'sat', protocol: 'ATA' },
  model_name: 'EXAMPLE ST4000',
  firmware_version: 'SN03',
  rotation_rate: 7200,
  smart_support: { available: true, enabled: true },
  smart_status: { passed: true },
  ata_smart_attributes: {
    table: [
      attribute(5, 'Reallocated_Sector_Ct', 100, '0', '', true),
      attribute(9, 'Power_On_Hours', 96, '4273 (5 89 0)'),
      attribute(194, 'Temperature_Celsius', 41, '41 (Min/Max 21/55)'),
      attribute(197, 'Current_Pending_Sector', 100, '0'),
      attribute(198, 'Offline_Uncorrectable', 100, '0'),
      attribute(199, 'UDMA_CRC_Error_Count', 200, '0'),
    ],
  },
  ata_smart_self_test_log: {
    standard: {
      table: [
        {
          type: { string: 'Short offline' },
          status: { value: 0, string: 'Completed without error', passed: true },
        },
      ],
    },
  },
  temperature: { current: 41 },
  power_on_time: { hours: 4273 },
};
const sas = {
  ...head,
  device: { name: '/dev/sdb', type: 'scsi', protocol: 'SCSI' },
  scsi_model_name: 'EXAMPLE H1090',
  scsi_revision: 'A31A',
  rotation_rate: 10020,
  smart_status: { passed: true },
  temperature: { current: 26, drive_trip: 65 },
  scsi_grown_defect_list: 0,
  scsi_error_counter_log: { read: { total_uncorrected_errors: 0 }, write: { total_uncorrected_errors: 0 } },
};
const nvme = {
  ...head,
  device: { name: '/dev/nvme0n1', type: 'nvme', protocol: 'NVMe' },
  model_name: 'EXAMPLE NVMe 1T',
  firmware_version: 'EX4G',
  smart_status: { passed: true, nvme: { value: 0 } },
  nvme_smart_health_information_log: {
    ...{ critical_warning: 0, temperature: 30, available_spare: 100, available_spare_threshold: 10 },
    ...{ percentage_used: 16, media_errors: 0, power_on_hours: 10407 },
  },
  temperature: { current: 30 },
};

const NAMES = { ATA: 'sda', SCSI: 'sdb', NVMe: 'nvme0n1' } as const;

/** A machine with one disk, whose tool prints this. */
function machine(output: object | string, tool = ''): Parts {
  const protocol =
    typeof output === 'string'
      ? 'ATA'
      : ((output as { device?: { protocol?: keyof typeof NAMES } }).device?.protocol ?? 'ATA');
  const name = tool.startsWith('nvme') ? 'nvme0n1' : NAMES[protocol];
  const line = tool === '' ? `smartctl -a -j -n standby /dev/${name}` : tool;
  return {
    files: { [`sys/block/${name}/size`]: '1000\n', [`sys/block/${name}/queue/rotational`]: '0\n' },
    tools: { [line]: typeof output === 'string' ? output : JSON.stringify(output) },
  };
}

const told = (output: object) => found(checks, machine(output));

test('healthy disks of each protocol have no findings', async () => {
  for (const output of [sata, sas, nvme]) assert.deepEqual(await told(output), []);
  const read = parseSmartJson('sda', JSON.stringify(sata));
  assert.deepEqual(
    [read.celsius, read.powerOnHours, read.rotational, read.pending, read.model],
    [41, 4273, true, 0, 'EXAMPLE ST4000'],
  );
  assert.equal(parseSmartJson('sdb', JSON.stringify(sas)).criticalCelsius, 65);
});

test('SATA: verdict, attributes, sectors, cable, wear, self-test, switched off', async () => {
  const table = (...rows: ReturnType<typeof attribute>[]) => ({
    ...sata,
    ata_smart_attributes: { table: rows },
  });
  assert.deepEqual(await told({ ...sata, smart_status: { passed: false } }), [
    'critical disk.smart-failing sda',
  ]);
  assert.deepEqual(await told(table(attribute(5, 'Reallocated_Sector_Ct', 1, '2030', 'now', true))), [
    'critical disk.smart-failing sda',
    'warning disk.smart-sectors sda',
  ]);
  assert.deepEqual(await told(table(attribute(197, 'Current_Pending_Sector', 100, '8'))), [
    'warning disk.smart-sectors sda',
  ]);
  assert.deepEqual(await told(table(attribute(5, 'Reallocated_Sector_Ct', 100, '3'))), [
    'info disk.smart-sectors sda',
  ]);
  assert.deepEqual(await told(table(attribute(187, 'Reported_Uncorrect', 98, '2'))), [
    'warning disk.media-errors sda',
  ]);
  assert.deepEqual(await told(table(attribute(199, 'UDMA_CRC_Error_Count', 200, '40211'))), [
    'warning disk.link-errors sda',
  ]);
  assert.deepEqual(await told(table(attribute(190, 'Airflow_Temperature_Cel', 50, '41', 'past'))), [
    'info disk.smart-attribute sda',
  ]);
  const ssd = { ...table(attribute(233, 'Media_Wearout_Indicator', 7, '0')), rotation_rate: 0 };
  assert.deepEqual(await told(ssd), ['warning disk.worn sda']);
  const failed = {
    type: { string: 'Extended offline' },
    status: { value: 121, string: 'Completed: read failure', passed: false },
  };
  assert.deepEqual(await told({ ...sata, ata_smart_self_test_log: { standard: { table: [failed] } } }), [
    'warning disk.self-test-failed sda',
  ]);
  assert.deepEqual(await told({ ...sata, smart_support: { available: true, enabled: false } }), [
    'info disk.smart-disabled sda',
  ]);
});

test('SAS: verdict, defects, uncorrected errors, heat, wear', async () => {
  assert.deepEqual(await told({ ...sas, smart_status: { passed: false } }), [
    'critical disk.smart-failing sdb',
  ]);
  assert.deepEqual(await told({ ...sas, scsi_grown_defect_list: 2066 }), ['warning disk.smart-sectors sdb']);
  assert.deepEqual(
    await told({ ...sas, scsi_error_counter_log: { read: { total_uncorrected_errors: 2 } } }),
    ['warning disk.media-errors sdb'],
  );
  assert.deepEqual(await told({ ...sas, temperature: { current: 63, drive_trip: 65 } }), [
    'critical disk.temperature sdb',
  ]);
  assert.deepEqual(await told({ ...sas, scsi_percentage_used_endurance_indicator: 104 }), [
    'critical disk.worn sdb',
  ]);
});

test('NVMe: each bit of the critical warning, spare blocks, wear, errors', async () => {
  const log = (more: object) => ({
    ...nvme,
    nvme_smart_health_information_log: { ...nvme.nvme_smart_health_information_log, ...more },
  });
  assert.deepEqual(await told(log({ critical_warning: 0x04 })), [
    'critical disk.nvme-critical-warning nvme0n1',
  ]);
  assert.deepEqual(await told(log({ critical_warning: 0x10 })), [
    'warning disk.nvme-critical-warning nvme0n1',
  ]);
  assert.deepEqual(await told(log({ available_spare: 9 })), ['critical disk.spare-low nvme0n1']);
  assert.deepEqual(await told(log({ available_spare: 19 })), ['warning disk.spare-low nvme0n1']);
  assert.deepEqual(await told(log({ percentage_used: 255 })), ['critical disk.worn nvme0n1']);
  assert.deepEqual(await told(log({ media_errors: 3 })), ['warning disk.media-errors nvme0n1']);
  assert.deepEqual(await told({ ...nvme, temperature: { current: 84 } }), [
    'warning disk.temperature nvme0n1',
  ]);
});

test('nvme-cli stands in where smartctl is not installed: JSON of 1.x and 2.x', async () => {
  const line = 'nvme smart-log /dev/nvme0n1 -o json';
  const old = {
    critical_warning: 0,
    temperature: 310,
    avail_spare: 100,
    spare_thresh: 5,
    percent_used: 2,
    media_errors: 0,
  };
  assert.deepEqual(await found(checks, machine(old, line)), []);
  assert.deepEqual(await found(checks, machine({ ...old, critical_warning: '4' }, line)), [
    'critical disk.nvme-critical-warning nvme0n1',
  ]);
  const new2 = {
    ...old,
    critical_warning: { value: 1, available_spare: 1 },
    temperature: 351,
    avail_spare: 4,
  };
  assert.deepEqual(await found(checks, machine(new2, line)), [
    'critical disk.nvme-critical-warning nvme0n1',
    'critical disk.spare-low nvme0n1',
    'warning disk.temperature nvme0n1',
  ]);
  const text = parseNvmeLog(
    'nvme0',
    'Smart Log for NVME device:nvme0 namespace-id:ffffffff\ncritical_warning\t\t: 0\ntemperature\t\t: 34 °C (307 K)\n' +
      'available_spare\t: 100%\navailable_spare_threshold\t: 10%\npercentage_used\t: 3%\npower_on_hours : 1,234\nmedia_errors : 0\n',
  );
  assert.deepEqual([text.celsius, text.usedPercent, text.powerOnHours, text.passed], [34, 3, 1234, true]);
});

test('a sleeping disk is left asleep; a virtual one is not asked', async () => {
  const asleep = {
    ...head,
    device: sata.device,
    power_mode: { ata_name: 'STANDBY' },
    smartctl: { exit_status: 2 },
  };
  assert.deepEqual(await told(asleep), []);
  const report = await reportOf(checks, {
    files: {
      'sys/block/sda/size': '1000\n',
      'sys/block/sda/device/vendor': 'QEMU\n',
      'sys/block/sda/device/model': 'QEMU HARDDISK\n',
    },
  });
  assert.deepEqual([...new Set(report.checks.map(({ status }) => status))], ['not-applicable']);
});

test('what cannot be read is told, once where it is the same for all', async () => {
  const two = { 'sys/block/sda/size': '1\n', 'sys/block/sdb/size': '1\n' };
  const none = await reportOf(checks, { files: two });
  assert.deepEqual(
    none.problems.map(({ what, kind }) => `${what} ${kind}`),
    ['disk.smart missing-tool'],
  );
  assert.deepEqual([...new Set(none.checks.map(({ status }) => status))], ['skipped']);
  const denied = JSON.stringify({
    ...head,
    smartctl: {
      exit_status: 2,
      messages: [{ string: 'Smartctl open device: /dev/sda failed: Permission denied', severity: 'error' }],
    },
  });
  const mixed = await reportOf(checks, {
    files: two,
    tools: {
      'smartctl -a -j -n standby /dev/sda': denied,
      'smartctl -a -j -n standby /dev/sdb': JSON.stringify(sas),
    },
  });
  assert.deepEqual(
    mixed.problems.map(({ what, kind }) => `${what} ${kind}`),
    ['health of sda denied'],
  );
  const ended = new Set(mixed.checks.map(({ status }) => status));
  assert.deepEqual([...ended].sort(), ['not-applicable', 'ok'], 'a disk of SCSI has no wear');
});

test('where the agent may not ask a disk, what smartd wrote down of it is judged', async () => {
  const state = (...rows: [id: number, value: number, raw: number][]) =>
    `# smartd state file\ntemperature-min = 20\n${rows
      .map(
        ([id, value, raw], at) =>
          `ata-smart-attribute.${at}.id = ${id}\nata-smart-attribute.${at}.val = ${value}\nata-smart-attribute.${at}.raw = ${raw}\n`,
      )
      .join('')}`;
  const folder = 'var/lib/smartmontools';
  const files = {
    'sys/block/sda/size': '1\n',
    'sys/block/sda/device/model': 'EXAMPLE ST4000N \n',
    'sys/block/sda/device/vendor': 'ATA     \n',
    'sys/block/sda/device/vpd_pg80': '\0\ufffd\0\x14            ZC1ABCDE',
    [`${folder}/smartd.EXAMPLE_ST4000NM0035_1V4107-ZC1ABCDE.ata.state`]: state(
      [194, 60, 201_864_314_917],
      [197, 100, 8],
      [5, 90, 196_610],
    ),
    [`${folder}/smartd.EXAMPLE_ST4000NM0035_1V4107-ZC1OTHER.ata.state`]: state([197, 100, 0]),
    [`${folder}/smartd.EXAMPLE_ST4000NM0035_1V4107-ZC1ABCDE.ata.state~`]: state([197, 100, 0]),
  };
  const report = await reportOf(checks, { files });
  assert.deepEqual(report.problems, []);
  assert.deepEqual(
    report.findings.map(({ id, parameters }) => [id, parameters.pending, parameters.reallocated]),
    [['disk.smart-sectors', 8, 2]],
  );
  // Two of one model and no serial number: whose they are is not guessed.
  const { 'sys/block/sda/device/vpd_pg80': _, ...nameless } = files;
  const guess = await reportOf(checks, { files: nameless });
  assert.deepEqual(
    guess.problems.map(({ kind }) => kind),
    ['missing-tool'],
  );
});

const ATA_TEXT = `smartctl 6.2 2013-07-26 r3841 [x86_64-linux-3.10.0] (local build)

=== START OF INFORMATION SECTION ===
Device Model:     EXAMPLE ST500
Firmware Version: 0002
Rotation Rate:    7200 rpm
SMART support is: Available - device has SMART capability.
SMART support is: Enabled

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: FAILED!
Drive failure expected in less than 24 hours. SAVE ALL DATA.

ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  1 Raw_Read_Error_Rate     0x000f   118   099   034    Pre-fail  Always       -       179599704
  5 Reallocated_Sector_Ct   0x0033   005   005   036    Pre-fail  Always   FAILING_NOW 3961
  9 Power_On_Hours          0x0032   096   096   000    Old_age   Always       -       4273 (5 89 0)
190 Airflow_Temperature_Cel 0x0022   059   044   045    Old_age   Always   In_the_past 41 (Min/Max 21/56)
194 Temperature_Celsius     0x0022   041   050   000    Old_age   Always       -       41 (0 11 0 0 0)
197 Current_Pending_Sector  0x0012   100   100   000    Old_age   Always       -       24
199 UDMA_CRC_Error_Count    0x003e   200   200   000    Old_age   Always       -       0

SMART Self-test log structure revision number 1
Num  Test_Description    Status                  Remaining  LifeTime(hours)  LBA_of_first_error
# 1  Extended offline    Completed: read failure       90%      4100         123456
# 2  Short offline       Completed without error       00%      2315         -
`;

const SAS_TEXT = `smartctl 5.41 2011-06-09 r3365 [x86_64-linux-4.1.22] (local build)
Vendor:               EXAMPLE
Product:              ST3300657SS
Revision:             0008
Device supports SMART and is Enabled
SMART Health Status: FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=0]

Current Drive Temperature:     32 C
Drive Trip Temperature:        68 C
Elements in grown defect list: 2066
  number of hours powered up = 8347.20

Error counter log:
           Errors Corrected by           Total   Correction     Gigabytes    Total
               ECC          rereads/    errors   algorithm      processed    uncorrected
           fast | delayed   rewrites  corrected  invocations   [10^9 bytes]  errors
read:   817967014     7436         0  817974450   817974452       4260.902           2
write:         0        0         2         2          3      16814.001           0
`;

const NVME_TEXT = `smartctl 7.3 2022-02-28 r5338 [x86_64-linux-5.15.0] (local build)
=== START OF INFORMATION SECTION ===
Model Number:                       EXAMPLE NVMe
Firmware Version:                   EX1
Warning  Comp. Temp. Threshold:     70 Celsius
Critical Comp. Temp. Threshold:     80 Celsius

=== START OF SMART DATA SECTION ===
SMART overall-health self-assessment test result: FAILED!
- NVM subsystem reliability has been degraded

SMART/Health Information (NVMe Log 0x02)
Critical Warning:                   0x04
Temperature:                        34 Celsius
Available Spare:                    100%
Available Spare Threshold:          10%
Percentage Used:                    105%
Power On Hours:                     4,120
Media and Data Integrity Errors:    1,000
`;

test('text of old and new versions, as captured machines have it', () => {
  const ata = parseSmartText('sda', ATA_TEXT);
  assert.deepEqual(
    [ata.passed, ata.reallocated, ata.pending, ata.celsius, ata.powerOnHours, ata.rotational, ata.enabled],
    [false, 3961, 24, 41, 4273, true, true],
  );
  assert.deepEqual(ata.failing, [
    { name: 'Reallocated_Sector_Ct', prefailure: true, when: 'now' },
    { name: 'Airflow_Temperature_Cel', prefailure: false, when: 'past' },
  ]);
  assert.equal(ata.failedSelfTest, 'Completed: read failure');
  const sasDisk = parseSmartText('sdb', SAS_TEXT);
  assert.deepEqual(
    [
      sasDisk.passed,
      sasDisk.reallocated,
      sasDisk.uncorrected,
      sasDisk.celsius,
      sasDisk.criticalCelsius,
      sasDisk.model,
    ],
    [false, 2066, 2, 32, 68, 'EXAMPLE ST3300657SS'],
  );
  const drive = parseSmartText('nvme0n1', NVME_TEXT);
  assert.deepEqual(
    [drive.criticalWarning, drive.usedPercent, drive.uncorrected, drive.powerOnHours, drive.warningCelsius],
    [4, 105, 1000, 4120, 70],
  );
  // The brief form of smartctl -x, and lines that end as DOS writes them.
  const brief = parseSmartText(
    'sda',
    'smartctl 7.2\r\nSMART overall-health self-assessment test result: PASSED\r\n' +
      '  5 Reallocated_Sector_Ct   PO--CK   100   100   010    -    7\r\n194 Temperature_Celsius     -O---K   066   050   000    -    34 (Min/Max 20/50)\r\n',
  );
  assert.deepEqual([brief.passed, brief.reallocated, brief.celsius], [true, 7, 34]);
});

test('nonsense is Unavailable and nothing else', () => {
  const whole = [JSON.stringify(sata), JSON.stringify(nvme), ATA_TEXT, SAS_TEXT, NVME_TEXT];
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const parsers: ((name: string, text: string) => DiskHealth)[] = [
    parseSmartJson,
    parseSmartText,
    parseNvmeLog,
  ];
  for (let round = 0; round < 2_000; round++) {
    const text = whole[random(whole.length)] ?? '';
    const at = random(text.length);
    const broken = [
      text.slice(0, at),
      `${text.slice(0, at)}\ufffd\0${text.slice(at + random(40))}`,
      text.replace(/\d+/g, '99999999999999999999'),
      text.replace(/[{:]/g, '['),
    ][random(4)] as string;
    for (const parse of parsers)
      try {
        parse('x', broken);
      } catch (error) {
        assert.ok(error instanceof Unavailable, String(error));
      }
  }
});
