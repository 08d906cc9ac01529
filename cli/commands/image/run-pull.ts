/** `nodectl image pull`. */

import { Failure } from '../../../proto/failure.ts';
import { parseReference, referenceText } from '../../../proto/registry/reference.ts';
import { quantity } from '../../diag/text/words.ts';
import { layoutWriter } from '../../image/layout/write.ts';
import { registryClient } from '../../image/registry/connect.ts';
import { pullImage } from '../../image/registry/pull.ts';
import { flag, type Session, text } from '../../session.ts';
import { transferProgress } from './transfer-progress.ts';

export async function run(session: Session): Promise<void> {
  const reference = parseReference(session.args[0] ?? '');
  const path = text(session, 'output');
  if (!path)
    throw new Failure('BAD_ARGUMENT', 'it is not said where the image goes', {
      hint: 'name an archive or a folder: -o image.oci.tar',
    });
  const { progress, blob, is } = transferProgress(session, 'pull');
  const client = registryClient(session, reference.registry, (warning) => progress.warn(warning));
  try {
    const writer = await layoutWriter(path, flag(session, 'force'));
    try {
      const pulled = await pullImage(client, reference, writer, { found: is, progress: blob });
      progress.clear();
      const { fetched, there } = pulled.blobs;
      session.terminal.note(
        `${fetched} blobs fetched (${quantity(pulled.fetchedBytes, ' B')}), ${there} were there already, in ${path}.`,
      );
      const { registry, repository } = reference;
      await session.terminal.line(referenceText({ registry, repository, digest: pulled.digest }));
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  } finally {
    progress.clear();
    client.close();
  }
}
