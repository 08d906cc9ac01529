/** The known troubles that this version of the agent comes with. */

import type { Trouble } from './trouble.ts';
import data from './troubles.json' with { type: 'json' };

/** All of them. */
export const TROUBLES: readonly Trouble[] = data as unknown as readonly Trouble[];
