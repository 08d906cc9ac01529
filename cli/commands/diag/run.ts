/** `nodectl diag`. */

import type { Finding__Output as Finding } from '../../../proto/gen/types/nodectl/v1/Finding.ts';
import { askMachines } from '../../diag/ask.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { printRows } from '../../output/format.ts';
import { list, type Session } from '../../session.ts';

interface Row {
  node: string;
  finding: Finding;
}

export async function run(session: Session): Promise<number> {
  const results = await askMachines(session, (channel) =>
    channel.unary(
      'nodectl.v1.DiagnosticsService/Diagnose',
      { areas: [...session.args], checks: list(session, 'check') },
      session.limits(),
    ),
  );
  const status = await printRows(session, results, {
    rows: ({ findings }, node): Row[] => findings.map((finding) => ({ node, finding })),
    columns: [
      { title: 'NODE', value: ({ node }) => node },
      { title: 'SEVERITY', value: ({ finding }) => finding.severity.replace('SEVERITY_', '').toLowerCase() },
      { title: 'SUBJECT', value: ({ finding }) => finding.subject?.name ?? '' },
      { title: 'FINDING', value: ({ finding }) => finding.title },
    ],
    json: ({ node, finding }) => ({ node, ...finding }),
    name: ({ node, finding }) => `${node} ${finding.id}`,
    empty: 'Nothing was found.',
  });
  const severities = new Set(
    results.flatMap((result) => ('value' in result ? result.value.findings.map((one) => one.severity) : [])),
  );
  if (status !== EXIT.ok) return status;
  if (severities.has('SEVERITY_CRITICAL')) return EXIT.criticals;
  return severities.has('SEVERITY_WARNING') ? EXIT.warnings : EXIT.ok;
}
