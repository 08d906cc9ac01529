/** `nodectl image push`. */

import { parseReference, referenceText } from '../../../proto/registry/reference.ts';
import { quantity } from '../../diag/text/words.ts';
import { Layout } from '../../image/layout/read.ts';
import { registryClient } from '../../image/registry/connect.ts';
import { pushImage } from '../../image/registry/push.ts';
import { type Session, text } from '../../session.ts';
import { transferProgress } from './transfer-progress.ts';

export async function run(session: Session): Promise<void> {
  const [file = '', given = ''] = session.args;
  const reference = parseReference(given);
  const layout = await Layout.open(file);
  try {
    const manifest = await layout.manifest(text(session, 'name'));
    const { progress, blob } = transferProgress(session, 'push', manifest);
    const client = registryClient(session, reference.registry, (warning) => progress.warn(warning));
    try {
      const mountFrom = text(session, 'mountFrom');
      const pushed = await pushImage(client, layout, manifest, reference, { mountFrom, progress: blob });
      progress.clear();
      const { sent, there, mounted } = pushed.blobs;
      session.terminal.note(
        pushed.wasThere && sent === 0
          ? 'Everything was there already.'
          : `${sent} blobs sent (${quantity(pushed.sentBytes, ' B')}), ${there + mounted} were there already.`,
      );
      const { registry, repository } = reference;
      await session.terminal.line(referenceText({ registry, repository, digest: pushed.digest }));
    } finally {
      progress.clear();
      client.close();
    }
  } finally {
    await layout.close();
  }
}
