/**
 * Machine images for tests in virtual machines, made by packaging/images as an operator makes them: a root image that serves every
 * node, and disks of one node, whose certificate and settings are on its /var.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskMissing, makeDisk } from '../../packaging/images/disk.ts';
import type { LoaderKind } from '../../packaging/images/loader.ts';
import { makeRootImage, type RootImage, rootImageMissing } from '../../packaging/images/root-image.ts';
import { saveNodeFolder } from '../../pki/pair-file.ts';
import type { TestPki } from '../support/pki.ts';
import { type Firmware, machineMissing } from './machine.ts';

const top = join(import.meta.dirname, '..', '..');
const MIB = 1 << 20;
const IMAGE_MIB = 416;
const SIZES = { bootMiB: 128, slotMiB: 448, varMiB: 192 };
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

/** Makes a root image with the agent, which is packaged now: what an older source was built to would be tested in its place. */
export function makeNodeImage(folder: string, version: string): RootImage {
  const dist = join(top, 'dist');
  execFileSync(process.execPath, [join(top, 'packaging', 'build.ts'), '--only', 'agent'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return makeRootImage({
    ...{ version, dist, out: join(folder, `image-${version}`), bytes: IMAGE_MIB * MIB, modules: MODULES },
  });
}

/** What starts such a disk. */
export function firmwareOf(loader: LoaderKind): Firmware {
  return loader === 'grub-bios' ? 'bios' : 'uefi';
}

/** A node's disk. */
export interface NodeDiskOptions {
  readonly folder: string;
  /** The node's name. */
  readonly node: string;
  readonly pki: TestPki;
  readonly image: RootImage;
  readonly loader: LoaderKind;
  /** The agent's settings beside the address that it listens on, in YAML. */
  readonly settings?: string;
  /** What `nodectl image build` made of the image. */
  readonly archive?: string;
  /** More files, by their path below /var. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
}

/** Makes a node's disk, and gives its path. */
export async function makeNodeDisk(options: NodeDiskOptions): Promise<string> {
  const { folder, node, pki, image, loader, settings = '', files = {} } = options;
  const vars = join(folder, `var-${node}`);
  const put = (path: string, text: string | Buffer) => {
    mkdirSync(dirname(join(vars, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(vars, path), text);
  };
  const etc = 'etc/upper';
  put(`${etc}/hostname`, `${node}\n`);
  put(`${etc}/nodectl/agent.yaml`, `listen: ["0.0.0.0:7443"]\n${settings}`);
  // What the user-mode network of QEMU gives its only guest.
  put(
    `${etc}/systemd/network/50-test.network`,
    '[Match]\nName=en*\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\nIPv6AcceptRA=no\nLinkLocalAddressing=no\n',
  );
  // What the agent says of a start that fails is seen on the console.
  put(
    `${etc}/systemd/system/nodectl-agent.service.d/console.conf`,
    '[Service]\nStandardError=journal+console\n',
  );
  for (const [path, content] of Object.entries(files)) put(path, content);
  const state = join(vars, 'lib/nodectl');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const { key, chain } = await pki.node(node);
  saveNodeFolder(state, key, chain, pki.trust);
  const out = join(folder, `${node}.img`);
  const { archive } = options;
  await makeDisk({ ...{ loader, image, out, vars }, ...SIZES, ...(archive ? { archive } : {}) });
  rmSync(vars, { recursive: true });
  return out;
}
