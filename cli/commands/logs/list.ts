/** `nodectl logs --list`: the sources of each node. */

import type { LogSource__Output as LogSource } from '../../../proto/gen/types/nodectl/v1/LogSource.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { bytesText } from '../../output/bytes.ts';
import { exitOfAll } from '../../output/exit-codes.ts';
import { errorObject, parseFormat, printItems, type Shape } from '../../output/format.ts';
import { reportFailures } from '../../output/report.ts';
import { type Session, text } from '../../session.ts';

type Row = { node: string; source: LogSource } | { node: string; error: Record<string, unknown> };

/** The rows for people and programs. A node that failed has a row for programs alone; people get a report. */
const SHAPE: Shape<Row> = {
  columns: [
    { title: 'NODE', value: ({ node }) => node },
    { title: 'SOURCE', value: of(({ name, isDefault }) => (isDefault ? `${name} (default)` : name)) },
    { title: 'KIND', value: of(({ kind }) => kindText(kind)) },
    { title: 'SIZE', value: of(({ bytes }) => (bytes > 0 ? bytesText(bytes) : '')), align: 'right' },
    {
      title: 'DESCRIPTION',
      value: of(({ description, unavailable, incomplete }) =>
        unavailable
          ? `cannot be read: ${unavailable} (${description})`
          : incomplete
            ? `${description}; only in part: ${incomplete}`
            : description,
      ),
    },
  ],
  json: (row) =>
    'error' in row
      ? row
      : {
          node: row.node,
          name: row.source.name,
          kind: kindText(row.source.kind),
          default: row.source.isDefault,
          bytes: row.source.bytes || null,
          description: row.source.description,
          unavailable: row.source.unavailable || null,
          incomplete: row.source.incomplete || null,
        },
  name: (row) => ('error' in row ? '' : row.source.name),
};

function of(value: (source: LogSource) => string): (row: Row) => string {
  return (row) => ('error' in row ? '' : value(row.source));
}

/** Lists and gives the exit status. */
export async function listSources(session: Session): Promise<number> {
  const format = parseFormat(text(session, 'output')).name;
  const results = await fanOut(session, await session.targets(), (channel) =>
    channel.unary('nodectl.v1.LogsService/ListSources', {}, session.limits()),
  );
  const failures = results.filter((result) => 'failure' in result);
  const forPeople = format === 'table' || format === 'wide' || format === 'name';
  const rows = results.flatMap((result): Row[] => {
    if ('value' in result) return result.value.sources.map((source) => ({ node: result.node, source }));
    return forPeople ? [] : [{ node: result.node, error: errorObject(result.failure) }];
  });
  if (rows.length > 0 || failures.length === 0) await printItems(session, rows, SHAPE);
  if (forPeople) reportFailures(session.terminal, failures, results.length);
  return exitOfAll(
    failures.map(({ failure }) => failure),
    results.length - failures.length,
  );
}

function kindText(kind: string): string {
  return kind.replace(/^LOG_SOURCE_KIND_/, '').toLowerCase();
}
