/** What a pattern is once it was read: a tree of parts. */

import type { CodePoints } from './code-points.ts';

/** A part of a pattern. */
export type PatternNode =
  | { kind: 'set'; set: CodePoints }
  | { kind: 'cat'; items: PatternNode[] }
  | { kind: 'alt'; items: PatternNode[] }
  | { kind: 'repeat'; item: PatternNode; min: number; max: number }
  | { kind: 'assert'; what: Assertion };

/** A condition on a place: the message's start or end, or whether a word begins or ends there. */
export type Assertion = 'start' | 'end' | 'word' | 'not-word';
