/**
 * What tells the nodes that have a trouble from those that do not. A value is named where it is far more frequent among the
 * sick, D = P(value | sick) - P(value | healthy) >= 0.5, and where chance does not explain that: Fisher's exact test,
 * corrected for the number of values. Nodes on which the check could not be made are neither sick nor healthy.
 */

import { correction, fisher, leastPossible, type Margins } from './fisher.ts';
import { type Attribution, type Distinction, type Member, subjectOf, type TraitValue } from './model.ts';
import { includes, intersection, type NodeSet, size } from './node-sets.ts';
import { LABEL, type TraitTable } from './trait-table.ts';

/** Fewer nodes than this cannot tell a cause from a coincidence. */
export const MIN_NODES = 12;
/** One sick node differs from all others in something, whatever the cause is. */
const MIN_SICK = 2;
const MIN_DIFFERENCE = 0.5;
/** The accepted probability of naming a value by chance, for single values and for pairs of them. */
const ALPHA = 0.04;
const ALPHA_PAIRS = 0.01;
/** A pair must be better than each of its values by so much. */
const PAIR_GAIN = 0.1;
/** More values than this are not combined: chance would find a pair. */
const MAX_PAIRED = 150;
/** A place is named from this share of the sick on. */
const PLACE_SHARE = 0.6;
const PLACE_ALPHA = 0.05;
/** Others are named beside the best where they are nearly as good. */
const NEAR_BEST = 0.1;
/** More than these say no more. */
const MAX_DISTINCTIONS = 3;

/** Who is sick and who is healthy, over a fleet. */
export interface Question {
  readonly table: TraitTable;
  readonly members: readonly Member[];
  readonly healthy: readonly string[];
}

/** Values on the same nodes. */
interface Column {
  readonly traits: readonly TraitValue[];
  readonly same: TraitValue[];
  readonly set: NodeSet;
  readonly both: number;
  readonly margins: Margins;
  readonly difference: number;
  readonly p: number;
}

/** Answers the question. */
export function attribute({ table, members, healthy }: Question): Attribution {
  const sickNodes = new Set(members.map(({ node }) => node));
  const healthyNodes = healthy.filter((node) => !sickNodes.has(node));
  const none: Attribution = { distinctions: [], place: undefined, tooFew: false };
  // Where all have it, or only one has, there is nothing to compare.
  if (sickNodes.size < MIN_SICK || healthyNodes.length === 0) return none;
  if (sickNodes.size + healthyNodes.length < MIN_NODES) return { ...none, tooFew: true };
  const groups = new Groups(table, table.setOf(sickNodes), table.setOf(healthyNodes));
  const kind = members[0] ? subjectOf(members[0].finding).kind : 'node';
  const columns = distinct(
    table
      .columns(members, groups.healthy)
      .sort((a, b) => rank(a.trait, kind) - rank(b.trait, kind))
      .map(({ trait, set }) => groups.column([trait], set)),
  );
  const singles = significant(columns, ALPHA);
  const pairs = significant(groups.pairs(columns), ALPHA_PAIRS).filter((pair) =>
    groups.isGain(pair, columns),
  );
  const ranked = [...singles, ...pairs].sort(byStrength);
  // What is clearly weaker than the best mostly follows from it, as the model does from the firmware.
  const found = ranked
    .filter(({ difference }) => difference >= (ranked[0]?.difference ?? 0) - NEAR_BEST)
    .slice(0, MAX_DISTINCTIONS);
  const place = columns
    .filter(
      (one) =>
        one.traits.some(isPlace) &&
        one.both >= PLACE_SHARE * groups.sickCount &&
        one.difference > 0 &&
        one.p <= PLACE_ALPHA &&
        !found.some(({ set }) => set === one.set),
    )
    .sort(byStrength)[0];
  return {
    distinctions: found.map((one) => groups.distinction(one)),
    place: place && groups.distinction(place),
    tooFew: false,
  };
}

function byStrength(a: Column, b: Column): number {
  return b.difference - a.difference || a.traits.length - b.traits.length || a.p - b.p;
}

/** Switches, racks, rooms and sites: where a node is and not what it is. */
function isPlace({ name }: TraitValue): boolean {
  return /(^|[._-])(switch|rack|row|room|pdu|chassis|enclosure|site|zone|datacenter|dc)$/i.test(name);
}

/** Values on the same nodes are one: nothing could choose between them, and they are one test. */
function distinct(columns: readonly Column[]): Column[] {
  const bySet = new Map<string, Column>();
  for (const one of columns) {
    const key = one.set.join();
    const known = bySet.get(key);
    if (!known) bySet.set(key, one);
    else if (one.traits.length === 1) known.same.push(...one.traits);
  }
  return [...bySet.values()];
}

/**
 * Of values on the same nodes the one that explains most stands first: what the subject is, then what the node runs, then
 * what it is, and at last where it stands and what people call it.
 */
function rank({ name }: TraitValue, kind: string): number {
  if (name.startsWith(LABEL)) return 6;
  if (isPlace({ name, value: '' })) return 5;
  if (name.startsWith(`${kind}.`)) return /\.(firmware|model)$/.test(name) ? 0 : 1;
  if (/^(kernel|os|image)$/.test(name)) return 2;
  return name.includes('.') ? 4 : 3;
}

/** Those that chance does not explain, with their probability corrected. */
function significant(columns: readonly Column[], alpha: number): Column[] {
  const possible = columns.filter(({ margins }) => mostDifference(margins) >= MIN_DIFFERENCE);
  const factor = correction(
    possible.map(({ margins }) => leastPossible(margins)),
    alpha,
  );
  return possible
    .map((one) => ({ ...one, p: Math.min(1, one.p * factor) }))
    .filter(({ difference, p }) => difference >= MIN_DIFFERENCE && p <= alpha);
}

/** The greatest difference that the margins allow: what cannot reach the bound is no test. */
function mostDifference({ all, sick, having }: Margins): number {
  const both = Math.min(sick, having);
  return both / sick - (having - both) / (all - sick);
}

/** The sick and the healthy of one question. */
class Groups {
  readonly sick: NodeSet;
  readonly healthy: NodeSet;
  readonly sickCount: number;
  readonly #table: TraitTable;
  readonly #all: number;

  constructor(table: TraitTable, sick: NodeSet, healthy: NodeSet) {
    this.#table = table;
    this.sick = sick;
    this.healthy = healthy;
    this.sickCount = size(sick);
    this.#all = this.sickCount + size(healthy);
  }

  column(traits: readonly TraitValue[], set: NodeSet): Column {
    const margins = { all: this.#all, sick: this.sickCount, having: size(set) };
    const both = size(set, this.sick);
    const difference = both / margins.sick - (margins.having - both) / (margins.all - margins.sick);
    return { traits, same: [], set, both, margins, difference, p: fisher(margins, both) };
  }

  /** Every two values of different traits, as those that have both. */
  pairs(columns: readonly Column[]): Column[] {
    // What fewer than half of the sick have can be part of no answer, whoever is sick.
    const frequent = columns.filter(
      ({ margins }) => margins.having >= MIN_DIFFERENCE * margins.sick && margins.having < margins.all,
    );
    if (frequent.length > MAX_PAIRED) return [];
    const singles = new Set(columns.map(({ set }) => set.join()));
    const pairs: Column[] = [];
    for (const [at, a] of frequent.entries())
      for (const b of frequent.slice(at + 1)) {
        if (a.traits[0]?.name === b.traits[0]?.name) continue;
        const set = intersection(a.set, b.set);
        if (size(set) >= MIN_DIFFERENCE * this.sickCount && !singles.has(set.join()))
          pairs.push(this.column([...a.traits, ...b.traits], set));
      }
    return distinct(pairs);
  }

  /** Whether each value of a pair adds something: among the nodes that have one, the other one tells the sick. */
  isGain(pair: Column, columns: readonly Column[]): boolean {
    const parts = columns.filter(({ traits }) => traits.every((one) => pair.traits.includes(one)));
    return parts.every((part) => {
      if (pair.difference < part.difference + PAIR_GAIN) return false;
      const within = { all: part.margins.having, sick: part.both, having: pair.margins.having };
      return fisher(within, pair.both) <= PLACE_ALPHA;
    });
  }

  distinction({ traits, same, set, both, margins, difference, p }: Column): Distinction {
    return {
      ...{ traits, same, difference, p },
      sick: { having: both, of: margins.sick },
      healthy: { having: margins.having - both, of: margins.all - margins.sick },
      counterExamples: this.#names(intersection(set, this.healthy)),
      exceptions: this.#names(this.sick.map((word, at) => word & ~(set[at] ?? 0))),
    };
  }

  #names(set: NodeSet): string[] {
    return this.#table.nodes.filter((_, at) => includes(set, at));
  }
}
