/** Progress of a whole image whose blobs come or go one after the other. */

import type { StoredManifest } from '../../../proto/registry/manifests.ts';
import { Progress, type ProgressChoice } from '../../output/progress.ts';
import { type Session, text } from '../../session.ts';

/** Where progress is told, and what is to be called with a blob's bytes. */
export interface TransferProgress {
  readonly progress: Progress;
  readonly blob: (digest: string, done: number) => void;
}

/** The progress of an image, blob by blob, told as --progress says. */
export function transferProgress(
  session: Session,
  what: string,
  manifest?: StoredManifest,
): TransferProgress & {
  /** Says which image it is, where that is known only later. */
  readonly is: (manifest: StoredManifest) => void;
} {
  const progress = new Progress(session.terminal, (text(session, 'progress') ?? 'auto') as ProgressChoice);
  const done = new Map<string, number>();
  let total = 0;
  const is = ({ blobs }: StoredManifest) => {
    total = blobs.reduce((sum, { size }) => sum + size, 0);
  };
  if (manifest) is(manifest);
  const blob = (digest: string, bytes: number) => {
    done.set(digest, bytes);
    progress.update(
      what,
      [...done.values()].reduce((sum, one) => sum + one, 0),
      total,
    );
  };
  return { progress, blob, is };
}
