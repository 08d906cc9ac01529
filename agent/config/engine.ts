/**
 * Applies documents: plans, changes, verifies, and commits or puts back. One apply at a time. Whatever kills it, the machine
 * ends at the old revision or at the new one, complete, and the node says which:
 *
 *   1. the journal with what everything was is on disk
 *   2. every resource is changed, what they activate is run, everything is compared again, the health checks hold
 *   3. without a trial: `running` is replaced (the commit), the journal is removed
 *      with a trial: the journal gets its deadline; confirmation commits, the deadline puts back
 *
 * An agent that starts and finds a journal puts back, unless `running` is the journal's revision already: then the commit had
 * happened and only the journal is removed. What cannot be put back is tried again until it can, or until an operator gives up.
 */

import { Failure } from '../../proto/failure.ts';
import { activateAll, changeEach, restoreAll, verify, type Worksite } from './carry-out.ts';
import type { ApplyJournal, JournalFile } from './journal.ts';
import { DamagedFile } from './kept-json.ts';
import { dropped, type Originals } from './originals.ts';
import { makePlan, type Plan } from './plan.ts';
import { type ConfigHost, inOrder, type Resource } from './resource.ts';
import type { Origin, Revision, Revisions } from './revisions.ts';
import { beginTrial, inThisBoot, leftOf, type Trial, type TrialWanted } from './trial.ts';

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

/** How a document is applied. */
export interface ApplyOptions {
  readonly text: string;
  readonly origin: Origin;
  /** The number of the revision that the document was made from; undefined where the author does not care. */
  readonly expected?: number;
  /** The revision that was staged with the text, in place of a new one. */
  readonly staged?: number;
  /** A trial, where the document is to be tried. */
  readonly trial?: TrialWanted;
  /** Has somebody outside the agent watch the trial's deadline: called before anything is changed, and when it is known. */
  readonly arm?: (trial: Trial) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What came of an apply. */
export interface Applied {
  readonly revision: Revision;
  readonly plan: Plan;
}

/** Why and how something ended that was put back. */
interface End {
  readonly outcome: 'reverted' | 'failed' | 'interrupted';
  readonly reason: string;
}

const NEVER = new AbortController().signal;
const CUT_OFF = 'the agent or the node stopped in the middle of it';
/** What a journal may hold of what was before: it is written, kept and read as a whole. */
const MOST_BEFORE = 64 << 20;

/** The engine of one node. */
export class ConfigEngine {
  readonly #parts: EngineParts;
  #busy = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Whether something is being changed, or was cut off and not ended yet: what is on the machine is no revision then. */
  get underWay(): boolean {
    return this.#busy || this.#open() !== undefined;
  }

  /** What a document would change. Throws BAD_DOCUMENT. */
  async plan(text: string): Promise<Plan> {
    const { all } = await this.#resources(text, this.#runningText());
    return makePlan(all, this.#parts.host);
  }

  /** Paths of the files that a document decides on. Throws BAD_DOCUMENT. */
  async paths(text: string): Promise<string[]> {
    return (await this.#parts.compile(text, 'apply')).flatMap(({ watches }) => watches ?? []);
  }

  /** Makes resources of the running document again what it says. No revision is made: the document is the same. */
  correct(ids: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    return this.#alone(async () => {
      // A trial decides on its own end.
      if (this.#open()) return;
      await this.#correct(ids, signal);
    });
  }

  /** The trial that runs, with its revision, or undefined. */
  trial(): { revision: number; trial: Trial } | undefined {
    const journal = this.#open();
    return journal?.trial ? { revision: journal.revision, trial: journal.trial } : undefined;
  }

  /** The revision that could be neither applied nor put back yet, or undefined. */
  stuck(): number | undefined {
    const journal = this.#busy ? undefined : this.#open();
    return journal && !journal.trial ? journal.revision : undefined;
  }

  /** Applies a document. Throws STALE_REVISION, TRIAL_RUNNING, BAD_DOCUMENT, or why it failed: then all was put back. */
  apply(options: ApplyOptions): Promise<Applied> {
    return this.#alone(() => this.#apply(options));
  }

  /** Commits the trial that runs. Throws UNKNOWN_REVISION where that one does not run. */
  confirm(id: string, connection: string): Promise<Revision> {
    return this.#alone(async () => {
      const open = this.#open();
      if (!open?.trial || open.trial.id !== id)
        throw new Failure('UNKNOWN_REVISION', `no trial "${id.slice(0, 60)}" runs on this node`, {
          hint: 'it may have reverted already: nodectl config history',
        });
      if (open.trial.connection === connection)
        throw new Failure(
          'BAD_ARGUMENT',
          'a trial is confirmed over another connection than it was made over',
          {
            hint: 'nodectl config confirm opens a new one: that is what shows that the node can be reached',
          },
        );
      if (leftOf(open.trial, this.#parts.host.machine) === 0)
        throw new Failure('UNKNOWN_REVISION', `the time of the trial "${id}" is over`, {
          hint: 'it is being put back: nodectl config history',
        });
      return this.#commit(open);
    });
  }

  /**
   * Ends what a crash or a deadline left: a trial whose time is over, an apply that was cut off. Called when the agent starts,
   * by the timer of the trial, and by the program that systemd starts in the agent's place. Gives what was put back.
   */
  recover(signal: AbortSignal): Promise<Revision | undefined> {
    return this.#alone(() => this.#recover(signal));
  }

  /**
   * Puts the trial that runs back before its deadline, or tries once more what could not be put back. With `giveUp` what still
   * cannot be is left as it is, and the history says so. Throws UNKNOWN_REVISION where nothing is under way.
   */
  revert(reason: string, giveUp: boolean, signal: AbortSignal): Promise<Revision> {
    return this.#alone(async () => {
      const open = this.#open();
      if (!open || open.correction)
        throw new Failure('UNKNOWN_REVISION', 'no trial runs on this node', {
          hint: 'nodectl config history shows what was put back already',
        });
      const end: End = open.trial
        ? { outcome: 'reverted', reason }
        : { outcome: 'interrupted', reason: CUT_OFF };
      try {
        return await this.#putBack(open, end, signal);
      } catch (error) {
        if (!giveUp) throw error;
        const left = `${end.reason}; given up: ${Failure.from(error).message}`;
        return this.#ended(open, { outcome: end.outcome, reason: left });
      }
    });
  }

  async #apply({
    text,
    origin,
    expected,
    staged,
    trial: wanted,
    arm,
    signal,
  }: ApplyOptions): Promise<Applied> {
    const { revisions, journal, host } = this.#parts;
    const site = this.#site(signal);
    if (!this.#open()?.trial) await this.#recover(signal);
    if (this.#open())
      throw new Failure('TRIAL_RUNNING', 'a trial of another document runs on this node', {
        hint: 'nodectl config confirm or wait until it reverts; nodectl config history shows it',
      });
    const running = revisions.running();
    const from = running?.number ?? 0;
    if (expected !== undefined && expected !== from)
      throw new Failure('STALE_REVISION', `this node runs revision ${from}, not ${expected}`, {
        hint: 'look at what has changed: nodectl config diff; then apply again',
        facts: { running: String(from) },
      });
    const fromText = this.#runningText();
    const resources = await this.#resources(text, fromText);
    const plan = await makePlan(resources.all, host);
    const changes = plan.changes.map(
      ({ resource, differences }) => `${resource.id}: ${differences.map(({ field }) => field).join(', ')}`,
    );
    const before = plan.changes.map(({ resource, before: snapshot }) => ({ id: resource.id, snapshot }));
    bounded(before);
    const { number } = staged
      ? revisions.get(staged)
      : onDisk(() => revisions.add(text, from, origin, host.machine.now(), 'applying'));
    const open: ApplyJournal = { revision: number, from, text, fromText, before };
    const begin = wanted && (() => beginTrial(wanted, host.machine));
    try {
      onDisk(() => revisions.update(number, { outcome: 'applying', changes }));
      if (begin) await arm?.(begin());
      site.step('planned');
      onDisk(() => journal.write(open));
    } catch (error) {
      quietly(() => journal.remove());
      quietly(() =>
        revisions.update(number, { outcome: 'failed', reason: Failure.from(error).message, changes }),
      );
      throw error;
    }
    try {
      site.step('journal');
      const resourcesOf = plan.changes.map(({ resource }) => resource);
      await changeEach(resourcesOf, site);
      const [failed] = await activateAll(resourcesOf, site);
      if (failed !== undefined) throw new Failure('HOST_CHANGE_FAILED', failed);
      await verify(plan.changes, host);
      site.step('verified');
      await this.#parts.healthy?.(text, signal);
      site.step('healthy');
      if (!begin) return { plan, revision: await this.#commit(open) };
      const trial = begin();
      await arm?.(trial);
      onDisk(() => journal.write({ ...open, trial }));
      site.step('trial');
      return { plan, revision: this.#noted(number, { outcome: 'trial' }) };
    } catch (error) {
      const failure = Failure.from(error);
      try {
        await this.#putBack(open, { outcome: 'failed', reason: failure.message }, NEVER);
      } catch (second) {
        throw new Failure('HOST_CHANGE_FAILED', `${failure.message}; ${Failure.from(second).message}`, {
          hint: Failure.from(second).hint,
          cause: error,
        });
      }
      throw failure;
    }
  }

  /** Makes the journal's revision the running one. Until that is on disk it throws, and everything can still be put back. */
  async #commit(open: ApplyJournal): Promise<Revision> {
    const { revisions, originals } = this.#parts;
    const { step } = this.#site(NEVER);
    const { named } = await this.#resources(open.text, '', 'restore');
    // Those of resources that are no longer named go when there is no way back any more.
    onDisk(() =>
      originals.keep(
        [...named, ...originals.read().keys()],
        new Map(open.before.map(({ id, snapshot }) => [id, snapshot])),
      ),
    );
    step('originals kept');
    try {
      onDisk(() => revisions.setRunning(open.revision));
    } catch (error) {
      // The folder may not have been flushed, but the pointer is replaced: what it says is what counts.
      if (revisions.running()?.number !== open.revision) throw error;
    }
    step('committed');
    return this.#finish(open, named);
  }

  /** What follows a commit. A failure leaves the journal, and whoever reads it next does this again. */
  #finish({ revision }: ApplyJournal, named: ReadonlySet<string>): Revision {
    const { revisions, journal, originals } = this.#parts;
    const { step } = this.#site(NEVER);
    const noted = this.#noted(revision, { outcome: 'applied', reason: '' });
    quietly(() => {
      originals.keep(named, new Map());
      step('originals forgotten');
      journal.forgetAside();
      originals.forgetAside();
      journal.remove();
      step('journal removed');
      revisions.prune();
    });
    return noted;
  }

  async #recover(signal: AbortSignal): Promise<Revision | undefined> {
    const { journal, revisions, host } = this.#parts;
    let open: ApplyJournal | undefined;
    try {
      open = journal.read();
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      return this.#withoutJournal(signal);
    }
    if (!open) {
      this.#sweep();
      return undefined;
    }
    if (open.correction) {
      await this.#correct(new Set(open.before.map(({ id }) => id)), signal);
      return undefined;
    }
    if (revisions.running()?.number === open.revision) {
      // Only what follows the commit was cut off.
      this.#finish(open, (await this.#resources(open.text, '', 'restore')).named);
      return undefined;
    }
    if (open.trial && leftOf(open.trial, host.machine) > 0) {
      const trial = inThisBoot(open.trial, host.machine);
      if (trial !== open.trial) onDisk(() => journal.write({ ...open, trial }));
      return undefined;
    }
    return this.#putBack(
      open,
      open.trial
        ? { outcome: 'reverted', reason: 'the trial was not confirmed in time' }
        : { outcome: 'interrupted', reason: CUT_OFF },
      signal,
    );
  }

  /** Revisions whose end was not noted: what runs was applied, what does not was cut off before or after its journal. */
  #sweep(): Revision | undefined {
    const { revisions } = this.#parts;
    const running = revisions.running()?.number;
    let cut: Revision | undefined;
    for (const { number, outcome } of revisions.all())
      if (outcome === 'applying' || outcome === 'trial') {
        if (number === running) this.#noted(number, { outcome: 'applied' });
        else cut = this.#noted(number, { outcome: 'interrupted', reason: CUT_OFF });
      }
    return cut;
  }

  /** The journal is damaged, so nobody knows what was before: the running document is made to hold again, whole. */
  async #withoutJournal(signal: AbortSignal): Promise<Revision | undefined> {
    this.#parts.journal.setAside();
    const cut = this.#sweep();
    const text = this.#runningText();
    if (text === '') return cut;
    const { named } = await this.#resources(text, '');
    await this.#correct(named, signal);
    return cut;
  }

  /** Has a journal too: a unit that was to be restarted for a file must be, although the file is right by then. */
  async #correct(ids: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const { host, journal, revisions } = this.#parts;
    const site = this.#site(signal);
    const text = this.#runningText();
    const all = (await this.#resources(text, '')).all.filter(({ id }) => ids.has(id));
    const plan = await makePlan(all, host);
    const changed = plan.changes.map(({ resource }) => resource);
    const resumed = this.#open()?.correction === true;
    // Who resumes does not know what was changed before, and activates for all.
    const touched = resumed ? inOrder(all) : changed;
    if (touched.length === 0) return;
    const number = revisions.running()?.number ?? 0;
    const before = touched.map(({ id }) => ({ id, snapshot: null }));
    if (!resumed)
      onDisk(() =>
        journal.write({ revision: number, from: number, text: '', fromText: '', before, correction: true }),
      );
    let failures: string[] = [];
    try {
      site.step('correction');
      await changeEach(changed, site);
    } finally {
      // Also where one fails: those that were changed must take effect, and what is not right is still drift.
      failures = await activateAll(touched, site);
      onDisk(() => journal.remove());
    }
    if (failures[0] !== undefined) throw new Failure('HOST_CHANGE_FAILED', failures[0]);
    await verify(plan.changes, host);
  }

  /** Puts everything back. It is tried for every resource, whatever fails before it; what failed is thrown at the end. */
  async #putBack(open: ApplyJournal, end: End, signal: AbortSignal): Promise<Revision> {
    const { originals } = this.#parts;
    const site = this.#site(signal);
    const { text, fromText, before } = open;
    const resources = inOrder((await this.#resources(text, fromText, 'restore')).all);
    const snapshots = new Map(before.map(({ id, snapshot }) => [id, snapshot]));
    const known = new Set(resources.map(({ id }) => id));
    const failures = await restoreAll(
      resources.filter(({ id }) => snapshots.has(id)),
      snapshots,
      site,
    );
    for (const { id } of before)
      if (!known.has(id)) failures.push(`${id} is not known to this agent, so it was not put back`);
    if (failures.length > 0)
      throw new Failure(
        'HOST_CHANGE_FAILED',
        `not everything could be put back: ${failures.slice(0, 3).join('; ')}`,
        {
          hint: 'it is tried again and again; nodectl config revert tries now, and with --give-up leaves it as it is',
        },
      );
    site.step('put back');
    // A commit that was cut off may have kept originals of what was just put back.
    const { named } = await this.#resources(fromText, '', 'restore');
    onDisk(() => originals.keep(named, new Map()));
    return this.#ended(open, end);
  }

  #ended({ revision }: ApplyJournal, end: End): Revision {
    const noted = this.#noted(revision, end);
    onDisk(() => this.#parts.journal.remove());
    this.#site(NEVER).step('journal removed');
    return noted;
  }

  /** Notes how a revision is. That the note cannot be kept (a full disk) changes nothing of what it is. */
  #noted(
    number: number,
    what: { outcome: Revision['outcome']; reason?: string; changes?: readonly string[] },
  ): Revision {
    const { revisions } = this.#parts;
    try {
      return revisions.update(number, what);
    } catch {
      const known = revisions.find(number) ?? revisions.unknown(number);
      return { ...known, outcome: what.outcome, reason: what.reason ?? known.reason };
    }
  }

  /** The resources of a document, and those of the one before it that it no longer names, to be what they were. */
  async #resources(
    text: string,
    before: string,
    why: 'apply' | 'restore' = 'apply',
  ): Promise<{ all: Resource[]; named: Set<string> }> {
    const { compile, originals } = this.#parts;
    const named = text === '' ? [] : await compile(text, why);
    const ids = new Set(named.map(({ id }) => id));
    const kept = originals.read();
    // In the opposite order to that in which they were made. Their values are not needed, so they need not open.
    const gone = inOrder(await this.#before(before))
      .toReversed()
      .filter(({ id }) => !ids.has(id) && kept.has(id));
    return { all: [...gone.map((one) => dropped(one, kept.get(one.id))), ...named], named: ids };
  }

  /** The resources of the document before. One that another agent wrote may not be known here: that must not keep the next out. */
  async #before(text: string): Promise<readonly Resource[]> {
    if (text === '') return [];
    try {
      return await this.#parts.compile(text, 'restore');
    } catch (error) {
      if (Failure.from(error).reason !== 'BAD_DOCUMENT') throw error;
      return [];
    }
  }

  /** The journal; undefined where there is none, and where it is damaged: #recover sees to that. */
  #open(): ApplyJournal | undefined {
    try {
      return this.#parts.journal.read();
    } catch (error) {
      if (error instanceof DamagedFile) return undefined;
      throw error;
    }
  }

  #runningText(): string {
    const { revisions } = this.#parts;
    const running = revisions.running();
    return running ? (revisions.intactText(running) ?? '') : '';
  }

  #site(signal: AbortSignal): Worksite {
    return { host: this.#parts.host, signal, step: this.#parts.step ?? (() => undefined) };
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy)
      throw new Failure('TRIAL_RUNNING', 'another change of this node’s config is under way', {
        hint: 'wait until it has ended: nodectl config history',
      });
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }
}

/** What is kept of the state before is written in one piece: a document that replaces more than that is refused. */
function bounded(before: readonly unknown[]): void {
  let bytes = 0;
  for (const one of before) bytes += JSON.stringify(one).length;
  if (bytes > MOST_BEFORE)
    throw new Failure(
      'HOST_CHANGE_FAILED',
      `what the document replaces is more than ${MOST_BEFORE >> 20} MiB, which is not kept to be put back`,
      { hint: 'large files belong into the image; or apply it in parts' },
    );
}

/** Writes of the agent's own state: a full or read-only disk is named. */
function onDisk<T>(write: () => T): T {
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
function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // Whoever reads the state next does it again.
  }
}
