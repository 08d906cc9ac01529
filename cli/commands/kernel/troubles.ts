/** `nodectl kernel --troubles`: the table of known troubles, without asking a node. */

import { Failure } from '../../../proto/failure.ts';
import type { KernelTrouble__Output as Trouble } from '../../../proto/gen/types/nodectl/v1/KernelTrouble.ts';
import { PIPE_WIDTH } from '../../diag/kernel-words.ts';
import { wrap } from '../../help/wrap.ts';
import { formatOf, printItems } from '../../output/format.ts';
import type { Column } from '../../output/table.ts';
import { flag, type Session, text } from '../../session.ts';

/** More branches than these are for -o wide. */
const MAX_BRANCHES = 4;
/** Below so many columns the trouble itself needs the room. */
const NARROW = 100;

const COLUMNS: readonly Column<Trouble>[] = [
  { title: 'ID', value: ({ id }) => id.replace(/^known\./, ''), whole: true },
  {
    title: 'SEVERITY',
    value: ({ severity }) => severity.replace('SEVERITY_', '').toLowerCase(),
    whole: true,
  },
  { title: 'BRANCHES', value: branches },
  { title: 'TROUBLE', value: ({ title }) => title },
  { title: 'KERNELS', value: ({ kernels, packages }) => [...kernels, ...packages].join(', '), wide: true },
  { title: 'NEEDS', value: ({ conditions }) => conditions.join('; '), wide: true },
];

/** The branches and distributions whose kernels have it: "6.1 6.12 ubuntu". */
function branches({ kernels, packages }: Trouble): string {
  const names = [
    ...kernels.map((range) => /\d+\.\d+/.exec(range)?.[0] ?? ''),
    ...packages.map((range) => range.split(' ', 1)[0] ?? ''),
  ];
  const all = [...new Set(names)];
  return all.length > MAX_BRANCHES ? `${all.slice(0, MAX_BRANCHES - 1).join(' ')} …` : all.join(' ') || 'any';
}

/** Lists known troubles, of one kernel where one is named; --verbose shows all that is known of each. */
export async function listTroubles(session: Session): Promise<number> {
  const { openCatalogue } = await import('../../diag/captured.ts');
  const kernel = text(session, 'kernel') ?? '';
  const request = {
    kernel,
    distribution: text(session, 'distribution') ?? '',
    package: text(session, 'package') ?? '',
  };
  if (kernel !== '' && !/^\d+\.\d+[\w.+~-]*$/.test(kernel))
    throw new Failure('BAD_ARGUMENT', `"${kernel.slice(0, 60)}" is no version of a kernel`, {
      hint: 'write one as uname -r does: 6.1.64, 5.14.0-427.el9.x86_64',
    });
  const { troubles } = await (await openCatalogue()).unary('nodectl.v1.KernelService/ListTroubles', request);
  const { terminal } = session;
  const narrow = (terminal.width ?? NARROW) < NARROW;
  if (formatOf(session).name === 'table' && troubles.length === 0)
    terminal.note(`Nothing is known of ${kernel}. That does not mean that it is without trouble.`);
  else if (formatOf(session).name === 'table' && flag(session, 'verbose'))
    await terminal.write(`${troubles.map((one) => page(session, one)).join('\n\n')}\n`);
  else
    await printItems(session, troubles, {
      columns: narrow ? COLUMNS.filter(({ title }) => title !== 'BRANCHES') : COLUMNS,
      json: (one) => ({ ...one }),
      name: ({ id }) => id,
    });
  return 0;
}

function page({ terminal }: Session, trouble: Trouble): string {
  const width = Math.min(terminal.width ?? PIPE_WIDTH, 120);
  const row = (label: string, words: string) =>
    words === '' ? [] : [`  ${label.padEnd(10)}${wrap(words, width, 12)}`];
  return [
    `${terminal.style('bold', trouble.id)}  ${trouble.severity.replace('SEVERITY_', '').toLowerCase()}`,
    ...row('', trouble.title).map((line) => `  ${line.trim()}`),
    ...row('kernels', trouble.kernels.join(', ')),
    ...row('packages', trouble.packages.join(', ')),
    ...row('needs', trouble.conditions.join('; ')),
    ...row('symptom', trouble.symptom),
    ...row('remedy', trouble.remedy?.text ?? ''),
    ...trouble.links.flatMap((link) => row('see', link)),
    ...row('reviewed', trouble.reviewed),
  ].join('\n');
}
