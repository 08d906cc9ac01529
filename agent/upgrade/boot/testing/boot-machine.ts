/** A machine with a boot loader on plain folders, for tests: which slot runs is set, not read. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveMachine } from '../../../host/live-machine.ts';
import type { BootBackend } from '../backend.ts';
import { DiskBootFolder } from '../boot-folder.ts';
import { GRUB_COPIES, GrubBackend, installedEnvironment } from '../grub.ts';
import { encodeEnvironment } from '../grub-environment.ts';
import type { RunningSlot } from '../running-slot.ts';
import { SlotRecords } from '../slot-records.ts';
import { SlotDevices } from '../slot-store.ts';
import { SystemdBootBackend } from '../systemd-boot.ts';

/** The entry that an image with systemd-boot is installed with. */
export const INSTALLED_ENTRY =
  'title nodectl A installed\nsort-key nodectl\nversion 0000000000\nlinux /nodectl/a/vmlinuz\n' +
  'initrd /nodectl/a/initrd.img\noptions root=PARTUUID=aa ro panic=10 nodectl.slot=a\n';

/** A machine that was just installed. */
export interface BootMachine<B extends BootBackend> {
  readonly folder: string;
  readonly disk: DiskBootFolder;
  readonly backend: B;
  /** What runs; to be set as a restart would. */
  readonly running: { now: RunningSlot };
  /** Writes a file of the boot folder. */
  put(path: string, content: string | Buffer): void;
}

function make<B extends BootBackend>(
  top: string,
  open: (parts: ConstructorParameters<typeof SystemdBootBackend>[0]) => B,
): BootMachine<B> {
  const folder = mkdtempSync(join(top, 'boot-'));
  const machine = new LiveMachine(join(folder, 'host'));
  const disk = new DiskBootFolder(folder, machine);
  const put = (path: string, content: string | Buffer) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  put('nodectl/a/vmlinuz', 'kernel 1');
  put('nodectl/a/initrd.img', 'initrd 1');
  const running: { now: RunningSlot } = { now: { slot: 'a' } };
  const backend = open({
    ...{ disk, machine, running: () => running.now },
    records: new SlotRecords(join(folder, 'records')),
    devices: new SlotDevices({ a: 'PARTUUID=aa', b: 'PARTUUID=bb' }, machine),
  });
  return { folder, disk, backend, running, put };
}

/** One with GRUB, below a folder. */
export function grubMachine(top: string): BootMachine<GrubBackend> {
  const made = make(top, (parts) => new GrubBackend(parts));
  for (const path of GRUB_COPIES) made.put(path, encodeEnvironment(installedEnvironment()));
  return made;
}

/** One with systemd-boot, below a folder. */
export function systemdBootMachine(top: string): BootMachine<SystemdBootBackend> {
  const made = make(top, (parts) => new SystemdBootBackend(parts));
  made.put('loader/entries/nodectl-a.conf', INSTALLED_ENTRY);
  return made;
}
