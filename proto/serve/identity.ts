/**
 * First interceptor: who calls. The certificate was verified when the connection was made; whether it is still in force is
 * asked again for every call, and for as long as a stream is open.
 */

import { renewalHint } from '../../pki/renewal-hint.ts';
import { Failure } from '../failure.ts';
import type { Caller } from './handlers.ts';
import type { Interceptor } from './interceptor.ts';
import { MAX_TIMER_MS } from './limits.ts';
import type { OpenCalls } from './open-calls.ts';

/** What the identity of a call is held against. */
export interface IdentityRules {
  /** Fingerprints of the roots that are trusted now. */
  roots(): ReadonlySet<string>;
  /** Why a caller is denied, or undefined where it is not. */
  denied(caller: Caller): string | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Refuses callers whose certificate is not, or no longer, in force, and ends their streams when it ceases to be. */
export function identityInterceptor(rules: IdentityRules, open: OpenCalls): Interceptor {
  return async (call, next) => {
    const caller = call.connection.caller();
    call.identity = caller;
    checkCaller(caller, call.connection.trustedBy(rules.roots()), rules);
    open.add(call);
    const timer = expiryTimer(caller, rules, () => {
      call.stop(expired(caller));
      call.connection.cutOff();
    });
    try {
      await next();
    } finally {
      clearTimeout(timer);
      open.remove(call);
    }
  };
}

/** Throws the reason for which a caller may not call now, if there is one. */
export function checkCaller(caller: Caller, trusted: boolean, rules: IdentityRules): void {
  const now = rules.now();
  if (now >= caller.notAfter) throw expired(caller);
  if (now < caller.notBefore)
    throw new Failure(
      'CERTIFICATE_NOT_YET_VALID',
      `the certificate of ${caller.uri} begins ${new Date(caller.notBefore).toISOString()}; it is ${new Date(now).toISOString()} here`,
      { hint: 'one of the two clocks is wrong' },
    );
  if (!trusted)
    throw new Failure('WRONG_CA', `the authority of ${caller.uri} is no longer trusted here`, {
      hint: 'ask for a certificate of the present authority',
    });
  const denied = rules.denied(caller);
  if (denied !== undefined) throw deniedFailure(caller, denied);
}

/** The failure that a denied caller gets. */
export function deniedFailure(caller: Caller, why: string): Failure {
  return new Failure('CERTIFICATE_DENIED', `${caller.uri} is denied here${why ? `: ${why}` : ''}`, {
    hint: 'an admin can take the entry off: nodectl access allow',
    facts: { subject: caller.uri, serial: caller.serial },
  });
}

function expired(caller: Caller): Failure {
  return new Failure(
    'CERTIFICATE_EXPIRED',
    `the certificate of ${caller.uri} ended ${new Date(caller.notAfter).toISOString()}`,
    { hint: renewalHint(caller) },
  );
}

/** A timer for the end of the caller's certificate; a certificate that outlives the longest timer needs none. */
function expiryTimer(caller: Caller, rules: IdentityRules, end: () => void): NodeJS.Timeout | undefined {
  const left = caller.notAfter - rules.now();
  if (!(left < MAX_TIMER_MS)) return undefined;
  return setTimeout(end, left).unref();
}
