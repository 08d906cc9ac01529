/**
 * Sending an image to a node over one stream: it says where to go on, gets operations, and tells what is on its disk. So much that
 * the node has not yet made durable is on its way at most, which is what a broken connection costs.
 */

import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { TransferImageRequest } from '../../proto/gen/types/nodectl/v1/TransferImageRequest.ts';
import type { TransferImageResponse__Output as Answer } from '../../proto/gen/types/nodectl/v1/TransferImageResponse.ts';
import { ROLES, type Role } from '../../proto/image/manifest.ts';
import { encodeOp, type Op } from '../../proto/image/ops.ts';
import { NodeWait } from './node-wait.ts';

/** A place in an image: its part, and bytes from its beginning. */
export interface Place {
  readonly role: Role;
  readonly offset: number;
}

/** What a node is sent. */
export interface Operations {
  /** Where the node is to say which blocks it lacks: the new root's block index, encoded, and how many blocks that has. */
  readonly index?: { readonly bytes: Uint8Array; readonly blocks: number };
  /**
   * The operations from a place on, in order.
   * @param held parts that the node has itself, and none of whose operations may come
   * @param needed a bit a block of the root that the node lacks, least significant first, where there is an index
   */
  from(place: Place, held: ReadonlySet<string>, needed?: Uint8Array): AsyncIterable<Op>;
}

/** Bytes on their way that the node has not made durable; with the message that fills it, under the 4 MiB that may be sent again. */
const WINDOW_BYTES = 3 * 2 ** 20;
/** One message; larger ones gain nothing. */
const MESSAGE_BYTES = 512 * 1024;
const INDEX_BYTES = 256 * 1024;
/** A node that compares reads what runs and the slot, and tells nothing meanwhile: so many ms more for each block of the root. */
const COMPARE_MS = 1;

/**
 * Sends what the node lacks. Returns when all of it is on the node's disk. Throws a Failure; the transfer can then be taken up again.
 * @param wait gives a node up that does not get on
 * @throws Failure UPGRADE_STALLED where it did
 */
export async function sendImage(
  channel: Channel,
  upgradeId: string,
  operations: Operations,
  signal: AbortSignal,
  wait = new NodeWait(),
): Promise<void> {
  const sender = new Sender(upgradeId, operations, wait);
  try {
    for await (const answer of channel.bidiStream(
      'nodectl.v1.UpgradeService/TransferImage',
      sender.requests(),
      { signal: AbortSignal.any([signal, wait.signal]) },
    ))
      sender.answered(answer);
  } catch (error) {
    throw wait.signal.aborted ? wait.signal.reason : error;
  } finally {
    wait.end();
  }
  if (!sender.done)
    throw new Failure('CONNECTION_LOST', 'the node ended the transfer before it had the whole image', {
      hint: 'nodectl upgrade status shows why; the same command goes on where it was',
    });
}

class Sender {
  done = false;
  readonly #upgradeId: string;
  readonly #operations: Operations;
  readonly #resume = Promise.withResolvers<Place & { indexKept: boolean; held: ReadonlySet<string> }>();
  readonly #needed = Promise.withResolvers<Uint8Array>();
  readonly #neededPieces: Uint8Array[] = [];
  #neededBytes = 0;
  /** Messages on their way: where each ends, and its bytes. */
  readonly #sent: { end: Place; bytes: number }[] = [];
  #open = 0;
  #roomMade: () => void = () => undefined;
  readonly #wait: NodeWait;
  /** The furthest place that was told to be durable. */
  #place: Place | undefined;

  constructor(upgradeId: string, operations: Operations, wait: NodeWait) {
    this.#upgradeId = upgradeId;
    this.#operations = operations;
    this.#wait = wait;
  }

  /** What goes to the node, at the pace at which it makes it durable. */
  async *requests(): AsyncGenerator<TransferImageRequest, void, undefined> {
    const { index } = this.#operations;
    this.#wait.for('say where to go on');
    yield { start: { upgradeId: this.#upgradeId, compare: index !== undefined, leaveOutHeld: true } };
    const { indexKept, held, ...place } = await this.#resume.promise;
    let needed: Uint8Array | undefined;
    if (index && place.role === 'root') {
      for (let at = 0; !indexKept && at < index.bytes.length; at += INDEX_BYTES)
        yield { index: index.bytes.subarray(at, at + INDEX_BYTES) };
      this.#wait.for('say which blocks it lacks', index.blocks * COMPARE_MS);
      needed = await this.#needed.promise;
    }
    this.#wait.rest();
    let [pieces, bytes, end]: [Buffer[], number, Place] = [[], 0, place];
    for await (const op of this.#operations.from(place, held, needed)) {
      const encoded = encodeOp(op);
      pieces.push(encoded);
      bytes += encoded.length;
      end = { role: op.role, offset: op.offset + op.length };
      if (bytes < MESSAGE_BYTES) continue;
      yield await this.#message(pieces, bytes, end);
      // While the image is read on it is not the node that is waited for.
      this.#wait.rest();
      [pieces, bytes] = [[], 0];
    }
    if (bytes > 0) yield await this.#message(pieces, bytes, end);
    this.#wait.for('say that it has the whole image');
    yield { end: {} };
  }

  /** Takes an answer of the node. @throws Failure INTERNAL where it makes no sense */
  answered({ resume, durable, needed, done }: Answer): void {
    if (resume)
      this.#resume.resolve({ ...placeOf(resume), indexKept: resume.indexKept, held: new Set(resume.held) });
    else if (durable) this.#durable(placeOf(durable));
    else if (needed) this.#take(needed);
    else if (done) this.done = true;
  }

  async #message(pieces: Buffer[], bytes: number, end: Place): Promise<TransferImageRequest> {
    this.#wait.for('take and keep what it was sent');
    while (this.#open > 0 && this.#open + bytes > WINDOW_BYTES)
      await new Promise<void>((resolve) => {
        this.#roomMade = resolve;
      });
    this.#open += bytes;
    this.#sent.push({ end, bytes });
    return { operations: Buffer.concat(pieces) };
  }

  #durable(place: Place): void {
    for (let [first] = this.#sent; first && !isAfter(first.end, place); [first] = this.#sent) {
      this.#open -= first.bytes;
      this.#sent.shift();
    }
    this.#roomMade();
    if (this.#place && !isAfter(place, this.#place)) return;
    this.#place = place;
    this.#wait.durable(place);
  }

  #take(piece: Uint8Array): void {
    const wanted = Math.ceil((this.#operations.index?.blocks ?? 0) / 8);
    this.#neededPieces.push(piece);
    this.#neededBytes += piece.length;
    if (this.#neededBytes > wanted)
      throw new Failure('INTERNAL', 'the node named blocks that the image does not have');
    if (this.#neededBytes === wanted) this.#needed.resolve(Buffer.concat(this.#neededPieces));
  }
}

function placeOf({ role, offset }: { role: string; offset: number }): Place {
  const known = ROLES.find((one) => one === role);
  if (!known || !Number.isSafeInteger(offset) || offset < 0)
    throw new Failure('INTERNAL', `the node named a place that no image has: ${role.slice(0, 40)} ${offset}`);
  return { role: known, offset };
}

function isAfter(one: Place, other: Place): boolean {
  const [a, b] = [ROLES.indexOf(one.role), ROLES.indexOf(other.role)];
  return a === b ? one.offset > other.offset : a > b;
}
