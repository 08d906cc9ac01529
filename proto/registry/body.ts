/** Reading a body of an answer: never more than was agreed, never without end, and never from a peer that only drips. */

import { Failure } from '../failure.ts';
import type { RegistryLimits } from './limits.ts';
import type { Answer } from './transport.ts';

/** How a body is read. */
export interface BodyOptions {
  /** More bytes than these are a lie. */
  readonly maxBytes: number;
  readonly limits: RegistryLimits;
  readonly signal?: AbortSignal | undefined;
}

/** Gives a body up, and with it its connection. */
export function discard({ body }: Answer): void {
  body.destroy();
}

/**
 * The pieces of a body as they come. Throws REGISTRY_UNREACHABLE where it breaks off or stalls, REGISTRY_BAD_ANSWER where more comes
 * than may, CANCELLED. Whoever stops early ends the connection.
 */
export async function* pieces(
  answer: Answer,
  { maxBytes, limits: { stallMs, stallBytes }, signal }: BodyOptions,
): AsyncGenerator<Buffer> {
  const { body, headers, url } = answer;
  let got = 0;
  let windowMs = 0;
  let windowBytes = 0;
  try {
    if (headers['content-encoding'] && headers['content-encoding'] !== 'identity')
      throw badAnswer(
        `${url.host} sends bytes packed as ${headers['content-encoding'].slice(0, 40)} unasked`,
      );
    const reader = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      const began = performance.now();
      const next = await within(reader.next(), stallMs, url.host, signal);
      if (next.done) break;
      windowMs += performance.now() - began;
      windowBytes += next.value.length;
      got += next.value.length;
      if (got > maxBytes) throw badAnswer(`${url.host} sends more than the ${maxBytes} bytes that it may`);
      if (windowMs >= stallMs) {
        if (windowBytes < stallBytes) throw stalled(url.host, stallMs);
        windowMs = 0;
        windowBytes = 0;
      }
      yield next.value;
    }
  } catch (error) {
    if (signal?.aborted) throw Failure.from(signal.reason);
    if (error instanceof Failure) throw error;
    throw new Failure('REGISTRY_UNREACHABLE', `${url.host} broke off after ${got} bytes`, { cause: error });
  } finally {
    body.destroy();
  }
}

/** A whole body. Throws as pieces does, and REGISTRY_UNREACHABLE where it is shorter than `exactly`. */
export async function readAll(
  answer: Answer,
  options: BodyOptions & { readonly exactly?: number },
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces(answer, options)) parts.push(piece);
  const all = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  const { exactly = all.length } = options;
  if (all.length < exactly)
    throw new Failure('REGISTRY_UNREACHABLE', `${answer.url.host} sent ${all.length} of ${exactly} bytes`);
  return all;
}

function badAnswer(message: string): Failure {
  return new Failure('REGISTRY_BAD_ANSWER', message);
}

function stalled(host: string, ms: number): Failure {
  return new Failure('REGISTRY_UNREACHABLE', `${host} sent next to nothing for ${ms} ms`);
}

async function within<T>(work: Promise<T>, ms: number, host: string, signal?: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(stalled(host, ms)), ms);
        stop = () => reject(Failure.from(signal?.reason));
        if (signal?.aborted) stop();
        signal?.addEventListener('abort', stop, { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
