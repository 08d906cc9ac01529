/**
 * The PKI of an organisation as a folder on the workstation of whoever keeps it:
 *
 *   root.crt       the root, ten years         root.key        its key: needed to make or renew the two below, so keep it
 *                                                              offline; may be moved away
 *   nodes.crt      issues nodes                nodes.key       plain, since an issuer runs unattended
 *   operators.crt  issues operators            operators.key   sealed like the root's
 *
 * The folder has mode 0700, the files 0600.
 */

import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../proto/failure.ts';
import { makeFolder } from '../proto/make-folder.ts';
import { isStray, removeStrays, writeFileAtomic } from './atomic-file.ts';
import { checkAuthority, issueAuthority, issueLeaf, issueRoot, type Signer } from './certificate.ts';
import { keyPem, newKey } from './csr.ts';
import { type Identity, identityOf } from './identity.ts';
import { lockFolder } from './issuer/lock.ts';
import { keyFits } from './key-fits.ts';
import { checkNodeName, checkOperatorName, checkRole } from './names.ts';
import { certificatesOf, privateKeyOf } from './pem.ts';
import { certificatePart } from './pem-text.ts';
import { isSealed, openKey, sealKey } from './sealed-key.ts';

const DAY_MS = 86_400_000;
const ROOT_LIFE_MS = 3_653 * DAY_MS;
/** Long enough that nobody is surprised by it each year, short enough to be practised; `pki verify` warns 90 days before. */
const AUTHORITY_LIFE_MS = 3 * 365 * DAY_MS;
/** Operators' certificates are meant for a working day. */
const DEFAULT_OPERATOR_LIFE_MS = DAY_MS / 2;
/** For automation that cannot ask for a new one each day. */
export const MAX_OPERATOR_LIFE_MS = 90 * DAY_MS;

/** Asks for the passphrase of a sealed key. Called at most once a run for each key. */
export type AskPassphrase = (what: string) => Promise<string> | string;

/** The names of the three authorities of a store. */
export type AuthorityName = 'root' | 'nodes' | 'operators';

/** The authorities of a store, the root first. */
export const AUTHORITIES: readonly AuthorityName[] = ['root', 'nodes', 'operators'];

/** How keys that mint people are kept. */
export type KeyProtection = { passphrase: string } | { plain: true };

/** An open store. Keys are read when they are used. */
export class Store {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    if (!existsSync(join(folder, 'root.crt')))
      throw new Failure('PKI_NOT_FOUND', `there is no PKI in ${folder}`, {
        hint: 'make one: nodectl pki init; or say where it is: --dir FOLDER',
      });
  }

  /** The certificate of an authority. */
  certificate(name: AuthorityName): X509Certificate {
    const [certificate] = certificatesOf(this.read(`${name}.crt`));
    if (certificate) return certificate;
    throw new Failure('BAD_CERTIFICATE', `${join(this.folder, `${name}.crt`)} holds no certificate`, {
      hint: 'restore it from your backup',
    });
  }

  /**
   * The root certificates in PEM: what nodes and operators trust. That of this PKI comes first; where trust is handed over
   * from one root to another, the other is written behind it in root.crt. Nodes that are enrolled take another root from their
   * own trust.pem alone: an issuer has no say in whom they trust.
   */
  trust(): string {
    return certificatePart(this.read('root.crt'));
  }

  /** Has the PKI trust another root too, behind its own. Idempotent. Throws ISSUER_BUSY where the folder is being written. */
  addRoot(root: X509Certificate): void {
    this.#writeRoots((roots) =>
      roots.some(({ fingerprint256 }) => fingerprint256 === root.fingerprint256) ? roots : [...roots, root],
    );
  }

  /** Has the PKI trust another root no longer; its own stays. Idempotent. Throws ISSUER_BUSY as addRoot does. */
  removeRoot(root: X509Certificate): void {
    this.#writeRoots(([own, ...others]) => [
      ...(own ? [own] : []),
      ...others.filter(({ fingerprint256 }) => fingerprint256 !== root.fingerprint256),
    ]);
  }

  #writeRoots(change: (roots: X509Certificate[]) => X509Certificate[]): void {
    const unlock = lockFolder(this.folder, LOCK);
    try {
      writeFileAtomic(
        join(this.folder, 'root.crt'),
        change(certificatesOf(this.trust())).map(String).join(''),
      );
    } finally {
      unlock();
    }
  }

  /** Whether the key of an authority is here, and how it is kept. */
  keyState(name: AuthorityName): 'plain' | 'sealed' | 'absent' {
    if (!existsSync(join(this.folder, `${name}.key`))) return 'absent';
    return isSealed(this.read(`${name}.key`)) ? 'sealed' : 'plain';
  }

  /**
   * An authority with its key. Throws BAD_PASSPHRASE, PKI_NOT_FOUND where the key was moved away, or BAD_CERTIFICATE where key
   * and certificate do not belong together.
   */
  async signer(name: AuthorityName, ask: AskPassphrase): Promise<Signer> {
    if (this.keyState(name) === 'absent')
      throw new Failure('PKI_NOT_FOUND', `the key of the ${name} authority is not in ${this.folder}`, {
        hint: `put ${name}.key back into that folder for as long as it is needed`,
      });
    const text = this.read(`${name}.key`);
    const key = isSealed(text) ? openKey(text, await ask(`the ${name} key`)) : privateKeyOf(text);
    const certificate = this.certificate(name);
    if (keyFits(certificate, key)) return { certificate, key };
    throw new Failure('BAD_CERTIFICATE', `${name}.key does not belong to ${name}.crt in ${this.folder}`, {
      hint:
        name === 'root'
          ? 'restore both from one backup'
          : 'a renewal was cut short, it seems: renew the authorities once more, which needs root.key',
    });
  }

  /**
   * A credential for an operator: key, certificate and intermediate in one PEM text. The life is cut to that of the
   * operators' authority.
   */
  async issueOperator(
    wanted: { name: string; role: string; lifeMs?: number },
    ask: AskPassphrase,
    now = Date.now(),
  ): Promise<{ pem: string; identity: Identity }> {
    const subject = {
      kind: 'operator',
      name: checkOperatorName(wanted.name),
      role: checkRole(wanted.role),
    } as const;
    const lifeMs = wanted.lifeMs ?? DEFAULT_OPERATOR_LIFE_MS;
    if (!(lifeMs >= 1000 && lifeMs <= MAX_OPERATOR_LIFE_MS))
      throw new Failure('BAD_ARGUMENT', 'an operator’s certificate lives between a second and 90 days', {
        hint: 'people: --ttl 12h; automation: --ttl 30d and a renewal before that',
      });
    const authority = await this.signer('operators', ask);
    const key = newKey();
    const leaf = issueLeaf(subject, authority, createPublicKey(key), now, lifeMs);
    return {
      pem: keyPem(key) + leaf.toString() + authority.certificate.toString(),
      identity: identityOf(leaf),
    };
  }

  /** A certificate and key for a node, for where one is made by hand rather than by enrolment (images, tests). */
  async issueNode(
    name: string,
    lifeMs: number,
    now = Date.now(),
  ): Promise<{ pem: string; identity: Identity }> {
    if (!(lifeMs >= 1000)) throw new Failure('BAD_ARGUMENT', 'a node’s certificate lives at least a second');
    const authority = await this.signer('nodes', () => '');
    const key = newKey();
    const leaf = issueLeaf(
      { kind: 'node', name: checkNodeName(name) },
      authority,
      createPublicKey(key),
      now,
      lifeMs,
    );
    return {
      pem: keyPem(key) + leaf.toString() + authority.certificate.toString(),
      identity: identityOf(leaf),
    };
  }

  /**
   * Renews both intermediates with new keys under the same root. What they issued stays valid to its own end. Can be repeated
   * where it was cut short. Throws ISSUER_BUSY where it runs already, and CERTIFICATE_EXPIRED where the root has ended.
   */
  async renewAuthorities(ask: AskPassphrase, protection: KeyProtection, now = Date.now()): Promise<void> {
    const root = await this.signer('root', ask);
    checkAuthority(root, now);
    const unlock = lockFolder(this.folder, LOCK);
    try {
      removeStrays(this.folder, FILES);
      writeAll(this.folder, authorityFiles(root, protection, now));
    } finally {
      unlock();
    }
  }

  /** The text of one of the store's files. Throws PKI_NOT_FOUND where it cannot be read. */
  read(name: `${AuthorityName}.${'crt' | 'key'}`): string {
    try {
      return readFileSync(join(this.folder, name), 'utf8');
    } catch (cause) {
      throw new Failure('PKI_NOT_FOUND', `${join(this.folder, name)} cannot be read`, { cause });
    }
  }
}

/** The lock of whoever writes the folder; it is there for a second or two. */
const LOCK = 'pki.lock';
const FILES = AUTHORITIES.flatMap((name) => [`${name}.crt`, `${name}.key`]);

/**
 * Makes a PKI in a folder. Throws PKI_EXISTS where one is, and ISSUER_BUSY where one is being made. An init that was cut short
 * can be repeated.
 */
export function initStore(folder: string, protection: KeyProtection, now = Date.now()): Store {
  refuseExisting(folder);
  // Sealing takes a second and refuses short passphrases: before anything is on the disk.
  const key = newKey();
  const certificate = issueRoot(key, now - DAY_MS, now + ROOT_LIFE_MS);
  const files = [
    ['root.key', keyText(key, protection)] as const,
    ...authorityFiles({ certificate, key }, protection, now),
    // Written last: a folder without it holds no PKI.
    ['root.crt', certificate.toString()] as const,
  ];
  const unlock = lockForInit(folder);
  try {
    refuseExisting(folder);
    removeStrays(folder, FILES);
    writeAll(folder, files);
  } finally {
    unlock();
  }
  return new Store(folder);
}

/** Throws PKI_EXISTS where a folder holds a PKI. */
export function refuseExisting(folder: string): void {
  if (existsSync(join(folder, 'root.crt')))
    throw new Failure('PKI_EXISTS', `${folder} holds a PKI already`, {
      hint: 'choose another folder with --dir; a PKI is never overwritten',
    });
}

function lockForInit(folder: string): () => void {
  makeFolder(folder);
  // A folder that was there keeps its mode where it holds other things too; `pki verify` warns of it then.
  const ours = (name: string) => FILES.includes(name) || name === LOCK || isStray(name);
  if (readdirSync(folder).every(ours)) chmodSync(folder, 0o700);
  return lockFolder(folder, LOCK);
}

type FileText = readonly [name: string, text: string];

/** Key and certificate of new intermediates. */
function authorityFiles(root: Signer, protection: KeyProtection, now: number): FileText[] {
  return (['nodes', 'operators'] as const).flatMap((name): FileText[] => {
    const key = newKey();
    const made = issueAuthority(name, root, createPublicKey(key), now - DAY_MS, now + AUTHORITY_LIFE_MS);
    return [
      [`${name}.key`, keyText(key, name === 'nodes' ? { plain: true } : protection)],
      [`${name}.crt`, made.toString()],
    ];
  });
}

function writeAll(folder: string, files: readonly FileText[]): void {
  for (const [name, text] of files) writeFileAtomic(join(folder, name), text);
}

function keyText(key: KeyObject, protection: KeyProtection): string {
  return 'passphrase' in protection ? sealKey(key, protection.passphrase) : keyPem(key);
}
