/** `nodectl image verify`. */

import { Failure } from '../../../proto/failure.ts';
import { openImage } from '../../image/open.ts';
import { verifyImage } from '../../image/verify.ts';
import { Progress, type ProgressChoice } from '../../output/progress.ts';
import { type Session, text } from '../../session.ts';
import { trustedKeys } from './keys.ts';

export async function run(session: Session): Promise<void> {
  const keyring = trustedKeys(session);
  if (keyring === undefined)
    throw new Failure('BAD_ARGUMENT', 'it is not said whose signatures count', {
      hint: 'name the public keys: --keys release.pub.pem',
    });
  const threshold = Number(text(session, 'threshold') ?? 1);
  if (threshold < 1) throw new Failure('BAD_ARGUMENT', '--threshold must be at least 1');
  const progress = new Progress(session.terminal, (text(session, 'progress') ?? 'auto') as ProgressChoice);
  const image = await openImage(session.args[0] ?? '', session);
  const ok = session.terminal.style('green', 'ok');
  try {
    const manifest = await verifyImage(image, {
      ...{ keyring, threshold },
      found: async (sentence) => {
        progress.clear();
        await session.terminal.line(`${ok}  ${sentence}`);
      },
      progress: (what, done, total) => progress.update(what, done, total),
    });
    progress.clear();
    const isExpired = manifest.notAfter !== undefined && Date.parse(manifest.notAfter) < Date.now();
    if (isExpired) session.terminal.warn(`the image has expired: nodes refuse it since ${manifest.notAfter}`);
  } finally {
    progress.clear();
    await image.close();
  }
}
