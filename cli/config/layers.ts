/**
 * Layers of a config document and how they become one: JSON Merge Patch (RFC 7396), layer upon layer. Maps merge key by key,
 * everything else replaces what was there, and null takes a key out. Layers of one rank must not contradict each other: which
 * of two roles would win is nothing that a reader of either could know.
 */

import { Failure } from '../../proto/failure.ts';
import type { StrictYaml } from '../../proto/strict-yaml.ts';

/** A file that is part of documents. */
export interface Layer {
  readonly file: string;
  /** Layers of a higher rank are laid over those of a lower one. */
  readonly rank: number;
  readonly yaml: StrictYaml;
  /** The content, without what says for which nodes it is. */
  readonly content: Readonly<Record<string, unknown>>;
}

type Path = readonly PropertyKey[];
type Tree = Record<string, unknown>;

/** Longer lists of contradictions are cut. */
const MAX_CONFLICTS = 20;

/** Lays layers over each other, in the order of their ranks. Throws BAD_DOCUMENT where two of one rank contradict each other. */
export function mergeLayers(layers: readonly Layer[]): StrictYaml {
  const origins = new Map<string, Layer>();
  const conflicts: string[] = [];
  const value: Tree = {};
  for (const layer of [...layers].sort((a, b) => a.rank - b.rank)) lay(value, layer.content, [], layer);

  function lay(onto: Tree, from: Readonly<Record<string, unknown>>, above: Path, layer: Layer): void {
    for (const [key, wanted] of Object.entries(from)) {
      const path = [...above, key];
      const before = Object.hasOwn(onto, key) ? onto[key] : undefined;
      if (isTree(wanted)) {
        if (!isTree(before)) {
          claim(path, layer, before !== undefined);
          onto[key] = {};
        }
        // A map that nobody has claimed yet is this layer's, so that an empty one has a place too.
        if (!origins.has(keyOf(path))) origins.set(keyOf(path), layer);
        lay(onto[key] as Tree, wanted, path, layer);
      } else {
        claim(path, layer, JSON.stringify(before) !== JSON.stringify(wanted ?? undefined));
        if (wanted === null) delete onto[key];
        else onto[key] = wanted;
      }
    }
  }

  function claim(path: Path, layer: Layer, differs: boolean): void {
    const before = origins.get(keyOf(path));
    if (before && before !== layer && before.rank === layer.rank && differs)
      conflicts.push(
        `${layer.yaml.place(path)}: ${path.map(String).join('.')} is set in ${before.yaml.place(path)} too, to another value`,
      );
    origins.set(keyOf(path), layer);
  }

  if (conflicts.length > 0)
    throw new Failure('BAD_DOCUMENT', conflicts.slice(0, MAX_CONFLICTS).join('\n'), {
      hint: 'set it in one of them, or in the node’s own layer, which is laid over both',
    });
  return { value, place: (path) => placeOf(path, origins, layers) };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyOf(path: Path): string {
  return JSON.stringify(path.map(String));
}

/** Where a path of the merged document was written: in the layer that set it, or the nearest part above it. */
function placeOf(path: Path, origins: ReadonlyMap<string, Layer>, layers: readonly Layer[]): string {
  for (let length = path.length; length > 0; length--) {
    const layer = origins.get(keyOf(path.slice(0, length)));
    if (layer) return layer.yaml.place(path);
  }
  return layers[0]?.yaml.place([]) ?? 'document';
}
