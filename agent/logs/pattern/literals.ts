/**
 * What text a message must hold for a pattern to match: a cheap question that is asked before the automaton runs, and that
 * another program (journalctl) can be asked too, whatever its own syntax of patterns means.
 */

import type { CodePoints } from './code-points.ts';
import type { PatternNode } from './tree.ts';

/** Texts of which at least one is in every match. */
export interface Required {
  /** ASCII, without control characters. Lower case where `fold` is set. */
  anyOf: readonly string[];
  /** Whether ASCII letters may differ in case. */
  fold: boolean;
}

/** Most texts that are asked for. */
const MAX_TEXTS = 16;
/** Shorter texts are in too many lines to be worth asking for. */
const MIN_LENGTH = 2;

interface Found {
  /** Whether the node matches exactly one of these texts and nothing else. */
  exact: boolean;
  texts: string[];
}

/** The character that the set stands for, with a tilde before a letter in either case; undefined for other sets. */
function single(set: CodePoints): { char: string; fold: boolean } | undefined {
  const [a, b, c, d] = set;
  if (a === undefined || b !== a || a < 0x20 || a > 0x7e) return undefined;
  if (set.length === 2) return { char: String.fromCharCode(a), fold: false };
  if (set.length !== 4 || c !== d || c !== (a | 0x20) || c < 0x61 || c > 0x7a || a > 0x5a) return undefined;
  return { char: String.fromCharCode(c), fold: true };
}

/** The better of two answers: longer texts, then fewer. */
function better(a: string[] | undefined, b: string[] | undefined): string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const shortest = (texts: string[]) => Math.min(...texts.map((text) => text.length));
  return shortest(b) > shortest(a) ? b : a;
}

class Finder {
  folds = false;
  plain = false;

  find(node: PatternNode): Found | undefined {
    switch (node.kind) {
      case 'set': {
        const one = single(node.set);
        if (one === undefined) return undefined;
        if (one.fold) this.folds = true;
        else if (/[A-Za-z]/.test(one.char)) this.plain = true;
        return { exact: true, texts: [one.char] };
      }
      case 'cat':
        return this.#sequence(node.items);
      case 'alt': {
        const found = node.items.map((item) => this.find(item));
        if (found.some((one) => one === undefined)) return undefined;
        const texts = found.flatMap((one) => one?.texts ?? []);
        return texts.length > MAX_TEXTS ? undefined : { exact: found.every((one) => one?.exact), texts };
      }
      case 'repeat': {
        if (node.min === 0) return undefined;
        const found = this.find(node.item);
        return found && { exact: found.exact && node.min === 1 && node.max === 1, texts: found.texts };
      }
      default:
        return { exact: true, texts: [''] };
    }
  }

  #sequence(items: readonly PatternNode[]): Found {
    let best: string[] | undefined;
    let run = [''];
    let exact = true;
    for (const item of items) {
      const found = this.find(item);
      const joined = found?.exact ? run.flatMap((head) => found.texts.map((text) => head + text)) : undefined;
      if (joined !== undefined && joined.length <= MAX_TEXTS) {
        run = joined;
        continue;
      }
      exact = false;
      best = better(better(best, run), found?.texts);
      run = [''];
    }
    return { exact, texts: better(best, run) ?? run };
  }
}

/** The texts of which one is in every match of the pattern, or undefined where that says nothing useful. */
export function requiredLiterals(tree: PatternNode): Required | undefined {
  const finder = new Finder();
  const texts = finder.find(tree)?.texts;
  if (texts === undefined || texts.some((text) => text.length < MIN_LENGTH)) return undefined;
  // Letters with and without case in one pattern come from (?i:...): asking without case covers both.
  const fold = finder.folds;
  return { anyOf: [...new Set(fold ? texts.map((text) => text.toLowerCase()) : texts)], fold };
}
