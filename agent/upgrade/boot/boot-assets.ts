/**
 * Kernel and initrd of a slot, in a folder of the slot's own beside the boot loader: nodectl/a/vmlinuz, nodectl/a/initrd.img. They
 * are written as *.new, read back, flushed, and only then take their names, so that a name never stands for a part of a file.
 */

import { createHash } from 'node:crypto';
import { Failure } from '../../../proto/failure.ts';
import type { Asset, AssetRole, Assets, SlotName, StoredAsset } from './backend.ts';
import type { BootFolder } from './boot-folder.ts';

/** The folder that all of ours is in. */
export const OWN_FOLDER = 'nodectl';
/** What is being written ends in this. */
const FRESH = '.new';
/** Stays free: the loader's own entries, a folder that grows, and the rounding to clusters. */
const RESERVE_BYTES = 1 << 20;

/** The files of a slot. */
export function assetPaths(slot: SlotName): { folder: string; kernel: string; initrd: string } {
  const folder = `${OWN_FOLDER}/${slot}`;
  return { folder, kernel: `${folder}/vmlinuz`, initrd: `${folder}/initrd.img` };
}

/** Whether the loader finds a kernel for the slot. */
export function hasKernel(disk: BootFolder, slot: SlotName): boolean {
  return (disk.info(assetPaths(slot).kernel)?.bytes ?? 0) > 0;
}

/** The kernel or initrd of a slot. @throws Failure UPGRADE_BOOT_UNREADABLE */
export function storedAsset(disk: BootFolder, slot: SlotName, role: AssetRole): StoredAsset | undefined {
  const path = assetPaths(slot)[role];
  const bytes = disk.info(path)?.bytes;
  return bytes === undefined ? undefined : { bytes, pieces: () => disk.pieces(path) };
}

/** Bytes that kernel and initrd of a slot may have in all: what is free, and what the slot has there already. */
export function spaceForAssets(disk: BootFolder, slot: SlotName): number {
  const { folder } = assetPaths(slot);
  const own = disk.list(folder).reduce((sum, name) => sum + (disk.info(`${folder}/${name}`)?.bytes ?? 0), 0);
  return Math.max(0, disk.free() + own - RESERVE_BYTES);
}

/**
 * Puts them there. The slot's old ones go first: the loader boots the slot no more, and there need not be room for both.
 * @throws Failure UPGRADE_BOOT_FULL before anything is changed, UPGRADE_ASSET_DIGEST, UPGRADE_BOOT_WRITE_FAILED
 */
export async function writeAssets(disk: BootFolder, slot: SlotName, assets: Assets): Promise<void> {
  const { folder, kernel, initrd } = assetPaths(slot);
  const bytes = assets.kernel.bytes + (assets.initrd?.bytes ?? 0);
  const room = spaceForAssets(disk, slot);
  if (bytes > room)
    throw new Failure(
      'UPGRADE_BOOT_FULL',
      `kernel and initrd have ${bytes} bytes, and ${disk.path} has room for ${room}`,
      {
        hint: `remove from ${disk.path} what no slot boots`,
        facts: { bytes: String(bytes), room: String(room) },
      },
    );
  disk.makeFolder(folder);
  disk.syncFolder(OWN_FOLDER);
  await removeAssets(disk, slot);
  await put(disk, kernel, assets.kernel);
  if (assets.initrd) await put(disk, initrd, assets.initrd);
  disk.syncFolder(folder);
  await disk.syncAll();
}

/** Removes all that a slot has there. The loader must not boot it any more. */
export async function removeAssets(disk: BootFolder, slot: SlotName): Promise<void> {
  const { folder } = assetPaths(slot);
  const names = disk.list(folder);
  if (names.length === 0) return;
  for (const name of names) disk.unlink(`${folder}/${name}`);
  disk.syncFolder(folder);
  // What becomes free must be so on disk before it is used again: a loader that replays no journal would read it as the old file.
  await disk.syncAll();
}

async function put(disk: BootFolder, path: string, asset: Asset): Promise<void> {
  const fresh = path + FRESH;
  await disk.create(fresh, asset.open());
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of disk.pieces(fresh)) {
    hash.update(piece);
    bytes += piece.length;
  }
  if (bytes !== asset.bytes || hash.digest('hex') !== asset.sha256)
    throw new Failure(
      'UPGRADE_ASSET_DIGEST',
      `${disk.path}/${fresh} does not read as the file that the manifest names`,
      { hint: 'send the image again; if it happens again, look for errors of the disk in the kernel’s log' },
    );
  disk.rename(fresh, path);
}

/** Removes what a killed writer left of a slot; says which files. */
export function removeStaleAssets(disk: BootFolder, slot: SlotName): string[] {
  const { folder } = assetPaths(slot);
  const stale = disk.list(folder).filter((name) => name.endsWith(FRESH));
  for (const name of stale) disk.unlink(`${folder}/${name}`);
  if (stale.length > 0) disk.syncFolder(folder);
  return stale.map((name) => `${folder}/${name}`);
}
