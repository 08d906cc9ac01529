/** Label selectors as Kubernetes has them: "rack=a,role!=db,env in (prod,stage),!old,new". */

import { Failure } from '../../proto/failure.ts';

/** Whether labels meet a selector. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean;

const NAME = '[A-Za-z0-9][A-Za-z0-9._/-]*';
const TERMS: [RegExp, (match: RegExpExecArray) => Selector][] = [
  [
    new RegExp(`^(${NAME})\\s+(in|notin)\\s+\\(([^()]*)\\)$`),
    ([, name = '', how, values = '']) => {
      const set = new Set(values.split(',').map((value) => value.trim()));
      return (labels) => (name in labels && set.has(labels[name] ?? '')) === (how === 'in');
    },
  ],
  [
    new RegExp(`^(${NAME})\\s*!=\\s*([^=!]*)$`),
    ([, name = '', value]) =>
      (labels) =>
        labels[name] !== value,
  ],
  [
    new RegExp(`^(${NAME})\\s*==?\\s*([^=!]*)$`),
    ([, name = '', value]) =>
      (labels) =>
        labels[name] === value,
  ],
  [
    new RegExp(`^!\\s*(${NAME})$`),
    ([, name = '']) =>
      (labels) =>
        !(name in labels),
  ],
  [
    new RegExp(`^(${NAME})$`),
    ([, name = '']) =>
      (labels) =>
        name in labels,
  ],
];

/** Reads a selector: all its terms must hold. Throws BAD_ARGUMENT. */
export function parseSelector(text: string): Selector {
  // A comma inside brackets belongs to the list there.
  const terms = text.split(/,(?![^()]*\))/).map((term) => term.trim());
  const all = terms.map((term): Selector => {
    for (const [pattern, make] of TERMS) {
      const match = pattern.exec(term);
      if (match) return make(match);
    }
    throw new Failure('BAD_ARGUMENT', `"${term.slice(0, 80)}" is not a label selector`, {
      hint: "write rack=a, role!=db, 'env in (prod,stage)', rack or !rack, joined by commas",
    });
  });
  return (labels) => all.every((one) => one(labels));
}
