/** The diagnostics of one node: its machine, its checks, the thresholds that its configuration sets, its past. */

import { nearest } from '../../proto/did-you-mean.ts';
import { Failure } from '../../proto/failure.ts';
import type { RingSource } from '../history/reading.ts';
import type { HistoryView } from '../history/view.ts';
import type { Machine } from '../host/machine.ts';
import type { LoadMetrics } from '../metrics/load.ts';
import { AREAS, type Area, type Check } from './check.ts';
import { diagnose } from './diagnose.ts';
import type { Problem } from './fact.ts';
import { CHECKS, TRAIT_READERS } from './registry.ts';
import type { Report } from './report.ts';
import { settingsProblems } from './settings-problems.ts';
import { SharedRuns } from './shared-runs.ts';

/** What could not be read of a captured machine for want of time, among the problems of a report. */
const CAPTURE_UNREAD = 'the captured folder';

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
    const run = async (own: AbortSignal): Promise<Report> => {
      const thresholds = this.thresholds;
      const report = await diagnose({
        ...{ machine: this.machine, signal: own, checks: this.checks, traits: TRAIT_READERS },
        ...{ ...asked, thresholds },
        ...(this.history ? { history: this.history } : {}),
      });
      const unread = this.machine.live ? [] : unreadIn(this.machine, report.problems);
      return {
        ...report,
        problems: [...report.problems, ...unread, ...settingsProblems(thresholds, this.checks)],
      };
    };
    // Of a captured machine what was found is told when the time is over, since nobody else waits for it.
    return this.machine.live
      ? this.shared(`diagnose ${JSON.stringify(asked)}`, signal, run)
      : untilInterrupted(signal, run);
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

/** Gives what `work` gives, also when the time of the call is over by then; who interrupts it wants nothing more. @throws the signal's reason */
async function untilInterrupted<T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = Promise.withResolvers<never>();
  const leave = () => {
    if ((signal.reason as Error | undefined)?.name !== 'TimeoutError') gone.reject(signal.reason);
  };
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work(signal), gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** That the time was over before all of a captured machine was read; nothing where all was. */
function unreadIn(machine: Machine, problems: readonly Problem[]): Problem[] {
  const late = machine.savedFiles?.().late ?? 0;
  if (late === 0 && !problems.some(({ kind }) => kind === 'timeout')) return [];
  const files = late === 0 ? 'not all checks could be made' : `${late} files were not looked into`;
  return [{ what: CAPTURE_UNREAD, kind: 'timeout', why: `${files} before the time was over` }];
}

function areaOf(name: string): Area {
  const area = AREAS.find((one) => one === name);
  if (area) return area;
  throw new Failure('BAD_ARGUMENT', `"${name.slice(0, 40)}" is not an area of checks`, {
    hint: `areas are ${AREAS.join(', ')}`,
  });
}
