/**
 * A thread that hashes blocks beside the main one, while a slot is looked through. It ends with that: it holds some megabytes.
 */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { blockHash } from '../../proto/image/block-index.ts';
import { BLOCK_BYTES, HASH_BYTES } from '../../proto/image/limits.ts';

/** Its heap holds next to nothing. */
const HEAP = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };

/** The hashes of a piece's whole blocks: one behind the other, of those that are not all zeros alone. */
export interface PieceHashes {
  /** A byte a block: 1 where it is not all zeros. */
  readonly filled: Uint8Array;
  readonly hashes: Buffer;
}

/** The hashes of the whole blocks of a piece, made here and now. */
export function hashPiece(piece: Uint8Array): PieceHashes {
  const blocks = Math.floor(piece.length / BLOCK_BYTES);
  const filled = new Uint8Array(blocks);
  const hashes = Buffer.allocUnsafe(blocks * HASH_BYTES);
  let count = 0;
  for (let block = 0; block < blocks; block++) {
    const hash = blockHash(piece.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES));
    if (!hash) continue;
    filled[block] = 1;
    hash.copy(hashes, count++ * HASH_BYTES);
  }
  return { filled, hashes: hashes.subarray(0, count * HASH_BYTES) };
}

/** The thread. Pieces are hashed one at a time. */
export class HashThread {
  readonly #worker: Worker;
  readonly #shared: Uint8Array<SharedArrayBuffer>;
  readonly #broken = Promise.withResolvers<never>();

  private constructor(bytes: number) {
    this.#shared = new Uint8Array(new SharedArrayBuffer(bytes));
    // Its own text, so that it runs from source, from a bundle and out of the executable, which has no files.
    this.#worker = new Worker(`(${hashing})()`, { eval: true, resourceLimits: HEAP });
    this.#worker.on('error', (error) => this.#broken.reject(error));
    this.#worker.on('exit', () => this.#broken.reject(new Error('the thread has ended')));
    this.#broken.promise.catch(() => undefined);
  }

  /** Starts one, where there is a processor for it and the system lets one be had. @param bytes of a piece at most */
  static start(bytes: number): HashThread | undefined {
    if (availableParallelism() < 2) return undefined;
    try {
      return new HashThread(bytes);
    } catch {
      // Node throws where the system gives no further thread (ERR_WORKER_INIT_FAILED).
      return undefined;
    }
  }

  /** The hashes of a piece, which is free for other use at once. Where there is no thread any more they are made without it. */
  async hash(piece: Uint8Array): Promise<PieceHashes> {
    const bytes = this.#shared.subarray(0, piece.length);
    bytes.set(piece);
    const answer = new Promise<PieceHashes>((resolve) => {
      this.#worker.once('message', ({ filled, hashes }: { filled: Uint8Array; hashes: Uint8Array }) =>
        resolve({ filled, hashes: Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length) }),
      );
    });
    this.#worker.postMessage({ bytes, blockBytes: BLOCK_BYTES, hashBytes: HASH_BYTES });
    try {
      return await Promise.race([answer, this.#broken.promise]);
    } catch {
      return hashPiece(bytes);
    }
  }

  /** Ends it. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** What the thread does, as `hashPiece`. It is made of its text: nothing outside may be named in it. */
function hashing(): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const { hash } = process.getBuiltinModule('node:crypto');
  interface Asked {
    readonly bytes: Uint8Array;
    readonly blockBytes: number;
    readonly hashBytes: number;
  }
  parentPort?.on('message', ({ bytes, blockBytes, hashBytes }: Asked) => {
    const zeros = Buffer.alloc(blockBytes);
    const blocks = Math.floor(bytes.length / blockBytes);
    const filled = new Uint8Array(blocks);
    const hashes = new Uint8Array(blocks * hashBytes);
    let count = 0;
    for (let block = 0; block < blocks; block++) {
      const one = bytes.subarray(block * blockBytes, (block + 1) * blockBytes);
      if (zeros.equals(one)) continue;
      filled[block] = 1;
      hashes.set(hash('sha256', one, 'buffer').subarray(0, hashBytes), count++ * hashBytes);
    }
    const all = hashes.slice(0, count * hashBytes);
    parentPort.postMessage({ filled, hashes: all }, [filled.buffer, all.buffer]);
  });
}
