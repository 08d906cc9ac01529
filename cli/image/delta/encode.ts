/**
 * Reads and compresses what a plan calls data. Several operations are worked on at a time and come out in order: memory is bounded by
 * their number, not by the image.
 */

import { DICTIONARY_AFTER, DICTIONARY_BEFORE, MAX_DATA_BYTES } from '../../../proto/image/limits.ts';
import type { Role } from '../../../proto/image/manifest.ts';
import { type DataOp, dictionaryWindow, type Op } from '../../../proto/image/ops.ts';
import { zstdOptions } from '../../../proto/image/zstd.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import { Compressors } from './compressors.ts';
import type { PlannedOp } from './plan.ts';

/**
 * The levels of frames that are made while they are sent, with a dictionary and without. Of a point update of Debian's level 1 makes
 * 68.1 MiB, 2 43.3, 3 41.7, 9 40.8 and 12 40.6, and 3 takes half as long again as 2, each of the later ones three times as long as the
 * one before. What has no dictionary is larger by far, and more is saved by looking harder.
 */
const [HELPED_LEVEL, PLAIN_LEVEL] = [2, 3];
/** Operations that are worked on at a time: more than there are threads, so that reading goes on meanwhile. */
const AT_ONCE = 6;

/** What operations are encoded from. */
export interface EncodeInput {
  /** The new image's parts. */
  parts: ReadonlyMap<Role, RangeSource>;
  /** The old root, where the plan predicts places in it. */
  old?: RangeSource;
  /** Of all frames, in place of what is best while they are sent. */
  level?: number;
}

/** The operations of a plan, in its order, with their data. */
export async function* encodePlan(plan: Iterable<PlannedOp>, input: EncodeInput): AsyncGenerator<Op> {
  const compressors = Compressors.join();
  const waiting: Promise<Op>[] = [];
  const spare: Workspace[] = [];
  const encode = async (planned: PlannedOp): Promise<Op> => {
    if (planned.kind !== 'data') return planned;
    const workspace = spare.pop() ?? {};
    const op = await encodeData(planned, input, workspace, compressors);
    spare.push(workspace);
    return op;
  };
  try {
    for (const planned of plan) {
      const op = encode(planned);
      // An error is thrown when its turn comes; until then nobody listens.
      op.catch(() => undefined);
      waiting.push(op);
      if (waiting.length >= AT_ONCE) yield await (waiting.shift() as Promise<Op>);
    }
    for (let op = waiting.shift(); op; op = waiting.shift()) yield await op;
  } finally {
    await Promise.allSettled(waiting);
    compressors.leave();
  }
}

/** What one operation after the other is read into: new buffers for each would have the collector come every few dozen of them. */
interface Workspace {
  data?: Shared;
  dictionary?: Shared;
}

/** Memory that threads read from. */
type Shared = Buffer<SharedArrayBuffer>;

const MAX_DICTIONARY_BYTES = DICTIONARY_BEFORE + MAX_DATA_BYTES + DICTIONARY_AFTER;

async function encodeData(
  planned: Omit<DataOp, 'frame'>,
  { parts, old, level }: EncodeInput,
  workspace: Workspace,
  compressors: Compressors,
): Promise<DataOp> {
  const content = parts.get(planned.role);
  if (content === undefined) throw new RangeError(`the image has no ${planned.role}`);
  workspace.data ??= shared(MAX_DATA_BYTES);
  const bytes = await read(content, planned, workspace.data);
  const plain = zstdOptions(level ?? PLAIN_LEVEL, bytes.length);
  if (planned.predicted === undefined || !old) {
    const { frame } = await compressors.compress({ bytes, plain });
    return { ...planned, predicted: undefined, frame };
  }
  workspace.dictionary ??= shared(MAX_DICTIONARY_BYTES);
  const window = dictionaryWindow(planned.predicted, planned.length, old.size);
  const dictionary = await read(old, window, workspace.dictionary);
  const helped = zstdOptions(level ?? HELPED_LEVEL, bytes.length, dictionary);
  const { frame, isHelped } = await compressors.compress({ bytes, plain, helped });
  return { ...planned, predicted: isHelped ? planned.predicted : undefined, frame };
}

function shared(bytes: number): Shared {
  return Buffer.from(new SharedArrayBuffer(bytes));
}

async function read(
  from: RangeSource,
  { offset, length }: { offset: number; length: number },
  space: Shared,
): Promise<Shared> {
  const into = space.subarray(0, length);
  if (from.readInto) await from.readInto(into, offset);
  else into.set(await from.readRange(offset, length));
  return into;
}
