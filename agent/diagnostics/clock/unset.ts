/** What checks of a clock that follows a source say where it follows none. */

import { NotApplicable, Skipped } from '../check.ts';
import type { ClockState } from './state.ts';

const NOT_SET = new NotApplicable('the clock is not synchronised: clock.not-synchronised tells of it');
const UNKNOWN = new Skipped('nothing tells whether the clock is set');

/** Why there is nothing to judge; undefined where the clock follows a source. */
export function unset({ sync }: ClockState): NotApplicable | Skipped | undefined {
  if (sync === 'unknown') return UNKNOWN;
  return sync === 'synchronised' ? undefined : NOT_SET;
}
