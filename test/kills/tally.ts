/** What is counted over all workers, and how it is told. */

import { LOADERS, type LoaderName } from './loaders.ts';
import { STEPS, type Step } from './steps.ts';

/** What came of the kills. */
export interface KillReport {
  readonly kills: number;
  /** Kills by step, behind a name of the loader. */
  readonly steps: ReadonlyMap<string, number>;
  /** Upgrades by the state in which they ended. */
  readonly ended: ReadonlyMap<string, number>;
  /** Boots of nodes, and records of audit logs whose chain was held. */
  readonly boots: number;
  readonly audited: number;
  /** Transfers that were gone on with, and bytes of operations that were sent again: the most, and in all. */
  readonly resumed: number;
  readonly mostResent: number;
  readonly resent: number;
}

/** The counters. */
export class Tally {
  readonly #count: number;
  readonly #signal: AbortSignal;
  readonly #progress: () => void;
  readonly #steps = new Map<string, number>();
  readonly #ended = new Map<string, number>();
  #kills = 0;
  #boots = 0;
  #audited = 0;
  #resumed = 0;
  #mostResent = 0;
  #resent = 0;

  /** @param count how many kills are enough @param signal says that it is enough all the same @param progress called after each */
  constructor(count: number, signal: AbortSignal, progress: () => void) {
    this.#count = count;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** Whether there were kills enough. */
  get enough(): boolean {
    return this.#kills >= this.#count || this.#signal.aborted;
  }

  get report(): KillReport {
    return {
      ...{
        kills: this.#kills,
        steps: this.#steps,
        ended: this.#ended,
        boots: this.#boots,
        audited: this.#audited,
      },
      ...{ resumed: this.#resumed, mostResent: this.#mostResent, resent: this.#resent },
    };
  }

  killed(loader: LoaderName, step: Step, rollback: boolean): void {
    this.#kills++;
    add(this.#steps, stepName(loader, step, rollback));
    this.#progress();
  }

  ended(state: string): void {
    add(this.#ended, state);
  }

  restarted(boots: number): void {
    this.#boots += boots;
  }

  audited(records: number): void {
    this.#audited += records;
  }

  resent(bytes: number): void {
    this.#resumed++;
    this.#resent += bytes;
    this.#mostResent = Math.max(this.#mostResent, bytes);
  }
}

function add(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function stepName(loader: LoaderName, step: Step, rollback: boolean): string {
  return `${loader} ${rollback ? 'rollback: ' : ''}${step}`;
}

const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;

/** A line on how it stands. */
export function reportLine({
  kills,
  ended,
  boots,
  audited,
  resumed,
  mostResent,
  resent,
}: KillReport): string {
  const ends = [...ended].sort().map(([state, count]) => `${count} ${state}`);
  return (
    `${kills} kills; upgrades: ${ends.join(', ')}; ${boots} boots; ${audited} audit records; ` +
    `${resumed} transfers gone on with, sent again at most ${mib(mostResent)}, in all ${mib(resent)}`
  );
}

/** Kills by step and loader, a line each. */
export function reportTable({ steps }: KillReport): string {
  const rows = [false, true].flatMap((rollback) =>
    STEPS.map((step) => [
      `${rollback ? 'rollback: ' : ''}${step}`,
      ...LOADERS.map((loader) => steps.get(stepName(loader, step, rollback)) ?? 0),
    ]),
  );
  const known = rows.filter(([, ...counts]) => counts.some((count) => count !== 0));
  const head = ['killed in', ...LOADERS];
  return [head, ...known]
    .map(
      ([name, ...cells]) =>
        `${String(name).padEnd(44)}${cells.map((cell) => String(cell).padStart(14)).join('')}\n`,
    )
    .join('');
}
