/**
 * What is recognised in a log of the kernel, from its oldest message on and then, call by call, in what is new: a fact reads
 * it to its end, and whoever keeps it open is told what happened since it last asked.
 */

import type { KernelLog } from '../../host/kernel-log.ts';
import { line, type Machine } from '../../host/machine.ts';
import { catalogue } from './catalogue.ts';
import { type Hit, LineScanner } from './line-scanner.ts';

/** Follows one log of a machine. It is the caller who closes the log. */
export class LogFollower {
  readonly #log: KernelLog;
  readonly #machine: Machine;
  readonly #scanner: LineScanner;
  #hits: Hit[] = [];

  /** @param log of kernelLogs() */
  constructor(log: KernelLog, machine: Machine) {
    this.#log = log;
    this.#machine = machine;
    this.#scanner = new LineScanner(catalogue(), {
      referenceMs: machine.now(),
      hit: (hit) => this.#hits.push(hit),
    });
  }

  /**
   * Troubles in the next piece of the log, oldest first, with the machine's wall clock where it can be told; undefined where
   * nothing new was logged. A piece is about a millisecond of work. @throws Unavailable
   */
  next(): readonly Hit[] | undefined {
    const piece = this.#log.read();
    if (piece.length > 0) this.#scanner.push(piece);
    else this.#scanner.end();
    const hits = this.#hits;
    if (hits.length === 0) return piece.length > 0 ? hits : undefined;
    this.#hits = [];
    const bootMs = bootedAtMs(this.#machine);
    return hits.map((hit) => ({ ...hit, timeMs: wallTime(hit, bootMs) }));
  }
}

/** How long the machine is up, in seconds; undefined where it does not say. */
export function uptimeOf(machine: Machine): number | undefined {
  const seconds = Number.parseFloat(line(machine, 'proc/uptime') ?? '');
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** When it booted, ms since the epoch by its clock of now. */
function bootedAtMs(machine: Machine): number | undefined {
  const uptime = uptimeOf(machine);
  return uptime === undefined ? undefined : machine.now() - uptime * 1_000;
}

/** When something was logged, ms since the epoch: as the line says, else by how long the machine was up then. */
function wallTime({ timeMs, uptime }: Hit, bootMs: number | undefined): number | undefined {
  if (timeMs !== undefined || uptime === undefined || bootMs === undefined) return timeMs;
  return Math.round(bootMs + uptime * 1_000);
}
