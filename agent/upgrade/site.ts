/** What the steps of an upgrade work on: the node, the journal, and the one place where an upgrade changes its state. */

import { Failure } from '../../proto/failure.ts';
import { type Manifest, parseManifest } from '../../proto/image/manifest.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { BootBackend } from './boot/backend.ts';
import { UpgradeHistory } from './history.ts';
import type { BootControl, BootDeadline, HealthGate, KnownTroubles, PeerQuorum } from './hooks.ts';
import { UpgradeJournal } from './journal.ts';
import type { MadeWith } from './made-with.ts';
import type { UpgradePolicy } from './policy.ts';
import type { Trust } from './preflight.ts';
import type { SlotOpener } from './slot-handle.ts';
import { SlotImages } from './slot-images.ts';
import type { EndState, Upgrade } from './state.ts';

/** What upgrades need of a node. */
export interface UpgradeParts {
  /** A folder of its own below the agent's state. */
  readonly folder: string;
  readonly backend: BootBackend;
  readonly slots: SlotOpener;
  readonly boot: BootControl;
  readonly gate: HealthGate;
  readonly deadline: BootDeadline;
  readonly peers: PeerQuorum;
  readonly troubles: KnownTroubles;
  readonly trust: Trust;
  /** What the node's config document says. */
  readonly policy: () => UpgradePolicy;
  /** Whether a config document is being tried or put back. */
  readonly configTrial: () => boolean;
  /** Bytes that are free below the folder. */
  readonly freeBytes: () => number;
  /** ms since the epoch */
  readonly now: () => number;
  /** ms since the boot; undefined where the node does not tell. */
  readonly uptimeMs?: () => number | undefined;
  /** What the running system says of its image; not given where slots are described when they are made. */
  readonly madeWith?: () => MadeWith;
  readonly log: Log;
  /** Called between any two steps, with a name that is stable: tests end the process in it. */
  readonly step?: (name: string) => void;
}

/** How far the running phase is, in bytes; not kept. */
export interface PhaseProgress {
  /** What it works on. */
  readonly part: string;
  readonly done: number;
  /** 0 where nobody knows. */
  readonly total: number;
}

/** What is waited for. */
export interface Waiting {
  /** A sentence; empty where nothing is. */
  readonly text: string;
  /** Whether it does not come by itself, though the upgrade was begun to go on by itself. */
  readonly stuck?: boolean;
  /** When it comes, in ms since the epoch. */
  readonly untilMs?: number;
}

/** Where nothing is waited for. */
export const NO_WAITING: Waiting = { text: '' };
const NO_PROGRESS: PhaseProgress = { part: '', done: 0, total: 0 };
/** Lines of a failed boot's log that are kept, and characters of each. */
const [LOG_LINES, LOG_LINE] = [50, 400];

/** The upgrades of one node. */
export class UpgradeSite {
  readonly parts: UpgradeParts;
  readonly journal: UpgradeJournal;
  readonly history: UpgradeHistory;
  readonly images: SlotImages;
  readonly #listeners = new Set<() => void>();
  #current: Upgrade | undefined;
  #manifest: Manifest | undefined;
  #progress = NO_PROGRESS;
  #waiting = NO_WAITING;
  /** What a person should know, a sentence each by what it is about. */
  readonly troubles = new Map<string, string>();

  constructor(parts: UpgradeParts) {
    this.parts = parts;
    this.journal = new UpgradeJournal(parts.folder);
    this.history = new UpgradeHistory(parts.folder);
    this.images = new SlotImages(parts.folder);
    this.journal.sweep();
    this.#current = this.journal.read();
  }

  /** The upgrade that is under way, or undefined. */
  get current(): Upgrade | undefined {
    return this.#current;
  }

  /** How far the running phase is. */
  get progress(): PhaseProgress {
    return this.#progress;
  }

  /** What is waited for. */
  get waiting(): Waiting {
    return this.#waiting;
  }

  /** Marks a step: see UpgradeParts. */
  step(name: string): void {
    this.parts.step?.(name);
  }

  /** Begins an upgrade: on disk when it returns. Throws the system's error. */
  begin(upgrade: Upgrade, manifest: Uint8Array | undefined): void {
    if (manifest) this.journal.keep('manifest', manifest);
    this.step('manifest kept');
    this.journal.write(upgrade);
    this.#manifest = undefined;
    this.#current = upgrade;
    this.step('journal');
    this.#changed();
  }

  /** Changes the upgrade: on disk when it returns. Throws the system's error. */
  update(patch: Partial<Upgrade>): Upgrade {
    const before = this.running();
    const moved = patch.state !== undefined && patch.state !== before.state;
    const next = { ...before, ...patch, ...(moved ? { changedMs: this.parts.now() } : {}) };
    this.journal.write(next);
    this.#current = next;
    if (moved) {
      this.#progress = NO_PROGRESS;
      this.#waiting = NO_WAITING;
      this.parts.log.info({ upgrade: next.id, state: next.state }, 'upgrade');
    }
    this.step(moved ? next.state : 'updated');
    this.#changed();
    return next;
  }

  /** Ends the upgrade: in the history when it returns. Idempotent over crashes. Throws the system's error. */
  end(state: EndState, patch: Partial<Upgrade> = {}): Upgrade {
    const bootLog = (patch.bootLog ?? []).slice(-LOG_LINES).map((line) => line.slice(0, LOG_LINE));
    const ended = this.update({ ...patch, bootLog, state, endedMs: this.parts.now() });
    this.#close(ended);
    return ended;
  }

  /** Ends what a crash left between the end of an upgrade and the removal of its journal. */
  closeEnded(): void {
    if (this.#current && this.#current.endedMs > 0) this.#close(this.#current);
  }

  /** Tells how far the running phase is. */
  tell(progress: PhaseProgress): void {
    this.#progress = progress;
    this.#changed();
  }

  /** Tells what is waited for. */
  wait(text: string, more: Omit<Waiting, 'text'> = {}): void {
    this.#waiting = { text, ...more };
    this.#changed();
  }

  /** The upgrade under way. @throws Failure UPGRADE_UNKNOWN */
  running(): Upgrade {
    if (this.#current) return this.#current;
    throw new Failure('UPGRADE_UNKNOWN', 'no upgrade runs on this node', { hint: 'nodectl upgrade history' });
  }

  /** The manifest of the upgrade under way. @throws Failure UPGRADE_JOURNAL_LOST */
  manifest(): Manifest {
    if (this.#manifest) return this.#manifest;
    const bytes = this.journal.kept('manifest');
    if (!bytes) throw new Failure('UPGRADE_JOURNAL_LOST', 'the manifest of the upgrade is gone');
    this.#manifest = parseManifest(bytes);
    return this.#manifest;
  }

  /** The same, or undefined where it is gone. */
  manifestIfKept(): Manifest | undefined {
    return this.journal.hasKept('manifest') ? this.manifest() : undefined;
  }

  /** Calls back after every change until the function that it gives is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #close(ended: Upgrade): void {
    this.history.add(ended);
    this.step('history');
    this.journal.remove();
    this.#current = undefined;
    this.#manifest = undefined;
    this.#progress = NO_PROGRESS;
    this.#waiting = NO_WAITING;
    this.step('journal removed');
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
