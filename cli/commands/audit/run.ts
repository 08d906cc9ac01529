/** `nodectl audit`. */

import { Failure } from '../../../proto/failure.ts';
import type { AuditRecord__Output as Entry } from '../../../proto/gen/types/nodectl/v1/AuditRecord.ts';
import { parseDuration } from '../../duration.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { EXIT, exitOfAll } from '../../output/exit-codes.ts';
import { errorObject, parseFormat, printItems } from '../../output/format.ts';
import { reportFailures } from '../../output/report.ts';
import { type Session, text } from '../../session.ts';

interface NodeAudit {
  records: Entry[];
  broken: string;
}

export async function run(session: Session): Promise<number> {
  const request = {
    tail: wholeNumber(text(session, 'tail') ?? '50'),
    sinceUsec: since(text(session, 'since')),
  };
  const targets = await session.targets();
  const results = await fanOut(session, targets, async (channel): Promise<NodeAudit> => {
    const all: NodeAudit = { records: [], broken: '' };
    for await (const part of channel.serverStream(
      'nodectl.v1.AccessService/ReadAudit',
      request,
      session.limits(),
    )) {
      all.records.push(...part.records);
      all.broken ||= part.broken;
    }
    return all;
  });
  const failures = results.filter((result) => 'failure' in result);
  const rows = results
    .flatMap((result) =>
      'value' in result ? result.value.records.map((entry) => ({ node: result.node, entry })) : [],
    )
    .sort((a, b) => a.entry.timeUsec - b.entry.timeUsec);
  const forPeople = ['table', 'wide', 'name'].includes(parseFormat(text(session, 'output')).name);
  const time = (entry: Entry) => new Date(entry.timeUsec / 1000).toISOString();
  await printItems(session, forPeople ? rows : [...rows, ...failures], {
    columns: [
      { title: 'TIME', value: (row) => ('entry' in row ? time(row.entry) : '') },
      { title: 'NODE', value: ({ node }) => node },
      { title: 'CALLER', value: (row) => ('entry' in row ? row.entry.caller.replace('nodectl://', '') : '') },
      {
        title: 'METHOD',
        value: (row) => ('entry' in row ? row.entry.method.replace('nodectl.v1.', '') : ''),
      },
      { title: 'STATUS', value: (row) => ('entry' in row ? row.entry.reason || row.entry.status : '') },
      { title: 'PEER', value: (row) => ('entry' in row ? row.entry.peer : ''), wide: true },
      {
        title: 'REQUEST',
        value: (row) => ('entry' in row ? row.entry.requestSha256.slice(0, 16) : ''),
        wide: true,
      },
      { title: 'CHAIN', value: (row) => ('entry' in row ? row.entry.chain.slice(0, 16) : ''), wide: true },
    ],
    json: (row) =>
      'entry' in row
        ? { node: row.node, time: time(row.entry), ...row.entry }
        : { node: row.node, error: errorObject(row.failure) },
    name: (row) => ('entry' in row ? `${row.node}:${row.entry.sequence}` : row.node),
  });
  let broken = false;
  for (const result of results) {
    if (!('value' in result) || result.value.broken === '') continue;
    broken = true;
    session.terminal.warn(
      `${result.node}: the audit log was tampered with or damaged: ${result.value.broken}`,
    );
  }
  if (forPeople) reportFailures(session.terminal, failures, results.length);
  const status = exitOfAll(
    failures.map(({ failure }) => failure),
    results.length - failures.length,
  );
  return status === EXIT.ok && broken ? EXIT.failed : status;
}

function wholeNumber(given: string): number {
  if (/^\d{1,7}$/.test(given)) return Number(given);
  throw new Failure('BAD_ARGUMENT', `--tail ${given} is not a number of records`, {
    hint: 'write for example --tail 100',
  });
}

function since(given: string | undefined): number {
  if (given === undefined) return 0;
  const milliseconds = parseDuration(given);
  if (milliseconds === undefined)
    throw new Failure('BAD_TIME', `--since ${given} is not a duration`, {
      hint: 'write for example 24h or 7d',
    });
  return (Date.now() - milliseconds) * 1000;
}
