/** Label selectors as Kubernetes has them: "rack=a,role!=db,env in (prod,stage),!old,new". */

import { Failure } from '../../proto/failure.ts';
import { LABEL_CHARACTERS } from '../../proto/labels.ts';

/** Whether labels meet a selector. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean;

/** Not `in`: what every object inherits is no label. */
const has = (labels: Readonly<Record<string, string>>, name: string) => Object.hasOwn(labels, name);

const NAME = '[A-Za-z0-9][A-Za-z0-9._/-]*';
/** Only what labels can hold, so that a mistyped operator is not taken for a value. */
const VALUE = `${LABEL_CHARACTERS}*`;
const TERMS: [RegExp, (match: RegExpExecArray) => Selector][] = [
  [
    new RegExp(`^(${NAME})\\s+(in|notin)\\s+\\((${VALUE}(?:,${VALUE})*)\\)$`),
    ([, name = '', how, values = '']) => {
      const set = new Set(values.split(',').map((value) => value.trim()));
      return (labels) => (has(labels, name) && set.has(labels[name] ?? '')) === (how === 'in');
    },
  ],
  [new RegExp(`^(${NAME})\\s*!=\\s*(${VALUE})$`), ([, name = '', value]) => not(equals(name, value))],
  [new RegExp(`^(${NAME})\\s*==?\\s*(${VALUE})$`), ([, name = '', value]) => equals(name, value)],
  [new RegExp(`^!\\s*(${NAME})$`), ([, name = '']) => not((labels) => has(labels, name))],
  [
    new RegExp(`^(${NAME})$`),
    ([, name = '']) =>
      (labels) =>
        has(labels, name),
  ],
];

function equals(name: string, value: string | undefined): Selector {
  return (labels) => has(labels, name) && labels[name] === value;
}

function not(selector: Selector): Selector {
  return (labels) => !selector(labels);
}

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
