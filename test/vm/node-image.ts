/** The root image that the tests' machines run, made by packaging/images as an operator makes it: one serves every node. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { diskMissing } from '../../packaging/images/disk.ts';
import { makeRootImage, type RootImage, rootImageMissing } from '../../packaging/images/root-image.ts';
import { machineMissing } from './machine.ts';

const top = join(import.meta.dirname, '..', '..');
const IMAGE_BYTES = 416 << 20;
/** What the hardware that QEMU shows and the images' own parts need. */
const MODULES = [
  ...['virtio_net', 'virtio_pci', 'virtio_rng', 'vfat', 'nls_cp437', 'nls_ascii', 'efivarfs', 'efi_pstore'],
  ...['softdog', 'overlay', 'autofs4'],
  // The power button, and how systemd-logind hears of it.
  ...['button', 'evdev'],
];

/** Why no image can be made and booted here, or undefined. */
export function vmMissing(): string | undefined {
  return rootImageMissing() ?? diskMissing() ?? machineMissing();
}

/** Makes a root image in a folder, with the agent, which is packaged now: what an older source was built to would be tested in its place. */
export function makeNodeImage(out: string, version: string): RootImage {
  const dist = join(top, 'dist');
  execFileSync(process.execPath, [join(top, 'packaging', 'build.ts'), '--only', 'agent'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return makeRootImage({
    ...{ version, dist, out, bytes: IMAGE_BYTES, modules: MODULES },
  });
}
