/** A slot in memory, for tests: it can fail, lie and lose what was not flushed. */

import { Failure } from '../../../proto/failure.ts';
import type { SlotHandle } from '../slot-handle.ts';

/** A slot in memory. What is flushed is on its "disk"; `crash` gives what a power cut leaves. */
export class MemoryStore implements SlotHandle {
  readonly bytes: Buffer;
  readonly #disk: Buffer;
  /** Called before each access; throws what the device says. */
  trouble: (what: 'read' | 'write' | 'flush', offset: number, length: number) => void = () => undefined;
  written = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#disk = Buffer.from(bytes);
  }

  get size(): number {
    return this.bytes.length;
  }

  async read(into: Buffer, offset: number): Promise<void> {
    this.trouble('read', offset, into.length);
    if (offset + into.length > this.size) throw new Failure('UPGRADE_DEVICE_ERROR', 'read behind the end');
    this.bytes.copy(into, 0, offset);
  }

  async write(bytes: Buffer, offset: number): Promise<void> {
    this.trouble('write', offset, bytes.length);
    if (offset + bytes.length > this.size)
      throw new Failure('UPGRADE_DEVICE_ERROR', 'written behind the end');
    bytes.copy(this.bytes, offset);
    this.written += bytes.length;
  }

  async flush(): Promise<void> {
    this.trouble('flush', 0, 0);
    this.bytes.copy(this.#disk);
  }

  /** What a power cut leaves where nothing reached the disk but what was flushed. */
  crash(): Buffer {
    return Buffer.from(this.#disk);
  }

  async dropCaches(): Promise<void> {}

  async close(): Promise<void> {}
}
