/**
 * The health gate: after the boot of a new image the node is looked at until it has been as well as before, and as its declared
 * checks want it, for a while without a break; or until the deadline. Only what became worse fails; what has always been broken
 * does not keep a node from its upgrade.
 */

import type { HealthChecks } from '../../../proto/health-check.ts';
import { sleep } from '../../../proto/sleep.ts';
import { lookAt } from '../../health/declared-check.ts';
import type { Machine } from '../../host/machine.ts';
import type { Reach } from '../../host/reach.ts';
import { declaredChecks } from './checks.ts';
import { baselineOf, type NodeBaseline, type Observation, readBaseline } from './observation.ts';
import { observeNode } from './observe.ts';
import { type HealthFailure, regressions } from './regressions.ts';

/** Between two looks. */
const LOOK_EVERY_MS = 2_000;
/** How long all must hold without a break: a service that dies after ten seconds and is restarted is not well. */
const SETTLE_MS = 20_000;
const SELF_CALL_MS = 10_000;

/** What the gate looks at. */
export interface GateParts {
  readonly machine: Machine;
  /** The agent's state folder. */
  readonly stateFolder: string;
  /** How declared checks reach services; from this machine unless told. */
  readonly reach?: Reach;
  /** `health` of the config document that runs now. */
  readonly documentChecks?: () => HealthChecks | undefined;
  /** The agent calls its own port over mutual TLS, as anybody would. Rejects where that does not work. */
  readonly selfCall?: (signal: AbortSignal) => Promise<void>;
  /** Between two looks, and how long all must hold, in place of 2 s and 20 s. */
  readonly lookEveryMs?: number;
  readonly settleMs?: number;
  /** For one look at the node, in place of 20 s. */
  readonly observeMs?: number;
}

/** What is asked of the gate. */
export interface GateOrder {
  /** What `baseline()` gave before the reboot; undefined where it was lost: then only the checks count. */
  readonly baseline: unknown;
  /** The manifest's `health.checks`. */
  readonly checks: readonly unknown[];
  /** When all has to hold, in ms since the epoch. */
  readonly deadlineMs: number;
  /** Told after each look what does not hold now, a sentence each. */
  readonly tell?: (failed: readonly string[]) => void;
}

/** A failure with the moment since which it has been one, in ms since the epoch. */
export interface LastingFailure extends HealthFailure {
  readonly since: number;
}

/** What the gate found. */
export interface Verdict {
  readonly healthy: boolean;
  /** What does not hold, a sentence each; empty where all does. */
  readonly failed: readonly string[];
  readonly failures: readonly LastingFailure[];
  /** ms until it was found. */
  readonly tookMs: number;
}

/** The gate of a node. */
export class NodeHealthGate {
  readonly #parts: GateParts;
  #failures: readonly LastingFailure[] = [];

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** What does not hold at the moment, for whoever watches. */
  get failures(): readonly LastingFailure[] {
    return this.#failures;
  }

  /** What is true now, as plain JSON. Takes 20 s at most; what could not be read is left out and told in it. */
  async baseline(signal: AbortSignal): Promise<NodeBaseline> {
    const { machine } = this.#parts;
    const began = performance.now();
    const node = await observeNode(machine, this.#parts, signal);
    return baselineOf(node, machine.now(), Math.round(performance.now() - began));
  }

  /** Waits until all has held for the settle time, or the deadline. Rejects for an abort alone. */
  async run(order: GateOrder, signal: AbortSignal): Promise<Verdict> {
    const { machine, lookEveryMs = LOOK_EVERY_MS, settleMs = SETTLE_MS } = this.#parts;
    // From here on the monotonic clock counts: the wall clock of a node that has just booted is often set by hours.
    const began = performance.now();
    const lengthMs = Math.max(0, order.deadlineMs - machine.now());
    const elapsed = () => performance.now() - began;
    const known = new Map<string, number>();
    let heldSince: number | undefined;
    for (;;) {
      const found = await this.#look(order, signal);
      signal.throwIfAborted();
      for (const check of known.keys()) if (!found.some((one) => one.check === check)) known.delete(check);
      for (const { check } of found) if (!known.has(check)) known.set(check, machine.now());
      this.#failures = found.map((one) => ({ ...one, since: known.get(one.check) ?? machine.now() }));
      order.tell?.(found.map(sentence));
      heldSince = found.length === 0 ? (heldSince ?? elapsed()) : undefined;
      if (heldSince !== undefined && elapsed() - heldSince >= settleMs) return this.#verdict(elapsed());
      if (elapsed() >= lengthMs) {
        if (heldSince !== undefined)
          this.#failures = [unsettled(elapsed() - heldSince, settleMs, machine.now())];
        return this.#verdict(elapsed());
      }
      await sleep(Math.min(lookEveryMs, Math.max(1, lengthMs - elapsed())), signal);
      signal.throwIfAborted();
    }
  }

  #verdict(tookMs: number): Verdict {
    return {
      ...{ healthy: this.#failures.length === 0, failures: this.#failures, tookMs: Math.round(tookMs) },
      failed: this.#failures.map(sentence),
    };
  }

  /** All that does not hold now. Everything in it is bounded, so that one look ends within half a minute. */
  async #look({ baseline, checks }: GateOrder, signal: AbortSignal): Promise<HealthFailure[]> {
    const { machine } = this.#parts;
    const compare = async (): Promise<HealthFailure[]> => {
      if (baseline === undefined) return [];
      let was: Observation;
      try {
        was = readBaseline(baseline).node;
      } catch {
        // Of another version, or damaged: the declared checks and the agent's own call decide.
        return [];
      }
      return regressions(was, await observeNode(machine, this.#parts, signal), machine, signal);
    };
    const [worse, declared, self] = await Promise.all([
      compare(),
      this.#declared(checks, signal),
      this.#selfCall(signal),
    ]);
    return [...self, ...declared, ...worse];
  }

  async #declared(checks: readonly unknown[], signal: AbortSignal): Promise<HealthFailure[]> {
    let document: HealthChecks | undefined;
    try {
      document = this.#parts.documentChecks?.();
    } catch (error) {
      return [{ check: 'checks of the config', was: '', is: (error as Error).message }];
    }
    const { known, unknown } = declaredChecks(checks, document);
    const looked = await Promise.all(
      Object.entries(known).map(async ([name, check]) => {
        const why = await lookAt(check, this.#parts, signal);
        return why === undefined ? [] : [{ check: `check ${name}`, was: '', is: why }];
      }),
    );
    return [
      ...looked.flat(),
      ...unknown.map((check) => ({
        ...{ check: `check ${check}`, was: '', is: 'this agent does not know the kind' },
      })),
    ];
  }

  async #selfCall(signal: AbortSignal): Promise<HealthFailure[]> {
    const { selfCall } = this.#parts;
    if (!selfCall) return [];
    const limit = AbortSignal.any([signal, AbortSignal.timeout(SELF_CALL_MS)]);
    const late = Promise.withResolvers<never>();
    const give = () => late.reject(new Error(`no answer within ${SELF_CALL_MS / 1_000} s`));
    limit.addEventListener('abort', give, { once: true });
    if (limit.aborted) give();
    try {
      await Promise.race([selfCall(limit), late.promise]);
      return [];
    } catch (error) {
      return [{ check: 'own port over mutual TLS', was: '', is: (error as Error).message }];
    } finally {
      limit.removeEventListener('abort', give);
    }
  }
}

function sentence({ check, was, is }: HealthFailure): string {
  return `${check}: ${is}${was === '' ? '' : `; it was ${was}`}`;
}

function unsettled(heldMs: number, settleMs: number, now: number): LastingFailure {
  const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
  return {
    check: 'settled',
    was: '',
    is: `all has held for ${seconds(heldMs)} of ${seconds(settleMs)} at the deadline`,
    since: now,
  };
}
