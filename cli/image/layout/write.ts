/** Where an image goes by the name that a person gives: an archive or a folder. */

import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import { refuseTaken } from '../../not-written.ts';
import { FolderWriter } from './write-folder.ts';
import { TarWriter } from './write-tar.ts';
import { type LayoutWriter, MODE, temporary, writable } from './writer.ts';

/** A writer for a path: an archive where the name ends in ".tar", else a folder. Throws BAD_ARGUMENT. */
export async function layoutWriter(path: string, force: boolean): Promise<LayoutWriter> {
  const found = await stat(path).catch(() => undefined);
  const isTar = path.endsWith('.tar') && !found?.isDirectory();
  if (isTar) {
    await refuseTaken(path, force);
    const fresh = temporary(path);
    return new TarWriter(path, fresh, await writable(path, () => open(fresh, 'wx', MODE)), force);
  }
  if (found && !found.isDirectory())
    throw new Failure('BAD_ARGUMENT', `${path} is a file that is no archive by its name`, {
      hint: 'name a file that ends in .tar, or a folder',
    });
  if (
    found &&
    (await readdir(path)).length > 0 &&
    !(await stat(join(path, 'oci-layout')).catch(() => undefined))
  )
    throw new Failure('BAD_ARGUMENT', `${path} holds something else than images`, {
      hint: 'name an empty folder',
    });
  return new FolderWriter(path);
}
