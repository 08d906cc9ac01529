/**
 * What stands on the partition that the boot loader reads, in the places where the agent's backends look for it: slot a as the
 * image that the machine is installed with, which is good, and slot b empty. Kernels are in nodectl/a and nodectl/b.
 */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assetPaths } from '../../agent/upgrade/boot/boot-assets.ts';
import { formatEntry, formatEntryName } from '../../agent/upgrade/boot/boot-entry.ts';
import { fullCommandLine } from '../../agent/upgrade/boot/deployment.ts';
import { GRUB_COPIES, installedEnvironment } from '../../agent/upgrade/boot/grub.ts';
import { encodeEnvironment } from '../../agent/upgrade/boot/grub-environment.ts';
import { ENTRIES } from '../../agent/upgrade/boot/systemd-boot.ts';
import type { RootImage } from './root-image.ts';
import { run } from './tools.ts';

/** How a disk boots. */
export type LoaderKind = 'systemd-boot' | 'grub-efi' | 'grub-bios';
/** All of them. */
export const LOADERS: readonly LoaderKind[] = ['systemd-boot', 'grub-efi', 'grub-bios'];

/** The loaders' own files, which no upgrade rewrites. */
const templates = join(import.meta.dirname, '..', 'boot');
/** What UEFI starts from a disk that it was told nothing of (UEFI specification, 3.5.1.1). */
const FALLBACK = 'EFI/BOOT/BOOTX64.EFI';
/** Modules of GRUB that reading the partition and the selector take. */
const GRUB_MODULES = [
  ...['part_gpt', 'fat', 'ext2', 'normal', 'configfile', 'loadenv', 'test', 'echo', 'linux', 'reboot'],
  ...['sleep', 'serial', 'terminal', 'search', 'search_label', 'true'],
];

/** The unique identifiers of the partitions that the slots are. */
export interface SlotPartitions {
  readonly a: string;
  readonly b: string;
}

/**
 * Fills an empty folder with all that the partition holds.
 * @throws Error where a program of GRUB's is missing or a part cannot be read
 */
export function fillBootFolder(
  folder: string,
  kind: LoaderKind,
  image: RootImage,
  partitions: SlotPartitions,
): void {
  const put = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const slot of ['a', 'b'] as const)
    mkdirSync(join(folder, assetPaths(slot).folder), { recursive: true });
  const paths = assetPaths('a');
  copyFileSync(image.kernel, join(folder, paths.kernel));
  if (image.initrd) copyFileSync(image.initrd, join(folder, paths.initrd));
  if (kind === 'systemd-boot') {
    put(FALLBACK, readFileSync(image.loader));
    put('loader/loader.conf', readFileSync(join(templates, 'loader.conf')));
    const options = fullCommandLine('a', `PARTUUID=${partitions.a}`, '', image.commandLine);
    const entry = { slot: 'a', title: `nodectl A ${image.version}`, serial: 0, deployId: '' } as const;
    put(
      `${ENTRIES}/${formatEntryName({ slot: 'a', done: 0 })}`,
      formatEntry({ ...entry, initrd: image.initrd !== undefined, options }),
    );
    return;
  }
  for (const path of GRUB_COPIES) put(path, encodeEnvironment(installedEnvironment()));
  put(`${paths.folder}/slot.cfg`, `set args='${image.commandLine}'\n`);
  put('grub/grub.cfg', selector(partitions));
  if (kind === 'grub-efi') {
    mkdirSync(dirname(join(folder, FALLBACK)), { recursive: true });
    makeGrub('x86_64-efi', '/grub', join(folder, FALLBACK));
  }
}

/** The selector with this disk's partitions. */
function selector(partitions: SlotPartitions): string {
  return readFileSync(join(templates, 'grub.cfg'), 'utf8')
    .replaceAll('@ROOT_A@', `PARTUUID=${partitions.a}`)
    .replaceAll('@ROOT_B@', `PARTUUID=${partitions.b}`);
}

/**
 * Writes GRUB itself.
 * @param prefix the folder that grub.cfg is in; of the device that GRUB was started from where it names none
 */
export function makeGrub(target: 'x86_64-efi' | 'i386-pc', prefix: string, out: string): void {
  const modules = target === 'i386-pc' ? ['biosdisk', ...GRUB_MODULES] : GRUB_MODULES;
  run('grub-mkimage', ['-O', target, '-p', prefix, '-o', out, ...modules]);
}
