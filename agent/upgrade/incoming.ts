/**
 * Where the parts of an image go until it is armed: the root where it belongs, kernel and initrd behind it in the same slot, and
 * only where that has no room for them into files of the agent's. So an upgrade takes no room on /var, as a rule, and the boot
 * partition is not touched before everything is verified.
 */

import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BLOCK_BYTES, blocksOf } from '../../proto/image/limits.ts';
import type { Manifest } from '../../proto/image/manifest.ts';
import type { Asset, Assets } from './boot/backend.ts';
import { ImageWriter } from './image-writer.ts';
import type { IncomingPart } from './receive.ts';
import { openFile, type SlotHandle } from './slot-handle.ts';

const PIECE = 1 << 20;

/** Bytes that a slot needs to take the root and, behind it, kernel and initrd. */
function slotBytes(manifest: Manifest): number {
  return manifest.images.reduce((sum, { size }) => sum + blocksOf(size) * BLOCK_BYTES, 0);
}

/** Bytes that kernel and initrd take in files of the agent's; 0 where the slot has room for them. */
export function stagedBytes(manifest: Manifest, slotSize: number): number {
  return slotBytes(manifest) <= slotSize ? 0 : bootBytes(manifest);
}

/** Bytes that kernel and initrd take beside the boot loader. */
export function bootBytes(manifest: Manifest): number {
  return manifest.images.reduce((sum, { role, size }) => sum + (role === 'root' ? 0 : size), 0);
}

/** An image's parts, open to be written and read. */
export class IncomingImage {
  readonly parts: readonly IncomingPart[];
  readonly slot: SlotHandle;
  readonly #manifest: Manifest;
  readonly #files: readonly SlotHandle[];

  private constructor(
    slot: SlotHandle,
    manifest: Manifest,
    parts: readonly IncomingPart[],
    files: readonly SlotHandle[],
  ) {
    this.slot = slot;
    this.#manifest = manifest;
    this.parts = parts;
    this.#files = files;
  }

  /**
   * Opens them. The slot is closed with them, and where this fails.
   * @param folder for files, where the slot has no room
   * @param head the first block of the root, held back until all else is there; undefined where it is written already
   * @throws Failure UPGRADE_SLOT_TOO_SMALL, UPGRADE_DEVICE_ERROR
   */
  static async open(
    slot: SlotHandle,
    manifest: Manifest,
    folder: string,
    head: Buffer | undefined,
  ): Promise<IncomingImage> {
    const files: SlotHandle[] = [];
    const parts: IncomingPart[] = [];
    const inFiles = stagedBytes(manifest, slot.size) > 0;
    try {
      let base = 0;
      for (const { role, size } of manifest.images) {
        if (role === 'root') parts.push({ role, writer: new ImageWriter(slot, size, head ? { head } : {}) });
        else if (inFiles) {
          const file = await openFile(join(folder, role), size);
          files.push(file);
          parts.push({ role, writer: new ImageWriter(file, size) });
        } else parts.push({ role, writer: new ImageWriter(slot, size, { base }) });
        base += blocksOf(size) * BLOCK_BYTES;
      }
      return new IncomingImage(slot, manifest, parts, files);
    } catch (error) {
      for (const one of [...files, slot]) await one.close();
      throw error;
    }
  }

  /** The root image. */
  get root(): ImageWriter {
    return (this.parts[0] as IncomingPart).writer;
  }

  /** What is read from now on comes from the device. @throws Failure UPGRADE_DEVICE_ERROR */
  async dropCaches(): Promise<void> {
    for (const one of [this.slot, ...this.#files]) await one.dropCaches();
  }

  /** Kernel and initrd, for the boot loader. */
  assets(): Assets {
    const asset = (at: number): Asset | undefined => {
      const part = this.parts[at];
      const named = this.#manifest.images[at];
      if (!part || !named) return undefined;
      return { bytes: named.size, sha256: named.sha256, open: () => Readable.from(piecesOf(part.writer)) };
    };
    const initrd = asset(2);
    return { kernel: asset(1) as Asset, ...(initrd ? { initrd } : {}) };
  }

  /** Closes everything; never rejects. */
  async close(): Promise<void> {
    for (const one of [...this.#files, this.slot]) await one.close();
  }
}

async function* piecesOf(writer: ImageWriter): AsyncGenerator<Buffer> {
  for (let at = 0; at < writer.size; at += PIECE) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, writer.size - at));
    await writer.read(piece, at);
    yield piece;
  }
}
