/** An image on its way into a test's engine, offered and sent as the service and an operator's program do it. */

import assert from 'node:assert/strict';
import { Failure } from '../../../proto/failure.ts';
import type { UpgradeEngine } from '../engine.ts';
import type { WantedOptions } from '../policy.ts';
import type { Offer } from '../preflight.ts';
import type { Upgrade } from '../state.ts';
import { messages, operations, type TestImage } from './test-image.ts';
import { AUTHOR, untilEngine, WANTED } from './test-node.ts';

/** How an image is sent. */
export interface Sending {
  readonly wanted?: Partial<WantedOptions>;
  /** The root that runs: what differs from it is sent. */
  readonly active?: Buffer;
  /** Operations in a message. */
  readonly each?: number;
  /** Called with each message and its number: what it gives is sent. */
  readonly message?: (bytes: Buffer, at: number) => Buffer;
}

/** What is offered of an image. */
export function offerOf({ bytes, signatures }: TestImage): Offer {
  return { manifest: bytes, signatures };
}

/**
 * Offers an image and sends all of it; a stream that breaks is told to the engine. Gives the upgrade's id. Throws what the image is
 * refused with, and what broke the stream.
 */
export async function offerAndSend(
  engine: UpgradeEngine,
  image: TestImage,
  { wanted, active, each, message = (bytes) => bytes }: Sending = {},
): Promise<string> {
  const { signal } = new AbortController();
  const { upgrade } = await engine.start(offerOf(image), { ...WANTED, ...wanted }, AUTHOR, signal);
  const { id } = upgrade ?? assert.fail('the image runs already');
  const transfer = await engine.transfer(id, () => undefined);
  try {
    const ops = operations(image, { from: transfer.position, ...(active ? { active } : {}) });
    for (const [at, bytes] of messages(ops, each).entries()) await transfer.take(message(bytes, at));
    await engine.received(transfer);
  } catch (error) {
    await engine.broke(transfer, Failure.from(error));
    throw error;
  }
  return id;
}

/** Waits until an upgrade has ended or waits for somebody; gives it. */
export async function untilSettled(engine: UpgradeEngine): Promise<Upgrade | undefined> {
  await untilEngine(engine, () => !engine.site.current || engine.site.waiting.text !== '');
  return engine.find('');
}
