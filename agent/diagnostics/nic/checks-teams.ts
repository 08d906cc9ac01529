/** Checks of teams, which do what bonds do. */

import { type Check, check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { nicTeams } from './teams.ts';

const ports = check({
  id: 'nic.team-port',
  area: 'nic',
  title: 'Ports of a team that are down or carry nothing',
  about:
    'A team goes on without one of its ports, with less bandwidth and no reserve. With LACP a port whose link is up carries nothing where ' +
    'its aggregator is not the one in use, or where nobody on the other side speaks LACP (its state is then "defaulted").',
  needs: { teams: nicTeams },
  links: ['https://man7.org/linux/man-pages/man8/teamdctl.8.html'],
  evaluate: ({ teams }) =>
    teams.flatMap(({ name: team, runner, ports: all }) => {
      const up = all.filter((port) => port.up);
      return all.flatMap(({ name, up: works, downs, selected, lacp }): FindingDraft[] => {
        const idle = works && runner === 'lacp' && selected === false;
        if (works && !idle) return [];
        return [
          {
            severity: up.length === 0 ? 'critical' : 'warning',
            title: idle ? 'A port of an LACP team carries nothing' : 'A port of a team is down',
            subject: { kind: 'nic', name },
            parameters: { team, up: up.length, ports: all.length },
            evidence: [
              idle
                ? `${team}: ${name} is up and not selected, LACP state ${lacp || 'not told'}`
                : `${team} (${runner}): ${name} down${downs === undefined ? '' : `, ${downs} times`}; ${up.length} of ${all.length} ports up`,
            ],
            remedy: idle
              ? {
                  text: 'Put all ports into the same port channel of the switch, with LACP.',
                  risk: 'connection',
                }
              : { text: 'See its cable and the port of the switch.', risk: 'none' },
          },
        ];
      });
    }),
});

/** Checks of this file. */
export const NIC_TEAM_CHECKS: readonly Check[] = [ports];
