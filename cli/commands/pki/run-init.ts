/** `nodectl pki init`. */

import { initStore, refuseExisting } from '../../../pki/store.ts';
import { flag, type Session } from '../../session.ts';
import { newPassphrase, pkiFolder } from './folder.ts';

export async function run(session: Session): Promise<void> {
  const folder = pkiFolder(session);
  // Before a passphrase is thought of.
  refuseExisting(folder);
  const protection = flag(session, 'plainKeys')
    ? ({ plain: true } as const)
    : { passphrase: await newPassphrase(session, 'A passphrase for the root and operators keys') };
  const store = initStore(folder, protection);
  const { terminal } = session;
  terminal.note(`The PKI is in ${folder}.`);
  terminal.note(`Its root has the SHA-256 fingerprint ${store.certificate('root').fingerprint256}.`);
  terminal.note('Next: keep a copy of root.key offline and take it out of the folder; then');
  terminal.note('  nodectl pki operator YOU --role admin     your own credential');
  terminal.note('  nodectl pki serve                         the issuer that enrols nodes');
}
