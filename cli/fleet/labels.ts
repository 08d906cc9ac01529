/** Labels of nodes: as they are typed (NAME=VALUE sets one, NAME- removes it) and as they are shown. */

import { Failure } from '../../proto/failure.ts';
import { isLabelName, isLabelValue } from '../../proto/labels.ts';

/** What a list of typed labels changes. */
export interface LabelChange {
  set: Record<string, string>;
  remove: string[];
}

/** Reads typed labels. Throws BAD_ARGUMENT; `more` is what else its hint says. */
export function parseLabels(words: readonly string[], more = ''): LabelChange {
  const change: LabelChange = { set: {}, remove: [] };
  for (const word of words) {
    const at = word.indexOf('=');
    const [name, value] =
      at < 0 ? [word.replace(/-$/, ''), undefined] : [word.slice(0, at), word.slice(at + 1)];
    const valid = isLabelName(name) && (value === undefined ? word.endsWith('-') : isLabelValue(value));
    if (!valid)
      throw new Failure('BAD_ARGUMENT', `"${word.slice(0, 80)}" is not a label`, {
        hint: `write NAME=VALUE to set one, NAME- to remove one${more}`,
      });
    if (value === undefined) change.remove.push(name);
    else change.set[name] = value;
  }
  return change;
}

/** Labels after a change. */
export function changedLabels(
  labels: Readonly<Record<string, string>>,
  change: LabelChange,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...labels, ...change.set }).filter(
      ([name]) => name in change.set || !change.remove.includes(name),
    ),
  );
}

/** Labels as one word, sorted: "rack=a,role=db". */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
