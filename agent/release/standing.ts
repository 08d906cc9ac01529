/** How the releases of the agent stand on a node: what runs, what is on trial, what was left and why. Changes nothing. */

import { readFileSync } from 'node:fs';
import type { AgentManifest } from '../../proto/image/agent-manifest.ts';
import { BAKED, type ReleaseFolder, type Reverted, type TrialRecord } from './folder.ts';
import type { StoredReleases } from './stored.ts';

/** What runs, and what is known around it. */
export interface Surroundings {
  /** What runs now, as the launcher says: a release, or "baked". */
  readonly running: string;
  /** The image of the node, named by the SHA-256 of the agent that it brings. */
  readonly image: string;
  /** The file by which the guard says that it watches: the deadline, in seconds since boot. */
  readonly guard: string;
  readonly uptimeSeconds: () => number;
}

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

/** A look at the folder of the releases. */
export class Standing {
  readonly #parts: Surroundings;
  readonly #folder: ReleaseFolder;
  readonly #stored: StoredReleases;

  constructor(parts: Surroundings, folder: ReleaseFolder, stored: StoredReleases) {
    this.#parts = parts;
    this.#folder = folder;
    this.#stored = stored;
  }

  /** How they stand. */
  state(): ReleaseState {
    const { running, guard, uptimeSeconds } = this.#parts;
    const trial = this.trial();
    const deadline = Number(textOf(guard));
    return {
      running,
      manifest: this.#stored.manifestOf(running),
      current: this.#folder.link('current'),
      previous: this.#folder.link('previous'),
      trial: trial && {
        before: trial.before,
        secondsLeft: deadline > 0 ? Math.max(0, deadline - uptimeSeconds()) : undefined,
      },
      reverted: this.#folder.reverted(),
      floor: this.floor(),
    };
  }

  /** Sentences for a person. */
  get warnings(): string[] {
    const { running } = this.#parts;
    const current = this.#folder.link('current');
    const reverted = this.#folder.reverted();
    return [
      ...(this.trial()
        ? [`release ${shortRelease(running)} of the agent is on trial and waits to be confirmed`]
        : []),
      // Under another image its own agent runs, as it should.
      ...(current !== running && (current === BAKED || this.#folder.imageOf(current) === this.#parts.image)
        ? [
            `the release ${shortRelease(current)} of the agent is not what runs: ${shortRelease(running)} was started in its place`,
          ]
        : []),
      // Whoever installed it learns why it is not there, until another one is.
      ...(reverted && reverted.before === current
        ? [`the release ${shortRelease(reverted.release)} of the agent was left: ${reverted.why}`]
        : []),
    ];
  }

  /** The trial of what runs. */
  trial(): TrialRecord | undefined {
    const trial = this.#folder.record('trial');
    return trial?.release === this.#parts.running && trial.release === this.#folder.link('current')
      ? trial
      : undefined;
  }

  /** The floor, also where a kill came between a confirmation and its note. */
  floor(): number {
    const open = this.#folder.record('trial') ?? this.#folder.record('reverting');
    const current = this.#folder.link('current');
    const serial = open?.release === current ? 0 : (this.#stored.manifestOf(current)?.serial ?? 0);
    return Math.max(this.#folder.floor(), serial);
  }

  /** Whether something leads to a release. */
  isUsed(release: string): boolean {
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

/** A release as a person is told of it. */
export function shortRelease(release: string): string {
  return release === BAKED ? 'of the node’s image' : release.slice(0, 12);
}
