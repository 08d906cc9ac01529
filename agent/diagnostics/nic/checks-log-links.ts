/** The check of links that the kernel's log of a captured machine leaves down. */

import { type Check, check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { loggedLinks } from './log-links.ts';

const lost = check({
  id: 'nic.log-link-lost',
  area: 'nic',
  title: 'Links that the kernel’s log leaves down',
  about:
    'The last that the saved log says of the link of an interface is that it went down. The log does not tell whether somebody switched the ' +
    'interface off or pulled the cable. Interfaces whose state was saved too are judged by that.',
  needs: { links: loggedLinks },
  wants: { interfaces: nicInterfaces, identities: nicIdentities },
  evaluate: ({ links, interfaces, identities }) =>
    links.flatMap(({ name, up, wasUp, words }): FindingDraft[] => {
      const known = interfaces?.find((one) => one.name === name);
      if (up || known?.carrier !== undefined || known?.operstate !== undefined) return [];
      return [
        {
          // What was never up may be a port that nobody uses.
          severity: wasUp ? 'warning' : 'info',
          certainty: wasUp ? 'likely' : 'possible',
          title: wasUp ? 'A link went down and did not come back' : 'A link went down',
          subject: nicSubject(name, identities),
          evidence: [
            `the last that the log says of ${name} is “${words}”${wasUp ? '' : '; whether it was up before is not told'}`,
          ],
          remedy: {
            text: 'Look at cable, module and the switch’s port: ip link and ethtool tell how it stands now.',
            risk: 'connection',
          },
        },
      ];
    }),
});

/** Checks of this file. */
export const NIC_LOG_LINK_CHECKS: readonly Check[] = [lost];
