/** What is recognised in the kernel's log of a machine, from its oldest message on and then, call by call, in what is new. */

import type { KernelLog } from '../../host/kernel-log.ts';
import { line, type Machine } from '../../host/machine.ts';
import { catalogue } from './catalogue.ts';
import { type Hit, LineScanner } from './line-scanner.ts';

/** Bytes of the log that one call reads at most: about 4 ms of work for a log without troubles. */
const MAX_READ = 1 << 20;

/** When the machine booted, ms since the epoch by its clock of now; undefined where it does not say how long it is up. */
export function bootedAtMs(machine: Machine): number | undefined {
  const uptime = Number.parseFloat(line(machine, 'proc/uptime') ?? '');
  return Number.isFinite(uptime) ? machine.now() - uptime * 1_000 : undefined;
}

/** Follows the kernel's log of a machine. */
export class KernelLogFollower {
  readonly #machine: Machine;
  readonly #logs: readonly KernelLog[];
  #hits: Hit[] = [];
  readonly #scanners: readonly LineScanner[];

  /** Opens the logs. @throws Unavailable */
  constructor(machine: Machine) {
    this.#machine = machine;
    this.#logs = machine.kernelLogs();
    this.#scanners = this.#logs.map(
      () =>
        new LineScanner(catalogue(), {
          referenceMs: machine.now(),
          hit: (hit) => this.#hits.push(hit),
        }),
    );
  }

  /** Whether messages were overwritten before they could be read. */
  get lost(): boolean {
    return this.#logs.some(({ lost }) => lost);
  }

  /**
   * Troubles in what was logged since the last call, oldest first, with the machine's wall clock where it can be told. What is
   * left when a call has read enough comes with the next one. @throws Unavailable
   */
  next(): readonly Hit[] {
    for (const [at, log] of this.#logs.entries())
      for (let size = 0; size < MAX_READ; ) {
        const piece = log.read();
        if (piece.length === 0) break;
        size += piece.length;
        this.#scanners[at]?.push(piece);
      }
    const hits = this.#hits;
    if (hits.length === 0) return hits;
    this.#hits = [];
    const bootMs = bootedAtMs(this.#machine);
    return hits.map((hit) => ({ ...hit, timeMs: wallTime(hit, bootMs) }));
  }

  close(): void {
    for (const log of this.#logs) log.close();
  }
}

/** When something was logged, ms since the epoch: as the line says, else by how long the machine was up then. */
export function wallTime(
  { timeMs, uptime }: Pick<Hit, 'timeMs' | 'uptime'>,
  bootMs: number | undefined,
): number | undefined {
  if (timeMs !== undefined || uptime === undefined || bootMs === undefined) return timeMs;
  return Math.round(bootMs + uptime * 1_000);
}
