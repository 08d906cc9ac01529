/** A run of checks over one machine. */

import { setImmediate } from 'node:timers/promises';
import type { HistoryView } from '../history/view.ts';
import type { Machine } from '../host/machine.ts';
import { type Area, type Check, NotApplicable, type Outcome, Skipped } from './check.ts';
import { type Problem, type Reading, unavailable } from './fact.ts';
import { FactStore } from './fact-store.ts';
import { type Finding, finding } from './finding.ts';
import type { CheckResult, Report, Trait } from './report.ts';
import { isThreshold } from './settings-problems.ts';

/** What to run, and on what. */
export interface DiagnoseOptions {
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly history?: HistoryView;
  readonly checks: readonly Check[];
  readonly traits: readonly ((reading: Reading) => Promise<Trait[]>)[];
  /** Only these areas; all where empty. */
  readonly areas?: readonly Area[];
  /** Only these checks; all where empty. */
  readonly ids?: readonly string[];
  /** Values that a site sets, by check and threshold. */
  readonly thresholds?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Reads what the chosen checks need, all at once, and evaluates them. Never throws for what a machine does not answer. */
export async function diagnose(options: DiagnoseOptions): Promise<Report> {
  const { machine, signal, history, checks, areas = [], ids = [], thresholds = {} } = options;
  const chosen = checks.filter(
    ({ id, area, onRequest }) =>
      (areas.length === 0 || areas.includes(area)) && (ids.length === 0 ? !onRequest : ids.includes(id)),
  );
  const store = new FactStore(machine, signal, history);
  await begin(chosen, store);
  const traits = Promise.all(options.traits.map((read) => read(store.reading()).catch((): Trait[] => [])));
  const done = await Promise.all(chosen.map((one) => evaluate(one, store, thresholds[one.id] ?? {})));
  return {
    findings: [...done.flatMap(({ findings }) => findings), ...hung(machine, store.problems)],
    checks: done.map(({ result }) => result),
    problems: distinct(store.problems),
    traits: (await traits).flat(),
  };
}

/** Begins to read all that waits for others, and lets it come as far as to wait: the rest is read from memory meanwhile. */
async function begin(checks: readonly Check[], store: FactStore): Promise<void> {
  for (const { needs, wants } of checks)
    for (const fact of [...Object.values(needs), ...Object.values(wants)])
      if (fact.waits) void store.get(fact);
  await setImmediate();
}

async function evaluate(
  check: Check,
  store: FactStore,
  set: Readonly<Record<string, number>>,
): Promise<{ result: CheckResult; findings: Finding[] }> {
  const end = (status: CheckResult['status'], reason = '', findings: Finding[] = []) => ({
    result: { id: check.id, status, reason },
    findings,
  });
  const values: Record<string, number> = {};
  for (const [name, { value }] of Object.entries(check.thresholds))
    values[name] = isThreshold(set[name]) ? set[name] : value;
  let outcome: Outcome;
  try {
    const facts = { ...(await store.maybe(check.wants)), ...(await store.all(check.needs)) };
    outcome = check.evaluate(facts, values);
  } catch (error) {
    const { kind, message } = unavailable(error);
    return kind === 'absent' ? end('not-applicable', message) : end('skipped', message);
  }
  if (outcome instanceof NotApplicable) return end('not-applicable', outcome.reason);
  if (outcome instanceof Skipped) return end('skipped', outcome.reason);
  const findings = outcome.map((draft) => finding(check.id, draft));
  return findings.length === 0 ? end('ok') : end('findings', '', findings);
}

/** From so much on, in percent of ten seconds, tasks that wait for a processor make any reader late. */
const STARVED_PERCENT = 60;

/** How long tasks waited for a processor in the last ten seconds, in percent; undefined where the kernel does not tell. */
function starvation(machine: Machine): number | undefined {
  try {
    const told = /^some avg10=(\d{1,3}(?:\.\d{1,4})?)/m.exec(machine.text('proc/pressure/cpu') ?? '')?.[1];
    return told === undefined ? undefined : Number(told);
  } catch {
    // Kernels without pressure answer so; what hangs is then taken for what it seems to be.
    return undefined;
  }
}

/** A reader that never answered is a trouble of its own: sick disks and NICs do that, and machines without processor time. */
function hung(machine: Machine, problems: readonly Problem[]): Finding[] {
  // Of what was captured nothing can hang.
  if (!machine.live) return [];
  const late = distinct(problems.filter(({ kind }) => kind === 'timeout'));
  const waited = late.length > 0 ? (starvation(machine) ?? 0) : 0;
  const starved = waited >= STARVED_PERCENT;
  return late.map(({ what, why }) =>
    finding('system.reader-hung', {
      severity: starved ? 'info' : 'warning',
      certainty: 'likely',
      subject: { kind: 'reader', name: what },
      title: starved ? 'The machine is too busy to read its state' : 'Reading the machine’s state hangs',
      evidence: [
        `${what}: ${why}`,
        ...(starved ? [`tasks waited for a processor in ${waited} % of the last ten seconds`] : []),
      ],
      remedy: starved
        ? { text: 'Ask again when it is less busy; nodectl diag system tells of its load.', risk: 'none' }
        : {
            text: 'Look for a device or file system that does not answer: nodectl dmesg --level err+; nodectl diag disk nic.',
            risk: 'none',
          },
    }),
  );
}

function distinct(problems: readonly Problem[]): Problem[] {
  const all = new Map(problems.map((one) => [`${one.kind}\0${one.what}\0${one.why}`, one]));
  return [...all.values()];
}
