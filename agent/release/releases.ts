/**
 * The releases of the agent on a node: taken in, taken into use on trial, confirmed or left. The agent itself never goes back: a
 * guard does that which needs nothing of it (packaging/nodectl-agent-revert.sh), and no release is taken into use without one.
 */

import { readdirSync, rmSync } from 'node:fs';
import { Failure } from '../../proto/failure.ts';
import type { AgentManifest } from '../../proto/image/agent-manifest.ts';
import type { Log } from '../../proto/serve/log.ts';
import { type Acceptance, verifyRelease } from './acceptance.ts';
import { BAKED, ReleaseFolder } from './folder.ts';
import { awaitGuard, awaitNoGuard } from './guard.ts';
import { Incoming, type Offered, type Wanted } from './incoming.ts';
import { type ReleaseState, Standing, type Surroundings, shortRelease } from './standing.ts';
import { StoredReleases } from './stored.ts';

/** What stands around the releases. */
export interface ReleaseParts extends Acceptance, Surroundings {
  /** The folder of the releases. */
  readonly folder: string;
  /** The folder that the running program lies in. */
  readonly program: string;
  /** Ends the agent in good order, so that systemd starts what `current` names. */
  readonly restart: () => void;
  readonly log: Log;
  /** How long the guard may take to come up, in ms. */
  readonly guardMs?: number;
  readonly step?: (name: string) => void;
}

/** Seconds within which a release must be confirmed; enough for a caller to connect again and look. */
const TRIAL_SECONDS = 120;

/** What would become of a release that is offered. */
export interface ReleasePlan {
  readonly release: string;
  readonly manifest: AgentManifest;
  readonly runs: boolean;
  readonly isThere: boolean;
}

/** The releases of a node. */
export class AgentReleases {
  readonly #parts: ReleaseParts;
  readonly #folder: ReleaseFolder;
  readonly #stored: StoredReleases;
  readonly #standing: Standing;
  #busy = false;

  /** Opens the folder and ends what a kill has left half done. */
  constructor(parts: ReleaseParts) {
    this.#parts = parts;
    this.#folder = new ReleaseFolder(parts.folder, parts.step);
    this.#stored = new StoredReleases(this.#folder);
    this.#standing = new Standing(parts, this.#folder, this.#stored);
    this.#recover();
  }

  /** How they stand. */
  state(): ReleaseState {
    return this.#standing.state();
  }

  /** Sentences for a person. */
  get warnings(): string[] {
    return this.#standing.warnings;
  }

  /**
   * What would become of a release.
   * @throws Failure that says what stands against it
   */
  plan(manifestBytes: Uint8Array, envelope: Uint8Array, allowDowngrade: boolean): ReleasePlan {
    const { release, manifest } = this.#checked(manifestBytes, envelope, allowDowngrade);
    const runs = release === this.#parts.running;
    return { release, manifest, runs, isThere: this.#folder.has(release) };
  }

  /**
   * Takes a release in: gives which blobs are wanted, and a function for their bytes and one for the end.
   * @throws Failure as plan() does; RELEASE_BUSY, RELEASE_NO_SPACE
   */
  async receive(manifestBytes: Uint8Array, envelope: Uint8Array, allowDowngrade: boolean) {
    const offered = this.#checked(manifestBytes, envelope, allowDowngrade);
    if (this.#busy)
      throw new Failure('RELEASE_BUSY', 'a release is being sent to this node already', {
        hint: 'wait until it has arrived; nodectl agent status shows it',
      });
    this.#busy = true;
    const { program, step } = this.#parts;
    try {
      this.#clear(offered.release);
      if (this.#folder.has(offered.release) && !(await this.#stored.isWhole(offered.release)))
        if (this.#standing.isUsed(offered.release))
          throw new Failure('RELEASE_INCOMPLETE', 'the release is on the node and no longer whole', {
            hint: 'nodectl agent rollback leaves it; then send it again',
          });
        else rmSync(this.#folder.of(offered.release), { recursive: true, force: true });
      const known = [...new Set(this.#folder.all().map((name) => this.#folder.of(name))), program];
      const incoming = new Incoming(this.#folder, offered, known, step);
      const isThere = this.#folder.has(offered.release);
      const wanted: Wanted[] = isThere ? [] : await incoming.wanted();
      return {
        ...{ release: offered.release, wanted },
        take: (digest: string, offset: number, bytes: Uint8Array) => incoming.take(digest, offset, bytes),
        finish: async () => {
          if (!isThere) await incoming.finish();
        },
        /** Must be called in the end, whatever came of it. */
        end: () => {
          this.#busy = false;
        },
      };
    } catch (error) {
      this.#busy = false;
      throw error;
    }
  }

  /**
   * Takes a release into use that is on the node, and has the agent end. Resolves when systemd will start it.
   * @returns seconds within which it must be confirmed
   * @throws Failure as plan() does; RELEASE_INCOMPLETE, RELEASE_TRIAL_RUNNING, RELEASE_NOT_GUARDED
   */
  async use(release: string, allowDowngrade: boolean, signal: AbortSignal): Promise<number> {
    const { running, restart, log, guard, guardMs } = this.#parts;
    this.#noTrial();
    const own = this.#folder.has(release) ? this.#stored.read(release) : undefined;
    if (!own || !(await this.#stored.isWhole(release)))
      throw new Failure('RELEASE_INCOMPLETE', `the node does not have the release ${shortRelease(release)}`, {
        hint: 'send it first',
      });
    // Keys may have been taken away since it was sent.
    this.#checked(own.manifestBytes, own.envelope, allowDowngrade);
    if (release === running)
      throw new Failure('BAD_ARGUMENT', `the release ${shortRelease(release)} runs already`);
    await awaitNoGuard(guard, signal, guardMs);
    this.#noTrial();
    this.#folder.setImage(release, this.#parts.image);
    this.#folder.write('trial', { release, before: running, seconds: TRIAL_SECONDS });
    try {
      await awaitGuard(guard, signal, guardMs);
      this.#folder.point('current', release);
    } catch (error) {
      // Where the link was turned all the same, the guard has to turn it back.
      if (this.#folder.link('current') !== release) this.#folder.drop('trial');
      throw error;
    }
    log.info({ release, before: running }, 'another release of the agent is taken into use');
    restart();
    return TRIAL_SECONDS;
  }

  /** Confirms the release that runs. @throws Failure RELEASE_NOT_ON_TRIAL */
  confirm(release: string): void {
    const trial = this.#standing.trial();
    if (!trial || trial.release !== release || !this.#folder.move('trial', 'confirmed'))
      throw new Failure(
        'RELEASE_NOT_ON_TRIAL',
        `the release ${shortRelease(release)} of the agent does not wait to be confirmed`,
        { hint: 'nodectl agent status shows what runs, and why a release was left' },
      );
    this.#settle();
    this.#parts.log.info({ release }, 'the release of the agent is confirmed');
  }

  /**
   * Has the guard go back to what ran before, which restarts the agent.
   * @returns what it goes back to
   * @throws Failure BAD_ARGUMENT where there is nothing to go back to
   */
  goBack(why: string): string {
    const current = this.#folder.link('current');
    const trial = this.#standing.trial();
    const previous = this.#folder.link('previous');
    const before = trial ? trial.before : previous === current ? BAKED : previous;
    if (current === BAKED)
      throw new Failure(
        'BAD_ARGUMENT',
        'the agent that came with the node’s image runs: there is none before it',
      );
    this.#folder.put('why', `${why.replaceAll(/\s+/g, ' ').slice(0, 500)}\n`);
    if (!trial || !this.#folder.move('trial', 'reverting'))
      this.#folder.write('reverting', { release: current, before, seconds: 0 });
    return before;
  }

  #noTrial(): void {
    if (!this.#folder.record('trial') && !this.#folder.record('reverting')) return;
    throw new Failure('RELEASE_TRIAL_RUNNING', 'a release of the agent is on trial or is being left', {
      hint: 'confirm it (nodectl agent confirm) or leave it (nodectl agent rollback) first',
    });
  }

  /** A release that may be installed. */
  #checked(manifestBytes: Uint8Array, envelope: Uint8Array, allowDowngrade: boolean): Offered {
    const offered = verifyRelease(manifestBytes, envelope, this.#parts);
    const { serial } = offered.manifest;
    const floor = this.#standing.floor();
    if (serial < floor && !allowDowngrade)
      throw new Failure(
        'RELEASE_OLDER',
        `the release has the serial number ${serial}, and ${floor} was confirmed on this node`,
        { hint: '--allow-downgrade installs it all the same' },
      );
    return offered;
  }

  /** Ends what a kill left: a confirmation is finished, a trial that never began is forgotten, one that cannot go on is left. */
  #recover(): void {
    this.#settle();
    const trial = this.#folder.record('trial');
    if (!trial) return;
    const { running, log } = this.#parts;
    if (trial.release !== this.#folder.link('current')) this.#folder.drop('trial');
    else if (trial.release !== running) {
      log.error(
        { release: trial.release, running },
        'the release on trial could not be started, and is left',
      );
      this.#leave(trial.release);
    }
  }

  /** Has the guard leave a release that the launcher could not start. */
  #leave(release: string): void {
    this.#folder.put(
      'why',
      'it could not be started: its files are not whole, or it was for another image of the node\n',
    );
    if (!this.#folder.move('trial', 'reverting'))
      this.#parts.log.warn({ release }, 'the trial ended by itself');
  }

  /** What follows a confirmation. */
  #settle(): void {
    const confirmed = this.#folder.record('confirmed');
    if (!confirmed) return;
    const serial = this.#stored.manifestOf(confirmed.release)?.serial ?? 0;
    if (this.#folder.link('previous') !== confirmed.before) this.#folder.point('previous', confirmed.before);
    if (serial > this.#folder.floor()) this.#folder.put('floor', `${serial}\n`);
    this.#folder.drop('reverted');
    this.#folder.drop('confirmed');
    this.#clear();
  }

  /** Removes releases that nothing leads to, and what was begun of others. */
  #clear(keep = ''): void {
    for (const name of readdirSync(this.#folder.path)) {
      const [, release = '', begun] = /^([0-9a-f]{64})(\.new)?$/.exec(name) ?? [];
      if (release !== '' && release !== keep && (begun || !this.#standing.isUsed(release)))
        rmSync(this.#folder.of(name), { recursive: true, force: true });
    }
  }
}
