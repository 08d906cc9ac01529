/**
 * Threads that compress. Each operation of a delta takes a compressor of its own with tables of megabytes: made on the main thread, where
 * the heap of the whole program is, these have the collector come so often that it takes as long as the compressing. A thread has
 * next to nothing to collect. All deltas of the process share the threads, which end with the last of them.
 */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ZstdOptions } from 'node:zlib';

/** More threads than this find the main one to be what they wait for. */
const MOST_THREADS = 4;
/** Their heaps hold next to nothing, and what frames leave behind outside them is collected the sooner: 50 MiB less a thread. */
const HEAP = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 1 };

/** What is to be compressed. The memory is the asker's again when the answer comes. */
export interface Uncompressed {
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly plain: ZstdOptions;
  /** With a dictionary, whose bytes are in memory that threads share. */
  readonly helped?: ZstdOptions;
}

/** The smaller of the two frames, and whether it is the one that was helped by the dictionary. */
export interface Compressed {
  readonly frame: Uint8Array;
  readonly isHelped: boolean;
}

interface Job {
  readonly input: Uncompressed;
  readonly resolve: (compressed: Compressed) => void;
  readonly reject: (error: unknown) => void;
}

/** Threads, and what waits for them. */
export class Compressors {
  static #shared: Compressors | undefined;
  readonly #idle: Worker[] = [];
  readonly #waiting: Job[] = [];
  readonly #running = new Map<Worker, Job>();
  #threads = 0;
  #users = 0;

  /** The threads of the process; `leave` when they are no longer needed. */
  static join(): Compressors {
    Compressors.#shared ??= new Compressors();
    Compressors.#shared.#users += 1;
    return Compressors.#shared;
  }

  /** Ends the threads where nobody else needs them. Nothing of who leaves may be under way. */
  leave(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    Compressors.#shared = undefined;
    for (const worker of this.#idle) void worker.terminate();
  }

  /** Compresses something. Throws what zstd or the thread ended by. */
  compress(input: Uncompressed): Promise<Compressed> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    const [job] = this.#waiting;
    if (!job) return;
    const worker = this.#idle.pop() ?? this.#another();
    if (!worker) return;
    this.#waiting.shift();
    this.#running.set(worker, job);
    // One that has nothing to do keeps no process alive.
    worker.ref();
    worker.postMessage(job.input);
  }

  #another(): Worker | undefined {
    if (this.#threads >= Math.min(MOST_THREADS, availableParallelism())) return undefined;
    this.#threads += 1;
    // Its own text, so that it runs from source, from a bundle and out of the executable, which has no files.
    const worker = new Worker(`(${compressing})()`, { eval: true, resourceLimits: HEAP });
    worker.on('message', (answer: Compressed | { error: unknown }) => {
      const job = this.#running.get(worker);
      this.#running.delete(worker);
      worker.unref();
      this.#idle.push(worker);
      if ('error' in answer) job?.reject(answer.error);
      else job?.resolve(answer);
      this.#next();
    });
    worker.on('error', (error) => {
      this.#running.get(worker)?.reject(error);
      this.#running.delete(worker);
      this.#threads -= 1;
      this.#next();
    });
    return worker;
  }
}

/** What a thread does. It is made of its text: nothing outside may be named in it. */
function compressing(): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const { zstdCompressSync } = process.getBuiltinModule('node:zlib');
  const framed = (bytes: Uint8Array, options: ZstdOptions) => {
    // One buffer that is not filled up (ZSTD_compressBound): many small ones would be put together.
    const chunkSize = 65536;
    return zstdCompressSync(bytes, { ...options, chunkSize });
  };
  const smallest = ({ bytes, plain, helped }: Uncompressed): Compressed => {
    let frame: Uint8Array | undefined;
    try {
      frame = helped && framed(bytes, helped);
    } catch {
      // zstd takes bytes that begin like a dictionary of its own for one, and refuses them where they are none.
    }
    // A dictionary that halves them was the right one: without it they are not looked at again, which saves a third of the time.
    if (frame && frame.length * 2 < bytes.length) return { frame, isHelped: true };
    const other = framed(bytes, plain);
    return frame && frame.length < other.length
      ? { frame, isHelped: true }
      : { frame: other, isHelped: false };
  };
  parentPort?.on('message', (input: Uncompressed) => {
    try {
      const { frame, isHelped } = smallest(input);
      // What it was compressed into is larger by far.
      const own = new Uint8Array(frame);
      parentPort.postMessage({ frame: own, isHelped }, [own.buffer]);
    } catch (error) {
      parentPort.postMessage({ error });
    }
  });
}
