/** The formats of reading commands: -o table, wide, json, jsonl, yaml, name, jsonpath=EXPRESSION. */

import { Failure } from '../../proto/failure.ts';
import type { Result } from '../fleet/fan-out.ts';
import { type Session, text } from '../session.ts';
import { nearest } from './did-you-mean.ts';
import { exitOfAll } from './exit-codes.ts';
import { jsonPath, parseJsonPath } from './json-path.ts';
import { reportFailures } from './report.ts';
import { type Column, printTable } from './table.ts';

/** The formats that every reading command knows. */
export const FORMATS = ['table', 'wide', 'json', 'jsonl', 'yaml', 'name'] as const;

/** A format; a JSONPath comes with its expression. */
export type Format = { name: (typeof FORMATS)[number] } | { name: 'jsonpath'; expression: string };

/** Reads -o. Throws BAD_ARGUMENT. */
export function parseFormat(given: string | undefined): Format {
  const wanted = given ?? 'table';
  if (wanted.startsWith('jsonpath=')) {
    const expression = wanted.slice('jsonpath='.length);
    parseJsonPath(expression);
    return { name: 'jsonpath', expression };
  }
  const known = FORMATS.find((one) => one === wanted);
  if (known) return { name: known };
  const near = nearest(wanted, FORMATS);
  throw new Failure('BAD_ARGUMENT', `"${wanted.slice(0, 40)}" is not an output format`, {
    hint: near ? `did you mean "${near}"?` : `the formats are ${FORMATS.join(', ')}, jsonpath=EXPRESSION`,
  });
}

/** How the items of a listing are shown. */
export interface Shape<Item> {
  columns: readonly Column<Item>[];
  /** The item for programs: stable keys, plain values. */
  json: (item: Item) => Record<string, unknown>;
  name: (item: Item) => string;
}

/** Prints a listing in the session's format; programs get `{"items": [...]}`, or an item a line with jsonl. */
export async function printItems<Item>(
  session: Session,
  items: readonly Item[],
  shape: Shape<Item>,
): Promise<void> {
  const { terminal } = session;
  const format = parseFormat(text(session, 'output'));
  const all = () => ({ items: items.map(shape.json) });
  switch (format.name) {
    case 'table':
    case 'wide':
      return printTable(terminal, items, shape.columns, format.name === 'wide');
    case 'json':
      return terminal.line(JSON.stringify(all(), null, 2));
    case 'jsonl':
      return terminal.write(items.map((item) => `${JSON.stringify(shape.json(item))}\n`).join(''));
    case 'yaml': {
      const { stringify } = await import('yaml');
      return terminal.write(stringify(all(), { lineWidth: 0 }));
    }
    case 'name':
      return terminal.write(items.map((item) => `${shape.name(item)}\n`).join(''));
    case 'jsonpath':
      return terminal.write(
        jsonPath(all(), format.expression)
          .map((found) => `${typeof found === 'string' ? found : JSON.stringify(found)}\n`)
          .join(''),
      );
  }
}

/** How results of a fleet are shown: one row a node, also for nodes that failed where `failureColumns` has them. */
export interface ResultShape<T> {
  columns: readonly Column<{ node: string; value: T }>[];
  json: (value: T, node: string) => Record<string, unknown>;
}

/**
 * Prints what came of a fleet: a row or an object a node. For people the failures are reported behind it, grouped; for
 * programs a failed node's object has "error". Gives the exit status.
 */
export async function printResults<T>(
  session: Session,
  results: readonly Result<T>[],
  shape: ResultShape<T>,
): Promise<number> {
  const failures = results.filter((result) => 'failure' in result);
  const good = results.filter((result) => 'value' in result);
  const format = parseFormat(text(session, 'output')).name;
  const forPeople = format === 'table' || format === 'wide' || format === 'name';
  if (forPeople) {
    if (good.length > 0)
      await printItems(session, good, {
        columns: shape.columns,
        json: ({ value, node }) => shape.json(value, node),
        name: ({ node }) => node,
      });
    reportFailures(session.terminal, failures, results.length);
  } else {
    await printItems(session, results, {
      columns: [],
      json: (result) =>
        'failure' in result
          ? { node: result.node, error: errorObject(result.failure) }
          : shape.json(result.value, result.node),
      name: ({ node }) => node,
    });
  }
  return exitOfAll(
    failures.map(({ failure }) => failure),
    good.length,
  );
}

/** A failure for programs. */
export function errorObject(failure: Failure): Record<string, unknown> {
  const { reason, message, hint, facts } = failure;
  return { reason, message, ...(hint ? { hint } : {}), ...(Object.keys(facts).length > 0 ? { facts } : {}) };
}
