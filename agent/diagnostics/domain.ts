/** The diagnostics of one node: its machine, its checks, the thresholds that its configuration sets, its past. */

import { nearest } from '../../proto/did-you-mean.ts';
import { Failure } from '../../proto/failure.ts';
import type { RingSource } from '../history/reading.ts';
import type { HistoryView } from '../history/view.ts';
import type { Machine } from '../host/machine.ts';
import type { LoadMetrics } from '../metrics/load.ts';
import { AREAS, type Area, type Check } from './check.ts';
import { diagnose } from './diagnose.ts';
import { CHECKS, TRAIT_READERS } from './registry.ts';
import type { Report } from './report.ts';
import { settingsProblems } from './settings-problems.ts';
import { SharedRuns } from './shared-runs.ts';

/** Values of thresholds by check and name. */
export type ThresholdSettings = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the diagnostics of a node are made of. */
export interface DiagnosticsParts {
  readonly node: string;
  readonly machine: Machine;
  /** Values that a site sets, asked for with each run: they change with the node's config. */
  readonly thresholds?: () => ThresholdSettings;
  /** What checks see of the past. */
  readonly history?: HistoryView;
  /** Where the past is read at length; undefined where none is kept. */
  readonly ring?: RingSource;
  /** The metrics that a port for Prometheus serves too, so that both share what was read; else they are read for calls alone. */
  readonly metrics?: LoadMetrics;
}

/** The diagnostics of one node. */
export class DiagnosticsDomain {
  readonly node: string;
  readonly machine: Machine;
  readonly #thresholds: () => ThresholdSettings;
  readonly #runs = new SharedRuns();
  readonly checks: readonly Check[] = CHECKS;
  /** What was sampled before now; undefined where no history is kept. */
  readonly history: HistoryView | undefined;

  constructor({ node, machine, thresholds = () => ({}), history }: DiagnosticsParts) {
    this.node = node;
    this.machine = machine;
    this.#thresholds = thresholds;
    this.history = history;
  }

  /** Values that a site sets, by check and threshold. */
  get thresholds(): ThresholdSettings {
    return this.#thresholds();
  }

  /** Runs checks. Throws BAD_ARGUMENT for an unknown area and UNKNOWN_CHECK for an unknown check. */
  async diagnose(
    what: { areas: readonly string[]; ids: readonly string[] },
    signal: AbortSignal,
  ): Promise<Report> {
    const areas = what.areas.map(areaOf);
    for (const id of what.ids) this.check(id);
    const asked = { areas: [...new Set(areas)].sort(), ids: [...new Set(what.ids)].sort() };
    return this.shared(`diagnose ${JSON.stringify(asked)}`, signal, async (own) => {
      const thresholds = this.thresholds;
      const report = await diagnose({
        ...{ machine: this.machine, signal: own, checks: this.checks, traits: TRAIT_READERS },
        ...{ ...asked, thresholds },
        ...(this.history ? { history: this.history } : {}),
      });
      return { ...report, problems: [...report.problems, ...settingsProblems(thresholds, this.checks)] };
    });
  }

  /** Reads for a caller within the bounds of the node; see SharedRuns. */
  shared<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#runs.run(key, signal, work);
  }

  /** A check by its id. Throws UNKNOWN_CHECK. */
  check(id: string): Check {
    const found = this.checks.find((one) => one.id === id);
    if (found) return found;
    const near = nearest(
      id,
      this.checks.map((one) => one.id),
    );
    throw new Failure('UNKNOWN_CHECK', `there is no check "${id.slice(0, 80)}"`, {
      hint: near ? `did you mean ${near}?` : 'nodectl diag --list shows all checks',
    });
  }
}

function areaOf(name: string): Area {
  const area = AREAS.find((one) => one === name);
  if (area) return area;
  throw new Failure('BAD_ARGUMENT', `"${name.slice(0, 40)}" is not an area of checks`, {
    hint: `areas are ${AREAS.join(', ')}`,
  });
}
