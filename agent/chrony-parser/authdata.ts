/** `chronyc authdata`: how the packets of each NTP source are authenticated. */

import { ChronyParseError } from './errors.ts';
import { age, Columns, csvFields, isCsv, linesOf, quoted, tableRows } from './text.ts';

/** How packets are authenticated: not at all, by a shared key, or by Network Time Security. */
export type AuthMode = 'none' | 'symmetric' | 'nts' | 'unknown';

/** How the packets of a source are authenticated. */
export interface Authdata {
  /** Address, or name. Tables for people cut long names, with ">" at the end. */
  readonly name: string;
  readonly mode: AuthMode;
  /** The shared key's number, or how often keys were established by NTS. */
  readonly keyId: number;
  /** The algorithm by chrony's numbers; 0 for none. See {@linkcode Authdata.algorithm}. */
  readonly keyType: number;
  /** The algorithm's name, or empty where there is none or it is not known. */
  readonly algorithm: string;
  /** In bits. */
  readonly keyLength: number;
  /** Seconds since keys were last established by NTS; undefined for never. */
  readonly keysAgo: number | undefined;
  /** Attempts since then; more than one mean trouble. */
  readonly attempts: number;
  /** Whether the server refused the last request's cookie. */
  readonly refused: boolean;
  /** Cookies that are left; fewer than 8 mean trouble. */
  readonly cookies: number;
  /** Length of a cookie in bytes. */
  readonly cookieLength: number;
}

const NAME = 'authdata';
const MODES: Readonly<Record<string, AuthMode>> = { '-': 'none', SK: 'symmetric', NTS: 'nts' };
const ALGORITHMS: Readonly<Record<number, string>> = {
  1: 'MD5',
  2: 'SHA1',
  3: 'SHA256',
  4: 'SHA384',
  5: 'SHA512',
  6: 'SHA3-224',
  7: 'SHA3-256',
  8: 'SHA3-384',
  9: 'SHA3-512',
  10: 'TIGER',
  11: 'WHIRLPOOL',
  13: 'AES128',
  14: 'AES256',
  15: 'AEAD-AES-SIV-CMAC-256',
  30: 'AEAD-AES-128-GCM-SIV',
};

/**
 * Reads `chronyc authdata`, with `-c` or as it is printed for people. It needs root, or answers with 501 Not authorised.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseAuthdata } from 'chrony-parser';
 *
 * const [one] = parseAuthdata('203.0.113.15,NTS,1,15,256,8100,0,0,8,100\n');
 * assert.equal(one?.mode, 'nts');
 * assert.equal(one.algorithm, 'AEAD-AES-SIV-CMAC-256');
 * assert.equal(one.keysAgo, 8100);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where a row is not in its format
 */
export function parseAuthdata(text: string): Authdata[] {
  const lines = linesOf(text);
  const csv = lines.filter((line) => isCsv(line, 3));
  if (csv.length > 0) return csv.map(fromCsv);
  const rows = tableRows(lines, (line) => /\s(NTS|SK|-|\?)\s+\d+\s+\d+\s+\d+\s/.test(line));
  if (rows.length === 0 && lines.length > 0 && !lines.some((line) => /\bKeyID\b/.test(line)))
    throw new ChronyParseError(`${NAME}: ${quoted(lines[0] ?? '')} is no table of authentication`);
  return rows.map(fromRow);
}

function fromCsv(line: string): Authdata {
  const fields = csvFields(NAME, line, 10);
  return complete({
    name: fields.text(),
    mode: MODES[fields.text()] ?? 'unknown',
    keyId: fields.number(),
    keyType: fields.number(),
    keyLength: fields.number(),
    keysAgo: fields.age(),
    attempts: fields.number(),
    refused: fields.number() !== 0,
    cookies: fields.number(),
    cookieLength: fields.number(),
  });
}

function fromRow(line: string): Authdata {
  const columns = new Columns(line);
  const cookieLength = columns.lastNumber();
  const cookies = columns.lastNumber();
  const refused = columns.lastNumber() !== 0;
  const attempts = columns.lastNumber();
  const keysAgo = age(columns.last());
  const keyLength = columns.lastNumber();
  const keyType = columns.lastNumber();
  const keyId = columns.lastNumber();
  const mode = MODES[columns.last()] ?? 'unknown';
  const name = columns.rest();
  return complete({
    ...{ name, mode, keyId, keyType, keyLength, keysAgo },
    ...{ attempts, refused, cookies, cookieLength },
  });
}

function complete(values: Omit<Authdata, 'algorithm'>): Authdata {
  return { ...values, algorithm: ALGORITHMS[values.keyType] ?? '' };
}
