/** `nodectl image diff`. */

import { quantity } from '../../diag/text/words.ts';
import { bytesOfBlocks, type Comparison, compareImages } from '../../image/compare.ts';
import { openImage } from '../../image/open.ts';
import type { ImageSource } from '../../image/source.ts';
import { formatOf, isForPeople, printItems } from '../../output/format.ts';
import { Progress, type ProgressChoice } from '../../output/progress.ts';
import { printTable } from '../../output/table.ts';
import { thousands } from '../../output/thousands.ts';
import { type Session, text } from '../../session.ts';
import { labelled } from './labelled.ts';

export async function run(session: Session): Promise<void> {
  const format = formatOf(session);
  const progress = new Progress(session.terminal, (text(session, 'progress') ?? 'auto') as ProgressChoice);
  const images: ImageSource[] = [];
  try {
    for (const reference of session.args) images.push(await openImage(reference, session));
    const [old, fresh] = images as [ImageSource, ImageSource];
    const comparison = await compareImages(old, fresh, (what, done, total) =>
      progress.update(what, done, total),
    );
    progress.clear();
    if (isForPeople(format)) return await tell(session, comparison);
    await printItems(session, [comparison], {
      columns: [],
      json: (one) => ({ ...one }),
      name: ({ after }) => after.version,
    });
  } finally {
    progress.clear();
    for (const image of images) await image.close();
  }
}

async function tell(
  { terminal }: Session,
  { before, after, blocks, ways, packages, unread }: Comparison,
): Promise<void> {
  const line = (label: string, value: string) => labelled(terminal, 8, label, value);
  await line('version', `${before.name} ${before.version} -> ${after.name} ${after.version}`);
  await line(
    'serial',
    `${before.serial} -> ${after.serial}${after.serial < before.serial ? ': a downgrade, which nodes refuse' : ''}`,
  );
  if (before.kernelRelease !== undefined && after.kernelRelease !== undefined)
    await line(
      'kernel',
      before.kernelRelease === after.kernelRelease
        ? `${after.kernelRelease}, unchanged`
        : `${before.kernelRelease} -> ${after.kernelRelease}`,
    );
  const percent = ((100 * blocks.fresh) / Math.max(1, blocks.filled)).toFixed(1);
  await line(
    'blocks',
    `${thousands(blocks.fresh)} of ${thousands(blocks.filled)} with content are new (${percent} %, ${quantity(bytesOfBlocks(blocks.fresh), ' B')}); ` +
      `${thousands(blocks.all - blocks.filled)} are zeros`,
  );
  await terminal.line('');
  const whole = after.images.reduce((sum, { size }) => sum + size, 0);
  await printTable(
    terminal,
    [...ways, { way: 'raw', bytes: whole }],
    [
      { title: 'SENT AS', value: ({ way }) => way, whole: true },
      { title: 'ON THE WIRE', value: ({ bytes }) => quantity(bytes, ' B'), align: 'right', whole: true },
      {
        title: 'OF THE IMAGE',
        value: ({ bytes }) => `${((100 * bytes) / whole).toFixed(2)} %`,
        align: 'right',
      },
    ],
    false,
  );
  await terminal.line('');
  if (packages === undefined) return terminal.note(`Packages are not compared: ${unread}.`);
  if (packages.length === 0) return terminal.note('The packages are the same.');
  await printTable(
    terminal,
    packages,
    [
      { title: 'PACKAGE', value: ({ name }) => name, whole: true },
      { title: 'BEFORE', value: (one) => one.before ?? '(none)' },
      { title: 'AFTER', value: (one) => one.after ?? '(removed)' },
    ],
    false,
  );
}
