/**
 * The releases of the agent on a node: taken in, taken into use on trial, confirmed or left. The agent itself never goes back: a
 * guard does that which needs nothing of it (packaging/nodectl-agent-revert.sh), and no release is taken into use without one.
 */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Failure } from '../../proto/failure.ts';
import {
  AGENT_MANIFEST_TYPE,
  type AgentManifest,
  parseAgentManifest,
} from '../../proto/image/agent-manifest.ts';
import { parseEnvelope, verifyManifest } from '../../proto/image/envelope.ts';
import type { Keyring } from '../../proto/image/keyring.ts';
import { manifestSha256 } from '../../proto/image/manifest.ts';
import type { Log } from '../../proto/serve/log.ts';
import { sleep } from '../../proto/sleep.ts';
import { BAKED, ReleaseFolder, type Reverted } from './folder.ts';
import { Incoming, type Offered, sha256Of, type Wanted } from './incoming.ts';

/** Whose releases are trusted. */
export interface ReleaseTrust {
  /** Read anew each time: a key may have been taken away. @throws Failure IMAGE_KEYRING_INVALID */
  readonly keyring: () => Keyring;
  /** How many of the keys must have signed. */
  readonly threshold: number;
}

/** What stands around the releases. */
export interface ReleaseParts {
  /** The folder of the releases. */
  readonly folder: string;
  /** What runs now, as the launcher says: a release, or "baked". */
  readonly running: string;
  /** The folder that the running program lies in. */
  readonly program: string;
  /** The image of the node, named by the SHA-256 of the agent that it brings. */
  readonly image: string;
  /** The file by which the guard says that it watches: the deadline, in seconds since boot. */
  readonly guard: string;
  /** Undefined where the configuration trusts nobody. */
  readonly trust: ReleaseTrust | undefined;
  /** process.platform and process.arch, "linux-x64". */
  readonly platform: string;
  /** Ends the agent in good order, so that systemd starts what `current` names. */
  readonly restart: () => void;
  readonly now: () => number;
  readonly uptimeSeconds: () => number;
  readonly log: Log;
  /** How long the guard may take to come up, in ms. */
  readonly guardMs?: number;
  readonly step?: (name: string) => void;
}

/** Seconds within which a release must be confirmed; enough for a caller to connect again and look. */
const TRIAL_SECONDS = 120;
/** systemd starts the guard within a second; a busy machine gets more. */
const GUARD_MS = 15_000;
const POLL_MS = 50;

/** How the releases stand. */
export interface ReleaseState {
  readonly running: string;
  /** The running release's manifest; undefined for the agent that came with the image. */
  readonly manifest: AgentManifest | undefined;
  readonly current: string;
  readonly previous: string;
  /** The trial of what runs, with what it would go back to and the seconds that are left, where the guard says. */
  readonly trial: { readonly before: string; readonly secondsLeft: number | undefined } | undefined;
  readonly reverted: Reverted | undefined;
  readonly floor: number;
}

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
  #busy = false;

  /** Opens the folder and ends what a kill has left half done. */
  constructor(parts: ReleaseParts) {
    this.#parts = parts;
    this.#folder = new ReleaseFolder(parts.folder, parts.step);
    this.#recover();
  }

  /** How they stand. */
  state(): ReleaseState {
    const { running, guard, uptimeSeconds } = this.#parts;
    const trial = this.#trial();
    const deadline = Number(textOf(guard));
    return {
      running,
      manifest: this.#manifestOf(running),
      current: this.#folder.link('current'),
      previous: this.#folder.link('previous'),
      trial: trial && {
        before: trial.before,
        secondsLeft: deadline > 0 ? Math.max(0, deadline - uptimeSeconds()) : undefined,
      },
      reverted: this.#folder.reverted(),
      floor: this.#floor(),
    };
  }

  /** Sentences for a person. */
  get warnings(): string[] {
    const { running } = this.#parts;
    const current = this.#folder.link('current');
    const reverted = this.#folder.reverted();
    return [
      ...(this.#trial()
        ? [`release ${short(running)} of the agent is on trial and waits to be confirmed`]
        : []),
      // Under another image its own agent runs, as it should.
      ...(current !== running && (current === BAKED || this.#folder.imageOf(current) === this.#parts.image)
        ? [
            `the release ${short(current)} of the agent is not what runs: ${short(running)} was started in its place`,
          ]
        : []),
      // Whoever installed it learns why it is not there, until another one is.
      ...(reverted && reverted.before === current
        ? [`the release ${short(reverted.release)} of the agent was left: ${reverted.why}`]
        : []),
    ];
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
      if (this.#folder.has(offered.release) && !(await this.#isWhole(offered.release)))
        if (this.#isUsed(offered.release))
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
    const { running, restart, log } = this.#parts;
    this.#noTrial();
    const own = this.#folder.has(release) ? this.#stored(release) : undefined;
    if (!own || !(await this.#isWhole(release)))
      throw new Failure('RELEASE_INCOMPLETE', `the node does not have the release ${short(release)}`, {
        hint: 'send it first',
      });
    // Keys may have been taken away since it was sent.
    this.#checked(own.manifestBytes, own.envelope, allowDowngrade);
    if (release === running) throw new Failure('BAD_ARGUMENT', `the release ${short(release)} runs already`);
    await this.#unguarded(signal);
    this.#noTrial();
    this.#folder.setImage(release, this.#parts.image);
    this.#folder.write('trial', { release, before: running, seconds: TRIAL_SECONDS });
    try {
      await this.#guarded(signal);
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
    const trial = this.#trial();
    if (!trial || trial.release !== release || !this.#folder.move('trial', 'confirmed'))
      throw new Failure(
        'RELEASE_NOT_ON_TRIAL',
        `the release ${short(release)} of the agent does not wait to be confirmed`,
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
    const trial = this.#trial();
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

  /** The trial of what runs. */
  #trial() {
    const trial = this.#folder.record('trial');
    return trial?.release === this.#parts.running && trial.release === this.#folder.link('current')
      ? trial
      : undefined;
  }

  #noTrial(): void {
    if (!this.#folder.record('trial') && !this.#folder.record('reverting')) return;
    throw new Failure('RELEASE_TRIAL_RUNNING', 'a release of the agent is on trial or is being left', {
      hint: 'confirm it (nodectl agent confirm) or leave it (nodectl agent rollback) first',
    });
  }

  /** Waits until the guard of an earlier trial has ended, since its word says nothing of the next one. */
  async #unguarded(signal: AbortSignal): Promise<void> {
    if (!(await this.#wait(() => !existsSync(this.#parts.guard), signal)))
      throw new Failure('RELEASE_NOT_GUARDED', 'the guard of an earlier trial has not ended');
  }

  async #guarded(signal: AbortSignal): Promise<void> {
    if (await this.#wait(() => existsSync(this.#parts.guard), signal)) return;
    throw new Failure(
      'RELEASE_NOT_GUARDED',
      'nothing on the node watches over a new release of the agent, so it was not taken into use',
      {
        hint: 'systemctl enable --now nodectl-agent-revert.path; systemctl status nodectl-agent-revert says more',
      },
    );
  }

  async #wait(holds: () => boolean, signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + (this.#parts.guardMs ?? GUARD_MS);
    while (!holds()) {
      if (performance.now() > until || signal.aborted) return false;
      await sleep(POLL_MS, signal);
    }
    return true;
  }

  /** A release that may be installed. */
  #checked(manifestBytes: Uint8Array, envelope: Uint8Array, allowDowngrade: boolean): Offered {
    const { trust, platform, now } = this.#parts;
    if (!trust)
      throw new Failure('RELEASE_UNTRUSTED', 'the agent is not told whose releases of it to trust', {
        hint: 'set upgrades.keys in agent.yaml to a folder with the public keys',
      });
    const signatures = parseEnvelope(envelope, AGENT_MANIFEST_TYPE);
    verifyManifest(manifestBytes, signatures, trust.keyring(), trust.threshold, AGENT_MANIFEST_TYPE);
    const manifest = parseAgentManifest(manifestBytes);
    if (manifest.platform !== platform)
      throw new Failure(
        'RELEASE_WRONG_PLATFORM',
        `the release is for ${manifest.platform}, and the node is ${platform}`,
        { hint: 'send the release that was built for this kind of machine' },
      );
    if (manifest.notAfter !== undefined && Date.parse(manifest.notAfter) < now())
      throw new Failure('RELEASE_EXPIRED', `the release was to be installed until ${manifest.notAfter}`, {
        hint: 'sign a newer one; or is the node’s clock wrong?',
      });
    const floor = this.#floor();
    if (manifest.serial < floor && !allowDowngrade)
      throw new Failure(
        'RELEASE_OLDER',
        `the release has the serial number ${manifest.serial}, and ${floor} was confirmed on this node`,
        { hint: '--allow-downgrade installs it all the same' },
      );
    return { release: manifestSha256(manifestBytes), manifest, manifestBytes, envelope };
  }

  /** The floor, also where a kill came between a confirmation and its note. */
  #floor(): number {
    const open = this.#folder.record('trial') ?? this.#folder.record('reverting');
    const current = this.#folder.link('current');
    const serial = open?.release === current ? 0 : (this.#manifestOf(current)?.serial ?? 0);
    return Math.max(this.#folder.floor(), serial);
  }

  #stored(release: string): { manifestBytes: Buffer; envelope: Buffer } {
    const read = (name: string) => readFileSync(this.#folder.of(release, name));
    return { manifestBytes: read('manifest.json'), envelope: read('signatures.json') };
  }

  #manifestOf(release: string): AgentManifest | undefined {
    if (!this.#folder.has(release)) return undefined;
    try {
      return parseAgentManifest(this.#stored(release).manifestBytes);
    } catch {
      return undefined;
    }
  }

  async #isWhole(release: string): Promise<boolean> {
    try {
      const { manifestBytes } = this.#stored(release);
      if (manifestSha256(manifestBytes) !== release) return false;
      for (const { path, sha256 } of parseAgentManifest(manifestBytes).files)
        if ((await sha256Of(this.#folder.of(release, path))) !== sha256) return false;
      return existsSync(this.#folder.of(release, 'SHA256SUMS'));
    } catch {
      return false;
    }
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
    const serial = this.#manifestOf(confirmed.release)?.serial ?? 0;
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
      if (release !== '' && release !== keep && (begun || !this.#isUsed(release)))
        rmSync(this.#folder.of(name), { recursive: true, force: true });
    }
  }

  #isUsed(release: string): boolean {
    const open = this.#folder.record('trial') ?? this.#folder.record('reverting');
    return [
      ...[this.#parts.running, this.#folder.link('current'), this.#folder.link('previous')],
      ...(open ? [open.release, open.before] : []),
    ].includes(release);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').slice(0, 64);
  } catch {
    return undefined;
  }
}

function short(release: string): string {
  return release === BAKED ? 'of the node’s image' : release.slice(0, 12);
}
