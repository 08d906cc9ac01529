/** The config of one node: its document, applied, tried, staged, kept, and put back after a crash. */

import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { Machine } from '../host/machine.ts';
import { checkThresholds } from './check-thresholds.ts';
import { compile } from './compile.ts';
import { EndWatch } from './end-watch.ts';
import { trialRuns } from './engine/apply.ts';
import { ConfigEngine } from './engine/engine.ts';
import { JournalFile } from './engine/journal.ts';
import { Originals } from './engine/originals.ts';
import { checkHealth } from './health.ts';
import { type Heeded, heededOf, NOTHING_HEEDED } from './heeded.ts';
import type { Plan } from './plan.ts';
import type { ConfigHost } from './resource.ts';
import { digestOf, type Origin, type Revision, Revisions } from './revisions.ts';
import { NodeSealKey } from './seal-key.ts';
import { StagedFile } from './staged.ts';
import { Staging } from './staging.ts';
import { type Trial, trialWanted } from './trial.ts';
import type { TrialTimer } from './trial-timer.ts';

/** How a document is applied: "auto" tries what could cut the connection and applies the rest at once. */
export type Mode = 'auto' | 'live' | 'staged' | 'try';

/** What the config of a node is made of. */
export interface ConfigParts {
  readonly node: string;
  /** A folder of its own below the agent's state. */
  readonly folder: string;
  readonly host: ConfigHost;
  readonly log: Log;
  /** The deadline of trials outside this process, where the machine has something for that. */
  readonly timer?: TrialTimer;
  /** What is tried by an upgrade, a sentence; undefined while nothing is. */
  readonly upgradeTrial?: () => string | undefined;
  /** For tests: see EngineParts. */
  readonly step?: (name: string) => void;
}

/** How a caller wants a document applied. */
export interface ApplyRequest {
  readonly text: string;
  readonly mode: Mode;
  /** Seconds until a trial reverts; 0 for the default. */
  readonly timeoutSeconds: number;
  readonly origin: Origin;
  readonly expected?: number;
  /** Names the caller's connection. */
  readonly connection: string;
}

/** What came of it. */
export interface ApplyAnswer {
  readonly plan: Plan;
  readonly mode: Exclude<Mode, 'auto'>;
  /** Undefined where there was nothing to do. */
  readonly revision: Revision | undefined;
  readonly trial: Trial | undefined;
}

/** The config of one node. */
export class ConfigDomain {
  readonly node: string;
  readonly revisions: Revisions;
  readonly sealKey: NodeSealKey;
  readonly #engine: ConfigEngine;
  readonly #parts: ConfigParts;
  readonly #originals: Originals;
  readonly #journal: JournalFile;
  readonly #staging: Staging;
  readonly #ends: EndWatch;
  /** Called when another revision runs. */
  onCommit: () => void = () => undefined;
  /** What the agent heeds of the running document. */
  heeded: Heeded = NOTHING_HEEDED;
  /** What was found out when the state was read, a sentence each by what it is about. */
  readonly #troubles = new Map<'running' | 'heeded' | 'staged', string>();

  private constructor(parts: ConfigParts) {
    const { folder, host, node, log, timer } = parts;
    const { machine } = host;
    makeFolder(folder);
    this.#parts = parts;
    this.node = node;
    this.revisions = new Revisions(folder);
    this.sealKey = new NodeSealKey(join(folder, 'seal.key'), node);
    this.#originals = new Originals(join(folder, 'originals.json'));
    this.#journal = new JournalFile(join(folder, 'apply.json'));
    this.#engine = new ConfigEngine({
      host,
      revisions: this.revisions,
      journal: this.#journal,
      originals: this.#originals,
      compile: (text, why) =>
        compile(text, { sealKey: this.sealKey, has: (path) => machine.has(path.slice(1)), why }),
      healthy: (text, signal) => checkHealth(text, host, signal),
      ...(parts.step ? { step: parts.step } : {}),
    });
    this.#staging = new Staging({
      ...{ engine: this.#engine, revisions: this.revisions, machine, log },
      file: new StagedFile(join(folder, 'staged.json'), machine),
    });
    this.#ends = new EndWatch({ engine: this.#engine, machine, log, timer });
  }

  /** Opens it: what a crash left is ended, a trial goes on to its deadline, what was staged for this boot is applied. */
  static async open(parts: ConfigParts): Promise<ConfigDomain> {
    const domain = new ConfigDomain(parts);
    domain.#mend();
    await domain.#ends.recover();
    if (domain.#ends.trouble === undefined) {
      const trouble = await domain.#staging.applyDue();
      if (trouble !== undefined) domain.#troubles.set('staged', trouble);
    }
    domain.#heed();
    return domain;
  }

  /** The machine that is configured. */
  get machine(): Machine {
    return this.#parts.host.machine;
  }

  /** Whether something is being changed, or was cut off and not ended yet. */
  get underWay(): boolean {
    return this.#engine.underWay;
  }

  /** Whether what runs is what was last applied, so that drift from it may be corrected. */
  get certain(): boolean {
    return !this.#troubles.has('running') && !this.#troubles.has('heeded');
  }

  /** Troubles that a person should know of, each one sentence. */
  get warnings(): string[] {
    const stuck = this.#engine.stuck();
    return [
      ...this.#troubles.values(),
      ...(this.#ends.trouble === undefined
        ? stuck === undefined
          ? []
          : [`config revision ${stuck} was cut off and is being put back`]
        : [this.#ends.trouble]),
      ...(this.#journal.lost
        ? [
            'a config was cut off and its journal damaged: the running revision was made to hold again, and what only the other one decided on may be left; apply a document',
          ]
        : []),
      ...(this.#originals.lost
        ? ['what was before the first document is lost: lines that are taken out of it are not undone']
        : []),
    ];
  }

  /** Stops the clock of a trial; the trial itself goes on, and ends when somebody opens the folder again. */
  close(): void {
    this.#ends.stop();
  }

  /** @throws Failure TRIAL_RUNNING while a document or an upgraded image is tried: nothing can be applied then */
  refuseDuringTrial(): void {
    const trial = this.trial();
    if (trial) throw trialRuns(trial.revision);
    const upgrade = this.#parts.upgradeTrial?.();
    if (upgrade === undefined) return;
    throw new Failure('TRIAL_RUNNING', `this node tries another image: ${upgrade}`, {
      hint: 'what a change does now would be laid to the image; wait until nodectl upgrade status -w ends, or confirm or abort the upgrade',
    });
  }

  /** What a document would change, and the mode that "auto" would take for it. Throws BAD_DOCUMENT. */
  async plan(text: string): Promise<{ plan: Plan; mode: Exclude<Mode, 'auto'> }> {
    await checkThresholds(text);
    const plan = await this.#engine.plan(text);
    return { plan, mode: plan.risksConnection ? 'try' : 'live' };
  }

  /** Applies a document. See ConfigEngine.apply for what it throws. */
  async apply(request: ApplyRequest, signal: AbortSignal): Promise<ApplyAnswer> {
    const { text, origin, expected, connection } = request;
    this.refuseDuringTrial();
    const running = this.revisions.running();
    const { plan, mode: suggested } = await this.plan(text);
    const mode = request.mode === 'auto' ? suggested : request.mode;
    const same = running?.digest === digestOf(text) && plan.changes.length === 0 && !this.underWay;
    if (same) return { plan, mode, revision: undefined, trial: undefined };
    if (mode === 'staged') return { plan, mode, revision: this.#staging.stage(request), trial: undefined };
    const trial = mode === 'try' ? trialWanted(request.timeoutSeconds, connection) : undefined;
    const { timer } = this.#parts;
    let armed = false;
    const arm = async (begun: Trial) => {
      armed = true;
      await timer?.arm(begun.deadlineMs, begun.lengthMs);
    };
    try {
      const applied = await this.#engine.apply({
        ...{ text, origin, signal, arm },
        ...(expected === undefined ? {} : { expected }),
        ...(trial ? { trial } : {}),
      });
      this.#ends.ended();
      if (!trial) this.#committed();
      return { plan: applied.plan, mode, revision: applied.revision, trial: this.trial()?.trial };
    } catch (error) {
      // Only who armed it may disarm it: an apply that was refused must leave the timer of the trial that runs.
      if (armed && !this.trial()) await this.#ends.trialEnded();
      throw error;
    } finally {
      this.#ends.watch();
    }
  }

  /** The trial that runs. */
  trial(): { revision: number; trial: Trial } | undefined {
    return this.#engine.trial();
  }

  /** Commits the trial that runs. Throws UNKNOWN_REVISION, BAD_ARGUMENT. */
  async confirm(id: string, connection: string): Promise<Revision> {
    const revision = await this.#engine.confirm(id || (this.trial()?.trial.id ?? ''), connection);
    await this.#ends.trialEnded();
    this.#committed();
    return revision;
  }

  /** Puts the trial that runs back, or what could not be before; see ConfigEngine.revert. Throws UNKNOWN_REVISION. */
  async revert(reason: string, giveUp: boolean, signal: AbortSignal): Promise<Revision> {
    const revision = await this.#engine.revert(reason || 'an operator ended the trial', giveUp, signal);
    await this.#ends.trialEnded();
    this.#ends.ended();
    return revision;
  }

  /** A revision, the running one for 0, with its document; undefined where none was ever applied. Throws UNKNOWN_REVISION. */
  document(number: number): { revision: Revision; text: string } | undefined {
    const revision = number === 0 ? this.revisions.running() : this.revisions.get(number);
    return revision && { revision, text: this.revisions.text(revision) };
  }

  /** Paths of files that the running document decides on. */
  async watchedPaths(): Promise<string[]> {
    const running = this.document(0);
    return running ? this.#engine.paths(running.text) : [];
  }

  /** Makes some resources again what the running document says, where they no longer are. Throws HOST_CHANGE_FAILED. */
  correct(ids: readonly string[]): Promise<void> {
    return this.#engine.correct(new Set(ids), new AbortController().signal);
  }

  #committed(): void {
    for (const about of ['running', 'staged'] as const) this.#troubles.delete(about);
    this.#heed();
    this.onCommit();
  }

  /** Heeds the running document; where it does not load, the newest one before it that does. */
  #heed(): void {
    const { log } = this.#parts;
    this.#troubles.delete('heeded');
    const running = this.revisions.running();
    this.heeded = NOTHING_HEEDED;
    if (!running) return;
    const applied = this.revisions.all().filter((one) => one.outcome === 'applied');
    for (const revision of [running, ...applied.filter(({ number }) => number < running.number)])
      try {
        this.heeded = heededOf(this.revisions.text(revision));
        if (revision !== running)
          this.#troubles.set(
            'heeded',
            `the document of revision ${running.number} cannot be read by this agent, so labels, logs and thresholds are those of revision ${revision.number}`,
          );
        return;
      } catch (err) {
        log.error({ err, revision: revision.number }, 'a config document cannot be read');
      }
    this.#troubles.set('heeded', 'the running config document cannot be read; apply one again');
  }

  /** What runs must be something that loads. */
  #mend(): void {
    try {
      const trouble = this.revisions.mend();
      if (trouble !== undefined) this.#troubles.set('running', trouble);
    } catch (err) {
      this.#parts.log.error({ err }, 'the state of the config cannot be read or written');
      this.#troubles.set('running', `the state of the config: ${Failure.from(err).message}`);
    }
  }
}
