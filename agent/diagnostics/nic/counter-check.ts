/** Checks that judge one quantity of each interface: what they have in common. */

import type { Check, Threshold } from '../check.ts';
import { check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft, Remedy, Severity } from '../finding.ts';
import { past } from '../past.ts';
import { type Quantities, quantitiesOf } from './counters/counters.ts';
import type { Quantity } from './counters/quantities.ts';
import { nicCounters, nicDrivers } from './ethtool-facts.ts';
import { type Identity, nicIdentities, nicSubject } from './identity.ts';
import { type Interface, nicInterfaces } from './interfaces.ts';
import { inWords, type Judgement, judge, shareParameter } from './judge.ts';
import type { LinkCounter } from './statistics.ts';

/** What such a check says of an interface whose count is bad. */
export interface CounterFinding {
  readonly title: string;
  readonly remedy: Remedy;
  readonly explains?: readonly string[];
  readonly more?: readonly string[];
}

/** How such a check is declared. */
export interface CounterCheckSpec {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** The quantity among the driver's counters, and the kernel's counter of the same: one of both suffices. */
  readonly quantity?: Quantity;
  readonly kernel?: LinkCounter;
  readonly of: 'rx_packets' | 'tx_packets';
  /** Shares in percent from which on it is worth knowing, a warning, and critical. */
  readonly info?: Threshold;
  /** The same of totals, where no past tells how many of them are new: what one asks of a machine that is not there. */
  readonly infoOfTotals?: Threshold;
  readonly warn: Threshold;
  readonly critical?: Threshold;
  /** So many in ten minutes are a warning whatever their share, where the past is known. */
  readonly tenMinutes?: Threshold;
  /** Fewer than so many are nothing, whatever their share. */
  readonly least: Threshold;
  readonly links?: readonly string[];
  /** Which interfaces are judged; all with a device unless told. */
  readonly only?: (one: Interface) => boolean;
  /** @param own the driver's quantities. @param count what is told of */
  readonly finding: (one: Interface, own: Quantities | undefined, count: number) => CounterFinding;
}

/** Percent among packets, for thresholds. */
export function percentOf(value: number, source: string): Threshold {
  return { value, unit: '%', source };
}

/** A number of events, for thresholds. */
export function countOf(value: number, source: string): Threshold {
  return { value, unit: '', source };
}

type Bounds = Readonly<Record<string, number>>;

/**
 * How bad a count is by its check's bounds (CounterCheckSpec); undefined where it is no trouble.
 * @param bounds values of the thresholds by name; those that are not there are never reached
 */
export function severityOf(judgement: Judgement, bounds: Bounds): Severity | undefined {
  const { share, bad, inTenMinutes = 0 } = judgement;
  const reaches = (bound: string) => share >= (bounds[bound] ?? Number.POSITIVE_INFINITY);
  if (bad < (bounds.least ?? 1)) return undefined;
  // Among how many is not known: so many that even a hundred million packets, or a million, would make them a share worth a
  // warning.
  if (judgement.packets === undefined) {
    const of = (packets: number) => ((bounds.warn ?? Number.POSITIVE_INFINITY) / 100) * packets;
    return bad >= of(100_000_000) ? 'warning' : bad >= of(1_000_000) ? 'info' : undefined;
  }
  if (reaches('critical')) return 'critical';
  if (reaches('warn') || inTenMinutes >= (bounds.tenMinutes ?? Number.POSITIVE_INFINITY)) return 'warning';
  return reaches('info') || (judgement.overMs === undefined && reaches('infoOfTotals')) ? 'info' : undefined;
}

/** Declares a check of a quantity. */
export function counterCheck(spec: CounterCheckSpec): Check {
  const { id, title, about, links = [], quantity, kernel, of, only = () => true } = spec;
  const thresholds = Object.fromEntries(
    (['info', 'infoOfTotals', 'warn', 'critical', 'tenMinutes', 'least'] as const).flatMap((name) => {
      const threshold = spec[name];
      return threshold ? [[name, threshold]] : [];
    }),
  );
  const common = { id, area: 'nic', title, about, links, thresholds } as const;
  const evaluate = (
    facts: {
      interfaces: readonly Interface[];
      counters?: ReadonlyMap<string, Parameters<typeof quantitiesOf>[1]> | undefined;
      drivers?: ReadonlyMap<string, { driver: string }> | undefined;
      identities?: ReadonlyMap<string, Identity> | undefined;
      past?: Parameters<typeof judge>[0]['history'];
    },
    bounds: Bounds,
  ) => {
    const asked = facts.interfaces.filter((one) => one.kind === 'physical' && only(one));
    if (asked.length === 0) return new NotApplicable('this machine has no such network device');
    // Of an interface that ethtool -k alone told of, nothing is counted: that is not that it counted none.
    const told = asked.some(
      ({ name, statistics }) =>
        facts.counters?.has(name) || (kernel !== undefined && statistics[kernel] !== undefined),
    );
    if (!told) return new Skipped('no counter of it is known');
    return asked.flatMap((one): FindingDraft[] => {
      const driver = facts.drivers?.get(one.name)?.driver ?? one.device?.driver;
      const counters = facts.counters?.get(one.name);
      const own = counters && quantitiesOf(driver, counters);
      const counted = quantity && own?.get(quantity);
      const value = Math.max(counted?.value ?? 0, kernel ? (one.statistics[kernel] ?? 0) : 0);
      const judgement = judge({ one, history: facts.past, value, of, ...(kernel ? { series: kernel } : {}) });
      const severity = judgement && severityOf(judgement, bounds);
      if (!judgement || !severity) return [];
      const said = spec.finding(one, own, judgement.bad);
      return [
        {
          severity,
          certainty: judgement.overMs === undefined || counted?.known === false ? 'likely' : 'certain',
          title: said.title,
          subject: nicSubject(one.name, facts.identities),
          parameters: {
            count: judgement.bad,
            ...(judgement.packets === undefined ? {} : { packets: judgement.packets }),
            ...shareParameter(judgement),
          },
          evidence: [`${one.name}: ${inWords(judgement)}`, ...counterEvidence(counted), ...(said.more ?? [])],
          count: judgement.bad,
          ...(judgement.lastMs === undefined ? {} : { lastMs: judgement.lastMs }),
          remedy: said.remedy,
          explains: said.explains ?? [],
        },
      ];
    });
  };
  // A quantity that the driver alone counts cannot be judged without ethtool; one of the kernel's can.
  if (kernel === undefined)
    return check({
      ...common,
      needs: { interfaces: nicInterfaces, counters: nicCounters },
      wants: { drivers: nicDrivers, identities: nicIdentities, past },
      evaluate,
    });
  return check({
    ...common,
    needs: { interfaces: nicInterfaces },
    wants: { counters: nicCounters, drivers: nicDrivers, identities: nicIdentities, past },
    evaluate,
  });
}

/** "ethtool -S: rx_crc_errors_phy 918233, rx_symbol_err_phy 12". */
export function counterEvidence(counted: ReturnType<Quantities['get']>): string[] {
  const shown = counted?.counters.slice(0, 3).map(({ name, value }) => `${name} ${value}`) ?? [];
  return shown.length === 0 ? [] : [`ethtool -S: ${shown.join(', ')}`];
}
