/** What a PKI consists of, as plain data for `nodectl pki show`. Opens no key and asks for no passphrase. */

import { commonNameOf } from './certificate.ts';
import { AUTHORITIES, type AuthorityName, type Store } from './store.ts';
import { rootPin } from './token.ts';

/** One authority of a PKI. */
export interface AuthorityDescription {
  name: AuthorityName;
  /** The name in its certificate, for example "nodectl nodes authority". */
  commonName: string;
  /** SHA-256 of the certificate in hexadecimal with colons, as openssl and browsers show it. */
  fingerprint: string;
  /** The serial number in lower-case hexadecimal. */
  serial: string;
  /** Validity in milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
  /** How its key is kept, or "absent" where it is not in the folder, as a root's key should be. */
  key: 'plain' | 'sealed' | 'absent';
}

/** A PKI. */
export interface PkiDescription {
  folder: string;
  /** What enrolment tokens carry of the root, in hexadecimal: the beginning of the SHA-256 of its public key. */
  pin: string;
  /** The root first. */
  authorities: AuthorityDescription[];
}

/** Describes a store. Throws PKI_NOT_FOUND or BAD_CERTIFICATE where a certificate is missing or damaged. */
export function describe(store: Store): PkiDescription {
  return {
    folder: store.folder,
    pin: rootPin(store.certificate('root')).toString('hex'),
    authorities: AUTHORITIES.map((name) => {
      const certificate = store.certificate(name);
      return {
        name,
        commonName: commonNameOf(certificate),
        fingerprint: certificate.fingerprint256,
        serial: certificate.serialNumber.toLowerCase(),
        notBefore: certificate.validFromDate.getTime(),
        notAfter: certificate.validToDate.getTime(),
        key: store.keyState(name),
      };
    }),
  };
}
