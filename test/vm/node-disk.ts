/** Disks of a node for the tests' machines: its certificate and settings are on its /var. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDisk } from '../../packaging/images/disk.ts';
import type { LoaderKind } from '../../packaging/images/loader.ts';
import { saveNodeFolder } from '../../pki/pair-file.ts';
import type { TestPki } from '../support/pki.ts';
import type { VmImages } from './images.ts';
import type { Firmware } from './machine.ts';

const SIZES = { bootMiB: 128, slotMiB: 448, varMiB: 192 };

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
  readonly images: VmImages;
  readonly loader: LoaderKind;
}

/** Makes a node's disk with the first image, and gives its path. */
export async function makeNodeDisk({ folder, node, pki, images, loader }: NodeDiskOptions): Promise<string> {
  const vars = join(folder, `var-${node}`);
  const put = (path: string, text: string | Buffer) => {
    mkdirSync(dirname(join(vars, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(vars, path), text);
  };
  const etc = 'etc/upper';
  put(`${etc}/hostname`, `${node}\n`);
  put(
    `${etc}/nodectl/agent.yaml`,
    'listen: ["0.0.0.0:7443"]\nupgrades: { keys: /etc/nodectl/upgrade-keys, compatible: [nodectl-x86-64] }\n',
  );
  put(`${etc}/nodectl/upgrade-keys/release.pub.pem`, images.publicKey);
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
  const state = join(vars, 'lib/nodectl');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const { key, chain } = await pki.node(node);
  saveNodeFolder(state, key, chain, pki.trust);
  const out = join(folder, `${node}.img`);
  const image = images.first;
  await makeDisk({ loader, image, out, vars, archive: images.archive(image.version), ...SIZES });
  rmSync(vars, { recursive: true });
  return out;
}
