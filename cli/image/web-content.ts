/** A file of a web server, read by ranges. Nobody is logged in, so that redirects may lead anywhere but out of TLS. */

import { backoffDelay } from '../../proto/backoff.ts';
import { Failure } from '../../proto/failure.ts';
import type { RangeSource } from '../../proto/registry/blobs.ts';
import { discard, readAll } from '../../proto/registry/body.ts';
import { locationOf } from '../../proto/registry/client.ts';
import { MAX_REDIRECTS, REGISTRY_LIMITS } from '../../proto/registry/limits.ts';
import { isTransient, refusal } from '../../proto/registry/refusals.ts';
import type { Answer, Transport } from '../../proto/registry/transport.ts';
import { sleep } from '../../proto/sleep.ts';

/** Bytes that are read at once where few are asked for: the entries of an archive are looked for one after the other. */
const WINDOW_BYTES = 64 << 10;

/** How a web server is asked. */
export interface WebOptions {
  readonly transport: Transport;
  readonly signal: AbortSignal;
}

/** A file of a web server. */
export class WebContent implements RangeSource {
  readonly size: number;
  readonly #url: URL;
  readonly #options: WebOptions;
  #window: { offset: number; bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) };

  private constructor(url: URL, size: number, options: WebOptions) {
    this.#url = url;
    this.size = size;
    this.#options = options;
  }

  /** Asks how large a file is. Gives undefined where it is not there. @throws Failure IMAGE_UNREADABLE and what connecting throws */
  static async open(url: URL, options: WebOptions): Promise<WebContent | undefined> {
    const answer = await asked(
      url,
      options,
      {},
      (got) => {
        discard(got);
        return got;
      },
      'HEAD',
    );
    if (answer.status === 404) return undefined;
    const size = Number(answer.headers['content-length']);
    if (answer.status !== 200 || !Number.isSafeInteger(size)) throw refused(answer, 'how large it is');
    if (/^text\/html\b/i.test(answer.headers['content-type'] ?? ''))
      throw new Failure('IMAGE_UNREADABLE', `${url.host} answers with a web page: ${url.pathname}`, {
        hint: 'does it want a login, or is the address that of a page about the file?',
      });
    return new WebContent(url, size, options);
  }

  async readRange(offset: number, length: number): Promise<Buffer> {
    if (offset < 0 || length < 0 || offset + length > this.size)
      throw new RangeError(`${length} bytes from ${offset} are not within ${this.size}`);
    if (length >= WINDOW_BYTES) return this.#fetch(offset, length);
    const { offset: first, bytes } = this.#window;
    if (offset < first || offset + length > first + bytes.length)
      this.#window = { offset, bytes: await this.#fetch(offset, Math.min(WINDOW_BYTES, this.size - offset)) };
    const begin = offset - this.#window.offset;
    return this.#window.bytes.subarray(begin, begin + length);
  }

  async #fetch(offset: number, length: number): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0);
    const last = offset + length - 1;
    return asked(this.#url, this.#options, { range: `bytes=${offset}-${last}` }, async (answer) => {
      if (answer.status === 206 && answer.headers['content-range'] === `bytes ${offset}-${last}/${this.size}`)
        return readAll(answer, {
          maxBytes: length,
          exactly: length,
          limits: REGISTRY_LIMITS,
          signal: this.#options.signal,
        });
      discard(answer);
      throw refused(answer, 'for a part of it');
    });
  }
}

/** Asks until an answer is there, in bounded attempts. */
async function asked<T>(
  url: URL,
  { transport, signal }: WebOptions,
  headers: Record<string, string>,
  use: (answer: Answer) => T | Promise<T>,
  method: 'GET' | 'HEAD' = 'GET',
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await redirected(url, (at) => transport.exchange(at, { method, headers, signal }));
      if (answer.status === 429 || answer.status >= 500)
        throw await refusal(answer, url.pathname, REGISTRY_LIMITS);
      return await use(answer);
    } catch (error) {
      const failure = Failure.from(error);
      const wanted = Number(failure.facts.retryAfterMs ?? 0);
      if (!isTransient(failure) || attempt >= REGISTRY_LIMITS.attempts) throw failure;
      if (wanted > REGISTRY_LIMITS.maxRetryAfterMs) throw failure;
      await sleep(Math.max(wanted, backoffDelay(REGISTRY_LIMITS.backoff, attempt, Math.random())), signal);
    }
  }
}

/** The answer of wherever a server leads to. @throws Failure REGISTRY_INSECURE out of TLS, IMAGE_UNREADABLE where it leads on and on */
async function redirected(url: URL, ask: (url: URL) => Promise<Answer>): Promise<Answer> {
  let answer = await ask(url);
  for (let count = 0; [301, 302, 303, 307, 308].includes(answer.status); count++) {
    discard(answer);
    if (count >= MAX_REDIRECTS)
      throw new Failure('IMAGE_UNREADABLE', `${url.host} redirects more than ${MAX_REDIRECTS} times`);
    answer = await ask(locationOf(answer));
  }
  return answer;
}

function refused({ url, status }: Answer, what: string): Failure {
  return new Failure(
    'IMAGE_UNREADABLE',
    `${url.host} answers ${status} to the question ${what}: ${url.pathname}`,
    {
      hint:
        status === 200
          ? 'this server knows no ranges: fetch the file first and name that'
          : 'check the address',
    },
  );
}
