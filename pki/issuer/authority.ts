/**
 * The authority that an issuer signs with, read from its folder and read anew when somebody renews it there, so that a running
 * issuer goes over to the new one by itself.
 */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { Signer } from '../certificate.ts';
import { isSignedBy } from '../chain.ts';
import { keyFits } from '../key-fits.ts';
import { certificatesOf, privateKeyOf } from '../pem.ts';
import { certificatePart } from '../pem-text.ts';

/** The files of a PKI that an issuer needs. */
const FILES = ['root.crt', 'nodes.crt', 'nodes.key'] as const;

/** What the files hold. */
export interface Authority {
  signer: Signer;
  /** Root certificates in PEM, that of the PKI first. */
  trust: string;
}

/** The nodes' authority in a folder. */
export class AuthorityFolder {
  readonly #folder: string;
  #stamp: string;
  #current: Authority;

  /** Throws PKI_NOT_FOUND or BAD_CERTIFICATE where the folder holds no usable authority. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#stamp = this.#look();
    this.#current = this.#load();
  }

  /** The newest authority that is usable. Files that are missing or do not fit together leave the one before in use. */
  current(): Authority {
    const stamp = this.#look();
    if (stamp !== this.#stamp) {
      try {
        this.#current = this.#load();
        this.#stamp = stamp;
      } catch {
        // A renewal writes file by file; the next call looks again. If it stays so, `pki verify` tells what is wrong.
      }
    }
    return this.#current;
  }

  /** What changes when a file is replaced. */
  #look(): string {
    return FILES.map((name) => {
      const found = statSync(join(this.#folder, name), { throwIfNoEntry: false });
      return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '-';
    }).join();
  }

  #load(): Authority {
    const trust = certificatePart(this.#read('root.crt'));
    const roots = this.#parsed('root.crt', () => certificatesOf(trust));
    const [certificate] = this.#parsed('nodes.crt', certificatesOf);
    const key = this.#parsed('nodes.key', privateKeyOf);
    const [root] = roots;
    if (!root || !certificate)
      throw new Failure('BAD_CERTIFICATE', `root.crt or nodes.crt in ${this.#folder} is damaged`, {
        hint: 'copy both anew from the PKI',
      });
    if (!keyFits(certificate, key))
      throw new Failure('BAD_CERTIFICATE', 'nodes.key does not belong to nodes.crt', {
        hint: 'copy both anew from the PKI; if they do not fit there either, renew its authorities',
      });
    if (!roots.some((one) => isSignedBy(certificate, one)))
      throw new Failure('WRONG_CA', 'nodes.crt was not issued by the root in root.crt', {
        hint: 'copy all files anew from one PKI',
      });
    return { signer: { certificate, key }, trust };
  }

  /** What a file holds; what is wrong with it is told with its name. */
  #parsed<T>(name: (typeof FILES)[number], parse: (text: string) => T): T {
    const text = this.#read(name);
    try {
      return parse(text);
    } catch (cause) {
      const { reason, message } = Failure.from(cause);
      throw new Failure(reason, `${name} in ${this.#folder} is damaged: ${message}`, {
        hint: 'copy it anew from the PKI, or restore it from your backup',
        cause,
      });
    }
  }

  #read(name: (typeof FILES)[number]): string {
    try {
      return readFileSync(join(this.#folder, name), 'utf8');
    } catch (cause) {
      throw new Failure('PKI_NOT_FOUND', `the issuer cannot read ${name} in ${this.#folder}`, {
        hint: 'an issuer needs root.crt, nodes.crt and nodes.key of the PKI',
        cause,
      });
    }
  }
}
