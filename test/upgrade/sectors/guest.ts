/**
 * Runs in a virtual machine as its first process: the scenario on real file systems of a real kernel, on disks whose writes QEMU
 * records. What goes wrong is said on the console.
 */

import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { LiveMachine } from '../../../agent/host/live-machine.ts';
import { DiskBootFolder } from '../../../agent/upgrade/boot/boot-folder.ts';
import { GrubBackend } from '../../../agent/upgrade/boot/grub.ts';
import { SlotRecords } from '../../../agent/upgrade/boot/slot-records.ts';
import { SlotDevices } from '../../../agent/upgrade/boot/slot-store.ts';
import { SystemdBootBackend } from '../../../agent/upgrade/boot/systemd-boot.ts';
import { type FileView, runGrub, runSystemdBoot } from '../boot-models.ts';
import { type ScenarioMachine, scenario } from '../boot-scenario.ts';
import { KERNEL_BYTES, RECORDINGS, type Recording, ROOTS, rootContent, SECTOR } from './layout.ts';

const BOOT = '/boot';
const BLOCK = 4_096;
const live = new LiveMachine();
const say = (text: string) => process.stdout.write(`@@ ${text}\n`);
const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' });

process.env.PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
run('mount', '-t', 'proc', 'proc', '/proc');
run('mount', '-t', 'sysfs', 'sys', '/sys');
run('mount', '-t', 'devtmpfs', 'dev', '/dev');
run('mount', '-t', 'tmpfs', 'run', '/run');
run('modprobe', '-a', 'vfat', 'nls_cp437', 'nls_ascii', 'virtio_pci', 'virtio_blk');

/** The block device of a serial number: the kernel numbers disks as they answer, and reads their partitions when it comes to it. */
async function deviceOf(serial: string): Promise<string> {
  const isIt = (name: string) => {
    const path = `/sys/class/block/${name}/serial`;
    return existsSync(path) && readFileSync(path, 'utf8').trim() === serial;
  };
  for (let turn = 0; turn < 600; turn++) {
    const found = readdirSync('/sys/class/block').find(isIt);
    if (found && existsSync(`/dev/${found}4`)) return `/dev/${found}`;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`no disk ${serial} with four partitions: ${readdirSync('/dev').join(' ')}`);
}

async function record({ name, loader, fileSystem }: Recording): Promise<void> {
  const device = await deviceOf(name);
  const mount = () => run('mount', '-t', fileSystem, `${device}1`, BOOT);
  const records = new SlotRecords(`/run/records-${name}`);
  const disk = new DiskBootFolder(BOOT, live);
  const named = new SlotDevices(ROOTS, live);
  const slots = new SlotDevices({ a: `${device}2`, b: `${device}3` }, live);
  const parts = { disk, records, devices: named, machine: live, running: () => machine.running };
  const marks = openSync(`${device}4`, constants.O_WRONLY | constants.O_DSYNC);
  const view: FileView = { read: (path) => whole(disk, path), list: (path) => disk.list(path) };
  const machine: ScenarioMachine = {
    running: { slot: 'a' },
    backend: loader === 'grub' ? new GrubBackend(parts) : new SystemdBootBackend(parts),
    assetBytes: KERNEL_BYTES,
    async writeRoot(slot, version) {
      const content = rootContent(version);
      const open = await slots.open(slot, machine.running.slot);
      for (let at = BLOCK; at < content.length; at += BLOCK)
        await open.write(at, content.subarray(at, at + BLOCK));
      await open.flush();
      await open.write(0, content.subarray(0, BLOCK));
      await open.flush();
      await open.dropCaches();
      if (!(await open.read(0, content.length)).equals(content)) throw new Error('the root reads otherwise');
      await open.close();
    },
    restart() {
      run('umount', BOOT);
      mount();
      const started = loader === 'grub' ? runGrub(view, ROOTS) : runSystemdBoot(view);
      for (const write of started.writes)
        if (write.kind === 'overwrite') disk.overwrite(write.path, write.content);
        else {
          disk.rename(write.from, write.to);
          disk.syncFolder('loader/entries');
        }
      return started;
    },
    mark(text) {
      const sector = Buffer.alloc(SECTOR);
      sector.write(text);
      writeSync(marks, sector, 0, SECTOR, 0);
      fsyncSync(marks);
    },
  };
  mount();
  await scenario(machine);
  run('umount', BOOT);
  machine.mark?.('end');
  closeSync(marks);
  say(`recorded ${name}`);
}

/** A file of any length: the model reads kernels. */
function whole(disk: DiskBootFolder, path: string): Buffer | undefined {
  return disk.info(path) && Buffer.concat([...disk.pieces(path)]);
}

try {
  for (const recording of RECORDINGS) await record(recording);
  say('all recorded');
} catch (error) {
  say(`failed: ${error instanceof Error ? error.stack : error}`);
}
run('sync');
// What was written last must be seen: a terminal's settings are changed when all that was written has gone out over its line.
run('stty', '-F', '/dev/console', '-echo');
// The first process must not end, and there is no other way down without a reboot(2) of Node's.
process.exit(0);
