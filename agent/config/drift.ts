/**
 * Drift: what on the node is no longer what its running document says. Folders of managed files are watched, everything is
 * compared again on a slow tick, and by policy what has drifted is reported or corrected.
 */

import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { AuditSink } from '../../proto/serve/audit.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { ConfigDomain } from './domain.ts';
import { FolderWatch } from './folder-watch.ts';
import type { Change } from './plan.ts';

/** A resource that has drifted. */
export interface Drifted {
  readonly change: Change;
  /** When it was first seen, ms since the epoch. */
  readonly sinceMs: number;
}

/** What was last seen. */
export interface DriftState {
  readonly drifted: readonly Drifted[];
  /** When everything was last compared, or 0. */
  readonly checkedMs: number;
  /** How many resources were corrected since the agent started. */
  readonly corrections: number;
}

/** What a watch needs of the agent. */
export interface DriftParts {
  readonly domain: ConfigDomain;
  /** Below which the watched files stand. */
  readonly root: string;
  readonly now: () => number;
  readonly log: Log;
  /** Where corrections are recorded; without it nothing is corrected. */
  readonly audit?: AuditSink;
}

/** What is done about drift where the document says nothing. */
const DEFAULT_EVERY_S = 300;
/** Changes come in bursts: an editor writes, renames and touches. */
const SETTLE_MS = 1_000;
/** A resource that something else sets again and again is not fought over: so often an hour, then it is only reported. */
const MAX_CORRECTIONS_AN_HOUR = 5;
const HOUR_MS = 3_600_000;

/** Watches a node for drift. */
export class DriftWatch {
  readonly #parts: DriftParts;
  #state: DriftState = { drifted: [], checkedMs: 0, corrections: 0 };
  #running = 0;
  readonly #folders = new FolderWatch(() => this.#changed());
  #timer: NodeJS.Timeout | undefined;
  /** Whether the timer stands for something that was seen, and not for the slow tick. */
  #seen = false;
  /** Why the last comparison of the watch failed, or empty. */
  #trouble = '';
  #checking: Promise<DriftState> | undefined;
  readonly #corrected = new Map<string, number[]>();

  constructor(parts: DriftParts) {
    this.#parts = parts;
  }

  /** What was last seen. */
  get state(): DriftState {
    return this.#state;
  }

  /** Begins to watch, or begins anew after another document was applied. Without a running document there is nothing to watch. */
  async start(): Promise<void> {
    this.stop();
    const { domain, root, log } = this.#parts;
    if (!domain.revisions.running()) return;
    try {
      this.#folders.watch((await domain.watchedPaths()).map((path) => join(root, path)));
    } catch (err) {
      log.warn({ err }, 'the files of the config cannot be watched; they are compared on the tick');
    }
    this.#later(SETTLE_MS);
  }

  /** Stops watching. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#folders.watch([]);
  }

  /** What a person should know, a sentence each: resources that something else sets again and again. */
  get warnings(): string[] {
    const fought = [...this.#corrected.keys()].filter(
      (id) => this.#recent(id).length >= MAX_CORRECTIONS_AN_HOUR,
    );
    if (fought.length === 0) return this.#trouble === '' ? [] : [this.#trouble];
    const [first] = fought;
    const others = fought.length > 1 ? ` and ${fought.length - 1} more` : '';
    return [
      `${first}${others} was corrected ${MAX_CORRECTIONS_AN_HOUR} times within an hour and is changed again and again: it is only reported now`,
    ];
  }

  /** Compares everything now, and corrects by policy. Throws what a plan of the running document throws. */
  check(): Promise<DriftState> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #check(): Promise<DriftState> {
    const { domain, now } = this.#parts;
    const running = domain.document(0);
    if (!running) return this.#state;
    if (domain.underWay)
      throw new Failure('TRIAL_RUNNING', 'while a document is applied or tried nothing is compared');
    const before = running.revision.number === this.#running ? this.#state.drifted : [];
    this.#running = running.revision.number;
    let { plan } = await domain.plan(running.text);
    let corrections = 0;
    const correct = domain.heeded.policy === 'correct' && domain.certain;
    if (correct && this.#parts.audit && plan.changes.length > 0) {
      corrections = await this.#correct(plan.changes);
      if (corrections > 0) plan = (await domain.plan(running.text)).plan;
    }
    const since = new Map(before.map(({ change, sinceMs }) => [change.resource.id, sinceMs]));
    const checkedMs = now();
    const drifted = plan.changes.map((change) => ({
      change,
      sinceMs: since.get(change.resource.id) ?? checkedMs,
    }));
    this.#tell(before, drifted);
    this.#state = { drifted, checkedMs, corrections: this.#state.corrections + corrections };
    return this.#state;
  }

  /** Corrects what may be corrected. Gives how many resources that were. */
  async #correct(changes: readonly Change[]): Promise<number> {
    const { domain, audit, log } = this.#parts;
    const mine = changes.filter(({ resource }) => this.#recent(resource.id).length < MAX_CORRECTIONS_AN_HOUR);
    if (mine.length === 0) return 0;
    let failure: Failure | undefined;
    try {
      await audit?.ready();
      await domain.correct(mine.map(({ resource }) => resource.id));
    } catch (error) {
      failure = Failure.from(error);
      log.error({ err: failure }, 'drift could not be corrected');
    }
    for (const { resource } of mine)
      this.#corrected.set(resource.id, [...this.#recent(resource.id), performance.now()]);
    await audit?.append({
      caller: `nodectl://node/${domain.node}`,
      serial: '',
      peer: '',
      method: 'nodectl.config/Correct',
      requestSha256: domain.document(0)?.revision.digest ?? '',
      status: failure?.status ?? 'OK',
      reason: failure?.reason ?? '',
    });
    return failure ? 0 : mine.length;
  }

  #tell(before: readonly Drifted[], now: readonly Drifted[]): void {
    const known = new Set(before.map(({ change }) => change.resource.id));
    const fresh = now.map(({ change }) => change.resource.id).filter((id) => !known.has(id));
    if (fresh.length > 0)
      this.#parts.log.warn(
        { resources: fresh.slice(0, 20), count: fresh.length },
        'the node has drifted from its config',
      );
  }

  /** When a resource was corrected in the last hour, by a clock that nobody sets. */
  #recent(id: string): number[] {
    const from = performance.now() - HOUR_MS;
    return (this.#corrected.get(id) ?? []).filter((at) => at > from);
  }

  /** Something was seen. What has been waited for already is not put off by it: a busy folder must not keep the check away. */
  #changed(): void {
    if (this.#seen) return;
    this.#later(SETTLE_MS);
    this.#seen = true;
  }

  #later(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#seen = false;
    this.#timer = setTimeout(() => void this.#tick(), afterMs);
    this.#timer.unref();
  }

  async #tick(): Promise<void> {
    const { domain, log } = this.#parts;
    this.#seen = false;
    const timer = this.#timer;
    this.#folders.refresh();
    try {
      await this.check();
      this.#trouble = '';
    } catch (error) {
      const { reason, message } = Failure.from(error);
      if (reason !== 'TRIAL_RUNNING') {
        log.warn({ err: error }, 'the config could not be compared');
        this.#trouble = `whether the node is as the config says is not known: ${message}`;
      }
    }
    // What was seen in the meantime has set it already, and a stopped watch stays stopped.
    if (this.#timer === timer) this.#later((domain.heeded.everySeconds ?? DEFAULT_EVERY_S) * 1_000);
  }
}
