/** Areas and checks of one command line that have nothing in common. */

import { Failure } from '../../../proto/failure.ts';
import { catalogue } from '../../diag/catalogue.ts';
import { list, type Session } from '../../session.ts';

/**
 * Refuses a check of another area than those that are named: it would not be made, and nodes on which nothing was looked at would be
 * told as well. Checks that are not known here are the nodes' to refuse. Throws BAD_ARGUMENT.
 */
export async function refuseOtherAreas(session: Session): Promise<void> {
  const areas = session.args;
  const wanted = list(session, 'check');
  if (areas.length === 0 || wanted.length === 0) return;
  for (const { id, area } of await catalogue())
    if (wanted.includes(id) && !areas.includes(area))
      throw new Failure('BAD_ARGUMENT', `${id} is a check of ${area}, not of ${areas.join(', ')}`, {
        hint: `leave out the area: nodectl diag --check ${id}`,
      });
}
