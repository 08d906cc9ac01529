/** Checks of how the switch says that its end of the link runs. */

import { type Check, check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicNeighbours } from './lldp/fact.ts';
import { neighbourName, switchOf } from './lldp/neighbour.ts';

/** "100BaseTXHD - 2 pair category 5 UTP, half duplex mode": a medium of IEEE 802.3's list of MAU types, of up to 100 Mbit/s or more. */
const MEDIUM = /^(\d{1,5})Base/i;
const HALF = /half[ -]duplex|Base\w{0,4}HD\b/i;
const SLOW_MBPS = 100;

const port = check({
  id: 'nic.switch-port',
  area: 'nic',
  title: 'A switch whose port runs half duplex or slowly, as it tells over LLDP',
  about:
    'Over LLDP a switch tells how its end of the link runs. Half duplex is what is left where only one side negotiates; 100 Mbit/s and less ' +
    'mostly mean a cable of which a pair is broken.',
  needs: { neighbours: nicNeighbours },
  wants: { identities: nicIdentities },
  links: ['https://standards.ieee.org/ieee/802.1AB/6047/'],
  evaluate: ({ neighbours, identities }) =>
    [...new Set(neighbours.map((one) => one.interface))].flatMap((name): FindingDraft[] => {
      const one = switchOf(neighbours, name);
      const { medium = '', port: its } = one ?? {};
      const half = HALF.test(medium);
      const speed = Number(MEDIUM.exec(medium)?.[1] ?? Number.POSITIVE_INFINITY);
      if (!half && speed > SLOW_MBPS) return [];
      return [
        {
          severity: half ? 'warning' : 'info',
          title: half ? 'The switch’s port runs half duplex' : 'The switch’s port runs slowly',
          subject: nicSubject(name, identities),
          evidence: [`${(one && neighbourName(one)) ?? 'the switch'} ${its ?? ''}: ${medium.slice(0, 100)}`],
          remedy: {
            text: 'Let both sides negotiate; else replace the cable and try another port of the switch.',
            risk: 'connection',
          },
        },
      ];
    }),
});

/** Checks of this file. */
export const NIC_SWITCH_PORT_CHECKS: readonly Check[] = [port];
