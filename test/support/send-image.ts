/** Sends a test image to a node as the command line does, and counts what goes over the wire. */

import type { TestImage } from '../../agent/upgrade/testing/test-image.ts';
import {
  allOperations,
  operationsFrom,
  type PlacedOperation,
} from '../../agent/upgrade/testing/test-image.ts';
import type { Channel } from '../../proto/call/channel.ts';
import type { TransferImageRequest } from '../../proto/gen/types/nodectl/v1/TransferImageRequest.ts';

/** Bytes that are under way at most without the node having said that they are on its disk. */
const WINDOW = 4 << 20;

/** How an image is sent. */
export interface SendOptions {
  /** The root that the node runs: differences are sent. */
  readonly active?: Buffer;
  /** Blocks are compared, and those sent that the node lacks. */
  readonly compare?: boolean;
  /** The operations, where they were made before. */
  readonly made?: readonly PlacedOperation[];
  /** Operations in a message. */
  readonly each?: number;
  /** Called before each message with how many bytes were sent over this stream; throws to break it off. */
  readonly before?: (sent: number) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/** Where a node was, and what was sent to it. */
export interface Sent {
  readonly resumedAt: { readonly role: string; readonly offset: number };
  readonly bytes: number;
  /** The last place that the node said to be on its disk. */
  readonly durable: { readonly role: string; readonly offset: number };
}

/** Told of a stream as it goes on, also where it breaks. */
export interface SendWatch {
  sent: number;
  durable: { role: string; offset: number };
  resumedAt: { role: string; offset: number };
}

/** Sends it over one stream. Throws what ended the stream; `watch` has how far it came. */
export async function sendImage(
  channel: Channel,
  upgradeId: string,
  image: TestImage,
  { active, compare = false, made, each = 16, before, signal }: SendOptions,
  watch: SendWatch = {
    sent: 0,
    durable: { role: 'root', offset: 0 },
    resumedAt: { role: 'root', offset: 0 },
  },
): Promise<Sent> {
  const resumed = Promise.withResolvers<{ role: string; offset: number; indexKept: boolean }>();
  const needed = Promise.withResolvers<Buffer>();
  // Where the stream breaks, nobody waits for them any more.
  resumed.promise.catch(() => undefined);
  needed.promise.catch(() => undefined);
  async function* requests(): AsyncGenerator<TransferImageRequest> {
    yield { start: { upgradeId, compare } };
    const from = await resumed.promise;
    const comparing = compare && from.role === 'root';
    if (comparing && !from.indexKept) {
      watch.sent += image.index.length;
      yield { index: image.index };
    }
    const all =
      made ?? allOperations(image, comparing ? { needed: await needed.promise } : active ? { active } : {});
    const ops = operationsFrom(all, from);
    let [acknowledgedOps, underWay] = [0, 0];
    const stillUnderWay = () => {
      for (const { role, offset, bytes } of ops.slice(acknowledgedOps)) {
        if (operationsFrom([{ role, offset, bytes }], watch.durable).length > 0) break;
        acknowledgedOps++;
        underWay -= bytes.length;
      }
      return underWay;
    };
    for (let at = 0; at < ops.length; at += each) {
      await before?.(watch.sent);
      const next = ops.slice(at, at + each);
      const message = Buffer.concat(next.map(({ bytes }) => bytes));
      while (underWay + message.length > WINDOW && stillUnderWay() + message.length > WINDOW)
        await acknowledged();
      underWay += message.length;
      watch.sent += message.length;
      yield { operations: message };
    }
    yield { end: {} };
  }
  const bits: Buffer[] = [];
  let wake: () => void = () => undefined;
  const acknowledged = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  try {
    const answers = channel.bidiStream('nodectl.v1.UpgradeService/TransferImage', requests(), {
      ...(signal ? { signal } : {}),
    });
    for await (const { resume, durable, needed: piece, done } of answers) {
      if (resume) {
        watch.resumedAt = resume;
        resumed.resolve(resume);
      } else if (durable) {
        watch.durable = durable;
        wake();
      }
      if (piece?.length) {
        bits.push(piece);
        const bitmap = Buffer.concat(bits);
        if (bitmap.length === Math.ceil(image.parts.root.length / 4_096 / 8)) needed.resolve(bitmap);
      } else if (done) return { resumedAt: watch.resumedAt, bytes: watch.sent, durable: watch.durable };
    }
    throw new Error('the stream ended before the node had all of the image');
  } catch (error) {
    resumed.reject(error);
    needed.reject(error);
    wake();
    throw error;
  }
}
