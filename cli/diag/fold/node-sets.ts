/** Sets of nodes by their positions, as bits: attribution intersects tens of thousands of them. */

/** A set of the nodes 0 to n-1 of a fleet. */
export type NodeSet = Uint32Array;

/** The empty set over a number of nodes. */
export function emptySet(nodes: number): NodeSet {
  return new Uint32Array((nodes + 31) >>> 5);
}

/** Puts a node in. */
export function include(set: NodeSet, node: number): void {
  set[node >>> 5] = (set[node >>> 5] ?? 0) | (1 << (node & 31));
}

/** Whether a node is in it. */
export function includes(set: NodeSet, node: number): boolean {
  return (((set[node >>> 5] ?? 0) >>> (node & 31)) & 1) === 1;
}

/** Those that are in both. */
export function intersection(a: NodeSet, b: NodeSet): NodeSet {
  return a.map((word, at) => word & (b[at] ?? 0));
}

/** Those that are in either. */
export function union(a: NodeSet, b: NodeSet): NodeSet {
  return a.map((word, at) => word | (b[at] ?? 0));
}

/** How many are in both; in `a`, where there is no `b`. */
export function size(a: NodeSet, b: NodeSet = a): number {
  let count = 0;
  for (let at = 0; at < a.length; at++) {
    let bits = (a[at] ?? 0) & (b[at] ?? 0);
    // The number of ones in a word, by adding up neighbours.
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }
  return count;
}
