/** zstd as images use it: whole frames of a known length, in a window that bounds what decoding takes of memory. */

import { constants, type ZstdOptions, zstdDecompressSync } from 'node:zlib';
import { Failure } from '../failure.ts';
import type { Reason } from '../reasons.ts';

/** Frames ask for a window of at most 2^20 bytes: no frame of an image is longer, and a decoder allocates no more for it. */
const WINDOW_LOG = 20;
/** Node's least chunk (Z_MIN_CHUNK). */
const CHUNK_SPARE = 64;

/** Compressor settings for a frame of `length` bytes. The window must reach over a dictionary too, where there is one. */
export function zstdOptions(level: number, length: number, dictionary?: Uint8Array): ZstdOptions {
  const params = {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_windowLog]: windowLog(length + (dictionary?.length ?? 0)),
    [constants.ZSTD_c_contentSizeFlag]: 1,
  };
  return { params, pledgedSrcSize: length, ...(dictionary === undefined ? {} : { dictionary }) };
}

/**
 * Decompresses one frame.
 * @param length how many bytes it must give, at most 1 MiB
 * @param reason the reason code where it does not
 * @throws Failure of that reason
 */
export function inflate(frame: Uint8Array, length: number, reason: Reason, dictionary?: Uint8Array): Buffer {
  let bytes: Buffer;
  try {
    bytes = zstdDecompressSync(frame, {
      maxOutputLength: length,
      // One buffer that is not filled up: many small ones would be put together, and a full one begins another.
      chunkSize: length + CHUNK_SPARE,
      params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG },
      ...(dictionary === undefined || dictionary.length === 0 ? {} : { dictionary }),
    });
  } catch (cause) {
    throw broken(reason, (cause as Error).message, cause);
  }
  if (bytes.length !== length) throw broken(reason, `it gives ${bytes.length} bytes where ${length} belong`);
  return bytes;
}

/** The smallest window that holds so many bytes, within what the format allows (10 is zstd's own least). */
function windowLog(bytes: number): number {
  return Math.min(WINDOW_LOG, Math.max(10, Math.ceil(Math.log2(bytes))));
}

function broken(reason: Reason, why: string, cause?: unknown): Failure {
  return new Failure(reason, `compressed data of the image cannot be decoded: ${why}`, { cause });
}
