/** The config of one node: its document, applied, tried, staged, kept, and put back after a crash. */

import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import type { Log } from '../../proto/serve/log.ts';
import { BOOT_ID_PATH } from '../host/boot-id.ts';
import { line, type Machine } from '../host/machine.ts';
import { compile } from './compile.ts';
import { ConfigEngine } from './engine.ts';
import { type Heeded, heededOf, NOTHING_HEEDED } from './heeded.ts';
import { JournalFile, type Trial } from './journal.ts';
import { Originals } from './originals.ts';
import type { Plan } from './plan.ts';
import type { ConfigHost } from './resource.ts';
import { digestOf, type Origin, type Revision, Revisions } from './revisions.ts';
import { NodeSealKey } from './seal-key.ts';
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

const DEFAULT_TRIAL_S = 120;
const [LEAST_TRIAL_S, MOST_TRIAL_S] = [10, 86_400];

/** A revision that waits for the next boot. */
interface Staged {
  readonly revision: number;
  readonly bootId: string;
}

/** The config of one node. */
export class ConfigDomain {
  readonly node: string;
  readonly revisions: Revisions;
  readonly sealKey: NodeSealKey;
  readonly #engine: ConfigEngine;
  readonly #parts: ConfigParts;
  /** Called when another revision runs. */
  onCommit: () => void = () => undefined;
  /** What the agent heeds of the running document. */
  heeded: Heeded = NOTHING_HEEDED;
  /** Troubles that a person should know of, each one sentence. */
  readonly warnings: string[] = [];
  #deadline: NodeJS.Timeout | undefined;

  private constructor(parts: ConfigParts) {
    const { folder, host, node } = parts;
    makeFolder(folder);
    this.#parts = parts;
    this.node = node;
    this.revisions = new Revisions(folder);
    this.sealKey = new NodeSealKey(join(folder, 'seal.key'), node);
    this.#engine = new ConfigEngine({
      host,
      revisions: this.revisions,
      journal: new JournalFile(join(folder, 'apply.json')),
      originals: new Originals(join(folder, 'originals.json')),
      compile: (text) =>
        compile(text, { sealKey: this.sealKey, has: (path) => host.machine.has(path.slice(1)) }),
    });
  }

  /** Opens it: what a crash left is ended, a trial goes on to its deadline, what was staged for this boot is applied. */
  static async open(parts: ConfigParts): Promise<ConfigDomain> {
    const domain = new ConfigDomain(parts);
    await domain.#recover();
    await domain.#applyStaged();
    domain.#heed();
    return domain;
  }

  /** The machine that is configured. */
  get machine(): Machine {
    return this.#parts.host.machine;
  }

  /** Stops the clock of a trial; the trial itself goes on, and ends when somebody opens the folder again. */
  close(): void {
    clearTimeout(this.#deadline);
  }

  /** What a document would change, and the mode that "auto" would take for it. Throws BAD_DOCUMENT. */
  async plan(text: string): Promise<{ plan: Plan; mode: Exclude<Mode, 'auto'> }> {
    const plan = await this.#engine.plan(text);
    return { plan, mode: plan.risksConnection ? 'try' : 'live' };
  }

  /** Applies a document. See ConfigEngine.apply for what it throws. */
  async apply(request: ApplyRequest, signal: AbortSignal): Promise<ApplyAnswer> {
    const { text, origin, expected, connection } = request;
    const running = this.revisions.running();
    const { plan, mode: suggested } = await this.plan(text);
    const mode = request.mode === 'auto' ? suggested : request.mode;
    const same = running?.digest === digestOf(text) && plan.changes.length === 0;
    if (same) return { plan, mode, revision: undefined, trial: undefined };
    if (mode === 'staged') return { plan, mode, revision: this.#stage(request), trial: undefined };
    const trial = mode === 'try' ? this.#newTrial(request.timeoutSeconds, connection) : undefined;
    // Armed before anything is changed: from the first change on, somebody must be there to put it back.
    if (trial) await this.#parts.timer?.arm(trial.deadlineMs);
    const applied = await this.#engine
      .apply({
        ...{ text, origin, signal },
        ...(expected === undefined ? {} : { expected }),
        ...(trial ? { trial } : {}),
      })
      .catch(async (error: unknown) => {
        if (trial && !this.trial()) await this.#trialEnded();
        throw error;
      });
    if (trial) this.#watchDeadline();
    else this.#committed();
    return { plan: applied.plan, mode, revision: applied.revision, trial };
  }

  /** The trial that runs. */
  trial(): { revision: number; trial: Trial } | undefined {
    return this.#engine.trial();
  }

  /** Commits the trial that runs. Throws UNKNOWN_REVISION, BAD_ARGUMENT. */
  async confirm(id: string, connection: string): Promise<Revision> {
    const revision = await this.#engine.confirm(id || (this.trial()?.trial.id ?? ''), connection);
    await this.#trialEnded();
    this.#committed();
    return revision;
  }

  /** Puts the trial that runs back. Throws UNKNOWN_REVISION. */
  async revert(reason: string, signal: AbortSignal): Promise<Revision> {
    const revision = await this.#engine.revert(reason || 'an operator ended the trial', signal);
    await this.#trialEnded();
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

  async #trialEnded(): Promise<void> {
    clearTimeout(this.#deadline);
    await this.#parts.timer?.disarm();
  }

  #committed(): void {
    this.#heed();
    this.onCommit();
  }

  #heed(): void {
    const { log } = this.#parts;
    this.warnings.length = 0;
    try {
      const running = this.document(0);
      this.heeded = running ? heededOf(running.text) : NOTHING_HEEDED;
    } catch (err) {
      // What runs stays as it is; only what the agent itself heeds of it is not known.
      log.error({ err }, 'the running config document cannot be read');
      this.warnings.push('the running config document cannot be read; apply one again');
    }
  }

  #newTrial(seconds: number, connection: string): Trial {
    const wanted = seconds === 0 ? DEFAULT_TRIAL_S : seconds;
    if (!(wanted >= LEAST_TRIAL_S && wanted <= MOST_TRIAL_S))
      throw new Failure('BAD_ARGUMENT', `a trial cannot last ${seconds} s`, {
        hint: `write a time from ${LEAST_TRIAL_S}s to ${MOST_TRIAL_S}s`,
      });
    const deadlineMs = this.#parts.host.machine.now() + wanted * 1_000;
    return { id: randomBytes(4).toString('hex'), deadlineMs, connection };
  }

  #stage({ text, origin, expected }: ApplyRequest): Revision {
    const { machine } = this.#parts.host;
    const running = this.revisions.running()?.number ?? 0;
    if (expected !== undefined && expected !== running)
      throw new Failure('STALE_REVISION', `this node runs revision ${running}, not ${expected}`, {
        facts: { running: String(running) },
      });
    const revision = this.revisions.add(text, running, origin, machine.now(), 'staged');
    const staged: Staged = { revision: revision.number, bootId: line(machine, BOOT_ID_PATH) ?? '' };
    writeFileAtomic(this.#stagedPath, JSON.stringify(staged));
    return revision;
  }

  get #stagedPath(): string {
    return join(this.#parts.folder, 'staged.json');
  }

  async #applyStaged(): Promise<void> {
    const { log, host } = this.#parts;
    let staged: Staged;
    try {
      staged = JSON.parse(readFileSync(this.#stagedPath, 'utf8')) as Staged;
    } catch {
      return;
    }
    if (staged.bootId === line(host.machine, BOOT_ID_PATH)) return;
    // Tried once: a document that fails must not fail at every boot.
    rmSync(this.#stagedPath, { force: true });
    try {
      const before = this.revisions.get(staged.revision);
      const { author, commit, dirty, message } = before;
      const text = this.revisions.text(before);
      await this.#engine.apply({
        ...{ text, origin: { author, commit, dirty, message } },
        signal: new AbortController().signal,
      });
    } catch (err) {
      log.error({ err }, 'the config that was staged for this boot could not be applied');
    }
  }

  async #recover(): Promise<void> {
    const { log, host } = this.#parts;
    try {
      const ended = await this.#engine.recover(host.machine.now(), new AbortController().signal);
      if (ended) {
        log.warn({ revision: ended.number, outcome: ended.outcome }, 'a config was put back');
        await this.#trialEnded();
      }
      this.#watchDeadline();
    } catch (err) {
      log.error({ err }, 'a config that was cut off could not be put back');
      this.warnings.push('a config that was cut off could not be put back whole; see the agent’s log');
    }
  }

  #watchDeadline(): void {
    clearTimeout(this.#deadline);
    const open = this.trial();
    if (!open) return;
    const left = open.trial.deadlineMs - this.#parts.host.machine.now();
    this.#deadline = setTimeout(() => void this.#recover(), Math.max(0, left) + 10);
  }
}
