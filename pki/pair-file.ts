/**
 * A node's key and certificate on its disk: `node.pem`, replaced in one step by enrolment and renewal or by whoever else
 * provisions the node, and `node.pem.good`, the last pair that was found good. A file that is half-written, or whose key
 * and certificate do not match, is reported and the good one used. `trust.pem` holds the roots.
 */

import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../proto/failure.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { type Pair, readPair } from './pair.ts';

const PAIR = 'node.pem';
const GOOD = 'node.pem.good';
const TRUST = 'trust.pem';
/** A writer that copies in several steps is given this long before the file is judged. */
const SETTLE_MS = 300;

/** What a node's folder holds. */
export interface NodeFolder {
  pair: Pair;
  /** The roots in PEM. */
  trust: string;
  /** Why the newest file was not taken, or undefined when it was. */
  problem?: Failure;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure('BAD_CERTIFICATE', `${path} cannot be read`, { cause: error });
  }
}

/**
 * The pair to use, or undefined where the folder holds none yet. Keeps a copy of a pair that was found good.
 * Throws a Failure where there are files and none of them is usable.
 */
export function loadNodeFolder(folder: string): NodeFolder | undefined {
  const trust = readText(join(folder, TRUST));
  const newest = readText(join(folder, PAIR));
  const good = readText(join(folder, GOOD));
  if (trust === undefined || (newest === undefined && good === undefined)) return undefined;
  try {
    if (newest === undefined) throw new Failure('BAD_CERTIFICATE', `${join(folder, PAIR)} is missing`);
    const pair = readPair(newest, trust, 'node');
    if (good !== newest) writeFileAtomic(join(folder, GOOD), newest);
    return { pair, trust };
  } catch (error) {
    if (good === undefined) throw error;
    const cause = Failure.from(error);
    const problem = new Failure(cause.reason, `${join(folder, PAIR)} was not taken: ${cause.message}`, {
      hint: 'the last good certificate stays in use; write the file whole, key and certificate together',
      cause,
    });
    return { pair: readPair(good, trust, 'node'), trust, problem };
  }
}

/** Stores a new pair, and the roots where they are given. The roots go first: an old pair under new roots still loads. */
export function saveNodeFolder(folder: string, key: string, chain: string, trust?: string): void {
  if (trust !== undefined) writeFileAtomic(join(folder, TRUST), trust);
  writeFileAtomic(join(folder, PAIR), key + chain);
}

/**
 * Calls back when the folder's pair or roots were changed, with what is to be used from then on or with why nothing can be.
 * Does not keep the process alive. Returns the function that ends the watching.
 */
export function watchNodeFolder(folder: string, changed: (now: NodeFolder | Failure) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const judge = () => {
    try {
      const found = loadNodeFolder(folder);
      if (found) changed(found);
    } catch (error) {
      changed(Failure.from(error));
    }
  };
  const watcher = watch(folder, { persistent: false }, (_event, name) => {
    if (name !== PAIR && name !== TRUST) return;
    clearTimeout(timer);
    timer = setTimeout(judge, SETTLE_MS).unref();
  });
  // A folder that is removed ends the watch; what is in memory stays in use.
  watcher.on('error', () => watcher.close());
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
