/** DER by node-forge: the few shapes that certificates and certificate requests are built of. */

import forge from 'node-forge';

const { asn1 } = forge;

/** A DER value. */
export type Der = forge.asn1.Asn1;

const UNIVERSAL = asn1.Class.UNIVERSAL;
const CONTEXT = asn1.Class.CONTEXT_SPECIFIC;

/** Object identifiers that certificates of ours use, by the names of RFC 5280 and RFC 5758. */
export const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecPublicKey: '1.2.840.10045.2.1',
  prime256v1: '1.2.840.10045.3.1.7',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** node-forge keeps bytes in strings of one character a byte. */
function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** A SEQUENCE of values. */
export function sequence(...values: Der[]): Der {
  return asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, values);
}

/** A SET of values. */
export function set(...values: Der[]): Der {
  return asn1.create(UNIVERSAL, asn1.Type.SET, true, values);
}

/** An OBJECT IDENTIFIER in its dotted form. */
export function oid(id: string): Der {
  return asn1.create(UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(id).getBytes());
}

/** A positive INTEGER of big-endian bytes; leading zeros are taken out and one is put in where the sign would be set. */
export function integer(bytes: Uint8Array): Der {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const magnitude = binary(bytes.subarray(start));
  return asn1.create(
    UNIVERSAL,
    asn1.Type.INTEGER,
    false,
    (bytes[start] ?? 0) >= 0x80 ? `\0${magnitude}` : magnitude,
  );
}

/** A BOOLEAN. */
export function boolean(value: boolean): Der {
  return asn1.create(UNIVERSAL, asn1.Type.BOOLEAN, false, value ? '\xff' : '\0');
}

/** A UTF8String. */
export function utf8(text: string): Der {
  return asn1.create(UNIVERSAL, asn1.Type.UTF8, false, binary(Buffer.from(text)));
}

/** An OCTET STRING. */
export function octets(bytes: Uint8Array): Der {
  return asn1.create(UNIVERSAL, asn1.Type.OCTETSTRING, false, binary(bytes));
}

/** A BIT STRING; `unused` bits at the end of the last byte do not count. */
export function bits(bytes: Uint8Array, unused = 0): Der {
  return asn1.create(UNIVERSAL, asn1.Type.BITSTRING, false, String.fromCharCode(unused) + binary(bytes));
}

/** A context-specific tag around other values. */
export function tagged(tag: number, ...values: Der[]): Der {
  return asn1.create(CONTEXT, tag, true, values);
}

/** A context-specific tag with bytes of its own (an IMPLICIT primitive). */
export function taggedBytes(tag: number, bytes: Uint8Array): Der {
  return asn1.create(CONTEXT, tag, false, binary(bytes));
}

/** A time as RFC 5280 section 4.1.2.5 asks: UTCTime before 2050, GeneralizedTime from then on, in whole seconds. */
export function time(milliseconds: number): Der {
  const date = new Date(Math.floor(milliseconds / 1000) * 1000);
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050
    ? asn1.create(UNIVERSAL, asn1.Type.UTCTIME, false, digits.slice(2))
    : asn1.create(UNIVERSAL, asn1.Type.GENERALIZEDTIME, false, digits);
}

/** A value that is in DER already, for example a SubjectPublicKeyInfo that node:crypto exported. */
export function parsed(der: Uint8Array): Der {
  // A BIT STRING may happen to look like DER inside; it must come out as it went in.
  const options = { strict: true, parseAllBytes: true, decodeBitStrings: false };
  // The published types know only the older form with a boolean.
  return asn1.fromDer(binary(der), options as unknown as boolean);
}

/** A value's bytes. */
export function encode(value: Der): Buffer {
  return Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
}

/** DER as PEM with a label such as "CERTIFICATE". */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
