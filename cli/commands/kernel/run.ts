/** `nodectl kernel`. */

import type { GetKernelResponse__Output as Kernel } from '../../../proto/gen/types/nodectl/v1/GetKernelResponse.ts';
import { askMachines } from '../../diag/ask.ts';
import { kernelPage } from '../../diag/kernel-page.ts';
import * as words from '../../diag/kernel-words.ts';
import type { Look } from '../../diag/sections.ts';
import { formatDuration } from '../../duration.ts';
import type { Result } from '../../fleet/fan-out.ts';
import { formatOf, isForPeople, printRows } from '../../output/format.ts';
import { reportFailures } from '../../output/report.ts';
import type { Column } from '../../output/table.ts';
import { flag, type Session } from '../../session.ts';

interface Row {
  node: string;
  kernel: Kernel;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NODE', value: ({ node }) => node, whole: true },
  { title: 'KERNEL', value: ({ kernel }) => kernel.version?.release ?? '', whole: true },
  { title: 'PACKAGE', value: ({ kernel }) => words.packageOf(kernel) },
  { title: 'TAINT', value: ({ kernel }) => words.taintLetters(kernel) },
  { title: 'REBOOT', value: ({ kernel }) => words.rebootInShort(kernel) },
  { title: 'MITIGATIONS', value: ({ kernel }) => words.mitigationsInShort(kernel) },
  { title: 'EOL', value: ({ kernel }) => words.endInShort(kernel) },
  { title: 'TROUBLES', value: ({ kernel }) => String(kernel.troubles.length || '') },
  {
    title: 'UPTIME',
    value: ({ kernel: { uptimeSeconds: up } }) => (up > 0 ? formatDuration(up * 1_000) : ''),
  },
  { title: 'OS', value: ({ kernel }) => kernel.version?.os ?? '', wide: true },
  { title: 'MICROCODE', value: ({ kernel }) => words.microcodeInShort(kernel), wide: true },
  { title: 'MACHINE', value: ({ kernel }) => kernel.hardware?.model ?? '', wide: true },
  { title: 'BIOS', value: ({ kernel }) => kernel.hardware?.bios ?? '', wide: true },
];

export async function run(session: Session): Promise<number> {
  if (flag(session, 'troubles')) return (await import('./troubles.ts')).listTroubles(session);
  const results = await askMachines(session, (channel) =>
    channel.unary('nodectl.v1.KernelService/GetKernel', {}, session.limits()),
  );
  const { terminal } = session;
  const format = formatOf(session);
  const whole = flag(session, 'verbose') || results.length === 1;
  if (whole && format.name === 'table') {
    const look: Look = {
      width: terminal.width ?? words.PIPE_WIDTH,
      style: (style, text) => terminal.style(style, text),
      safe: (text) => terminal.safe(text),
    };
    for (const [index, result] of results.entries())
      if ('value' in result) {
        const lines = kernelPage(result.node, result.value, look);
        await terminal.write(`${index > 0 ? '\n' : ''}${lines.join('\n')}\n`);
      }
    const failures = results.filter((result) => 'failure' in result);
    reportFailures(terminal, failures, results.length);
    return words.exitOf(results);
  }
  return printRows(session, results, {
    rows: (kernel, node): Row[] => [{ node, kernel }],
    columns: format.name === 'table' ? told(results) : COLUMNS,
    json: ({ node, kernel }) => ({ ...kernel, node, taint: String(kernel.taint) }),
    name: ({ node }) => node,
    ...(isForPeople(format) ? { empty: 'No node told of its kernel.' } : {}),
  });
}

/** Columns without those that say nothing of any node: a healthy fleet then fits a terminal. */
function told(results: readonly Result<Kernel>[]): Column<Row>[] {
  const rows = results.flatMap((result) =>
    'value' in result ? [{ node: result.node, kernel: result.value }] : [],
  );
  return COLUMNS.filter(({ value }) => rows.length === 0 || rows.some((row) => value(row) !== ''));
}
