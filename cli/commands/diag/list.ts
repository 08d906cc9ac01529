/** `nodectl diag --list`. */

import type { CheckInfo__Output as CheckInfo } from '../../../proto/gen/types/nodectl/v1/CheckInfo.ts';
import { catalogue } from '../../diag/catalogue.ts';
import { printItems } from '../../output/format.ts';
import type { Session } from '../../session.ts';

/** Prints all checks, or those of the areas that are the arguments. */
export async function listChecks(session: Session): Promise<number> {
  const all = await catalogue();
  const areas = session.args;
  const shown = areas.length === 0 ? all : all.filter(({ area }) => areas.includes(area));
  await printItems<CheckInfo>(session, shown, {
    columns: [
      { title: 'AREA', value: ({ area }) => area },
      { title: 'CHECK', value: ({ id }) => id, whole: true },
      { title: 'LOOKS FOR', value: ({ title }) => title },
      { title: 'READS', value: ({ reads }) => reads.join(', '), wide: true },
    ],
    json: (info) => ({ ...info }),
    name: ({ id }) => id,
  });
  return 0;
}
