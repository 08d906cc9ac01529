/** `nodectl audit`. */

import type { AuditRecord__Output as AuditRecord } from '../../../proto/gen/types/nodectl/v1/AuditRecord.ts';
import { isoTime, tableTime } from '../../duration.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { callerText } from '../../output/caller.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { printRows } from '../../output/format.ts';
import { type Session, text } from '../../session.ts';
import { parseWhen } from '../../when.ts';

/** What one node has told. */
interface NodeAudit {
  records: AuditRecord[];
  /** Where its chain is broken, or empty. */
  broken: string;
}

export async function run(session: Session): Promise<number> {
  const since = text(session, 'since');
  const request = {
    tail: Number(text(session, 'tail')),
    sinceUsec: since === undefined ? 0 : parseWhen(since, '--since'),
  };
  const results = await fanOut(session, await session.targets(), async (channel): Promise<NodeAudit> => {
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
  const status = await printRows(session, results, {
    rows: ({ records }, node) => records.map((record) => ({ node, ...record })),
    order: (a, b) => a.timeUsec - b.timeUsec,
    columns: [
      { title: 'TIME', value: ({ timeUsec }) => tableTime(timeUsec), whole: true },
      { title: 'NODE', value: ({ node }) => node, whole: true },
      { title: 'CALLER', value: ({ caller }) => callerText(caller) },
      { title: 'METHOD', value: ({ method }) => method.replace('nodectl.v1.', ''), whole: true },
      { title: 'STATUS', value: ({ reason, status }) => reason || status },
      { title: 'PEER', value: ({ peer }) => peer, wide: true },
      { title: 'REQUEST', value: ({ requestSha256 }) => requestSha256.slice(0, 16), wide: true },
      { title: 'CHAIN', value: ({ chain }) => chain.slice(0, 16), wide: true },
    ],
    json: ({ node, timeUsec, ...record }) => ({ node, time: isoTime(timeUsec), timeUsec, ...record }),
    name: ({ node, sequence }) => `${node}:${sequence}`,
    more: {
      broken: results.flatMap((result) =>
        'value' in result && result.value.broken !== ''
          ? [{ node: result.node, detail: result.value.broken }]
          : [],
      ),
    },
    empty: 'Nothing was changed.',
  });
  const broken = results.filter((result) => 'value' in result && result.value.broken !== '');
  for (const result of broken)
    if ('value' in result)
      session.terminal.warn(
        `${result.node}: the audit log was tampered with or damaged: ${result.value.broken}`,
      );
  return status === EXIT.ok && broken.length > 0 ? EXIT.criticals : status;
}
