/** `nodectl config reseal`. */

import { Failure } from '../../../proto/failure.ts';
import { readIdentities, resealFile } from '../../config/seal-file.ts';
import { sealRecipients } from '../../config/seal-recipients.ts';
import { foldNames } from '../../fleet/names.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const [file, identity] = [text(session, 'file'), text(session, 'identity')];
  if (file === undefined || identity === undefined)
    throw new Failure('BAD_ARGUMENT', 'the command needs a document and a key that opens its secrets', {
      hint: 'write -f FILE --identity KEY',
    });
  const identities = readIdentities(identity);
  const to = await sealRecipients(session);
  const count = await resealFile(file, identities, to);
  session.terminal.note(
    count === 0
      ? `${file} has no sealed values.`
      : `${file}: ${count === 1 ? 'one data key' : `${count} data keys`} sealed for ${foldNames(to.nodes)}`,
  );
}
