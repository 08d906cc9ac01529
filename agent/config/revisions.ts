/**
 * The revisions of a node's document, in the agent's state folder. A document is kept under its digest, so that the same text
 * is there once; a revision is a number with who made it, when and from what, and how it ended.
 *
 *   documents/SHA256.yaml    texts
 *   revisions/000007.json    revisions
 *   running                  the number of the revision that the machine is at: the one pointer, replaced in one step
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';

/** Where a document came from. */
export interface Origin {
  /** The caller's identity URI. */
  readonly author: string;
  /** The Git commit, 40 or 64 hexadecimal digits, or empty. */
  readonly commit: string;
  /** Whether the working tree had changes that are in no commit. */
  readonly dirty: boolean;
  /** What the author said of it, or empty. */
  readonly message: string;
}

/** How a revision ended, or how far it is. */
export type Outcome = 'applying' | 'trial' | 'applied' | 'reverted' | 'failed' | 'interrupted' | 'staged';

/** A revision. */
export interface Revision extends Origin {
  /** Counts from 1. */
  readonly number: number;
  /** The digest of its document: SHA-256 in hexadecimal. */
  readonly digest: string;
  /** The revision that it was made from; 0 for the first. */
  readonly parent: number;
  /** ms since the epoch */
  readonly timeMs: number;
  readonly outcome: Outcome;
  /** Why it failed or was reverted, or empty. */
  readonly reason: string;
  /** What it changed, a line each; never values. */
  readonly changes: readonly string[];
}

/** Revisions that are kept beside the running one and the one before it. */
const KEEP = 50;
/** Lines of what was changed that are kept of each. */
const MAX_CHANGES = 1_000;

/** The digest that names a document's text. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The revisions in a folder. */
export class Revisions {
  readonly #folder: string;

  /** @param folder is made where it is not there */
  constructor(folder: string) {
    this.#folder = folder;
    for (const name of ['documents', 'revisions']) makeFolder(join(folder, name));
  }

  /** The running revision, or undefined where no document was ever applied. */
  running(): Revision | undefined {
    const number = Number(this.#read('running'));
    return number > 0 ? this.find(number) : undefined;
  }

  /** Makes a revision the running one. This is the moment at which an apply has happened. */
  setRunning(number: number): void {
    writeFileAtomic(join(this.#folder, 'running'), `${number}\n`);
  }

  /** A revision by its number, or undefined. */
  find(number: number): Revision | undefined {
    const text = this.#read(`revisions/${fileOf(number)}`);
    if (text === undefined) return undefined;
    try {
      const found = JSON.parse(text) as Revision;
      if (found.number === number && /^[0-9a-f]{64}$/.test(found.digest) && Array.isArray(found.changes))
        return found;
    } catch {
      // Written in one step, so only a disk that lost it makes it unreadable: as if it were not there.
    }
    return undefined;
  }

  /** What stands for a revision whose file is damaged. */
  unknown(number: number): Revision {
    const origin = { author: '', commit: '', dirty: false, message: '' };
    return {
      number,
      digest: '',
      parent: 0,
      timeMs: 0,
      ...origin,
      outcome: 'interrupted',
      reason: '',
      changes: [],
    };
  }

  /**
   * Sees to it that what is said to run can be loaded: else the newest revision that was applied and can be is the running one
   * from now on. Gives a sentence for people where that was so, or where there is none.
   */
  mend(): string | undefined {
    const said = this.#read('running');
    const running = this.running();
    if (running && this.intactText(running) !== undefined) return undefined;
    const applied = this.all().filter(({ outcome }) => outcome === 'applied');
    const good = applied.find((one) => this.intactText(one) !== undefined);
    if (said === undefined && applied.length === 0) return undefined;
    const lost = running ? `revision ${running.number}` : 'which revision runs';
    if (!good) return `${lost} is lost: its files are damaged, and no other is left; apply a document again`;
    this.setRunning(good.number);
    return `${lost} is lost: its files are damaged, so revision ${good.number} counts; apply a document again`;
  }

  /** A revision by its number. Throws UNKNOWN_REVISION. */
  get(number: number): Revision {
    const found = this.find(number);
    if (found) return found;
    throw new Failure('UNKNOWN_REVISION', `this node keeps no revision ${number}`, {
      hint: 'nodectl config history shows those that it keeps',
    });
  }

  /** The text of a revision's document; undefined where it is gone or is not what its digest says. */
  intactText({ digest }: Revision): string | undefined {
    const text = this.#read(`documents/${digest}.yaml`);
    return text !== undefined && digestOf(text) === digest ? text : undefined;
  }

  /** The text of a revision's document. Throws UNKNOWN_REVISION where it is gone or is not what its digest says. */
  text(revision: Revision): string {
    const text = this.intactText(revision);
    if (text !== undefined) return text;
    throw new Failure('UNKNOWN_REVISION', `the document of revision ${revision.number} is gone or damaged`, {
      hint: 'apply a document again; nodectl config history shows the other revisions',
    });
  }

  /** All revisions, newest first. */
  all(): Revision[] {
    return this.#numbers()
      .reverse()
      .map((number) => this.find(number))
      .filter((one) => one !== undefined);
  }

  /** Adds a revision of a document, on disk when it returns. */
  add(text: string, parent: number, origin: Origin, timeMs: number, outcome: Outcome): Revision {
    const digest = digestOf(text);
    writeFileAtomic(join(this.#folder, 'documents', `${digest}.yaml`), text);
    const number = (this.#numbers().at(-1) ?? 0) + 1;
    const revision: Revision = {
      number,
      digest,
      parent,
      timeMs,
      ...origin,
      outcome,
      reason: '',
      changes: [],
    };
    this.#write(revision);
    return revision;
  }

  /** Notes how a revision ended. */
  update(number: number, what: { outcome: Outcome; reason?: string; changes?: readonly string[] }): Revision {
    const before = this.get(number);
    const changed: Revision = {
      ...before,
      outcome: what.outcome,
      reason: what.reason ?? before.reason,
      changes: (what.changes ?? before.changes).slice(0, MAX_CHANGES),
    };
    this.#write(changed);
    return changed;
  }

  /** Forgets old revisions and documents that no revision has any more; never the running one and its parent. */
  prune(keep = KEEP): void {
    const running = this.running();
    const held = new Set([running?.number, running?.parent, this.#lastGood(running?.number)]);
    const numbers = this.#numbers();
    for (const number of numbers.slice(0, Math.max(0, numbers.length - keep)))
      if (!held.has(number)) rmSync(join(this.#folder, 'revisions', fileOf(number)), { force: true });
    const digests = new Set(this.all().map(({ digest }) => `${digest}.yaml`));
    for (const name of readdirSync(join(this.#folder, 'documents')))
      if (!digests.has(name)) rmSync(join(this.#folder, 'documents', name), { force: true });
  }

  /** The newest revision before another that was applied. */
  #lastGood(before = Number.POSITIVE_INFINITY): number | undefined {
    return this.all().find(({ number, outcome }) => number < before && outcome === 'applied')?.number;
  }

  #numbers(): number[] {
    return readdirSync(join(this.#folder, 'revisions'))
      .map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1]))
      .filter((number) => number > 0)
      .sort((a, b) => a - b);
  }

  #write(revision: Revision): void {
    const path = join(this.#folder, 'revisions', fileOf(revision.number));
    writeFileAtomic(path, `${JSON.stringify(revision)}\n`);
  }

  #read(name: string): string | undefined {
    try {
      return readFileSync(join(this.#folder, name), 'utf8');
    } catch (error) {
      // A folder in the place of a file is damage as well; what may not be read is somebody's mistake, which is told.
      if (['ENOENT', 'EISDIR', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }
}

function fileOf(number: number): string {
  return `${String(number).padStart(6, '0')}.json`;
}
