/** Sources of time in words, and as the subjects of findings. */

import type { Subject } from '../finding.ts';
import { answered, type TimeSource } from './sources.ts';
import { ahead, span } from './words.ts';

/** A source as the subject of a finding. */
export function sourceOf({ name, kind }: TimeSource): Subject {
  return { kind: 'time-source', name, attributes: { kind } };
}

/** A source in a line of evidence. */
export function inWords({ name, state, reach, ago, offset }: TimeSource): string {
  const last = ago === undefined ? 'never answered' : `last answer ${span(ago)} ago`;
  const off = offset === undefined ? '' : `, clock ${ahead(offset, 'it')}`;
  return `${name}: ${state}, ${answered(reach)} of the last 8 polls answered, ${last}${off}`;
}

/** Those that answer. */
export function reachable(sources: readonly TimeSource[]): TimeSource[] {
  return sources.filter(({ reach }) => reach !== 0);
}
