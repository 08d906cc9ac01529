/** What people save of smartctl and nvme-cli: any options in any order, parts of the output alone, JSON, several disks in a text. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../../host/captured-machine.ts';
import { newRoot, troubles } from '../saved-testing.ts';
import { savedHealth } from './smart-saved.ts';

test('smartctl, saved: few errors of which nothing tells the kind are noted', async () => {
  assert.deepEqual(await troubles('ATA Error Count: 2\n'), ['info disk.error-log disk1']);
});

for (const [what, text, why] of [
  [
    'not available',
    'SMART support is:     Unavailable - device lacks SMART capability.\n',
    /keeps no records/,
  ],
  ['switched off', 'SMART support is: Disabled\n', /switched off/],
  [
    'without a verdict',
    'SMART Status not supported: Incomplete response, ATA output registers missing\n',
    /own verdict/,
  ],
] as const)
  test(`smartctl, saved: a disk whose SMART is ${what} is named as not judged`, () => {
    const root = newRoot();
    writeFileSync(join(root, 'note.txt'), text);
    const machine = new CapturedMachine(root);
    savedHealth(machine);
    assert.match(machine.savedFiles().reasons.get('note.txt') ?? '', why);
  });

const HEAD = 'smartctl 7.2 2020-12-30 r5155 [x86_64-linux-5.10.0] (local build)\n\n';
const TABLE = (id: number, name: string, raw: number) =>
  `ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE\n${id} ${name}  0x0012   100   100   000    Old_age   Always       -       ${raw}\n`;
const PENDING = TABLE(197, 'Current_Pending_Sector', 48);
const HEALTH = (verdict: string) => `SMART overall-health self-assessment test result: ${verdict}\n`;
const TEST =
  'Num  Test_Description    Status                  Remaining  LifeTime(hours)  LBA_of_first_error\n# 1  Extended offline    Completed: read failure       90%     31212         3012412\n';
const ERROR = (words: string, command: string) =>
  `ATA Error Count: 4\nError 4 occurred at disk power-on lifetime: 905 hours (37 days + 17 hours)\n  40 51 08 00 00 00 e0  Error: ${words} at LBA = 0x0024b32a = 2405162\n\n  CR FR SC SN CL CH DH DC   Powered_Up_Time  Command/Feature_Name\n  60 08 00 00 00 00 40 00      00:05:40.032  ${command}\n`;
const LOGGED = (error: number, command: string) =>
  JSON.stringify(
    {
      json_format_version: [1, 0],
      smartctl: { version: [7, 3] },
      device: { name: '/dev/sdq', info_name: '/dev/sdq [SAT]', type: 'sat', protocol: 'ATA' },
      smart_status: { passed: true },
      ata_smart_error_log: {
        summary: {
          count: 4,
          table: [
            {
              lifetime_hours: 905,
              completion_registers: { error, lba: 2_405_162 },
              previous_commands: [{ command_name: command }],
            },
          ],
        },
      },
      power_on_time: { hours: 910 },
    },
    null,
    2,
  );
const NVME = (warning: number) =>
  JSON.stringify(
    { critical_warning: warning, temperature: 310, avail_spare: 100, spare_thresh: 10 },
    null,
    2,
  );

for (const [what, text, expected] of [
  [
    'a part of an error log alone',
    ERROR('UNC', 'READ FPDMA QUEUED').replace(/^.*\n/, ''),
    ['warning disk.media-errors disk1'],
  ],
  [
    'a part of an error log with a command that was refused',
    ERROR('ABRT', 'IDENTIFY DEVICE').replace(/^.*\n/, ''),
    [],
  ],
  [
    'options in any order',
    `$ sudo smartctl --all --device=sat+megaraid,12 /dev/bus/0\n${HEAD}${PENDING}`,
    ['warning disk.smart-sectors bus/0 megaraid,12'],
  ],
  [
    'each part of one disk by a command of its own',
    `# smartctl -H /dev/sda\n${HEAD}${HEALTH('FAILED!')}\n# smartctl -A -d sat /dev/sda\n${HEAD}${PENDING}\n# smartctl -l selftest /dev/sda\n${HEAD}${TEST}`,
    ['critical disk.smart-failing sda', 'warning disk.self-test-failed sda'],
  ],
  [
    'a disk of several, and one that is well',
    `# smartctl -H /dev/sda\n${HEAD}${HEALTH('PASSED')}\n# smartctl -H /dev/sdb\n${HEAD}${HEALTH('FAILED!')}`,
    ['critical disk.smart-failing sdb'],
  ],
  ['the verdict alone', `My disk:\n\n${HEALTH('FAILED!')}`, ['critical disk.smart-failing disk1']],
  ['the log of tests alone', `\`\`\`\n${TEST}\`\`\`\n`, ['warning disk.self-test-failed disk1']],
  [
    'a sector that a write did not find',
    `# smartctl -l error /dev/sda\n${HEAD}${ERROR('IDNF', 'WRITE FPDMA QUEUED')}`,
    ['warning disk.media-errors sda'],
  ],
  [
    'a command of the host that a disk refuses',
    `# smartctl -l error /dev/sda\n${HEAD}${ERROR('IDNF', 'SET NATIVE MAX ADDRESS EXT')}`,
    [],
  ],
  ['JSON in a file of any name', LOGGED(0x40, 'READ FPDMA QUEUED'), ['warning disk.media-errors sdq']],
  ['JSON in a note', `It says\n${LOGGED(0x10, 'WRITE DMA EXT')}\nWhy?\n`, ['warning disk.media-errors sdq']],
  ['JSON of a refused command', LOGGED(0x10, 'SET NATIVE MAX ADDRESS EXT'), []],
  [
    'JSON by a command with other options',
    `# smartctl --json=c --xall /dev/sdq\n${LOGGED(0x40, 'READ DMA EXT')}`,
    ['warning disk.media-errors sdq'],
  ],
  [
    'a count of errors alone',
    'ATA Error Count: 25 (device log contains only the most recent five errors)\n',
    ['warning disk.error-log disk1'],
  ],
  [
    'a count of the extended log alone',
    'SMART Extended Comprehensive Error Log Version: 1 (6 sectors)\nDevice Error Count: 31 (device log contains only the most recent 24 errors)\n',
    ['warning disk.error-log disk1'],
  ],
  ['a log of errors that is empty', 'SMART Error Log Version: 1\nNo Errors Logged\n', []],
  ['a count of many commands that were refused', ERROR('ABRT', 'IDENTIFY DEVICE').replace('4\n', '25\n'), []],
  [
    'errors whose registers alone are shown',
    'ATA Error Count: 25\nError 25 occurred at disk power-on lifetime: 12 hours (0 days + 12 hours)\n  ER ST SC SN CL CH DH\n  -- -- -- -- -- -- --\n  04 51 00 00 00 00 a0\n',
    [],
  ],
  [
    'sectors that were not found, without the command',
    'Error 3 occurred at disk power-on lifetime: 12 hours (0 days + 12 hours)\n  10 51 08 00 f1 c2 00  Error: IDNF 8 sectors at LBA = 0x00c2f100 = 12775680\n',
    ['warning disk.media-errors disk1'],
  ],
  [
    'an address that was not found, without the command',
    'Error 3 occurred at disk power-on lifetime: 12 hours (0 days + 12 hours)\n  10 51 00 00 f1 c2 00  Error: IDNF at LBA = 0x00c2f100 = 12775680\n',
    [],
  ],
  ['SMART that is not available', 'SMART support is: Unavailable - device lacks SMART capability.\n', []],
  ['nvme smart-log as JSON', NVME(4), ['critical disk.nvme-critical-warning disk1']],
  ['nvme smart-log as JSON of a drive that is well', NVME(0), []],
] as const)
  test(`smartctl, saved: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !/^info|smart-sectors sda|kernel.end-of-life/.test(one)),
      [...expected].sort(),
    );
  });
