/** Which nodes a command is for: -n NAMES, -l SELECTOR, --all, or what the kind of command allows where none is given. */

import { nearest } from '../../proto/did-you-mean.ts';
import { Failure } from '../../proto/failure.ts';
import type { TargetUse } from '../commands/declaration.ts';
import type { ContextNode } from '../context/contexts.ts';
import { compareNames, expandNames, foldNames } from './names.ts';
import { parseSelector } from './selector.ts';

/** A node to call. */
export type Target = ContextNode;

/** What the options say. */
export interface TargetChoice {
  /** Lists of names, as each -n gave one. */
  nodes: readonly string[];
  selector: string | undefined;
  all: boolean;
  /** The command's arguments: who writes a node's name among them means the node. */
  words?: readonly string[];
}

/** The nodes that were chosen, sorted by name. Throws NO_TARGET or UNKNOWN_NODE. */
export function chooseTargets(
  known: readonly ContextNode[],
  choice: TargetChoice,
  use: TargetUse,
  context: string,
): Target[] {
  const given = [
    choice.nodes.length > 0 && '-n',
    choice.selector !== undefined && '-l',
    choice.all && '--all',
  ].filter(Boolean);
  if (choice.all && given.length > 1)
    throw new Failure('NO_TARGET', `--all and ${given[0]} contradict each other`, {
      hint: 'write one of them',
    });
  const sorted = [...known].sort((a, b) => compareNames(a.name, b.name));
  if (sorted.length === 0)
    throw new Failure('NO_TARGET', `the context "${context}" has no nodes`, {
      hint: 'add one with "nodectl nodes add NAME ADDRESS", or take them from the issuer: nodectl nodes sync',
    });
  if (given.length === 0) return byDefault(sorted, use, choice.words ?? []);
  const named = choice.nodes.length > 0 ? pick(sorted, choice.nodes, context) : sorted;
  if (choice.selector === undefined) return named;
  const meets = parseSelector(choice.selector);
  const chosen = named.filter((node) => meets(node.labels));
  if (chosen.length > 0) return chosen;
  const among = named === sorted ? '' : ' of those named';
  throw new Failure('NO_TARGET', `no node${among} has the labels "${choice.selector}"`, {
    hint: 'nodectl nodes list shows all labels',
  });
}

function byDefault(sorted: Target[], use: TargetUse, words: readonly string[]): Target[] {
  if (use === 'read-all') return sorted;
  if (use === 'read' && sorted.length === 1) return sorted;
  const meant = sorted.find((node) => words.includes(node.name));
  throw new Failure('NO_TARGET', 'the command does not say which nodes it is for', {
    hint: meant
      ? `nodes are named with -n: -n ${meant.name}`
      : 'name them with -n NAME[,NAME], choose them with -l LABEL=VALUE, or write --all',
  });
}

function pick(sorted: Target[], lists: readonly string[], context: string): Target[] {
  const byName = new Map(sorted.map((node) => [node.name, node]));
  const wanted = new Set(lists.flatMap(expandNames));
  if (wanted.size === 0)
    throw new Failure('NO_TARGET', 'the list of nodes behind -n is empty', {
      hint: 'is a variable of a script empty? Name nodes, as in -n web-1,web-2',
    });
  const unknown = [...wanted].filter((name) => !byName.has(name));
  const first = unknown[0];
  if (first !== undefined) {
    const near = nearest(first, byName.keys());
    throw new Failure('UNKNOWN_NODE', `the context "${context}" has no node ${foldNames(unknown)}`, {
      hint: near ? `did you mean "${near}"?` : 'nodectl nodes list shows those that it has',
    });
  }
  return sorted.filter((node) => wanted.has(node.name));
}
