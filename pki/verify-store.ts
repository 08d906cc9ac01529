/** Looks a PKI's folder over: certificates, keys and the modes of the files. Opens no sealed key. */

import type { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../proto/failure.ts';
import { isConstrained } from './certificate.ts';
import { isSignedBy } from './chain.ts';
import { error, type Finding, ok, validity, WARN_AUTHORITY_MS, warning } from './finding.ts';
import { keyFits } from './key-fits.ts';
import { NODES_AUTHORITY, OPERATORS_AUTHORITY, ROOT_AUTHORITY, renderedName } from './peer.ts';
import { privateKeyOf } from './pem.ts';
import { parseSealed } from './sealed-key.ts';
import { AUTHORITIES, type AuthorityName, type Store } from './store.ts';

const COMMON_NAMES: Record<AuthorityName, string> = {
  root: ROOT_AUTHORITY,
  nodes: NODES_AUTHORITY,
  operators: OPERATORS_AUTHORITY,
};

/** What is in order with a store and what is not, at a time in milliseconds since the epoch. */
export function verifyStore(store: Store, now = Date.now()): Finding[] {
  const root = read(store, 'root');
  return [
    ...mode(store.folder, 'the folder', 0o077),
    ...AUTHORITIES.flatMap((name) => {
      const found = name === 'root' ? root : read(store, name);
      if (found instanceof Failure)
        return [error(`the certificate of ${title(name)} is damaged: ${found.message}`, found.hint)];
      return [
        ...certificateFindings(name, found, root instanceof Failure ? undefined : root, now),
        ...keyFindings(store, name, found),
      ];
    }),
  ];
}

function title(name: AuthorityName): string {
  return name === 'root' ? 'the root' : `the ${name} authority`;
}

function read(store: Store, name: AuthorityName): X509Certificate | Failure {
  try {
    return store.certificate(name);
  } catch (cause) {
    return Failure.from(cause);
  }
}

function certificateFindings(
  name: AuthorityName,
  certificate: X509Certificate,
  root: X509Certificate | undefined,
  now: number,
): Finding[] {
  const who = title(name);
  const findings = [
    validity(
      who,
      certificate,
      now,
      WARN_AUTHORITY_MS,
      name === 'root'
        ? 'a root cannot be renewed: make a new PKI and have nodes trust both for a while'
        : 'renew the authorities, which needs root.key',
    ),
  ];
  if (certificate.subject !== renderedName(COMMON_NAMES[name]))
    findings.push(
      error(
        `${who} is named "${certificate.subject.replaceAll('\n', ', ')}", not "${COMMON_NAMES[name]}"`,
        'is this the right file? agents and nodectl go by this name',
      ),
    );
  if (!certificate.ca)
    findings.push(error(`${who} may issue nothing: it is no authority`, 'restore the file'));
  if (root) findings.push(chain(name, certificate, root));
  if (name !== 'root')
    findings.push(
      isConstrained(certificate, name)
        ? ok(`${who} may issue certificates of ${name === 'nodes' ? 'nodes and issuers' : 'operators'} alone`)
        : error(
            `${who} is not limited to what it is for: its name constraints or path length are missing or others`,
            'replace it: renew the authorities',
          ),
    );
  return findings;
}

function chain(name: AuthorityName, certificate: X509Certificate, root: X509Certificate): Finding {
  if (isSignedBy(certificate, root))
    return ok(name === 'root' ? 'the root is signed by itself' : `${title(name)} is signed by the root`);
  return error(`${title(name)} is not signed by the root`, 'restore all files from one backup');
}

function keyFindings(store: Store, name: AuthorityName, certificate: X509Certificate): Finding[] {
  const file = `${name}.key`;
  const state = store.keyState(name);
  if (state === 'absent')
    return [
      name === 'root'
        ? ok('root.key is not in the folder, as it should be')
        : warning(`${file} is not in the folder, so nothing can be issued here that needs it`, 'restore it'),
    ];
  const findings = [...mode(join(store.folder, file), file, 0o077), belongs(store, name, certificate)];
  if (name === 'root')
    findings.push(
      warning(
        `root.key lies beside the other keys${state === 'plain' ? ', and in the clear' : ''}`,
        'move it to a medium that is kept offline; only renewing the authorities needs it',
      ),
    );
  if (name === 'operators' && state === 'plain')
    findings.push(
      warning(
        'operators.key is kept in the clear: who reads it is an admin of every node',
        'renew the authorities with a passphrase: nodectl pki renew',
      ),
    );
  if (name === 'nodes' && state === 'sealed')
    findings.push(
      error('nodes.key is sealed, so no issuer can use it', 'renew the authorities: this key is kept plain'),
    );
  return findings;
}

function belongs(store: Store, name: AuthorityName, certificate: X509Certificate): Finding {
  const file = `${name}.key` as const;
  try {
    const text = store.read(file);
    if (store.keyState(name) === 'sealed') {
      parseSealed(text);
      return ok(`${file} is sealed; whether it belongs to ${name}.crt shows when it is opened`);
    }
    if (keyFits(certificate, privateKeyOf(text))) return ok(`${file} belongs to ${name}.crt`);
    return error(
      `${file} does not belong to ${name}.crt`,
      name === 'root' ? 'restore both from one backup' : 'renew the authorities, or restore both',
    );
  } catch {
    return error(`${file} is damaged`, 'restore it from your backup');
  }
}

/** Whether others than the owner may do what the bits say. */
function mode(path: string, what: string, bits: number): Finding[] {
  const found = statSync(path).mode & 0o777;
  if ((found & bits) === 0) return [];
  const wanted = what === 'the folder' ? '700' : '600';
  return [
    error(
      `${what} is open to other users: its mode is ${found.toString(8).padStart(4, '0')}`,
      `chmod ${wanted} ${path}`,
    ),
  ];
}
