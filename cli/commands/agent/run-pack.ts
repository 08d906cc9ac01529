/** `nodectl agent pack`. */

import { Failure } from '../../../proto/failure.ts';
import { quantity } from '../../diag/text/words.ts';
import { printItems } from '../../output/format.ts';
import { buildOf, packRelease } from '../../release/pack.ts';
import { releaseName } from '../../release/words.ts';
import { flag, type Session, text } from '../../session.ts';
import { signingKeys } from '../image/keys.ts';

export async function run(session: Session): Promise<void> {
  const [folder = ''] = session.args;
  const serial = text(session, 'serial');
  if (serial === undefined)
    throw new Failure('BAD_ARGUMENT', 'the release has no serial number', {
      hint: 'write --serial N, one more than that of the release before',
    });
  const file = text(session, 'file') ?? `nodectl-agent-${buildOf(folder).version}.tar`;
  const { release, manifest, bytes } = await packRelease({
    ...{ folder, keys: await signingKeys(session), serial: Number(serial), out: file },
    ...{ notAfter: text(session, 'notAfter'), force: flag(session, 'force'), signal: session.signal },
  });
  const { version, platform, files } = manifest;
  await printItems(session, [{ file, version, platform, serial: manifest.serial, release, bytes }], {
    columns: [
      { title: 'FILE', value: (one) => one.file, whole: true },
      { title: 'VERSION', value: (one) => one.version },
      { title: 'SERIAL', value: (one) => String(one.serial), align: 'right' },
      { title: 'PLATFORM', value: (one) => one.platform },
      { title: 'RELEASE', value: (one) => releaseName(one.release) },
      { title: 'FILES', value: () => String(files.length), align: 'right' },
      { title: 'SIZE', value: (one) => quantity(one.bytes, ' B'), align: 'right' },
    ],
    json: (one) => ({ ...one, files: files.length }),
    name: (one) => one.file,
  });
}
