/** The past as a fact, so that checks can ask for it. */

import type { HistoryView } from '../../history/view.ts';
import { fact } from '../fact.ts';

/** What was sampled before now; empty on a machine that keeps no history. */
export const past = fact({
  id: 'memory.history',
  reads: ['the agent’s history'],
  limitMs: 1_000,
  read: ({ history }): HistoryView => history,
});
