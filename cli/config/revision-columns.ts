/** How a revision of config is shown in a table. */

import type { ConfigRevision__Output as Revision } from '../../proto/gen/types/nodectl/v1/ConfigRevision.ts';

/** "applied" of CONFIG_OUTCOME_APPLIED. */
export function outcomeOf(outcome: string | undefined): string {
  return (outcome ?? '').replace('CONFIG_OUTCOME_', '').toLowerCase();
}

/** One answer of a node that says which revision it runs now. */
interface Row {
  readonly node: string;
  readonly value: { readonly revision: Revision | null };
}

/** Node, revision and outcome, for answers that a trial was committed or put back. */
export const REVISION_COLUMNS = [
  { title: 'NODE', value: ({ node }: Row) => node, whole: true },
  { title: 'REVISION', value: ({ value }: Row) => String(value.revision?.number ?? '') },
  { title: 'OUTCOME', value: ({ value }: Row) => outcomeOf(value.revision?.outcome) },
];
