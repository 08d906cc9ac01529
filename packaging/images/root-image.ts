/** A root image and what belongs to it, in a folder: what `nodectl image build` and disk.ts take. */

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../proto/make-folder.ts';
import { base } from './base.ts';
import { makeExt4 } from './ext4.ts';
import { missingPrograms } from './tools.ts';
import { makeTree } from './tree.ts';

/** Programs that it takes, and the Debian packages that have them. */
const PROGRAMS = {
  ...{ mmdebstrap: 'mmdebstrap', tar: 'tar', systemctl: 'systemd', modprobe: 'kmod', depmod: 'kmod' },
  ...{ mke2fs: 'e2fsprogs', dumpe2fs: 'e2fsprogs', debugfs: 'e2fsprogs' },
};

/** What to make. */
export interface RootImageOptions {
  /** What the image calls itself. */
  readonly version: string;
  /** The folder to write into; made where it is missing. */
  readonly out: string;
  /** Where `npm run build` put the agent. */
  readonly dist: string;
  /** Size of the file system: not more than a slot has. */
  readonly bytes: number;
  /** Debian packages beside ours. */
  readonly packages?: readonly string[];
  /** Folders whose content is copied over the tree, in this order. */
  readonly add?: readonly string[];
  /** Kernel modules that stay, with those that they need; all where it is left out. */
  readonly modules?: readonly string[];
  /** Whether the image is to have Debian's initrd; without one the kernel must have disk and file system built in. */
  readonly initrd?: boolean;
  /** Files that are younger get this time, in seconds since 1970; by default SOURCE_DATE_EPOCH, or when the packages were fetched. */
  readonly epoch?: number;
}

/** What was made: files in the folder. */
export interface RootImage {
  readonly version: string;
  /** The file system. */
  readonly root: string;
  readonly kernel: string;
  readonly initrd?: string;
  /** systemd-boot, for x86_64. */
  readonly loader: string;
  /** What the kernel's command line must have for it, without what a boot loader adds. */
  readonly commandLine: string;
  /** "6.1.0-56-cloud-amd64" */
  readonly kernelRelease: string;
}

/** Why no image can be made here, or undefined. */
export function rootImageMissing(): string | undefined {
  if (process.arch !== 'x64') return `the image is for x86_64, not ${process.arch}`;
  if (process.getuid?.() !== 0) return 'only root can unpack the image’s packages with their owners';
  const [missing] = missingPrograms(Object.keys(PROGRAMS));
  if (missing) return `${missing} is missing (package ${PROGRAMS[missing as keyof typeof PROGRAMS]})`;
  return undefined;
}

/** Makes a root image. The same options, base and agent give the same bytes. @throws Error that says what is missing or failed */
export function makeRootImage(options: RootImageOptions): RootImage {
  const missing = rootImageMissing();
  if (missing) throw new Error(missing);
  const { version, out, dist, bytes, packages = [], add = [], modules } = options;
  const { archive, fetched } = base(packages);
  const epoch = options.epoch ?? (Number(process.env.SOURCE_DATE_EPOCH) || fetched);
  makeFolder(out, 0o755);
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-image-'));
  try {
    const tree = makeTree(folder, { base: archive, version, dist, add, ...(modules ? { modules } : {}) });
    const paths = {
      root: join(out, 'root.ext4'),
      kernel: join(out, 'vmlinuz'),
      loader: join(out, 'systemd-bootx64.efi'),
      initrd: join(out, 'initrd.img'),
    };
    copyFileSync(tree.kernel, paths.kernel);
    copyFileSync(join(folder, 'usr/lib/systemd/boot/efi/systemd-bootx64.efi'), paths.loader);
    rmSync(paths.initrd, { force: true });
    if (options.initrd && !tree.initrd) throw new Error('the packages made no initrd');
    if (options.initrd && tree.initrd) copyFileSync(tree.initrd, paths.initrd);
    else if (tree.initrd) rmSync(tree.initrd);
    makeExt4({ folder, out: paths.root, bytes, epoch });
    const image: RootImage = {
      ...{ version, root: paths.root, kernel: paths.kernel, loader: paths.loader },
      ...(options.initrd ? { initrd: paths.initrd } : {}),
      // Without init= a missing one would end in a shell that waits for ever, and not in a panic.
      commandLine: 'init=/usr/lib/nodectl/early-init console=tty0 console=ttyS0 quiet',
      kernelRelease: tree.kernelRelease,
    };
    writeFileSync(join(out, 'image.json'), `${JSON.stringify(image, undefined, 2)}\n`);
    return image;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
