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

/** Errors that are no defects, by their names: the platform's own (AbortSignal), and what the agent's readers of the machine throw. */
const REASON_OF_NAME: Readonly<Record<string, Reason>> = {
  AbortError: 'CANCELLED',
  TimeoutError: 'DEADLINE_EXCEEDED',
  Unavailable: 'HOST_UNREADABLE',
};

/** What the system says of a disk when a file is written or read, by its error codes: the trouble of a machine, and no defect. */
const DISK_TROUBLE: Readonly<Record<string, DiskTrouble>> = {
  ENOSPC: { why: 'the disk is full', hint: 'make room on it, then do it again' },
  EDQUOT: { why: 'the disk quota is used up', hint: 'make room within it, then do it again' },
  EROFS: {
    why: 'the file system is read-only',
    hint: 'the kernel makes a disk with errors read-only: its log says so',
  },
  EIO: { why: 'the disk gives errors', hint: 'the kernel’s log says which; see what backups there are' },
};

/** Why a disk could not be used, and what to do. */
interface DiskTrouble {
  readonly why: string;
  readonly hint: string;
}

/** What is wrong with the disk that an error of the system tells of, or undefined where it is about something else. */
export function diskTrouble(error: unknown): DiskTrouble | undefined {
  return DISK_TROUBLE[(error as NodeJS.ErrnoException | undefined)?.code ?? ''];
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

  /**
   * Anything thrown as a Failure. What the platform throws for an aborted signal is CANCELLED, for one whose time was over
   * DEADLINE_EXCEEDED, for a disk that is full, read-only or broken DISK_UNUSABLE, and everything else INTERNAL; the original is
   * the cause.
   */
  static from(error: unknown): Failure {
    if (error instanceof Failure) return error;
    if (!(error instanceof Error)) return new Failure('INTERNAL', String(error), { cause: error });
    // The reason of an abort travels in its cause where one was given.
    if (error.name === 'AbortError' && error.cause instanceof Failure) return error.cause;
    const trouble = diskTrouble(error);
    if (trouble) {
      const { path } = error as NodeJS.ErrnoException;
      const { why, hint } = trouble;
      return new Failure('DISK_UNUSABLE', path ? `${path}: ${why}` : why, { hint, cause: error });
    }
    return new Failure(REASON_OF_NAME[error.name] ?? 'INTERNAL', error.message, { cause: error });
  }
}
