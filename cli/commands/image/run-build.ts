/** `nodectl image build`. */

import { Failure } from '../../../proto/failure.ts';
import { ROLES } from '../../../proto/image/manifest.ts';
import { quantity } from '../../diag/text/words.ts';
import { buildImage } from '../../image/build/build.ts';
import { withFiles } from '../../image/content.ts';
import { openImage } from '../../image/open.ts';
import type { ImageSource } from '../../image/source.ts';
import { Progress, type ProgressChoice } from '../../output/progress.ts';
import { flag, list, type Session, text } from '../../session.ts';
import { describe, required } from './description.ts';
import { signingKeys } from './keys.ts';

export async function run(session: Session): Promise<void> {
  const [root, kernel, out] = [
    required(session, 'root', '--root'),
    required(session, 'kernel', '--kernel'),
    required(session, 'output', '-o'),
  ];
  for (const [name, flags] of [
    ['version', '--version'],
    ['serial', '--serial'],
  ] as const)
    required(session, name, flags);
  const keys = await signingKeys(session);
  if (keys.length === 0)
    throw new Failure('BAD_ARGUMENT', '--key is missing', { hint: 'nodectl image keygen makes one' });
  const initrd = text(session, 'initrd');
  const progress = new Progress(session.terminal, (text(session, 'progress') ?? 'auto') as ProgressChoice);
  const deltaFrom: ImageSource[] = [];
  try {
    for (const reference of list(session, 'deltaFrom')) deltaFrom.push(await openImage(reference, session));
    const built = await withFiles([root, kernel, ...(initrd === undefined ? [] : [initrd])], (files) =>
      buildImage({
        contents: files.map((content, part) => ({ role: ROLES[part] ?? 'initrd', content })),
        describe: (content) =>
          describe(session, content, files[1] ?? content, (sentence) => progress.warn(sentence)),
        ...{ keys, deltaFrom, out, force: flag(session, 'force') },
        progress: (what, done, total) => progress.update(what, done, total),
      }),
    );
    progress.clear();
    const { images, deltas } = built.manifest;
    const bytes = images.reduce((sum, { frames, index }) => sum + frames.size + index.size, 0);
    const withDeltas =
      deltas.length === 0 ? '' : `; deltas of ${deltas.map(({ size }) => quantity(size, ' B')).join(', ')}`;
    session.terminal.note(
      `${out}: ${quantity(bytes, ' B')}, unpacked ${quantity(
        images.reduce((sum, { size }) => sum + size, 0),
        ' B',
      )}${withDeltas}.`,
    );
    await session.terminal.line(built.digest);
  } finally {
    progress.clear();
    for (const image of deltaFrom) await image.close();
  }
}
