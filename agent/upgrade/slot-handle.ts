/** What the engine needs of a slot that it writes to or reads from; agent/upgrade/boot/ has those of devices and files. */

import type { ByteStore } from './image-writer.ts';

/** An open slot. */
export interface SlotHandle extends ByteStore {
  /** What is read from now on comes from the device. @throws Failure UPGRADE_DEVICE_ERROR */
  dropCaches(): Promise<void>;
  /** Never throws. */
  close(): Promise<void>;
}

/** Opens slots by their device: a path that the boot loader's backend gave. */
export interface SlotOpener {
  /** To be written, by nobody else meanwhile. @throws Failure UPGRADE_TARGET_MOUNTED, UPGRADE_DEVICE_ERROR */
  target(device: string): Promise<SlotHandle>;
  /** To be read while it runs. @throws Failure UPGRADE_DEVICE_ERROR */
  running(device: string): Promise<SlotHandle>;
}
