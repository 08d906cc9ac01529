/**
 * Upgrades that have ended, newest last: a file of JSON lines that is bounded by their number and replaced in one step. A line
 * that a disk damaged costs that upgrade.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { onDisk } from './on-disk.ts';
import { hasEnded, type Upgrade } from './state.ts';

/** How many are kept: with two upgrades a week, a year. */
const KEEP = 100;
/** A line beyond this is no upgrade: a baseline is left out, and a boot's log has at most 50 lines. */
const MOST_BYTES = 256 << 10;

/** The history in a folder. */
export class UpgradeHistory {
  readonly #file: string;
  #all: Upgrade[] | undefined;

  constructor(folder: string) {
    this.#file = join(folder, 'history.jsonl');
  }

  /** All of it, newest first. Throws the system's error. */
  all(): readonly Upgrade[] {
    return this.#read().toReversed();
  }

  /** One by its id, or undefined. */
  find(id: string): Upgrade | undefined {
    return this.#read().find((one) => one.id === id);
  }

  /** Adds one that has ended; once more changes nothing. On disk when it returns. @throws Failure UPGRADE_STATE_UNWRITABLE */
  add(upgrade: Upgrade): void {
    const all = this.#read();
    if (all.some(({ id }) => id === upgrade.id)) return;
    const { baseline: _, windows: __, ...told } = upgrade;
    const next = [...all, { ...told, windows: [] }].slice(-KEEP);
    onDisk(() => writeFileAtomic(this.#file, next.map((one) => `${JSON.stringify(one)}\n`).join('')));
    this.#all = next;
  }

  #read(): Upgrade[] {
    this.#all ??= existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n').flatMap(parsed) : [];
    return this.#all;
  }
}

function parsed(line: string): Upgrade[] {
  if (line === '' || line.length > MOST_BYTES) return [];
  try {
    const found = JSON.parse(line) as Upgrade;
    return typeof found.id === 'string' && hasEnded(found.state) ? [found] : [];
  } catch {
    return [];
  }
}
