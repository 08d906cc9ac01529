/** Blobs of a registry: parts of them by ranges, and whole ones that go on where a broken connection left off. */

import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';
import { discard, pieces, readAll } from './body.ts';
import type { RegistryClient } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { MAX_WHOLE_BYTES } from './limits.ts';
import { digestOf } from './manifests.ts';
import { refusal } from './refusals.ts';
import type { Answer } from './transport.ts';

/** Bytes that can be read from anywhere within. */
export interface RangeSource {
  /** Bytes. */
  readonly size: number;
  /** The bytes from an offset, exactly so many. Throws a Failure, or a RangeError for what is beyond the end. */
  readRange(offset: number, length: number): Promise<Buffer>;
  /** Fills a buffer from an offset, as readRange() does, where that spares another buffer. */
  readInto?(into: Buffer, offset: number): Promise<void>;
}

/** Which blob. */
export interface BlobName {
  readonly repository: string;
  readonly digest: string;
  /** Bytes, as the manifest says. */
  readonly size: number;
}

/**
 * A blob that is read by ranges. Each answer must be the range that was asked for, of a blob of the size that the manifest says; the
 * bytes themselves are not checked, as a part of a blob has no digest: whoever uses them holds them against the image's index.
 * Where a registry ignores ranges, a blob of up to 16 MiB is read once, checked and kept; a larger one is refused
 * (REGISTRY_NO_RANGES).
 */
export class BlobSource implements RangeSource {
  readonly size: number;
  readonly #client: RegistryClient;
  readonly #blob: BlobName;
  #whole: Buffer | undefined;

  constructor(client: RegistryClient, blob: BlobName) {
    this.#client = client;
    this.#blob = blob;
    this.size = blob.size;
  }

  async readRange(offset: number, length: number): Promise<Buffer> {
    if (
      !Number.isSafeInteger(offset) ||
      !Number.isSafeInteger(length) ||
      offset < 0 ||
      length < 0 ||
      offset + length > this.size
    )
      throw new RangeError(`${length} bytes from ${offset} are not within ${this.size}`);
    if (length === 0) return Buffer.alloc(0);
    if (this.#whole) return this.#whole.subarray(offset, offset + length);
    return this.#client.somewhere('digest', (endpoint) => this.#read(endpoint, offset, length));
  }

  async #read(endpoint: Endpoint, offset: number, length: number): Promise<Buffer> {
    const { size, digest } = this.#blob;
    const { limits, signal } = this.#client;
    const answer = await get(this.#client, endpoint, this.#blob, { offset, end: offset + length - 1 });
    if (answer.status === 206) return readAll(answer, { maxBytes: length, exactly: length, limits, signal });
    if (size > MAX_WHOLE_BYTES) {
      discard(answer);
      throw new Failure(
        'REGISTRY_NO_RANGES',
        `${endpoint.host} sends whole blobs where a part is asked for`,
        {
          hint: 'fetch the image first and use the file: nodectl image pull',
        },
      );
    }
    const whole = await readAll(answer, { maxBytes: size, exactly: size, limits, signal });
    if (digestOf(whole) !== digest) throw mismatch(endpoint.host, digest);
    this.#whole = whole;
    return whole.subarray(offset, offset + length);
  }
}

/** Where a blob that is fetched goes. */
export interface BlobSink {
  /** Writes at an offset. Where other bytes turn out to be wrong, writing begins again at 0. */
  write(bytes: Buffer, offset: number): Promise<void>;
}

/**
 * Fetches a whole blob and checks its digest. A broken connection goes on where it broke off, at the same place or the next; a place
 * that sends wrong bytes is left, and the blob begins anew.
 * Throws REGISTRY_DIGEST_MISMATCH, REGISTRY_BAD_ANSWER, and what the client throws.
 * @param arrived told how many bytes are there
 */
export async function fetchBlob(
  client: RegistryClient,
  blob: BlobName,
  sink: BlobSink,
  arrived: (bytes: number) => void = () => undefined,
): Promise<void> {
  const { limits, signal } = client;
  const { digest, size } = blob;
  let hash = createHash('sha256');
  let at = 0;
  await client.somewhere(
    'digest',
    async (endpoint) => {
      const began = at;
      if (at < size || size === 0) {
        const answer = await get(client, endpoint, blob, at > 0 ? { offset: at, end: size - 1 } : undefined);
        // A place that ignores ranges begins again: what is there already is passed over, and the digest judges the sum.
        let skip = answer.status === 206 ? 0 : at;
        for await (const piece of pieces(answer, {
          maxBytes: size - (answer.status === 206 ? at : 0),
          limits,
          signal,
        })) {
          const fresh = piece.subarray(Math.min(skip, piece.length));
          skip -= piece.length - fresh.length;
          if (fresh.length === 0) continue;
          await sink.write(fresh, at);
          hash.update(fresh);
          at += fresh.length;
          arrived(at);
        }
        if (at < size)
          throw new Failure(
            'REGISTRY_UNREACHABLE',
            `${endpoint.host} sent ${at} of ${size} bytes of ${digest}`,
          );
      }
      if (`sha256:${hash.digest('hex')}` === digest) return;
      hash = createHash('sha256');
      at = 0;
      arrived(0);
      // Where another place sent the beginning, this one may be right: it is asked once more, alone.
      if (began > 0) throw new Failure('REGISTRY_UNREACHABLE', mismatch(endpoint.host, digest).message);
      throw mismatch(endpoint.host, digest);
    },
    () => at,
  );
}

function mismatch(host: string, digest: string): Failure {
  return new Failure('REGISTRY_DIGEST_MISMATCH', `${host} sent other bytes than ${digest}`, {
    hint: 'the registry or something on the way changed them; push the image anew',
  });
}

/** A blob, or a range of it up to and with `end`. Gives an answer of 200 or 206 whose head is right. */
async function get(
  client: RegistryClient,
  endpoint: Endpoint,
  { repository, digest, size }: BlobName,
  range?: { offset: number; end: number },
): Promise<Answer> {
  const answer = await client.send(endpoint, {
    ...{ method: 'GET', repository, path: `blobs/${digest}` },
    headers: range ? { range: `bytes=${range.offset}-${range.end}` } : {},
  });
  const { status, headers } = answer;
  const wrong = (why: string) => {
    discard(answer);
    return new Failure(
      'REGISTRY_BAD_ANSWER',
      `${endpoint.host} answers the request for ${digest} wrongly: ${why}`,
    );
  };
  if (status === 206 && range) {
    const [, first, last, total] =
      /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(headers['content-range'] ?? '') ?? [];
    if (Number(first) !== range.offset || Number(last) !== range.end)
      throw wrong(`its Content-Range is "${(headers['content-range'] ?? '').slice(0, 60)}"`);
    if (total !== '*' && Number(total) !== size)
      throw wrong(`it has ${total} bytes there, and ${size} in the manifest`);
  } else if (status === 416) throw wrong(`a range within its ${size} bytes is refused`);
  else if (status !== 200) throw await refusal(answer, `the request for ${digest}`, client.limits);
  const length = headers['content-length'];
  const expected = status === 206 && range ? range.end - range.offset + 1 : size;
  if (length !== undefined && Number(length) !== expected)
    throw wrong(`it has ${length} bytes there, and ${expected} were to come`);
  return answer;
}
