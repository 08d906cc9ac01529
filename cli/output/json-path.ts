/**
 * The small part of JSONPath that people use to pick values out of a command's output: names, indexes and wildcards, as in
 * `$.items[0].name`, `.items[*].labels.rack` or `{.items[*]['kernel']}`.
 */

import { Failure } from '../../proto/failure.ts';

type Step = { name: string } | { index: number } | { all: true };

/** The steps of an expression. Throws BAD_ARGUMENT. */
export function parseJsonPath(expression: string): Step[] {
  const text = expression
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .replace(/^\$/, '');
  const token =
    /\.(?<name>[\w-]+)|\.(?<star>\*)|\[(?<index>-?\d+)\]|\[(?<every>\*)\]|\['(?<quoted>[^']*)'\]/gy;
  const steps: Step[] = [];
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const groups = token.exec(text)?.groups;
    if (!groups)
      throw new Failure(
        'BAD_ARGUMENT',
        `the JSONPath "${expression.slice(0, 80)}" is not understood at "${text.slice(at, at + 12)}"`,
        {
          hint: "names, indexes and wildcards are known: .items[0].name, .items[*].labels, ['a name']",
        },
      );
    if (groups.star || groups.every) steps.push({ all: true });
    else if (groups.index !== undefined) steps.push({ index: Number(groups.index) });
    else steps.push({ name: groups.name ?? groups.quoted ?? '' });
  }
  return steps;
}

/** All values that an expression finds in a value, in order. */
export function jsonPath(value: unknown, expression: string): unknown[] {
  return parseJsonPath(expression).reduce<unknown[]>(
    (found, step) => found.flatMap((one) => take(one, step)),
    [value],
  );
}

function take(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('all' in step) return Object.values(value);
  if ('index' in step) {
    const one = Array.isArray(value) ? value.at(step.index) : undefined;
    return one === undefined ? [] : [one];
  }
  return Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
}
