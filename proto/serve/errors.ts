/**
 * Innermost interceptor: whatever a handler throws comes out as a Failure. What nobody foresaw is logged in full under an id
 * and told to the caller by that id alone: its text may hold what is not the caller's to know.
 */

import { randomBytes } from 'node:crypto';
import { Failure } from '../failure.ts';
import type { Reason } from '../reasons.ts';
import type { Interceptor } from './interceptor.ts';

/** Troubles of the machine that come as they are found, and what the log says of a call that met one: its text is the caller's to know. */
const TROUBLES: Partial<Record<Reason, string>> = {
  DISK_UNUSABLE: 'a call met a disk that cannot be used',
  HOST_UNREADABLE: 'a call met something of the machine that cannot be read',
};

/** Turns unforeseen errors into INTERNAL with an id that the log has too. */
export function errorsInterceptor(): Interceptor {
  return async (call, next) => {
    try {
      await next();
    } catch (error) {
      if (foreseen(error)) throw error;
      const failure = Failure.from(error);
      const trouble = TROUBLES[failure.reason];
      const id = randomBytes(4).toString('hex');
      call.log.error(
        { id, method: call.method, caller: call.identity.uri, err: error },
        trouble ?? 'a call met a defect',
      );
      if (trouble) throw failure;
      throw new Failure('INTERNAL', `${call.method} met a defect; the log of the node has it under ${id}`, {
        hint: 'please report it with that part of the log',
        facts: { id },
      });
    }
  };
}

/** A Failure that somebody wrote, and not one that `Failure.from` made of an unknown error. */
function foreseen(error: unknown): error is Failure {
  return error instanceof Failure && (error.reason !== 'INTERNAL' || error.cause === undefined);
}
