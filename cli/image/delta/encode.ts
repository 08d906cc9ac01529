/**
 * Reads and compresses what a plan calls data. Several operations are worked on at a time, on zlib's own threads, and come out in
 * order: memory is bounded by their number, not by the image.
 */

import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { DICTIONARY_AFTER, DICTIONARY_BEFORE, MAX_DATA_BYTES } from '../../../proto/image/limits.ts';
import type { Role } from '../../../proto/image/manifest.ts';
import { type DataOp, dictionaryWindow, type Op } from '../../../proto/image/ops.ts';
import { zstdOptions } from '../../../proto/image/zstd.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import type { PlannedOp } from './plan.ts';

const compress = promisify(zstdCompress);

/**
 * The level of frames that are made while they are sent. Of a point update of Debian's level 1 makes 68.0 MiB, 3 41.7, 9 40.8 and
 * 12 40.6, and each of the later ones takes three times as long as the one before.
 */
const LEVEL = 3;
/** Operations that are worked on at a time: more than zlib's four threads, so that reading goes on meanwhile. */
const AT_ONCE = 8;

/** What operations are encoded from. */
export interface EncodeInput {
  /** The new image's parts. */
  parts: ReadonlyMap<Role, RangeSource>;
  /** The old root, where the plan predicts places in it. */
  old?: RangeSource;
  level?: number;
}

/** The operations of a plan, in its order, with their data. */
export async function* encodePlan(plan: Iterable<PlannedOp>, input: EncodeInput): AsyncGenerator<Op> {
  const waiting: Promise<Op>[] = [];
  const spare: Workspace[] = [];
  const encode = async (planned: PlannedOp): Promise<Op> => {
    if (planned.kind !== 'data') return planned;
    const workspace = spare.pop() ?? {};
    const op = await encodeData(planned, input, workspace);
    spare.push(workspace);
    return op;
  };
  for (const planned of plan) {
    const op = encode(planned);
    // An error is thrown when its turn comes; until then nobody listens.
    op.catch(() => undefined);
    waiting.push(op);
    if (waiting.length >= AT_ONCE) yield await (waiting.shift() as Promise<Op>);
  }
  for (const op of waiting) yield await op;
}

/** What one operation after the other is read into: new buffers for each would have the collector come every few dozen of them. */
interface Workspace {
  data?: Buffer;
  dictionary?: Buffer;
}

const MAX_DICTIONARY_BYTES = DICTIONARY_BEFORE + MAX_DATA_BYTES + DICTIONARY_AFTER;

async function encodeData(
  planned: Omit<DataOp, 'frame'>,
  { parts, old, level = LEVEL }: EncodeInput,
  workspace: Workspace,
): Promise<DataOp> {
  const content = parts.get(planned.role);
  if (content === undefined) throw new RangeError(`the image has no ${planned.role}`);
  workspace.data ??= Buffer.allocUnsafeSlow(MAX_DATA_BYTES);
  const bytes = await read(content, planned, workspace.data);
  let dictionary: Buffer | undefined;
  if (planned.predicted !== undefined && old) {
    workspace.dictionary ??= Buffer.allocUnsafeSlow(MAX_DICTIONARY_BYTES);
    const window = dictionaryWindow(planned.predicted, planned.length, old.size);
    dictionary = await read(old, window, workspace.dictionary);
  }
  return { ...planned, ...(await smallest(bytes, planned.predicted, dictionary, level)) };
}

async function read(
  from: RangeSource,
  { offset, length }: { offset: number; length: number },
  space: Buffer,
): Promise<Buffer> {
  if (!from.readInto) return from.readRange(offset, length);
  const into = space.subarray(0, length);
  await from.readInto(into, offset);
  return into;
}

async function smallest(
  bytes: Buffer,
  predicted: number | undefined,
  dictionary: Buffer | undefined,
  level: number,
): Promise<Pick<DataOp, 'predicted' | 'frame'>> {
  const plain = () => compress(bytes, zstdOptions(level, bytes.length));
  if (dictionary === undefined) return { predicted: undefined, frame: await plain() };
  // zstd takes bytes that begin like a dictionary of its own for one, and refuses them where they are none.
  const helped = await compress(bytes, zstdOptions(level, bytes.length, dictionary)).catch(() => undefined);
  // A dictionary that halves them was the right one: without it they are not looked at again, which saves a third of the time.
  if (helped && helped.length * 2 < bytes.length) return { predicted, frame: helped };
  const frame = await plain();
  return helped && helped.length < frame.length
    ? { predicted, frame: helped }
    : { predicted: undefined, frame };
}
