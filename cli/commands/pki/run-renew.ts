/** `nodectl pki renew`. */

import { Store } from '../../../pki/store.ts';
import { flag, type Session } from '../../session.ts';
import { passphrase, pkiFolder } from './folder.ts';

export async function run(session: Session): Promise<void> {
  const store = new Store(pkiFolder(session));
  const phrase = flag(session, 'plainKeys')
    ? undefined
    : await passphrase(session, 'The passphrase of the PKI');
  await store.renewAuthorities(
    () => phrase ?? '',
    phrase === undefined ? { plain: true } : { passphrase: phrase },
  );
  session.terminal.note(
    'Both authorities have new keys. What they issued before stays valid to its own end.',
  );
  session.terminal.note('An issuer that runs elsewhere needs the new nodes.crt and nodes.key.');
}
