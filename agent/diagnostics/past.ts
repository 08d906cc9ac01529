/** The past as a fact, so that checks can ask for it. */

import type { HistoryView } from '../history/view.ts';
import { NotApplicable } from './check.ts';
import { fact } from './fact.ts';

/** What was sampled before now; empty on a machine that keeps no history. */
export const past = fact({
  id: 'history',
  reads: ['the agent’s history'],
  limitMs: 1_000,
  read: ({ history }): HistoryView => history,
});

/** What a check says that judges a trend, where there are too few samples of it: on a captured machine, or soon after the agent began. */
export const NO_TREND = new NotApplicable('there are not enough samples of it yet');
