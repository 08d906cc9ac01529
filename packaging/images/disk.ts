/**
 * A disk that boots: a partition table, what the boot loader reads, the image in slot a, an empty slot b, and /var. Nothing is
 * mounted and no loop device is used: every partition is made as a file and copied to its place.
 */

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteInstalled } from './installed.ts';
import { fillBootFolder, type LoaderKind, makeGrub } from './loader.ts';
import type { RootImage } from './root-image.ts';
import { missingPrograms, run } from './tools.ts';

const MIB = 1 << 20;
const SECTOR = 512;
/** Type codes of sgdisk: EFI system, BIOS boot, and Linux data, which systemd mounts nowhere by itself. */
const [EFI, BIOS_BOOT, LINUX] = ['ef00', 'ef02', '8300'];
/** What GRUB's boot sector is (include/grub/i386/pc/boot.h): code, the sector of its core, and a jump that asks for the drive. */
const BOOT_CODE_BYTES = 440;
const KERNEL_SECTOR_AT = 0x5c;
const DRIVE_CHECK_AT = 0x66;
/** The list of the core's further sectors, at the end of its first one (include/grub/i386/pc/diskboot.h). */
const BLOCK_LIST_AT = 0x1f4;
const BOOT_SECTOR = '/usr/lib/grub/i386-pc/boot.img';

/** Programs that it takes, and the Debian packages that have them. */
const PROGRAMS = {
  ...{ sgdisk: 'gdisk', 'mkfs.vfat': 'dosfstools', mcopy: 'mtools', mke2fs: 'e2fsprogs', dd: 'coreutils' },
  'grub-mkimage': 'grub-common, grub-efi-amd64-bin and grub-pc-bin',
};

/** What to make. */
export interface DiskOptions {
  readonly loader: LoaderKind;
  readonly image: RootImage;
  /** The file to write; it is sparse. */
  readonly out: string;
  /** What is on /var beside what the image brings: /var/lib/nodectl, and below /var/etc/upper what differs from the image's /etc. */
  readonly vars: string;
  /** The image that `nodectl image build` made of the root, so that the agent knows what it runs. */
  readonly archive?: string;
  /** Sizes in MiB. The boot partition holds two kernels and initrds; a slot is never smaller than the image. */
  readonly bootMiB?: number;
  readonly slotMiB?: number;
  readonly varMiB?: number;
}

/** Why no disk can be made here, or undefined. */
export function diskMissing(): string | undefined {
  const [missing] = missingPrograms(Object.keys(PROGRAMS));
  return missing && `${missing} is missing (package ${PROGRAMS[missing as keyof typeof PROGRAMS]})`;
}

/** A partition. */
interface Partition {
  readonly label: string;
  readonly type: string;
  readonly miB: number;
  readonly uuid: string;
  /** In MiB from the disk's start. */
  readonly start: number;
}

/** Makes a disk. @throws Error that says what is missing, too small or failed */
export async function makeDisk(options: DiskOptions): Promise<void> {
  const missing = diskMissing();
  if (missing) throw new Error(missing);
  const { loader, image, out, vars, bootMiB = 512, slotMiB = 1024, varMiB = 1024 } = options;
  if (statSync(image.root).size > slotMiB * MIB)
    throw new Error(
      `${image.root} has ${statSync(image.root).size} bytes, more than a slot of ${slotMiB} MiB`,
    );
  const partitions = layout([
    ...(loader === 'grub-bios' ? [['nodectl-bios', BIOS_BOOT, 1] as const] : []),
    ['nodectl-boot', loader === 'grub-bios' ? LINUX : EFI, bootMiB],
    ['nodectl-a', LINUX, slotMiB],
    ['nodectl-b', LINUX, slotMiB],
    ['nodectl-var', LINUX, varMiB],
  ]);
  const find = (label: string) => {
    const found = partitions.find((one) => one.label === label);
    if (!found) throw new Error(`the disk has no ${label}`);
    return found;
  };
  const last = find('nodectl-var');
  rmSync(out, { force: true });
  writeFileSync(out, '');
  // One more for the copy of the table at the end.
  truncateSync(out, (last.start + last.miB + 1) * MIB);
  run('sgdisk', [
    ...partitions.flatMap(({ label, type, miB, uuid, start }, at) => {
      const number = at + 1;
      return [
        ...['-n', `${number}:${start}M:+${miB}M`, '-t', `${number}:${type}`],
        ...['-c', `${number}:${label}`, '-u', `${number}:${uuid}`],
      ];
    }),
    out,
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-disk-'));
  try {
    const part = (label: string) => join(folder, `${label}.img`);
    const boot = join(folder, 'boot');
    run('mkdir', [boot]);
    fillBootFolder(boot, loader, image, { a: find('nodectl-a').uuid, b: find('nodectl-b').uuid });
    run('mkfs.vfat', ['-F', '32', '-n', 'NODECTL', '-C', part('nodectl-boot'), String(bootMiB * 1024)]);
    const names = readdirSync(boot).map((name) => join(boot, name));
    run('mcopy', ['-i', part('nodectl-boot'), '-s', '-Q', ...names, '::/']);
    const staged = join(folder, 'var');
    run('cp', ['-a', vars, staged]);
    if (options.archive !== undefined) await noteInstalled(staged, image.root, options.archive);
    run('mke2fs', ['-q', '-t', 'ext4', '-m', '1', '-d', staged, part('nodectl-var'), `${varMiB}M`]);
    for (const label of ['nodectl-boot', 'nodectl-var']) copy(part(label), out, find(label).start);
    copy(image.root, out, find('nodectl-a').start);
    if (loader === 'grub-bios') installGrub(out, find('nodectl-bios').start * (MIB / SECTOR), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Partitions one after the other, the first at 1 MiB. */
function layout(parts: readonly (readonly [label: string, type: string, miB: number])[]): Partition[] {
  let start = 1;
  return parts.map(([label, type, miB]) => {
    const partition = { label, type, miB, start, uuid: randomUUID() };
    start += miB;
    return partition;
  });
}

function copy(from: string, to: string, startMiB: number): void {
  run('dd', [`if=${from}`, `of=${to}`, 'bs=1M', `seek=${startMiB}`, 'conv=notrunc,sparse', 'status=none']);
}

/** What grub-install does on a machine with a BIOS: the boot sector, and GRUB's core in the BIOS boot partition, which is the first. */
function installGrub(disk: string, sector: number, folder: string): void {
  const core = join(folder, 'core.img');
  makeGrub('i386-pc', '(,gpt2)/grub', core);
  const code = readFileSync(core);
  code.writeBigUInt64LE(BigInt(sector + 1), BLOCK_LIST_AT);
  const boot = readFileSync(BOOT_SECTOR).subarray(0, BOOT_CODE_BYTES);
  boot.writeBigUInt64LE(BigInt(sector), KERNEL_SECTOR_AT);
  // Two times "no operation": a disk tells its right number.
  boot.fill(0x90, DRIVE_CHECK_AT, DRIVE_CHECK_AT + 2);
  const fd = openSync(disk, 'r+');
  try {
    writeSync(fd, boot, 0, boot.length, 0);
    writeSync(fd, code, 0, code.length, sector * SECTOR);
  } finally {
    closeSync(fd);
  }
}
