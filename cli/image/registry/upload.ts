/**
 * Blobs to a registry (OCI distribution 1.1, "Pushing blobs"): not those that are there, mounted from another repository where that
 * works, small ones in one piece, larger ones in chunks that go on where a broken connection left off.
 */

import { createHash } from 'node:crypto';
import { Failure } from '../../../proto/failure.ts';
import type { BlobName, RangeSource } from '../../../proto/registry/blobs.ts';
import { readAll } from '../../../proto/registry/body.ts';
import { locationOf, type RegistryClient } from '../../../proto/registry/client.ts';
import { MAX_ANSWER_BYTES } from '../../../proto/registry/limits.ts';
import { refusal } from '../../../proto/registry/refusals.ts';
import type { Answer } from '../../../proto/registry/transport.ts';

/** What became of a blob. */
export type Uploaded = 'there' | 'mounted' | 'sent';

/** How a blob is sent. */
export interface UploadOptions {
  /** Another repository of the registry that may have it. */
  readonly mountFrom?: string | undefined;
  /** Told how many bytes the registry has. */
  readonly sent?: (bytes: number) => void;
  /** Bytes of a chunk; for tests. */
  readonly chunkBytes?: number;
}

/** A chunk is in memory while it is sent. What breaks costs at most so many bytes again. */
const CHUNK_BYTES = 8 * 1024 * 1024;
/** A registry may ask for larger chunks (OCI-Chunk-Min-Length), but not for any. */
const MAX_CHUNK_BYTES = 64 * 1024 * 1024;

/**
 * Sends a blob unless the registry has it. Its bytes are held against its digest on the way, so that a damaged file is told from a
 * registry that is wrong. Throws IMAGE_DIGEST_MISMATCH, REGISTRY_BAD_ANSWER, REGISTRY_REFUSED, and what the client throws.
 */
export function uploadBlob(
  client: RegistryClient,
  blob: BlobName,
  source: RangeSource,
  options: UploadOptions = {},
): Promise<Uploaded> {
  return new Upload(client, blob, source, options).run();
}

class Upload {
  readonly #client: RegistryClient;
  readonly #blob: BlobName;
  readonly #source: RangeSource;
  readonly #options: UploadOptions;
  readonly #hash = createHash('sha256');
  #hashed = 0;
  #chunkBytes: number;
  /** Where to send the next chunk, while an upload is open. */
  #session: URL | undefined;
  /** Bytes that the registry has of it. */
  #at = 0;
  /** The most that it ever had: an upload that begins again makes no progress until it is past that. */
  #most = 0;

  constructor(client: RegistryClient, blob: BlobName, source: RangeSource, options: UploadOptions) {
    this.#client = client;
    this.#blob = blob;
    this.#source = source;
    this.#options = options;
    this.#chunkBytes = options.chunkBytes ?? CHUNK_BYTES;
  }

  run(): Promise<Uploaded> {
    return this.#client.repeatedly(
      () => this.#attempt(),
      'alone',
      () => this.#most,
    );
  }

  async #attempt(): Promise<Uploaded> {
    const { size } = this.#blob;
    if (this.#session) await this.#resume();
    if (!this.#session) {
      // Asked anew by every attempt: the answer to the last chunk may be all that was lost.
      if (await this.#isThere()) return 'there';
      if (await this.#begin()) return 'mounted';
    }
    if (size <= this.#chunkBytes) await this.#finish(await this.#read(0, size));
    else {
      while (this.#at < size) await this.#sendChunk();
      await this.#finish(undefined);
    }
    return 'sent';
  }

  async #isThere(): Promise<boolean> {
    const { repository, digest, size } = this.#blob;
    const answer = await this.#send('HEAD', `blobs/${digest}`);
    if (answer.status === 404) return this.#drained(answer, false);
    if (answer.status !== 200) throw await this.#refusal(answer, `the question for ${digest}`);
    await this.#drained(answer, true);
    const length = answer.headers['content-length'];
    if (length !== undefined && Number(length) !== size)
      throw new Failure(
        'REGISTRY_BAD_ANSWER',
        `${answer.url.host} has ${digest} of ${repository} with ${length} bytes, and it has ${size} here`,
        { hint: 'have the registry delete that blob: its storage is damaged' },
      );
    return true;
  }

  /** Opens an upload. Gives true where the blob was mounted and there is nothing to send. */
  async #begin(): Promise<boolean> {
    const { mountFrom } = this.#options;
    const { digest } = this.#blob;
    const query = mountFrom ? `?${new URLSearchParams({ mount: digest, from: mountFrom })}` : '';
    const answer = await this.#send('POST', `blobs/uploads/${query}`);
    if (answer.status === 201 && mountFrom) return this.#drained(answer, true);
    if (answer.status !== 202) throw await this.#refusal(answer, `the wish to send ${digest}`);
    await this.#drained(answer, false);
    this.#session = locationOf(answer);
    this.#at = 0;
    const least = Number(answer.headers['oci-chunk-min-length'] ?? 0);
    if (least > MAX_CHUNK_BYTES)
      throw new Failure('REGISTRY_BAD_ANSWER', `${answer.url.host} wants chunks of ${least} bytes`, {
        hint: `more than ${MAX_CHUNK_BYTES} are not sent at once`,
      });
    if (least > this.#chunkBytes) this.#chunkBytes = least;
    return false;
  }

  /** Asks how much of an upload is there. One that is lost begins anew. */
  async #resume(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (!session || this.#blob.size <= this.#chunkBytes) return;
    const answer = await this.#send('GET', session);
    if (answer.status >= 500) {
      this.#session = session;
      throw await this.#refusal(answer, 'the question how much of an upload is there');
    }
    await this.#drained(answer, undefined);
    if (answer.status !== 204) return;
    this.#at = this.#received(answer, this.#at);
    if (this.#at > this.#hashed) this.#at = 0;
    else this.#session = answer.headers.location === undefined ? session : locationOf(answer);
  }

  async #sendChunk(): Promise<void> {
    const { size, digest } = this.#blob;
    const from = this.#at;
    const chunk = await this.#read(from, Math.min(this.#chunkBytes, size - from));
    const answer = await this.#send('PATCH', this.#session ?? '', chunk, {
      'content-type': 'application/octet-stream',
      'content-range': `${from}-${from + chunk.length - 1}`,
    });
    if (answer.status === 404 || answer.status === 416) {
      await this.#drained(answer, undefined);
      throw new Failure('REGISTRY_UNREACHABLE', `${answer.url.host} has lost the upload of ${digest}`);
    }
    if (answer.status !== 202) throw await this.#refusal(answer, `a chunk of ${digest}`);
    await this.#drained(answer, undefined);
    this.#session = locationOf(answer);
    const now = this.#received(answer, from + chunk.length);
    if (now <= from || now > from + chunk.length)
      throw new Failure(
        'REGISTRY_BAD_ANSWER',
        `${answer.url.host} says that it has ${now} bytes of ${digest} after ${from + chunk.length} were sent`,
      );
    this.#progress(now);
  }

  /** Closes the upload, with the whole blob where it is small. */
  async #finish(whole: Buffer | undefined): Promise<void> {
    const { digest, size } = this.#blob;
    if (this.#hashed === size && `sha256:${this.#hash.copy().digest('hex')}` !== digest)
      throw new Failure(
        'IMAGE_DIGEST_MISMATCH',
        `the blob ${digest} of the image has other bytes than its digest says`,
        {
          hint: 'build the image anew, or fetch it anew',
        },
      );
    const url = new URL(this.#session ?? '');
    url.searchParams.set('digest', digest);
    const type = whole ? { 'content-type': 'application/octet-stream' } : undefined;
    const answer = await this.#send('PUT', url, whole ?? Buffer.alloc(0), type);
    if (answer.status === 404 || answer.status === 416) {
      await this.#drained(answer, undefined);
      this.#session = undefined;
      throw new Failure('REGISTRY_UNREACHABLE', `${answer.url.host} has lost the upload of ${digest}`);
    }
    if (answer.status !== 201) throw await this.#refusal(answer, `the end of the upload of ${digest}`);
    await this.#drained(answer, undefined);
    this.#progress(size);
  }

  /** Bytes of the source, taken into the digest when they are read for the first time. */
  async #read(offset: number, length: number): Promise<Buffer> {
    const bytes = await this.#source.readRange(offset, length);
    const known = this.#hashed - offset;
    if (known < bytes.length) {
      this.#hash.update(bytes.subarray(known));
      this.#hashed = offset + bytes.length;
    }
    return bytes;
  }

  /** How many bytes a registry says it has: "0-LAST". "0-0" of an upload that has just begun means none. */
  #received(answer: Answer, otherwise: number): number {
    const last = /^(?:bytes=)?0-(\d{1,15})$/.exec(answer.headers.range ?? '')?.[1];
    if (last === undefined) return otherwise;
    return last === '0' ? 0 : Number(last) + 1;
  }

  #progress(bytes: number): void {
    this.#at = bytes;
    this.#most = Math.max(this.#most, bytes);
    this.#options.sent?.(bytes);
  }

  #send(
    method: 'HEAD' | 'GET' | 'POST' | 'PUT' | 'PATCH',
    path: string | URL,
    body?: Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { repository } = this.#blob;
    const request = {
      method,
      repository,
      path,
      headers,
      access: 'pull,push',
      ...(body ? { body } : {}),
    } as const;
    return this.#client.send(this.#client.own, request);
  }

  async #drained<T>(answer: Answer, value: T): Promise<T> {
    const { limits, signal } = this.#client;
    await readAll(answer, { maxBytes: MAX_ANSWER_BYTES, limits, signal });
    return value;
  }

  #refusal(answer: Answer, asked: string): Promise<Failure> {
    return refusal(answer, asked, this.#client.limits);
  }
}
