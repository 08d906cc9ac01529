/**
 * A node's key and certificate on its disk: `node.pem`, replaced in one step by enrolment and renewal or by whoever else
 * provisions the node, and `trust.pem`, the roots. Of each there is a copy, `.good`, as it was last found good. A file that
 * is half-written or missing, or whose key and certificate do not match, is reported and the good one used.
 */

import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../proto/failure.ts';
import { isStray, removeStrays, writeFileAtomic } from './atomic-file.ts';
import { type Pair, readPair } from './pair.ts';
import { certificatesOf } from './pem.ts';

const PAIR = 'node.pem';
const TRUST = 'trust.pem';
const GOOD = '.good';
/** A writer that copies in several steps is given this long before the file is judged. */
const SETTLE_MS = 300;

/** What a node's folder holds. */
export interface NodeFolder {
  pair: Pair;
  /** The roots in PEM. */
  trust: string;
  /** What is wrong with the folder although there is a usable pair, for example why the newest one was not taken. */
  problem?: Failure;
}

/** What is good of a file, its text, the text of its copy, and why the newest was not taken where it was not. */
interface Found<Value> {
  value: Value;
  text: string;
  good: string | undefined;
  problem: Failure | undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure('BAD_CERTIFICATE', `${path} cannot be read`, { cause: error });
  }
}

/** The copy of a file as it was last found good. One that cannot be read is none: the newest may be good all the same. */
function readCopy(path: string): string | undefined {
  try {
    return readText(path + GOOD);
  } catch {
    return undefined;
  }
}

/**
 * What is good of a file and of its copy. The newest is good where `read` takes it; where not, the copy is, and `problem`
 * says why. Throws what is wrong with the newest where both are bad.
 */
function newestGood<Value>(path: string, read: (text: string) => Value): Found<Value> {
  const good = readCopy(path);
  try {
    const text = readText(path);
    if (text === undefined) throw new Failure('BAD_CERTIFICATE', `${path} is missing`);
    return { value: read(text), text, good, problem: undefined };
  } catch (error) {
    const cause = Failure.from(error);
    try {
      if (good !== undefined) return { value: read(good), text: good, good, problem: notTaken(path, cause) };
    } catch {
      // The newest is what somebody meant to be used, so that is what is told about.
    }
    throw new Failure(cause.reason, `${path} cannot be used: ${cause.message}`, {
      hint: 'write the file whole, or enrol this node anew with a token',
      cause,
    });
  }
}

/** A newest pair that has ended does not push out a good one that has not, as when an old backup is put back. */
function preferInForce(
  path: string,
  newest: Found<Pair>,
  read: (text: string) => Pair,
  now: number,
): Found<Pair> {
  const { good, text, value } = newest;
  if (good === undefined || good === text || value.identity.notAfter > now) return newest;
  try {
    const kept = read(good);
    if (kept.identity.notAfter <= now) return newest;
    const ended = new Date(value.identity.notAfter).toISOString();
    const problem = notTaken(path, new Failure('CERTIFICATE_EXPIRED', `its certificate ended ${ended}`));
    return { value: kept, text: good, good, problem };
  } catch {
    return newest;
  }
}

function notTaken(path: string, cause: Failure): Failure {
  return new Failure(cause.reason, `${path} was not taken: ${cause.message}`, {
    hint: 'the last good one stays in use; write the file whole, key and certificate together',
    cause,
  });
}

/** The roots, where there is at least one. Roots that were cut short are none: to go on with half of them would lock people out. */
function readTrust(text: string): string {
  if (certificatesOf(text).length === 0) throw new Failure('BAD_CERTIFICATE', 'it holds no certificate');
  return text;
}

/**
 * The pair to use, or undefined where the folder holds none yet. Keeps a copy of what was found good.
 * Throws a Failure where there are files and none of them is usable.
 */
export function loadNodeFolder(folder: string, now = Date.now()): NodeFolder | undefined {
  const path = join(folder, PAIR);
  if (!existsSync(path) && readCopy(path) === undefined) return undefined;
  const trust = newestGood(join(folder, TRUST), readTrust);
  const read = (text: string) => readPair(text, trust.value, 'node');
  const pair = preferInForce(path, newestGood(path, read), read, now);
  const problem = pair.problem ?? trust.problem ?? keepCopies(folder, { [PAIR]: pair, [TRUST]: trust });
  return { pair: pair.value, trust: trust.value, ...(problem ? { problem } : {}) };
}

/** Keeps copies of what is good. A disk that is full does not make the pair any worse, so that is only told. */
function keepCopies(
  folder: string,
  files: Record<string, { text: string; good: string | undefined }>,
): Failure | undefined {
  try {
    for (const [name, { text, good }] of Object.entries(files))
      if (good !== text) writeFileAtomic(join(folder, name + GOOD), text);
    return undefined;
  } catch (cause) {
    return new Failure('BAD_CERTIFICATE', `no copy of the good certificate could be kept in ${folder}`, {
      hint: 'it is in use all the same; see whether the disk is full',
      cause,
    });
  }
}

/** Stores a new pair, and the roots where they are given. The roots go first: an old pair under new roots still loads. */
export function saveNodeFolder(folder: string, key: string, chain: string, trust?: string): void {
  removeStrays(folder, [PAIR, TRUST, PAIR + GOOD, TRUST + GOOD]);
  if (trust !== undefined) writeFileAtomic(join(folder, TRUST), trust);
  writeFileAtomic(join(folder, PAIR), key + chain);
}

/** Stores other roots, in PEM. Throws the system's error. */
export function saveTrust(folder: string, trust: string): void {
  writeFileAtomic(join(folder, TRUST), trust);
}

/**
 * Calls back when the folder's pair or roots were changed, with what is to be used from then on or with why nothing new can be.
 * Says nothing where what was found is what was found before. Does not keep the process alive. Returns the function that ends
 * the watching. Throws the system's error where the folder is not there.
 */
export function watchNodeFolder(folder: string, changed: (now: NodeFolder | Failure) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let before = summary(judge(folder));
  const look = () => {
    const found = judge(folder);
    const now = summary(found);
    if (now === before) return;
    before = now;
    changed(found);
  };
  // Whatever is touched: those who swap whole folders by a link never touch the files by name.
  const watcher = watch(folder, { persistent: false }, (_event, name) => {
    if (name !== null && (name.endsWith(GOOD) || isStray(name))) return;
    clearTimeout(timer);
    timer = setTimeout(look, SETTLE_MS).unref();
  });
  watcher.on('error', (cause) => {
    watcher.close();
    changed(
      new Failure('BAD_CERTIFICATE', `${folder} can no longer be watched`, {
        hint: 'what is in use stays in use; restart the agent when the folder is there again',
        cause,
      }),
    );
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

function judge(folder: string): NodeFolder | Failure {
  try {
    return loadNodeFolder(folder) ?? new Failure('BAD_CERTIFICATE', `${join(folder, PAIR)} was removed`);
  } catch (error) {
    return Failure.from(error);
  }
}

/** Equal for what is the same in use and the same in trouble. */
function summary(found: NodeFolder | Failure): string {
  if (found instanceof Failure) return found.message;
  return [found.pair.key, found.pair.chain, found.trust, found.problem?.message].join('\n');
}
