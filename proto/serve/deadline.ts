/** Fourth interceptor: a call ends when its time is over, whatever its handler is waiting for. */

import type { Interceptor } from './interceptor.ts';
import { MAX_TIMER_MS } from './limits.ts';
import { overtime } from './overtime.ts';

/**
 * Gives unary calls without a deadline a limit of `unaryMs`, and ends what is late. The caller's own deadline is enforced by
 * grpc-js too, which answers a little earlier or later than this; whichever comes second finds the call ended.
 */
export function deadlineInterceptor(unaryMs: number, now: () => number): Interceptor {
  return async (call, next) => {
    if (call.deadline === undefined && call.route.handler.kind === 'unary') call.deadline = now() + unaryMs;
    if (call.deadline === undefined) return next();
    const left = call.deadline - now();
    const over = () => call.stop(overtime(call.method));
    if (left <= 0) over();
    const timer = setTimeout(over, Math.min(left, MAX_TIMER_MS)).unref();
    try {
      await next();
    } finally {
      clearTimeout(timer);
    }
  };
}
