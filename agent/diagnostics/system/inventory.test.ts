/** Inventory: by the firmware's tables of several makes, by sysfs alone, by systeminformation on this machine; read once. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import type { Machine } from '../../host/machine.ts';
import { FactStore } from '../fact-store.ts';
import { machineOf } from '../testing.ts';
import { parseDmidecode, sizeOf } from './dmi.ts';
import { inventory } from './inventory.ts';

const TABLES = `# dmidecode 3.3
Getting SMBIOS data from sysfs.
SMBIOS 3.2.0 present.

Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
\tVendor: Example Inc.
\tVersion: 2.10.0
\tRelease Date: 03/01/2025
\tCharacteristics:
\t\tPCI is supported
\t\tBoot from CD is supported
\tBIOS Revision: 2.10

Handle 0x0100, DMI type 1, 27 bytes
System Information
\tManufacturer: Example Inc.
\tProduct Name: Server R1
\tVersion: Not Specified
\tSerial Number: ABC1234

Handle 0x0200, DMI type 2, 8 bytes
Base Board Information
\tManufacturer: Example Inc.
\tProduct Name: 0H28RR
\tVersion: A02
\tSerial Number: To Be Filled By O.E.M.

Handle 0x0300, DMI type 3, 22 bytes
chassis information
\tmanufacturer: Example Inc.
\ttype: Rack Mount Chassis
\tserial number: ABC1234

Handle 0x0400, DMI type 4, 48 bytes
Processor Information
\tSocket Designation: CPU1
\tVersion: Example(R) CPU Gold 6330 @ 2.00GHz
\tStatus: Populated, Enabled
\tCore Count: 28
\tThread Count: 56

Handle 0x0401, DMI type 4, 48 bytes
Processor Information
\tSocket Designation: CPU2
\tStatus: Unpopulated

Handle 0x1000, DMI type 16, 23 bytes
Physical Memory Array
\tError Correction Type: Multi-bit ECC
\tNumber Of Devices: 2

Handle 0x1100, DMI type 17, 84 bytes
Memory Device
\tSize: 32 GB
\tLocator: A1
\tBank Locator: Not Specified
\tType: DDR4
\tSpeed: 3200 MT/s
\tManufacturer: 00AD063200AD
\tSerial Number: 12345678
\tPart Number: HMA84GR7DJR4N-XN
\tConfigured Memory Speed: 2933 MT/s

Handle 0x1101, DMI type 17, 84 bytes
Memory Device
\tSize: No Module Installed
\tLocator: A2
`;

const read = (machine: Machine) => new FactStore(machine, new AbortController().signal).get(inventory);

test('by the firmware’s tables, with the disks that the kernel knows', async () => {
  const machine = machineOf({
    files: {
      'sys/block/sda/size': '1000\n',
      'sys/block/sda/device/model': 'EXAMPLE DISK\n',
      'sys/block/dm-0/size': '5\n',
    },
    tools: { dmidecode: TABLES },
  });
  const found = await read(machine);
  assert.deepEqual(found.system, {
    maker: 'Example Inc.',
    product: 'Server R1',
    version: '',
    serial: 'ABC1234',
  });
  assert.deepEqual(found.board, { maker: 'Example Inc.', product: '0H28RR', version: 'A02', serial: '' });
  assert.equal(found.chassis.product, 'Rack Mount Chassis');
  assert.deepEqual(found.bios, {
    maker: 'Example Inc.',
    version: '2.10.0',
    date: '03/01/2025',
    revision: '2.10',
  });
  assert.deepEqual(found.processor, {
    model: 'Example(R) CPU Gold 6330 @ 2.00GHz',
    sockets: 1,
    cores: 28,
    threads: 56,
  });
  assert.deepEqual(
    found.memory.map(({ slot, bytes, configuredSpeed }) => [slot, bytes, configuredSpeed]),
    [
      ['A1', 32 * 2 ** 30, '2933 MT/s'],
      ['A2', 0, ''],
    ],
  );
  assert.equal(found.errorCorrection, 'Multi-bit ECC');
  assert.deepEqual(
    found.disks.map(({ name, model }) => [name, model]),
    [['sda', 'EXAMPLE DISK']],
  );
  assert.deepEqual(found.sources, ['dmidecode']);
  // It is read once for a machine, however many runs ask.
  assert.equal(await read(machine), found);
});

test('by sysfs and the kernel where the tables may not be read, and not at all where nothing tells', async () => {
  const found = await read(
    machineOf({
      files: {
        'sys/class/dmi/id/sys_vendor': 'Example\n',
        'sys/class/dmi/id/product_name': 'Box\n',
        'sys/class/dmi/id/bios_version': '1.0\n',
        'proc/cpuinfo':
          'processor\t: 0\nmodel name\t: X\nphysical id\t: 0\ncpu cores\t: 2\n\nprocessor\t: 1\nmodel name\t: X\nphysical id\t: 0\ncpu cores\t: 2\n',
      },
    }),
  );
  assert.deepEqual([found.system.maker, found.system.product, found.bios.version], ['Example', 'Box', '1.0']);
  assert.deepEqual(found.processor, { model: 'X', sockets: 1, cores: 2, threads: 2 });
  await assert.rejects(read(machineOf({ files: { 'proc/version': 'Linux\n' } })), /nothing tells/);
});

test('tables that are cut off or nonsense give what is there', () => {
  assert.equal(sizeOf('16384 MB'), 16 * 2 ** 30);
  assert.equal(sizeOf('No Module Installed'), 0);
  for (let at = 0; at < TABLES.length; at += 37) parseDmidecode(TABLES.slice(0, at));
  assert.deepEqual(parseDmidecode('\0\n\tx: y\nHandle nonsense'), []);
});

test('this machine, with systeminformation', async () => {
  const found = await read(new LiveMachine());
  assert.ok(found.sources.includes('systeminformation'), found.sources.join());
  assert.ok(found.processor.threads > 0 && found.processor.model !== '');
  assert.ok(found.disks.length > 0);
});
