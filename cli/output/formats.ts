/** The formats of reading commands: -o table, wide, json, jsonl, yaml, name, jsonpath=EXPRESSION. */

import { nearest } from '../../proto/did-you-mean.ts';
import { Failure } from '../../proto/failure.ts';
import { FORMATS, type FormatName } from './format-names.ts';
import { type JsonPath, parseJsonPath } from './jsonpath.ts';

/** A format; a JSONPath comes ready to be used. */
export type Format = { name: FormatName } | { name: 'jsonpath'; find: JsonPath };

/** Reads -o. Throws BAD_ARGUMENT. */
export function parseFormat(given: string | undefined): Format {
  const wanted = given ?? 'table';
  if (wanted.startsWith('jsonpath='))
    return { name: 'jsonpath', find: parseJsonPath(wanted.slice('jsonpath='.length)) };
  const known = FORMATS.find((one) => one === wanted);
  if (known) return { name: known };
  const near = nearest(wanted, [...FORMATS, 'jsonpath']);
  const all = `the formats are ${FORMATS.join(', ')}, jsonpath=EXPRESSION`;
  throw new Failure('BAD_ARGUMENT', `"${wanted.slice(0, 40)}" is not an output format`, {
    hint: near ? `did you mean "${near === 'jsonpath' ? 'jsonpath=EXPRESSION' : near}"?` : all,
  });
}

/** Whether a format is for a person: failures are then told apart from the data, on stderr. */
export function isForPeople({ name }: Format): boolean {
  return name === 'table' || name === 'wide' || name === 'name';
}
