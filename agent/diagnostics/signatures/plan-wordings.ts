/**
 * Works out by which texts wordings are found (wording-plan.ts): by the text that the fewest lines have, of all that a line with
 * the wording must have. Of each wording only numbers are kept meanwhile, since thousands of lists of strings would be the most
 * that a program ever has in memory.
 */

import { ReadChoices, textsOf } from './template.ts';
import { WINDOW, WordCounts } from './word-counts.ts';
import { type Lists, small, textsIn, type WordingPlan } from './wording-plan.ts';

/** More than there are wordings. */
const PAIR = 2 ** 20;

/** What the templates of a catalogue need. */
class Needs {
  readonly texts = new Map<string, number>();
  /** The texts of each choice, by number. */
  readonly choices: (readonly number[])[] = [];
  /** What each template needs, one behind the other: the number of a text, or the complement of that of a choice. */
  readonly values: number[] = [];
  readonly ends: number[] = [];
  readonly counts = new WordCounts();
  readonly #choices = new Map<readonly string[], number>();

  constructor(templates: readonly string[]) {
    const read = new ReadChoices();
    for (const template of templates) {
      for (const one of textsOf(template, read)) this.values.push(this.#need(one));
      this.ends.push(this.values.length);
    }
  }

  textId(text: string): number {
    const known = this.texts.get(text) ?? this.texts.size;
    this.texts.set(text, known);
    return known;
  }

  #need(texts: readonly string[]): number {
    const [text = ''] = texts;
    if (texts.length === 1) {
      this.counts.add(text);
      return this.textId(text);
    }
    let choice = this.#choices.get(texts);
    if (choice === undefined) {
      choice = this.choices.length;
      this.#choices.set(texts, choice);
      for (const one of texts) this.counts.add(one);
      this.choices.push(texts.map((one) => this.textId(one)));
    }
    return ~choice;
  }
}

/**
 * The plan of a catalogue.
 * @param templates of the wordings
 * @param marks further texts to look for, of five characters or more
 * @throws Error where a template has no text by which it could be found
 */
export function planOf(templates: readonly string[], marks: readonly string[]): WordingPlan {
  const needs = new Needs(templates);
  const marked = marks.map((text) => needs.textId(text));
  const texts = [...needs.texts.keys()];
  const at = new Uint16Array(texts.length);
  const costs = new Float64Array(texts.length);
  for (const [text, one] of texts.entries()) {
    const window = needs.counts.rarest(one);
    at[text] = window.at;
    costs[text] = window.cost;
  }
  const found = foundBy(templates, needs, costs);
  const sought = [...found.texts, ...marked];
  return {
    texts: textsIn(texts.join(''), small(texts.map(({ length }) => length))),
    choices: listsOf(needs.choices),
    needs: {
      ends: small(needs.ends),
      // Behind all texts choices are counted on.
      values: small(needs.values.map((need) => (need < 0 ? texts.length + ~need : need))),
    },
    sought: small(sought),
    at: small(sought.map((text) => at[text] as number)),
    found: found.wordings,
  };
}

/** The texts of which one is in every line that has a wording, chosen so that few other lines have any, and the wordings of each. */
function foundBy(templates: readonly string[], { values, ends, choices }: Needs, costs: Float64Array) {
  const choiceCosts = Float64Array.from(choices, (choice) =>
    choice.reduce((sum, text) => sum + (costs[text] as number), 0),
  );
  // A text and a wording in one number each, so that sorting them brings those of a text together.
  const pairs: number[] = [];
  for (const [wording, template] of templates.entries()) {
    let anchor: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let one = ends[wording - 1] ?? 0; one < (ends[wording] as number); one++) {
      const need = values[one] as number;
      const cost = (need < 0 ? choiceCosts[~need] : costs[need]) as number;
      if (cost >= least) continue;
      least = cost;
      anchor = need;
    }
    if (anchor === undefined)
      throw new Error(`"${template}" has no text of ${WINDOW} characters by which it could be found`);
    for (const text of anchor < 0 ? (choices[~anchor] ?? []) : [anchor]) pairs.push(text * PAIR + wording);
  }
  const texts: number[] = [];
  const wordings: number[] = [];
  const ended: number[] = [];
  for (const pair of Float64Array.from(pairs).sort()) {
    const text = Math.floor(pair / PAIR);
    if (text !== texts.at(-1)) texts.push(text);
    wordings.push(pair % PAIR);
    ended[texts.length - 1] = wordings.length;
  }
  return { texts, wordings: { ends: small(ended), values: small(wordings) } };
}

function listsOf(lists: readonly (readonly number[])[]): Lists {
  let end = 0;
  return { ends: small(lists.map(({ length }) => (end += length))), values: small(lists.flat()) };
}
