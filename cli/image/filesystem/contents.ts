/**
 * What an image carries, as far as preflight asks: which kernel, of which package, which drivers of network cards, and the firmware
 * that those ask for. Read from the root image and the kernel's own header; what cannot be read is said in a note.
 */

import { zstdDecompressSync } from 'node:zlib';
import type { Manifest } from '../../../proto/image/manifest.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import { deltaSizeNote } from './delta-size.ts';
import { Ext4, FileSystemUnreadable } from './ext4.ts';
import { modinfo } from './modinfo.ts';
import { packagesOf } from './packages.ts';

const MAX_MODULE_BYTES = 64 << 20;
const MAX_LIST_BYTES = 4 << 20;
/** Where drivers of network cards are; those from elsewhere than the kernel's source may be some too. */
const OF_CARDS = /^(?:kernel\/drivers\/net|kernel\/drivers\/s390\/net|updates|extra)\//;
/** Folders of drivers/net that hold no drivers of cards. */
const NO_CARDS =
  /^kernel\/drivers\/net\/(?:phy|mdio|pcs|can|ppp|slip|team|bonding|ieee802154|hamradio|plip|arcnet|fddi|wan)\//;

/** What was found. */
export interface Contents {
  readonly found: Pick<Manifest, 'kernelRelease' | 'kernelPackage' | 'distribution' | 'modules' | 'firmware'>;
  /** What could not be read, a sentence each. */
  readonly notes: readonly string[];
}

/** Looks into an image's root and kernel. @param release of the kernel where it is known already */
export async function contentsOf(
  root: RangeSource,
  kernel: RangeSource,
  release?: string,
): Promise<Contents> {
  const notes: string[] = [];
  const own = release ?? (await releaseOfKernel(kernel));
  try {
    const files = await Ext4.open(root);
    const releases = (await files.list('/lib/modules')) ?? [];
    const kernelRelease = own ?? (releases.length === 1 ? releases[0] : undefined);
    if (kernelRelease === undefined) notes.push('which kernel it has cannot be read from the kernel’s file');
    return {
      found: { ...(await distributionOf(files)), ...(await kernelOf(files, kernelRelease, notes)) },
      notes,
    };
  } catch (error) {
    if (!(error instanceof FileSystemUnreadable)) throw error;
    notes.push(`the root image ${error.message}: what it carries has to be said by options`);
    const size = await deltaSizeNote(root);
    if (size !== undefined) notes.push(`the root image ${size}`);
    return { found: own === undefined ? {} : { kernelRelease: own }, notes };
  }
}

/**
 * The release that an x86 kernel has in its header (Documentation/arch/x86/boot.rst, kernel_version), as `uname -r` says it, or
 * undefined for kernels of other kinds.
 */
export async function releaseOfKernel(kernel: RangeSource): Promise<string | undefined> {
  if (kernel.size < 0x1000) return undefined;
  const header = await kernel.readRange(0x200, 0x20);
  if (header.toString('latin1', 2, 6) !== 'HdrS') return undefined;
  const at = 0x200 + header.readUInt16LE(0xe);
  const text = (await kernel.readRange(at, Math.min(256, kernel.size - at))).toString('latin1');
  return /^(\d[\w.+~-]{0,127}) /.exec(text)?.[1];
}

/** The kind of machine that a kernel is for, by its header (Documentation/arch/{x86,arm64}), or undefined where that is not told. */
export async function architectureOf(kernel: RangeSource): Promise<'x86-64' | 'arm64' | undefined> {
  if (kernel.size < 0x1000) return undefined;
  const header = (await kernel.readRange(0, 0x210)).toString('latin1');
  if (header.slice(0x202, 0x206) === 'HdrS') return 'x86-64';
  return header.slice(0x38, 0x3c) === 'ARM\x64' ? 'arm64' : undefined;
}

async function distributionOf(files: Ext4): Promise<Pick<Manifest, 'distribution'>> {
  const text = (await files.read('/etc/os-release', 64 << 10))?.toString() ?? '';
  const id = /^ID="?([A-Za-z0-9._-]{1,64})"?$/m.exec(text)?.[1];
  return id === undefined ? {} : { distribution: id };
}

async function kernelOf(
  files: Ext4,
  kernelRelease: string | undefined,
  notes: string[],
): Promise<Contents['found']> {
  if (kernelRelease === undefined) return {};
  const kernelPackage = (await packagesOf(files))?.get(`linux-image-${kernelRelease}`);
  const about = { kernelRelease, ...(kernelPackage === undefined ? {} : { kernelPackage }) };
  const folder = `/lib/modules/${kernelRelease}`;
  const lines = async (name: string) =>
    ((await files.read(`${folder}/${name}`, MAX_LIST_BYTES))?.toString() ?? '').split('\n');
  const modular = (await lines('modules.dep')).map((line) => line.split(':', 1)[0] ?? '');
  const paths = [...modular, ...(await lines('modules.builtin'))].filter(
    (path) => OF_CARDS.test(path) && !NO_CARDS.test(path),
  );
  if (paths.length === 0) {
    notes.push(`no drivers of network cards are found in ${folder}`);
    return about;
  }
  const modules = [...new Set(paths.map(driverOf))].sort();
  const firmware = await firmwareOf(files, folder, paths, notes);
  return { ...about, modules, ...(firmware.length > 0 ? { firmware } : {}) };
}

/** The name of a module as the kernel has it. */
function driverOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ko(?:\.\w+)?$/, '');
  return name.replaceAll('-', '_');
}

async function firmwareOf(
  files: Ext4,
  folder: string,
  paths: readonly string[],
  notes: string[],
): Promise<NonNullable<Manifest['firmware']>> {
  const found = new Map<string, { driver: string; file: string }>();
  let unread = 0;
  for (const path of paths) {
    const elf = await moduleAt(files, `${folder}/${path}`);
    if (elf === 'packed') unread += 1;
    if (!Buffer.isBuffer(elf)) continue;
    const driver = driverOf(path);
    for (const file of modinfo(elf, 'firmware'))
      if (/^[\x21-\x7e]{1,255}$/.test(file) && (await hasFirmware(files, file)))
        found.set(`${driver} ${file}`, { driver, file });
  }
  if (unread > 0)
    notes.push(
      `${unread} drivers are packed in a way that is not read here, so the firmware that they ask for is not listed`,
    );
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

/** A module's bytes; undefined where it is built in. */
async function moduleAt(files: Ext4, path: string): Promise<Buffer | 'packed' | undefined> {
  if (!(await files.has(path))) return undefined;
  if (/\.(?:xz|gz)$/.test(path)) return 'packed';
  const bytes = await files.read(path, MAX_MODULE_BYTES);
  return bytes && path.endsWith('.zst')
    ? zstdDecompressSync(bytes, { maxOutputLength: MAX_MODULE_BYTES })
    : bytes;
}

async function hasFirmware(files: Ext4, file: string): Promise<boolean> {
  for (const suffix of ['', '.xz', '.zst'])
    if (await files.has(`/lib/firmware/${file}${suffix}`)) return true;
  return false;
}
