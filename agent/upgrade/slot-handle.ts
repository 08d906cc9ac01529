/** Slots and files as the engine reads and writes them. */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../../proto/failure.ts';
import type { BootState } from './boot/backend.ts';
import type { OpenSlot, SlotDevices } from './boot/slot-store.ts';
import type { ByteSource, ByteStore } from './image-writer.ts';

/** An open slot or file. */
export interface SlotHandle extends ByteStore {
  /** What is read from now on comes from the device. @throws Failure UPGRADE_DEVICE_ERROR */
  dropCaches(): Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Something that is open to be read. */
export interface ReadHandle extends ByteSource {
  /** Never rejects. */
  close(): Promise<void>;
}

/** Opens the slots of a node. */
export interface SlotOpener {
  /** The one that does not run, to be written by nobody else meanwhile. @throws Failure UPGRADE_TARGET_BUSY, UPGRADE_TARGET_MISSING, UPGRADE_TARGET_READ_ONLY, UPGRADE_DEVICE_ERROR */
  target(state: BootState): Promise<SlotHandle>;
  /** The one that runs, to be read. @throws Failure UPGRADE_DEVICE_ERROR */
  running(state: BootState): Promise<ReadHandle>;
}

/** Opens devices and files. */
export function slotOpener(devices: SlotDevices): SlotOpener {
  return {
    target: async ({ booted }) => new TargetSlot(await devices.open(booted === 'a' ? 'b' : 'a', booted)),
    running: async ({ booted, slots }) => {
      const { device, bytes } = slots[booted];
      return new OpenFile(device, bytes, await opened(device, constants.O_RDONLY));
    },
  };
}

/** Opens a file of a size to be read and written; it is made, and takes no room before it is written to. */
export async function openFile(path: string, size: number): Promise<SlotHandle> {
  const handle = await opened(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW);
  const file = new OpenFile(path, size, handle);
  try {
    await file.resize();
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

class TargetSlot implements SlotHandle {
  readonly size: number;
  readonly #slot: OpenSlot;

  constructor(slot: OpenSlot) {
    this.size = slot.bytes;
    this.#slot = slot;
  }

  async read(into: Buffer, offset: number): Promise<void> {
    await this.#slot.read(offset, into.length, into);
  }

  write(bytes: Buffer, offset: number): Promise<void> {
    return this.#slot.write(offset, bytes);
  }

  flush(): Promise<void> {
    return this.#slot.flush();
  }

  dropCaches(): Promise<void> {
    return this.#slot.dropCaches();
  }

  async close(): Promise<void> {
    await this.#slot.close().catch(() => undefined);
  }
}

class OpenFile implements SlotHandle {
  readonly size: number;
  readonly #path: string;
  readonly #handle: FileHandle;

  constructor(path: string, size: number, handle: FileHandle) {
    this.#path = path;
    this.size = size;
    this.#handle = handle;
  }

  read(into: Buffer, offset: number): Promise<void> {
    return doing(this.#path, 'read', async () => {
      for (let at = 0; at < into.length; ) {
        const { bytesRead } = await this.#handle.read(into, at, into.length - at, offset + at);
        if (bytesRead === 0) throw new Error(`it ends at byte ${offset + at}`);
        at += bytesRead;
      }
    });
  }

  write(bytes: Buffer, offset: number): Promise<void> {
    return doing(this.#path, 'written', async () => {
      for (let at = 0; at < bytes.length; )
        at += (await this.#handle.write(bytes, at, bytes.length - at, offset + at)).bytesWritten;
    });
  }

  flush(): Promise<void> {
    return doing(this.#path, 'flushed', () => this.#handle.datasync());
  }

  /** Gives it its size. */
  resize(): Promise<void> {
    return doing(this.#path, 'made', () => this.#handle.truncate(this.size));
  }

  // Node has no call for it, and a staged file is read back once more when it stands beside the boot loader.
  dropCaches(): Promise<void> {
    return this.flush();
  }

  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}

function opened(path: string, flags: number): Promise<FileHandle> {
  return doing(path, 'opened', () => open(path, flags, 0o600));
}

async function doing<T>(path: string, done: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('UPGRADE_DEVICE_ERROR', `${path} could not be ${done}: ${(cause as Error).message}`, {
      cause,
      hint: 'look at the kernel’s log for errors of the disk: nodectl dmesg --level err',
    });
  }
}
