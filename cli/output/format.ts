/** Listings and results of a fleet, printed in the format that -o asks for. */

import type { Failure } from '../../proto/failure.ts';
import { fanOut, fanOutInOrder, type Result, type Work } from '../fleet/fan-out.ts';
import { type Session, text } from '../session.ts';
import { exitOfAll } from './exit-codes.ts';
import { type Format, isForPeople, parseFormat } from './formats.ts';
import type { Json } from './jsonpath.ts';
import { errorObject, reportFailures } from './report.ts';
import { type Column, printTable } from './table.ts';
import { visibleJson } from './visible.ts';

export { FORMATS } from './format-names.ts';
export { type Format, isForPeople, parseFormat } from './formats.ts';
export { errorObject } from './report.ts';

/** How the items of a listing are shown. */
export interface Shape<Item> {
  columns: readonly Column<Item>[];
  /** The item for programs: stable keys, plain values. */
  json: (item: Item) => Record<string, unknown>;
  name: (item: Item) => string;
}

/** The format that -o, or the environment, asks for. */
export function formatOf(session: Session): Format {
  return parseFormat(text(session, 'output'));
}

/**
 * Prints a listing in the session's format; programs get `{"items": [...]}`, or an item a line with jsonl.
 * @param more further keys for programs, beside "items"
 */
export async function printItems<Item>(
  session: Session,
  items: readonly Item[],
  shape: Shape<Item>,
  more: Record<string, unknown> = {},
): Promise<void> {
  const { terminal } = session;
  const format = formatOf(session);
  const all = () => ({ ...more, items: items.map(shape.json) });
  switch (format.name) {
    case 'table':
    case 'wide':
      return printTable(terminal, items, shape.columns, format.name === 'wide');
    case 'json':
      return terminal.write(`${escaped(session, JSON.stringify(all(), null, 2))}\n`);
    case 'jsonl':
      return terminal.write(items.map((item) => jsonLine(session, shape.json(item))).join(''));
    case 'yaml': {
      const { yamlOf } = await import('./yaml.ts');
      return terminal.write(terminal.safe(yamlOf(all())));
    }
    case 'name':
      return terminal.write(items.map((item) => `${terminal.safe(shape.name(item))}\n`).join(''));
    case 'jsonpath':
      return terminal.write(terminal.safe(format.find(all() as Json)));
  }
}

/** An object as a line of JSON. */
function jsonLine(session: Session, value: Record<string, unknown>): string {
  return `${escaped(session, JSON.stringify(value))}\n`;
}

/** JSON in which a terminal finds nothing to obey. */
function escaped(session: Session, json: string): string {
  return session.terminal.isTerminal ? visibleJson(json) : json;
}

/** How results of a fleet are shown, where each node that answered gives one row. */
export interface ResultShape<T> {
  columns: readonly Column<{ node: string; value: T }>[];
  json: (value: T, node: string) => Record<string, unknown>;
}

/** How results of a fleet are shown, where a node that answered gives any number of rows. */
export interface RowsShape<T, Row> extends Shape<Row> {
  rows: (value: T, node: string) => Row[];
  /** Sorts the rows of all nodes; without it they stay in the order of the nodes. */
  order?: (a: Row, b: Row) => number;
  /** Further keys for programs, beside "items". */
  more?: Record<string, unknown>;
  /** What a person is told where nodes answered and there is no row. */
  empty?: string;
}

/** Does the work on every chosen node and prints what comes of it. Gives the exit status. */
export async function showFleet<T, Row>(
  session: Session,
  work: Work<T>,
  shape: RowsShape<T, Row>,
): Promise<number> {
  const targets = await session.targets();
  // A format that is not valid must be said before any node is called.
  const format = formatOf(session);
  if (format.name !== 'jsonl' || shape.order)
    return printRows(session, await fanOut(session, targets, work), shape);
  const results: Result<unknown>[] = [];
  for await (const result of fanOutInOrder(session, targets, work)) {
    const lines =
      'failure' in result
        ? [{ node: result.node, error: errorObject(result.failure) }]
        : shape.rows(result.value, result.node).map(shape.json);
    for (const line of lines) await session.terminal.write(jsonLine(session, line));
    // Only how it ended is kept: what was printed needs no memory any more.
    results.push('failure' in result ? result : { node: result.node, value: undefined });
  }
  return exitOfResults(results);
}

/** The same where each node that answered is one row. */
export function showNodes<T>(session: Session, work: Work<T>, shape: ResultShape<T>): Promise<number> {
  return showFleet(session, work, rowANode(shape));
}

function rowANode<T>({ columns, json }: ResultShape<T>): RowsShape<T, { node: string; value: T }> {
  return {
    rows: (value, node) => [{ node, value }],
    columns,
    json: ({ value, node }) => json(value, node),
    name: ({ node }) => node,
  };
}

function exitOfResults(results: readonly Result<unknown>[]): number {
  const failures = results.filter((result) => 'failure' in result).map(({ failure }) => failure);
  return exitOfAll(failures, results.length - failures.length);
}

/** Prints what came of a fleet, a row a node. Gives the exit status. See printRows. */
export function printResults<T>(
  session: Session,
  results: readonly Result<T>[],
  shape: ResultShape<T>,
  more: Record<string, unknown> = {},
): Promise<number> {
  return printRows(session, results, { ...rowANode(shape), more });
}

/**
 * Prints what came of a fleet. For people the failures are reported behind the rows, grouped; for programs a failed node
 * has an object with "error" among the items. Gives the exit status.
 */
export async function printRows<T, Row>(
  session: Session,
  results: readonly Result<T>[],
  shape: RowsShape<T, Row>,
): Promise<number> {
  const failures = results.filter((result) => 'failure' in result);
  const entries = results.flatMap((result): (Row | FailedNode)[] =>
    'failure' in result
      ? [new FailedNode(result.node, result.failure)]
      : shape.rows(result.value, result.node),
  );
  const rows = entries.filter((one): one is Row => !(one instanceof FailedNode));
  if (shape.order) rows.sort(shape.order);
  if (isForPeople(formatOf(session))) {
    if (rows.length > 0) await printItems(session, rows, shape);
    else if (failures.length < results.length)
      session.terminal.note(emptyText(shape.empty ?? 'There is nothing to show.', failures.length > 0));
    reportFailures(session.terminal, failures, results.length);
  } else {
    const ordered = shape.order ? [...rows, ...entries.filter((one) => one instanceof FailedNode)] : entries;
    const { json, more } = shape;
    await printItems<Row | FailedNode>(
      session,
      ordered,
      {
        columns: [],
        json: (one) =>
          one instanceof FailedNode ? { node: one.node, error: errorObject(one.failure) } : json(one),
        name: () => '',
      },
      more,
    );
  }
  return exitOfResults(results);
}

/** What is said of a fleet without rows: of nodes that did not answer nothing is known. */
function emptyText(sentence: string, someFailed: boolean): string {
  if (!someFailed) return sentence;
  return `On the nodes that answered: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

class FailedNode {
  readonly node: string;
  readonly failure: Failure;

  constructor(node: string, failure: Failure) {
    this.node = node;
    this.failure = failure;
  }
}
