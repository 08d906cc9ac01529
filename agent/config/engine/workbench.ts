/** What every part of the engine works on: the machine, the agent's state on disk, and the resources of two documents. */

import { Failure } from '../../../proto/failure.ts';
import { DamagedFile } from '../kept-json.ts';
import { type ConfigHost, inOrder, type Resource } from '../resource.ts';
import type { Revision, Revisions } from '../revisions.ts';
import type { Worksite } from './carry-out.ts';
import type { ApplyJournal, JournalFile } from './journal.ts';
import { dropped, type Originals } from './originals.ts';

/** What the engine works on. */
export interface EngineParts {
  readonly host: ConfigHost;
  readonly revisions: Revisions;
  readonly journal: JournalFile;
  readonly originals: Originals;
  /** The resources of a document; for putting back, sealed values need not open. @throws Failure BAD_DOCUMENT, SEAL_NOT_OPENED */
  readonly compile: (text: string, why: 'apply' | 'restore') => Promise<readonly Resource[]>;
  /** Waits until the health checks of a document hold. @throws Failure UNHEALTHY */
  readonly healthy?: (text: string, signal: AbortSignal) => Promise<void>;
  /** Called between any two steps, with a name that is stable: tests end the process in it. */
  readonly step?: (name: string) => void;
}

/** What nobody ends early. */
export const NEVER = new AbortController().signal;

/** The engine's parts, and what is read of them everywhere. */
export class Workbench {
  readonly parts: EngineParts;

  constructor(parts: EngineParts) {
    this.parts = parts;
  }

  /** The journal; undefined where there is none, and where it is damaged: recover.ts sees to that. */
  open(): ApplyJournal | undefined {
    try {
      return this.parts.journal.read();
    } catch (error) {
      if (error instanceof DamagedFile) return undefined;
      throw error;
    }
  }

  /** The text of the running document; "" where none runs or its file is damaged. */
  runningText(): string {
    const { revisions } = this.parts;
    const running = revisions.running();
    return running ? (revisions.intactText(running) ?? '') : '';
  }

  /** The resources of a document, and those of the one before it that it no longer names, to be what they were. */
  async resources(
    text: string,
    before: string,
    why: 'apply' | 'restore' = 'apply',
  ): Promise<{ all: Resource[]; named: Set<string> }> {
    const { compile, originals } = this.parts;
    const named = text === '' ? [] : await compile(text, why);
    const ids = new Set(named.map(({ id }) => id));
    const kept = originals.read();
    // In the opposite order to that in which they were made. Their values are not needed, so they need not open.
    const gone = inOrder(before === text ? [] : await this.#before(before))
      .toReversed()
      .filter(({ id }) => !ids.has(id) && kept.has(id));
    return { all: [...gone.map((one) => dropped(one, kept.get(one.id))), ...named], named: ids };
  }

  /** The resources of the document before. One that another agent wrote may not be known here: that must not keep the next out. */
  async #before(text: string): Promise<readonly Resource[]> {
    if (text === '') return [];
    try {
      return await this.parts.compile(text, 'restore');
    } catch (error) {
      if (Failure.from(error).reason !== 'BAD_DOCUMENT') throw error;
      return [];
    }
  }

  /** Notes how a revision is. That the note cannot be kept (a full disk) changes nothing of what it is. */
  noted(
    number: number,
    what: { outcome: Revision['outcome']; reason?: string; changes?: readonly string[] },
  ): Revision {
    const { revisions } = this.parts;
    try {
      return revisions.update(number, what);
    } catch {
      const known = revisions.find(number) ?? revisions.unknown(number);
      return { ...known, outcome: what.outcome, reason: what.reason ?? known.reason };
    }
  }

  /** Where steps are carried out. */
  site(signal: AbortSignal): Worksite {
    return { host: this.parts.host, signal, step: this.parts.step ?? (() => undefined) };
  }
}

/** Writes of the agent's own state: a full or read-only disk is named. */
export function onDisk<T>(write: () => T): T {
  try {
    return write();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'HOST_CHANGE_FAILED',
      `the agent’s state could not be written: ${(cause as Error).message}`,
      { hint: 'is there room where the agent keeps its state?', cause },
    );
  }
}

/** For what may fail without that anything else changes by it. */
export function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // Whoever reads the state next does it again.
  }
}
