/**
 * Compressed files, as rotation leaves them (.gz, .zst): unpacked into a file without a name, which is gone when it is closed.
 * So they are read at any place and backwards like all others, in bounded memory and on a bounded part of the disk.
 */

import { randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What all files that are open at once may unpack to, in bytes. A week of a busy log has a tenth of it. */
const MOST_BYTES = 1024 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

const PACKED = /\.(?:gz|zst)$/;

let inUse = 0;

/** Whether a path is that of a compressed file, by its name. */
export function isPacked(path: string): boolean {
  return PACKED.test(path);
}

/** The path of a file without the ending that compression gave it. */
export function plainPath(path: string): string {
  return path.replace(PACKED, '');
}

/** What was unpacked. */
export interface Unpacked {
  handle: FileHandle;
  /** Why there is not all of it, or empty. */
  damage: string;
  /** Closes it and gives the disk its room back. */
  close(): Promise<void>;
}

/**
 * Unpacks an open file whose path says how it is packed. What is damaged or too large is there as far as it goes.
 * Throws a system error where no file can be made to unpack into.
 */
export async function unpack(packed: FileHandle, path: string): Promise<Unpacked> {
  const { createGunzip, createZstdDecompress } = await import('node:zlib');
  const name = join(tmpdir(), `nodectl-${randomBytes(12).toString('hex')}`);
  const handle = await open(name, 'wx+', 0o600);
  let size = 0;
  let damage = '';
  try {
    await unlink(name);
    const input = packed.createReadStream({ autoClose: false, start: 0, highWaterMark: CHUNK_BYTES });
    const unpacker = path.endsWith('.zst') ? createZstdDecompress() : createGunzip();
    input.once('error', (error) => unpacker.destroy(error));
    try {
      for await (const chunk of input.pipe(unpacker)) {
        const bytes = chunk as Buffer;
        if (inUse + bytes.length > MOST_BYTES) throw new Error('it unpacks to more than there is room for');
        inUse += bytes.length;
        size += bytes.length;
        await handle.writeFile(bytes);
      }
    } catch (error) {
      damage = (error as Error).message;
    } finally {
      input.destroy();
    }
  } catch (error) {
    inUse -= size;
    await handle.close();
    throw error;
  }
  let held = size;
  return {
    handle,
    damage,
    close: async () => {
      inUse -= held;
      held = 0;
      await handle.close();
    },
  };
}
