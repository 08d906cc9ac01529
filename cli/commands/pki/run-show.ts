/** `nodectl pki show`. */

import { describe } from '../../../pki/describe.ts';
import { Store } from '../../../pki/store.ts';
import { formatLeft } from '../../duration.ts';
import { formatOf, printItems } from '../../output/format.ts';
import type { Session } from '../../session.ts';
import { pkiFolder } from './folder.ts';

export async function run(session: Session): Promise<void> {
  const { folder, pin, authorities } = describe(new Store(pkiFolder(session)));
  const iso = (time: number) => new Date(time).toISOString();
  const left = (time: number) => (time > Date.now() ? formatLeft(time - Date.now()) : 'EXPIRED');
  const { name: format } = formatOf(session);
  if (format === 'table' || format === 'wide')
    session.terminal.note(`${folder}; tokens carry the pin ${pin}`);
  await printItems(session, authorities, {
    columns: [
      { title: 'AUTHORITY', value: ({ name }) => name },
      { title: 'KEY', value: ({ key }) => key },
      { title: 'VALID FOR', value: ({ notAfter }) => left(notAfter) },
      { title: 'UNTIL', value: ({ notAfter }) => iso(notAfter).slice(0, 10) },
      { title: 'SHA-256', value: ({ fingerprint }) => hexadecimal(fingerprint).slice(0, 32) },
      { title: 'SERIAL', value: ({ serial }) => serial, wide: true },
    ],
    json: ({ notBefore, notAfter, fingerprint, ...rest }) => ({
      ...rest,
      sha256: hexadecimal(fingerprint),
      notBefore: iso(notBefore),
      notAfter: iso(notAfter),
      pin,
    }),
    name: ({ name }) => name,
  });
}

/** A fingerprint as programs compare it: no colons, lower case. */
function hexadecimal(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
