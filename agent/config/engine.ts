/**
 * Applies documents: plans, changes, verifies, and commits or puts back. One apply at a time. Whatever kills it, the machine
 * ends at the old revision or at the new one, complete, and the node says which:
 *
 *   1. the journal with what everything was is on disk
 *   2. every resource is changed, what they activate is run, everything is compared again
 *   3. without a trial: `running` is replaced (the commit), the journal is removed
 *      with a trial: the journal gets its deadline; confirmation commits, the deadline puts back
 *
 * An agent that starts and finds a journal puts back, unless `running` is the journal's revision already: then the commit had
 * happened and only the journal is removed.
 */

import { Failure } from '../../proto/failure.ts';
import { sleep } from '../../proto/sleep.ts';
import type { ApplyJournal, JournalFile, Trial } from './journal.ts';
import { dropped, type Originals } from './originals.ts';
import { makePlan, type Plan } from './plan.ts';
import { type Activation, type ConfigHost, inOrder, type Resource } from './resource.ts';
import type { Origin, Revision, Revisions } from './revisions.ts';

/** How long programs that were told of a change may take with it, and how often they are asked. */
const [SETTLE_MS, AGAIN_MS] = [15_000, 250];

/** What the engine works on. */
export interface EngineParts {
  readonly host: ConfigHost;
  readonly revisions: Revisions;
  readonly journal: JournalFile;
  readonly originals: Originals;
  /** The resources of a document. @throws Failure BAD_DOCUMENT */
  readonly compile: (text: string) => Promise<readonly Resource[]>;
  /** Called between any two steps, with a name that is stable: tests end the process in it. */
  readonly step?: (name: string) => void;
}

/** How a document is applied. */
export interface ApplyOptions {
  readonly text: string;
  readonly origin: Origin;
  /** The number of the revision that the document was made from; undefined where the author does not care. */
  readonly expected?: number;
  /** A trial, where the document is to be tried. */
  readonly trial?: Trial;
  readonly signal: AbortSignal;
}

/** What came of an apply. */
export interface Applied {
  readonly revision: Revision;
  readonly plan: Plan;
}

/** The engine of one node. */
export class ConfigEngine {
  readonly #parts: EngineParts;
  #busy = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** What a document would change. Throws BAD_DOCUMENT. */
  async plan(text: string): Promise<Plan> {
    const { all } = await this.#resources(text, this.#runningText());
    return makePlan(all, this.#parts.host);
  }

  /** Paths of the files that a document decides on. Throws BAD_DOCUMENT. */
  async paths(text: string): Promise<string[]> {
    return (await this.#parts.compile(text)).flatMap(({ watches }) => watches ?? []);
  }

  /** Makes resources of the running document again what it says. No revision is made: the document is the same. */
  correct(ids: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    return this.#alone(async () => {
      const { host, journal } = this.#parts;
      // A trial decides on its own end.
      if (journal.read()) return;
      const { all } = await this.#resources(this.#runningText(), '');
      const plan = await makePlan(
        all.filter(({ id }) => ids.has(id)),
        host,
      );
      for (const { resource } of plan.changes) await resource.apply(host);
      await this.#activate(
        plan.changes.map(({ resource }) => resource),
        signal,
      );
      await this.#verify(plan);
    });
  }

  /** The trial that runs, with its revision, or undefined. */
  trial(): { revision: number; trial: Trial } | undefined {
    const journal = this.#parts.journal.read();
    return journal?.trial ? { revision: journal.revision, trial: journal.trial } : undefined;
  }

  /** Applies a document. Throws STALE_REVISION, TRIAL_RUNNING, BAD_DOCUMENT, or why it failed: then all was put back. */
  apply(options: ApplyOptions): Promise<Applied> {
    return this.#alone(() => this.#apply(options));
  }

  /** Commits the trial that runs. Throws UNKNOWN_REVISION where that one does not run. */
  confirm(id: string, connection: string): Promise<Revision> {
    return this.#alone(async () => {
      const { revisions, journal } = this.#parts;
      const open = journal.read();
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
      const { changes } = revisions.get(open.revision);
      return this.#commit(open, changes);
    });
  }

  /**
   * Ends what a crash or a deadline left: a trial whose time is over, an apply that was cut off. Called when the agent starts,
   * by the timer of the trial, and by the program that systemd starts in the agent's place. Gives what was put back.
   */
  recover(nowMs: number, signal: AbortSignal): Promise<Revision | undefined> {
    return this.#alone(async () => {
      const { journal, revisions } = this.#parts;
      const open = journal.read();
      if (!open) return undefined;
      if (revisions.running()?.number === open.revision) {
        // Only what follows the commit was cut off.
        await this.#commit(open, revisions.get(open.revision).changes);
        return undefined;
      }
      if (open.trial && nowMs < open.trial.deadlineMs) return undefined;
      return this.#putBack(open, signal, {
        outcome: open.trial ? 'reverted' : 'interrupted',
        reason: open.trial
          ? 'the trial was not confirmed in time'
          : 'the agent or the node stopped in the middle of it',
      });
    });
  }

  /** Puts the trial that runs back before its deadline. Throws UNKNOWN_REVISION where none runs. */
  revert(reason: string, signal: AbortSignal): Promise<Revision> {
    return this.#alone(async () => {
      const open = this.#parts.journal.read();
      if (!open?.trial) throw new Failure('UNKNOWN_REVISION', 'no trial runs on this node');
      return this.#putBack(open, signal, { outcome: 'reverted', reason });
    });
  }

  async #apply({ text, origin, expected, trial, signal }: ApplyOptions): Promise<Applied> {
    const { revisions, journal, host, step = () => undefined } = this.#parts;
    const left = journal.read();
    // What could not be put back before is tried again now: nothing else can be applied on top of it.
    if (left && !left.trial && revisions.running()?.number !== left.revision)
      await this.#putBack(left, signal, { outcome: 'interrupted', reason: 'it was cut off' });
    if (journal.read())
      throw new Failure('TRIAL_RUNNING', 'a trial of another document runs on this node', {
        hint: 'nodectl config confirm or wait until it reverts; nodectl config history shows it',
      });
    const from = revisions.running()?.number ?? 0;
    if (expected !== undefined && expected !== from)
      throw new Failure('STALE_REVISION', `this node runs revision ${from}, not ${expected}`, {
        hint: 'look at what has changed: nodectl config diff; then apply again',
        facts: { running: String(from) },
      });
    const resources = await this.#resources(text, this.#runningText());
    const plan = await makePlan(resources.all, host);
    const changes = plan.changes.map(
      ({ resource, differences }) => `${resource.id}: ${differences.map(({ field }) => field).join(', ')}`,
    );
    const { number } = revisions.add(text, from, origin, host.machine.now(), 'applying');
    revisions.update(number, { outcome: 'applying', changes });
    const open: ApplyJournal = {
      ...{ revision: number, from },
      before: plan.changes.map(({ resource, before }) => ({ id: resource.id, snapshot: before })),
    };
    step('planned');
    journal.write(open);
    step('journal');
    try {
      for (const { resource } of plan.changes) {
        signal.throwIfAborted();
        await resource.apply(host);
        step(`apply ${resource.id}`);
      }
      await this.#activate(
        plan.changes.map(({ resource }) => resource),
        signal,
      );
      await this.#verify(plan);
      step('verified');
    } catch (error) {
      const failure = Failure.from(error);
      await this.#putBack(open, new AbortController().signal, { outcome: 'failed', reason: failure.message });
      throw failure;
    }
    if (!trial) return { plan, revision: await this.#commit(open, changes) };
    journal.write({ ...open, trial });
    step('trial');
    return { plan, revision: revisions.update(number, { outcome: 'trial' }) };
  }

  async #commit({ revision, before }: ApplyJournal, changes: readonly string[]): Promise<Revision> {
    const { revisions, journal, originals, step = () => undefined } = this.#parts;
    const { named } = await this.#resources(revisions.text(revisions.get(revision)), '');
    // Those of resources that are no longer named go when there is no way back any more.
    originals.keep(
      [...named, ...originals.read().keys()],
      new Map(before.map(({ id, snapshot }) => [id, snapshot])),
    );
    step('originals kept');
    revisions.setRunning(revision);
    step('committed');
    originals.keep(named, new Map());
    step('originals forgotten');
    journal.remove();
    step('journal removed');
    const applied = revisions.update(revision, { outcome: 'applied', changes });
    revisions.prune();
    return applied;
  }

  /** Compares what was changed until it is as it should be: what other programs were told to do takes them a moment. */
  async #verify({ changes }: Plan): Promise<void> {
    const until = performance.now() + SETTLE_MS;
    // What takes effect with the next boot can be compared then.
    let left = changes.map(({ resource }) => resource).filter(({ effect }) => effect !== 'reboot');
    for (;;) {
      let difference: { id: string; field: string; from: string } | undefined;
      const still: Resource[] = [];
      for (const resource of left) {
        const [first] = resource.compare(await resource.observe(this.#parts.host));
        if (!first) continue;
        still.push(resource);
        difference ??= { id: resource.id, field: first.field, from: first.from };
      }
      if (!difference) return;
      if (performance.now() > until)
        throw new Failure(
          'HOST_CHANGE_FAILED',
          `${difference.id} was applied, but its ${difference.field} is ${difference.from}`,
          { hint: 'does something else on the node set it too?' },
        );
      left = still;
      await sleep(AGAIN_MS, new AbortController().signal);
    }
  }

  /** Puts everything back. It is tried for every resource, whatever fails before it; what failed is thrown at the end. */
  async #putBack(
    { revision, from, before }: ApplyJournal,
    signal: AbortSignal,
    end: { outcome: 'reverted' | 'failed' | 'interrupted'; reason: string },
  ): Promise<Revision> {
    const { revisions, journal, host, step = () => undefined } = this.#parts;
    const beforeText = from > 0 ? revisions.text(revisions.get(from)) : '';
    const resources = (await this.#resources(revisions.text(revisions.get(revision)), beforeText)).all;
    const byId = new Map(resources.map((one) => [one.id, one]));
    const failures: string[] = [];
    const touched: Resource[] = [];
    const snapshots = new Map(before.map(({ id, snapshot }) => [id, snapshot]));
    for (const resource of inOrder(resources).toReversed()) {
      if (!snapshots.has(resource.id)) continue;
      touched.push(resource);
      try {
        await resource.restore(host, snapshots.get(resource.id));
      } catch (error) {
        failures.push(Failure.from(error).message);
      }
      step(`restore ${resource.id}`);
    }
    for (const { id } of before)
      if (!byId.has(id)) failures.push(`${id} is not known to this agent, so it was not put back`);
    await this.#activate(touched, signal, failures);
    if (failures.length > 0)
      throw new Failure(
        'HOST_CHANGE_FAILED',
        `not everything could be put back: ${failures.slice(0, 3).join('; ')}`,
        {
          hint: 'it is tried again when the agent starts; the node is between two revisions until then',
        },
      );
    step('put back');
    // A commit that was cut off may have kept originals of what was just put back.
    this.#parts.originals.keep((await this.#resources(beforeText, '')).named, new Map());
    journal.remove();
    step('journal removed');
    return revisions.update(revision, end);
  }

  async #activate(resources: readonly Resource[], signal: AbortSignal, failures?: string[]): Promise<void> {
    const { host, step = () => undefined } = this.#parts;
    const all = new Map<string, Activation>(
      resources.flatMap(({ activates }) => activates.map((one) => [one.id, one] as const)),
    );
    for (const activation of [...all.values()].sort((a, b) => a.rank - b.rank)) {
      try {
        await activation.run(host, signal);
      } catch (error) {
        if (!failures) throw error;
        failures.push(Failure.from(error).message);
      }
      step(`activate ${activation.id}`);
    }
  }

  /** The resources of a document, and those of the one before it that it no longer names, to be what they were. */
  async #resources(text: string, before: string): Promise<{ all: Resource[]; named: Set<string> }> {
    const named = text === '' ? [] : await this.#parts.compile(text);
    const ids = new Set(named.map(({ id }) => id));
    const originals = this.#parts.originals.read();
    const gone = (before === '' ? [] : await this.#parts.compile(before)).filter(
      ({ id }) => !ids.has(id) && originals.has(id),
    );
    return { all: [...named, ...gone.map((one) => dropped(one, originals.get(one.id)))], named: ids };
  }

  #runningText(): string {
    const { revisions } = this.#parts;
    const running = revisions.running();
    return running ? revisions.text(running) : '';
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
