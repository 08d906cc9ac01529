/**
 * The metrics of a node. However many ask, and however often, the node is read once a second at most, and the checks run once
 * in five minutes: whoever scrapes cannot load it.
 */

import { unavailable } from '../diagnostics/fact.ts';
import { FactStore } from '../diagnostics/fact-store.ts';
import type { Report } from '../diagnostics/report.ts';
import type { Machine } from '../host/machine.ts';
import type { Collector } from './collector.ts';
import { type AgentState, agentFamilies } from './collectors/agent.ts';
import { findingFamilies, type Run } from './collectors/findings.ts';
import { type Exposition, exposition } from './exposition.ts';
import { counter, type Family, gauge } from './family.ts';

/** How old a gathering may be that another one is answered with, in ms. */
const FRESH_MS = 1_000;
/** How old a run of the checks may be, in ms. */
const CHECKS_FRESH_MS = 5 * 60_000;
/** How long whoever asked for a run of the checks waits for it, in ms. Prometheus gives up after 10 s. */
const CHECKS_WAIT_MS = 8_000;

/** What the metrics of a node are made of. */
export interface MetricsParts {
  readonly node: string;
  readonly machine: Machine;
  readonly collectors: readonly Collector[];
  /** Runs all checks. */
  readonly diagnose: (signal: AbortSignal) => Promise<Report>;
  /** What the agent knows of itself; undefined on a captured machine, which has none. */
  readonly agent?: () => AgentState;
}

/** Gathers the metrics of one node. */
export class Metrics {
  readonly #parts: MetricsParts;
  readonly #kept = new Map<
    Collector,
    { at: number; families: readonly Family[]; seconds: number; ok: boolean }
  >();
  #gathered: { at: number; families: Promise<Family[]> } | undefined;
  #gathering = false;
  #run: Run | undefined;
  #running: Promise<void> | undefined;
  #scrapes = 0;

  constructor(parts: MetricsParts) {
    this.#parts = parts;
  }

  /**
   * All metrics as text. Findings are those of the last run of the checks; where that is old or there was none, another is
   * begun, and waited for only where `withChecks`.
   */
  async text(format: Exposition, withChecks: boolean): Promise<string> {
    this.#scrapes++;
    this.#refreshChecks();
    if (withChecks && !this.#run && this.#running) {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, CHECKS_WAIT_MS);
      await Promise.race([this.#running, late]);
      clearTimeout(timer);
    }
    const now = performance.now();
    // One that has not ended is waited for: where a device hangs, the next would only hang beside it.
    if (!this.#gathered || (!this.#gathering && now - this.#gathered.at > FRESH_MS)) {
      this.#gathering = true;
      const families = this.#gather().finally(() => {
        this.#gathering = false;
      });
      this.#gathered = { at: now, families };
    }
    const own = [
      ...(this.#parts.agent ? agentFamilies(this.#parts.node, this.#parts.agent()) : []),
      counter('nodectl_metrics_requests', 'How often metrics were asked for.', this.#scrapes),
      ...(this.#run ? findingFamilies(this.#run) : []),
    ];
    return exposition([...(await this.#gathered.families), ...own], format);
  }

  #refreshChecks(): void {
    const { machine, diagnose } = this.#parts;
    if (
      this.#running ||
      (this.#run && machine.now() - this.#run.at < CHECKS_FRESH_MS && machine.now() >= this.#run.at)
    )
      return;
    const began = performance.now();
    this.#running = diagnose(AbortSignal.timeout(60_000))
      .then(
        (report) => {
          this.#run = { report, at: machine.now(), tookMs: performance.now() - began };
        },
        // What it cannot read is in its report; a defect shows as findings that are missing, or old.
        () => undefined,
      )
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #gather(): Promise<Family[]> {
    const { machine, collectors } = this.#parts;
    const store = new FactStore(machine, AbortSignal.timeout(30_000));
    const families = await Promise.all(
      collectors.map(async (one) => {
        const kept = this.#kept.get(one);
        const began = performance.now();
        if (kept && began - kept.at < one.freshMs) return kept.families;
        let found: readonly Family[] = [];
        let ok = true;
        try {
          found = await one.collect(store.reading());
        } catch (error) {
          // What a machine does not have is no failure.
          ok = unavailable(error).kind === 'absent';
        }
        this.#kept.set(one, { at: began, families: found, seconds: (performance.now() - began) / 1_000, ok });
        return found;
      }),
    );
    const states = collectors.map((one) => [{ collector: one.id }, this.#kept.get(one)] as const);
    return [
      ...families.flat(),
      gauge(
        'nodectl_collector_success',
        'Whether a part of the metrics could be read, or is nothing that this machine has.',
        states.map(([labels, kept]) => [labels, kept?.ok ? 1 : 0] as const),
      ),
      gauge(
        'nodectl_collector_duration_seconds',
        'How long it took to read a part of the metrics.',
        states.map(([labels, kept]) => [labels, kept?.seconds] as const),
      ),
    ];
  }
}
