/** The one error type of this project: what was tried, why it failed, what to do next, and a stable reason code. */

import { REASONS, type Reason, type StatusName } from './reasons.ts';

/** What a failure may carry beside its reason and message. */
export interface FailureOptions {
  /** What to do next, as one sentence or a command. Shown behind "hint:". */
  hint?: string;
  /** Facts by name, for programs: they travel as metadata of google.rpc.ErrorInfo. Never secrets. */
  facts?: Record<string, string>;
  /** The error behind it. It is logged where it happened and never sent to a caller. */
  cause?: unknown;
}

/** An error that a person can act on and a program can tell apart by its reason. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly reason: Reason;
  readonly hint: string;
  readonly facts: Readonly<Record<string, string>>;

  /**
   * @param reason stable code, see reasons.ts
   * @param message what was tried and why it failed, in one sentence without a final full stop
   */
  constructor(reason: Reason, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.hint = options.hint ?? '';
    this.facts = options.facts ?? {};
  }

  /** The gRPC status that this failure travels under. */
  get status(): StatusName {
    return REASONS[this.reason].status;
  }

  /** Anything thrown as a Failure; what is none becomes INTERNAL and keeps the original as its cause. */
  static from(error: unknown): Failure {
    if (error instanceof Failure) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new Failure('INTERNAL', message, { cause: error });
  }
}
