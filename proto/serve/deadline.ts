/** Fourth interceptor: a call ends when its time is over, whatever its handler is waiting for. */

import { Failure } from '../failure.ts';
import type { Interceptor } from './interceptor.ts';
import { MAX_TIMER_MS } from './limits.ts';

const HOUR_MS = 3_600_000;

/** Milliseconds of each unit of the grpc-timeout header. */
const UNITS: Readonly<Record<string, number>> = { H: HOUR_MS, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** The time limit in a grpc-timeout header in milliseconds, or undefined without one. Throws BAD_ARGUMENT. */
export function timeoutOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(header);
  const unit = UNITS[match?.[2] ?? ''];
  if (!match || unit === undefined)
    throw new Failure('BAD_ARGUMENT', `the grpc-timeout "${header.slice(0, 32)}" is not a time limit`);
  return Number(match[1]) * unit;
}

/** Enforces the caller's deadline, and gives unary calls without one a limit of `unaryMs`. */
export function deadlineInterceptor(unaryMs: number, now: () => number): Interceptor {
  return async (call, next) => {
    if (call.deadline === undefined && call.route.handler.kind === 'unary') call.deadline = now() + unaryMs;
    if (call.deadline === undefined) return next();
    const left = call.deadline - now();
    const over = () =>
      call.stop(new Failure('DEADLINE_EXCEEDED', `${call.method} did not end within its time limit`));
    if (left <= 0) over();
    const timer = setTimeout(over, Math.min(left, MAX_TIMER_MS)).unref();
    try {
      await next();
    } finally {
      clearTimeout(timer);
    }
  };
}
