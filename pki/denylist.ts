/**
 * Whom a node or an issuer does not answer any more, whatever certificate they show. The list is one small file, replaced as a whole, so
 * that a power cut leaves the old list or the new one, and has a copy, `.good`: a node on which nobody can log in must come up with
 * its list although a disk has lost one of the two.
 */

import { readFileSync } from 'node:fs';
import { Failure } from '../proto/failure.ts';
import { writeFileAtomic } from './atomic-file.ts';
import type { Identity } from './identity.ts';
import { parseSubjectUri } from './names.ts';

/** One entry. */
export interface Denied {
  /** "nodectl://operator/NAME", "nodectl://node/NAME", or "serial:HEX". */
  readonly subject: string;
  /** Why, in the words of who denied it. */
  readonly reason: string;
  /** Identity URI of who denied it, or "local:USER" where that was done on the issuer's own machine. */
  readonly by: string;
  /** When, in microseconds since the epoch. */
  readonly timeUsec: number;
}

/** Every entry is looked at in memory on every call; a list that grows beyond this calls for a new authority instead. */
const MOST_ENTRIES = 10_000;
const MOST_REASON = 200;
const GOOD = '.good';

/** The list of one node or issuer. */
export class Denylist {
  readonly #path: string;
  readonly #entries: Map<string, Denied>;

  /** What is wrong with the file although there is a list, or undefined. */
  readonly problem: Failure | undefined;

  private constructor(path: string, entries: Map<string, Denied>, problem?: Failure) {
    this.#path = path;
    this.#entries = entries;
    this.problem = problem;
  }

  /**
   * Reads the list, or its copy where the list is damaged or gone; where there is neither, nobody is denied. Throws BAD_CONFIG where no list
   * can be understood: an agent that started without its denylist would let in whom it was told to keep out.
   */
  static open(path: string): Denylist {
    const list = read(path);
    if (list instanceof Map) return new Denylist(path, list);
    const copy = read(path + GOOD);
    if (copy instanceof Map) return new Denylist(path, copy, copyInUse(path, list));
    if (list ?? copy) throw list ?? copy;
    return new Denylist(path, new Map());
  }

  /** Sorted by subject. */
  all(): Denied[] {
    return [...this.#entries.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
  }

  /** Why an identity is denied, by its name or its certificate, or undefined where it is not. */
  reasonFor(identity: Pick<Identity, 'uri' | 'serial'>): string | undefined {
    if (this.#entries.size === 0) return undefined;
    const entry = this.#entries.get(ownerOf(identity.uri)) ?? this.#entries.get(`serial:${identity.serial}`);
    return entry?.reason;
  }

  /** Adds an entry, or replaces the one of the same subject. Throws the system's error where it cannot be written. */
  deny(entry: Denied): void {
    if (!this.#entries.has(entry.subject) && this.#entries.size >= MOST_ENTRIES)
      throw new Failure(
        'BAD_ARGUMENT',
        `the denylist has ${MOST_ENTRIES} entries, which is the most it takes`,
        {
          hint: 'take off those whose certificates have expired meanwhile',
        },
      );
    this.#replace(new Map(this.#entries).set(entry.subject, entry));
  }

  /** Takes a subject off, and says whether it was there. */
  allow(subject: string): boolean {
    const rest = new Map(this.#entries);
    if (!rest.delete(subject)) return false;
    this.#replace(rest);
    return true;
  }

  /** Whether there is an entry for a subject. */
  has(subject: string): boolean {
    return this.#entries.has(subject);
  }

  #replace(entries: Map<string, Denied>): void {
    const text = `${JSON.stringify([...entries.values()], undefined, 1)}\n`;
    // The copy first: behind the list, it would let in whom the list denies, should the list be lost.
    writeFileAtomic(this.#path + GOOD, text);
    writeFileAtomic(this.#path, text);
    this.#entries.clear();
    for (const [subject, entry] of entries) this.#entries.set(subject, entry);
  }
}

/** An identity URI without the role: a denied operator is denied in every role. */
export function ownerOf(uri: string): string {
  return uri.split('/').slice(0, 4).join('/');
}

/**
 * A subject in the form in which the list keeps it: a role is left out, a serial number is lower case. Throws BAD_ARGUMENT
 * where it names nobody.
 */
export function checkSubject(subject: string): string {
  const serial = /^serial:([0-9a-f]{1,40})$/i.exec(subject);
  if (serial?.[1]) return `serial:${serial[1].toLowerCase()}`;
  const owner = ownerOf(subject);
  const known = parseSubjectUri(subject) ?? parseSubjectUri(`${owner}/reader`);
  if (known && subject.length <= 200) return owner;
  throw new Failure('BAD_ARGUMENT', `"${subject.slice(0, 100)}" names nobody who could be denied`, {
    hint: 'write nodectl://operator/NAME, nodectl://node/NAME, or serial:HEX',
  });
}

/** A reason, or BAD_ARGUMENT where it is too long. */
export function checkReason(reason: string): string {
  if (reason.length <= MOST_REASON) return reason;
  throw new Failure(
    'BAD_ARGUMENT',
    `the reason has ${reason.length} characters; at most ${MOST_REASON} are kept`,
  );
}

function checkEntry(entry: Denied): Denied {
  const { subject, reason, by, timeUsec } = entry;
  if (
    checkSubject(subject) === subject &&
    typeof reason === 'string' &&
    typeof by === 'string' &&
    timeUsec >= 0
  )
    return entry;
  throw new Error(`the entry of ${subject} is not complete`);
}

/** The entries of a file, undefined where there is none, or the failure of one that cannot be understood. */
function read(path: string): Map<string, Denied> | Failure | undefined {
  try {
    const entries = JSON.parse(readFileSync(path, 'utf8')) as Denied[];
    return new Map(entries.map((entry) => [checkEntry(entry).subject, entry]));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return new Failure('BAD_CONFIG', `the denylist ${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'mend it, or remove it and its copy and deny again who was on it',
      cause,
    });
  }
}

function copyInUse(path: string, found: Failure | undefined): Failure {
  return new Failure(
    'BAD_CONFIG',
    `${found?.message ?? `the denylist ${path} is gone`}; its copy is in use`,
    {
      hint: 'the next entry that is made or taken off writes both anew',
      cause: found,
    },
  );
}
