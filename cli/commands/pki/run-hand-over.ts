/** `nodectl pki hand-over`. */

import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeFileAtomic } from '../../../pki/atomic-file.ts';
import { makeStatement, type TrustChange } from '../../../pki/hand-over.ts';
import { certificatesOf } from '../../../pki/pem.ts';
import { Store } from '../../../pki/store.ts';
import { Failure } from '../../../proto/failure.ts';
import { notWritten } from '../../not-written.ts';
import { confirm } from '../../output/confirm.ts';
import { type Session, text } from '../../session.ts';
import { passphrase, pkiFolder } from './folder.ts';

export async function run(session: Session): Promise<void> {
  const [to, retire] = [text(session, 'to'), text(session, 'retire')];
  if ((to === undefined) === (retire === undefined))
    throw new Failure('BAD_ARGUMENT', 'write either --to DIR or --retire FILE', {
      hint: '--to begins a hand-over, with --dir of the old PKI; --retire ends it, with --dir of the new one',
    });
  const change: TrustChange = retire === undefined ? 'trust' : 'distrust';
  const store = new Store(pkiFolder(session));
  const other = to === undefined ? undefined : new Store(resolve(to));
  const root = other ? other.certificate('root') : rootIn(retire ?? '');
  const out = resolve(text(session, 'out') ?? `${change}.statement`);
  if (statSync(out, { throwIfNoEntry: false })?.isFile())
    await confirm(session, `${out} is there already. Overwrite it?`);
  const signer = await store.signer('root', (what) => passphrase(session, `The passphrase of ${what}`));
  const statement = makeStatement(change, signer, root);
  // Issuers and operators of both go on while nodes of both are about.
  if (other) {
    store.addRoot(root);
    other.addRoot(signer.certificate);
  } else store.removeRoot(root);
  try {
    writeFileAtomic(out, statement, 0o644);
  } catch (cause) {
    throw notWritten(out, cause);
  }
  session.terminal.note(
    `${out} is valid for 30 days. Give it to the nodes: nodectl access trust ${out} --all`,
  );
  session.terminal.note(
    other
      ? `root.crt in both folders now names both roots: give it to operators as --trust, and run the issuer from ${other.folder}, with the old one’s register: copy its folder issuer/ along.`
      : 'root.crt names the remaining root alone: give it to operators as --trust when all nodes have taken the statement.',
  );
}

function rootIn(file: string) {
  try {
    const [root] = certificatesOf(readFileSync(file, 'utf8'));
    if (root) return root;
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `${file} is no root certificate: ${(cause as Error).message}`, {
      cause,
    });
  }
  throw new Failure('BAD_ARGUMENT', `${file} holds no certificate`);
}
