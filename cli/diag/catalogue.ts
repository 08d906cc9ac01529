/** The catalogue of checks without asking a node: those of this version's agent, and those over a whole fleet. */

import type { CheckInfo__Output } from '../../proto/gen/types/nodectl/v1/CheckInfo.ts';
import { FLEET_CHECKS } from './fold/fleet-checks.ts';

/** All checks, area by area. */
export async function catalogue(): Promise<CheckInfo__Output[]> {
  const { openCatalogue } = await import('./captured.ts');
  const { checks } = await openCatalogue().unary('nodectl.v1.DiagnosticsService/ListChecks', {});
  return [...checks, ...fleetInfos()];
}

/** The checks over a whole fleet, as the nodes describe theirs. */
function fleetInfos(): CheckInfo__Output[] {
  return FLEET_CHECKS.map(({ id, area, title, about, reads, links }) => ({
    ...{ id, area, title, about },
    reads: [...reads],
    thresholds: [],
    links: [...links],
  }));
}
