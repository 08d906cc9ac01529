/** Slots on plain files and on real block devices, and the machine's word about which of them runs. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import { deviceNumber, mounts } from './mounts.ts';
import { runningSlot } from './running-slot.ts';
import { SlotDevices } from './slot-store.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-slots-'));
after(() => rmSync(top, { recursive: true }));
const refused = (reason: string, message?: RegExp) => ({ reason, ...(message ? { message } : {}) });

function files() {
  const folder = mkdtempSync(join(top, 'f-'));
  const names = { a: join(folder, 'a.img'), b: join(folder, 'b.img') };
  for (const path of [names.a, names.b]) writeFileSync(path, Buffer.alloc(1 << 20));
  return names;
}

test('a plain file is written, flushed and read back', async () => {
  const names = files();
  const devices = new SlotDevices(names, new LiveMachine());
  assert.deepEqual(devices.look('b'), { device: names.b, bytes: 1 << 20 });
  assert.equal(devices.root('b'), names.b);
  const slot = await devices.open('b', 'a');
  await slot.write(4096, Buffer.from('hello'));
  await slot.flush();
  await slot.dropCaches();
  assert.equal((await slot.read(4096, 5)).toString(), 'hello');
  const error = refused('UPGRADE_DEVICE_ERROR');
  await assert.rejects(slot.write((1 << 20) - 2, Buffer.from('abc')), error, 'a file must not grow');
  await assert.rejects(slot.write(-1, Buffer.from('abc')), error);
  await assert.rejects(slot.read((1 << 20) - 2, 3), error);
  await slot.close();
  assert.equal(statSync(names.b).size, 1 << 20);
});

test('the running slot, a folder and what is not there are refused', async () => {
  const names = files();
  const devices = new SlotDevices(names, new LiveMachine());
  await assert.rejects(devices.open('a', 'a'), refused('UPGRADE_SLOT_RUNNING'));
  for (const wrong of [top, join(top, 'none'), '/dev/null', 'PARTLABEL=no-such-label', 'PARTUUID=0-0']) {
    const other = new SlotDevices({ a: names.a, b: wrong }, new LiveMachine());
    await assert.rejects(other.open('b', 'a'), refused('UPGRADE_TARGET_MISSING'), wrong);
    assert.match(other.look('b').problem ?? '', /^slot b /);
  }
});

/** A loop device on a file, taken away after the test; undefined where none can be made. */
function loop(file: string): string | undefined {
  try {
    const device = execFileSync('losetup', ['--find', '--show', file], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
    after(() => execFileSync('losetup', ['--detach', device]));
    return device;
  } catch {
    return undefined;
  }
}

const image = join(top, 'loop.img');
writeFileSync(image, Buffer.alloc(8 << 20));
const device = loop(image);
const skip = device === undefined && 'loop devices cannot be made here: it takes root';

test('a block device is measured and opened, but not while it is mounted or something is made of it', {
  skip,
}, async () => {
  assert.ok(device !== undefined);
  const live = new LiveMachine();
  const devices = new SlotDevices({ a: '/dev/null', b: device }, live);
  const { bytes, number } = devices.look('b');
  assert.equal(bytes, 8 << 20);
  assert.equal(number, deviceNumber(statSync(device, { bigint: true }).rdev));
  const slot = await devices.open('b', 'a');
  await slot.write(0, Buffer.alloc(4096, 1));
  await slot.flush();
  await slot.dropCaches();
  assert.deepEqual(await slot.read(0, 4096), Buffer.alloc(4096, 1));
  assert.throws(() => execFileSync('mkfs.ext4', ['-q', device], { stdio: 'pipe' }), 'it is ours alone');
  await slot.close();
  execFileSync('blockdev', ['--setro', device]);
  try {
    await assert.rejects(
      devices.open('b', 'a'),
      refused('UPGRADE_TARGET_READ_ONLY', /cannot be written to: the kernel has it as read-only/),
    );
  } finally {
    // The number keeps it, whatever file it is given to next.
    execFileSync('blockdev', ['--setrw', device]);
  }
  const file = new SlotDevices({ a: '/dev/null', b: image }, live);
  await assert.rejects(file.open('b', 'a'), refused('UPGRADE_TARGET_BUSY', /loop\d+ is made of it/));
  execFileSync('mkfs.ext4', ['-q', '-F', device]);
  const point = join(top, 'mounted here');
  mkdirSync(point);
  execFileSync('mount', [device, point]);
  try {
    assert.ok(
      mounts(live).some((one) => one.device === number && one.point === point && one.type === 'ext4'),
    );
    await assert.rejects(devices.open('b', 'a'), refused('UPGRADE_TARGET_BUSY', /mounted on .*mounted here/));
  } finally {
    execFileSync('umount', [point]);
  }
  await (await devices.open('b', 'a')).close();
});

/** A machine with two partitions of made-up numbers: their device nodes are links to block devices that there are. */
function captured(cmdline: string, root: string, other: { labels?: [string, string]; more?: string } = {}) {
  const folder = mkdtempSync(join(top, 'c-'));
  const put = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put('proc/cmdline', `${cmdline}\n`);
  put(
    'proc/self/mountinfo',
    `22 1 ${root} / / ro,relatime shared:1 - ext4 /dev/root ro\n${other.more ?? ''}`,
  );
  const [a, b] = other.labels ?? ['nodectl-a', 'nodectl-b'];
  put('sys/class/block/loop0/uevent', `DEVNAME=loop0\nPARTNAME=${a}\nPARTUUID=aaaa-01\n`);
  put('sys/class/block/loop1/uevent', `DEVNAME=loop1\nPARTNAME=${b}\nPARTUUID=aaaa-02\n`);
  for (const [at, name] of ['loop0', 'loop1'].entries()) {
    put(`sys/dev/block/7:${at}/size`, '2048\n');
    put(`sys/dev/block/7:${at}/uevent`, `PARTUUID=aaaa-0${at + 1}\n`);
    mkdirSync(join(folder, 'dev'), { recursive: true });
    symlinkSync(`/dev/${name}`, join(folder, 'dev', name));
  }
  const machine = new LiveMachine(folder);
  const names = { a: 'PARTLABEL=nodectl-a', b: 'PARTLABEL=nodectl-b' };
  return { machine, devices: new SlotDevices(names, machine, folder) };
}

const noLoops =
  !statSync('/dev/loop1', { throwIfNoEntry: false })?.isBlockDevice() && 'there are no loop devices here';

test('partitions are found by what the kernel says of them', { skip: noLoops }, () => {
  const { devices } = captured('', '7:0');
  assert.deepEqual(devices.look('b'), { device: '/dev/loop1', bytes: 2048 * 512, number: '7:1' });
  assert.equal(devices.root('b'), 'PARTUUID=aaaa-02');
  const twice = captured('', '7:0', { labels: ['nodectl-b', 'nodectl-b'] });
  assert.match(twice.devices.look('b').problem ?? '', /loop0 and loop1 both have that name/);
});

test('the running slot is what the command line says and the root device bears out', {
  skip: noLoops,
}, () => {
  const running = (cmdline: string, root: string, more?: string) => {
    const { machine, devices } = captured(cmdline, root, more === undefined ? {} : { more });
    return runningSlot(machine, devices);
  };
  assert.deepEqual(running('ro nodectl.slot=b nodectl.deploy=d-9 quiet', '7:1'), {
    slot: 'b',
    deployId: 'd-9',
  });
  assert.deepEqual(running('nodectl.slot=a nodectl.slot=b', '7:1'), { slot: 'b' });
  const overlay = '23 22 7:0 / /run/lower ro - ext4 /dev/loop0 ro\n';
  assert.deepEqual(running('nodectl.slot=a', '0:33', overlay), { slot: 'a' });
  const unknown = refused('UPGRADE_RUNNING_SLOT_UNKNOWN');
  assert.throws(() => running('quiet', '7:0'), unknown);
  assert.throws(() => running('nodectl.slot=c', '7:0'), unknown);
  assert.throws(() => running('nodectl.slot=a', '7:1'), refused('UPGRADE_RUNNING_SLOT_UNKNOWN', /slot b/));
  assert.throws(() => running('nodectl.slot=a', '0:33'), unknown);
});
