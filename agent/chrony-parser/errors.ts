/** What can be wrong with a report: chronyc answered with an error, or the text is no such report. */

/** Why chronyc gave no report, by its three-digit codes (client.c, request_reply). */
export type ChronyReply =
  | 'failure'
  | 'not-authorised'
  | 'invalid-command'
  | 'no-such-source'
  | 'stale-logon'
  | 'not-enabled'
  | 'no-daemon'
  | 'bad-subnet'
  | 'bad-reply'
  | 'no-access'
  | 'source-exists'
  | 'too-many-sources'
  | 'no-rtc'
  | 'rtc-file'
  | 'address-family'
  | 'bad-sample'
  | 'protocol-version'
  | 'packet-length'
  | 'logging-inactive'
  | 'unexpected'
  | 'invalid-name'
  | 'unknown';

const REPLIES: ReadonlyMap<number, ChronyReply> = new Map([
  [500, 'failure'],
  [501, 'not-authorised'],
  [502, 'invalid-command'],
  [503, 'no-such-source'],
  [504, 'stale-logon'],
  [505, 'not-enabled'],
  [506, 'no-daemon'],
  [507, 'bad-subnet'],
  [508, 'bad-reply'],
  [510, 'no-access'],
  [511, 'source-exists'],
  [512, 'too-many-sources'],
  [513, 'no-rtc'],
  [514, 'rtc-file'],
  [515, 'address-family'],
  [516, 'bad-sample'],
  [517, 'protocol-version'],
  [518, 'packet-length'],
  [519, 'logging-inactive'],
  [520, 'unexpected'],
  [521, 'invalid-name'],
]);

/**
 * chronyc could not give the report and said why. It does so on standard output, with exit status 1.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { ChronyReplyError, parseServerstats } from 'chrony-parser';
 *
 * try {
 *   parseServerstats('501 Not authorised\n');
 * } catch (error) {
 *   assert(error instanceof ChronyReplyError);
 *   assert.equal(error.code, 501);
 *   assert.equal(error.reply, 'not-authorised');
 * }
 * ```
 */
export class ChronyReplyError extends Error {
  override readonly name = 'ChronyReplyError';
  /** The three-digit code. */
  readonly code: number;
  /** What the code means. */
  readonly reply: ChronyReply;

  /** @param code the three-digit code. @param text what chronyc printed behind it */
  constructor(code: number, text: string) {
    super(`chronyc answered: ${code} ${text}`);
    this.code = code;
    this.reply = REPLIES.get(code) ?? 'unknown';
  }
}

/**
 * The text is no such report, or part of it is not in its format.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { ChronyParseError, parseActivity } from 'chrony-parser';
 *
 * assert.throws(() => parseActivity('1,2,three,0,0'), ChronyParseError);
 * ```
 */
export class ChronyParseError extends Error {
  override readonly name = 'ChronyParseError';
}

/** The error that a line of output tells, or undefined where it tells none. */
export function replyError(line: string): ChronyReplyError | undefined {
  // Codes below 500 are answers that succeeded: "200 OK", "210 Number of sources = 4".
  const match = /^(5\d\d) (\S.{0,200})$/.exec(line);
  return match ? new ChronyReplyError(Number(match[1]), match[2] ?? '') : undefined;
}
