/** Which node has which value of which trait, as sets. Nodes' own traits, labels, and what findings say of their subjects. */

import { type Member, type NodeReport, subjectOf, type TraitValue } from './model.ts';
import { emptySet, include, includes, intersection, type NodeSet, size, union } from './node-sets.ts';

/** The name of a label as a trait. */
export const LABEL = 'label.';

/** Nobody has more different values of one trait than this that would tell anything. */
const MAX_VALUES = 400;
/** From this number of nodes on, a trait that is another on nearly every one is a name and not a cause. */
const NAMES_FROM = 8;
const NAMES_SHARE = 0.8;

/** Nodes by trait and value. */
export class TraitTable {
  readonly nodes: readonly string[];
  readonly #positions: ReadonlyMap<string, number>;
  readonly #sets = new Map<string, Map<string, NodeSet>>();

  constructor(reports: readonly NodeReport[]) {
    this.nodes = reports.map(({ node }) => node);
    this.#positions = new Map(this.nodes.map((node, at) => [node, at]));
    for (const [at, { labels, answer }] of reports.entries()) {
      for (const { name, value } of answer.traits) this.#add(name, value, at);
      for (const [name, value] of Object.entries(labels)) this.#add(LABEL + name, value, at);
    }
    for (const [name, values] of this.#sets) if (this.#isName(values)) this.#sets.delete(name);
  }

  /** The set of some nodes; those that are not of the fleet are left out. */
  setOf(nodes: Iterable<string>): NodeSet {
    const set = emptySet(this.nodes.length);
    for (const node of nodes) {
      const at = this.#positions.get(node);
      if (at !== undefined) include(set, at);
    }
    return set;
  }

  /**
   * Every value with the nodes that have it, for the question why `members` have a trouble. Of a sick node only the
   * subject's own values count where the finding names them: with two interfaces, the firmware of the other one is no cause.
   */
  columns(members: readonly Member[], healthy: NodeSet): { trait: TraitValue; set: NodeSet }[] {
    const own = this.#attributesOf(members);
    const sick = this.setOf(members.map(({ node }) => node));
    const names = new Set([...this.#sets.keys(), ...own.keys()]);
    return [...names].sort().flatMap((name) => {
      const values = this.#sets.get(name) ?? new Map<string, NodeSet>();
      const named = own.get(name);
      const all = new Set([...values.keys(), ...(named?.values.keys() ?? [])]);
      return [...all].sort().map((value) => {
        const known = values.get(value) ?? emptySet(this.nodes.length);
        const ofSick = named
          ? union(
              named.values.get(value) ?? emptySet(this.nodes.length),
              intersection(known, without(sick, named.nodes)),
            )
          : intersection(known, sick);
        return { trait: { name, value }, set: union(ofSick, intersection(known, healthy)) };
      });
    });
  }

  #attributesOf(members: readonly Member[]): Map<string, { nodes: NodeSet; values: Map<string, NodeSet> }> {
    const own = new Map<string, { nodes: NodeSet; values: Map<string, NodeSet> }>();
    for (const { node, finding } of members) {
      const at = this.#positions.get(node);
      if (at === undefined) continue;
      const { kind, attributes } = subjectOf(finding);
      for (const [key, value] of Object.entries(attributes)) {
        const name = kind === 'node' ? key : `${kind}.${key}`;
        // What the node does not tell as a trait too, healthy nodes do not tell either: it would set the sick apart for that alone.
        const told = this.#sets.get(name)?.get(value);
        if (!told || !includes(told, at)) continue;
        const entry = own.get(name) ?? { nodes: emptySet(this.nodes.length), values: new Map() };
        own.set(name, entry);
        include(entry.nodes, at);
        const set = entry.values.get(value) ?? emptySet(this.nodes.length);
        entry.values.set(value, set);
        include(set, at);
      }
    }
    return own;
  }

  #add(name: string, value: string, at: number): void {
    const values = this.#sets.get(name) ?? new Map<string, NodeSet>();
    this.#sets.set(name, values);
    const set = values.get(value);
    if (!set && values.size > MAX_VALUES) return;
    const grown = set ?? emptySet(this.nodes.length);
    if (!set) values.set(value, grown);
    include(grown, at);
  }

  /** A machine's id, name or serial number: another on nearly every node. */
  #isName(values: ReadonlyMap<string, NodeSet>): boolean {
    if (values.size > MAX_VALUES) return true;
    const having = [...values.values()].reduce(union);
    const count = size(having);
    return count >= NAMES_FROM && values.size >= NAMES_SHARE * count;
  }
}

function without(a: NodeSet, b: NodeSet): NodeSet {
  return a.map((word, at) => word & ~(b[at] ?? 0));
}
