/** Why something of the machine could not be read: told apart, since each asks for another remedy, and none is "all is well". */

/**
 * - missing-tool: the program is not installed
 * - denied: the agent lacks a permission
 * - timeout: it did not answer within its limit; a sick device does that
 * - failed: it answered with an error
 * - nonsense: it answered something that is not in its format
 * - absent: this machine has no such thing
 * - not-captured: a captured machine was not asked
 */
export type UnavailableKind =
  | 'missing-tool'
  | 'denied'
  | 'timeout'
  | 'failed'
  | 'nonsense'
  | 'absent'
  | 'not-captured';

/** Thrown by whatever reads the machine. The message is one sentence without a full stop: what could not be read, and why. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly kind: UnavailableKind;

  constructor(kind: UnavailableKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
