/** Checks of bonds: whether all members work, and whether the bond protects from what it should. */

import { type Check, check, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { bondFile, bondSubject, isUp, switchText } from './bond-subject.ts';
import { nicBonds } from './bonding.ts';
import { countOf } from './counter-check.ts';
import { nicIdentities, nicSubject, speedText } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { nicNeighbours } from './lldp/fact.ts';
import { type Neighbour, neighbourName, switchOf } from './lldp/neighbour.ts';

const BONDING = 'https://docs.kernel.org/networking/bonding.html';

const memberDown = check({
  id: 'nic.bond-member-down',
  area: 'nic',
  title: 'Bonds of which a member is down',
  about:
    'The bond carries on with the others, with less bandwidth and less or no protection. Where all are down it is critical.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities, interfaces: nicInterfaces },
  links: [BONDING],
  evaluate: ({ bonds, identities, interfaces }) =>
    bonds.flatMap((bond): FindingDraft[] => {
      const down = bond.members.filter((member) => !isUp(member) && member.status !== 'unknown');
      if (down.length === 0) return [];
      // A bond that is switched off has nothing up, and nobody minds.
      if (interfaces?.find(({ name }) => name === bond.name)?.up === false) return [];
      const none = down.length === bond.members.length && (!bond.partial || bond.status === 'down');
      return [
        {
          severity: none ? 'critical' : 'warning',
          title: none ? 'No member of a bond has a link' : 'A member of a bond is down',
          subject: none ? bondSubject(bond, identities) : nicSubject(down[0]?.name ?? bond.name, identities),
          parameters: {
            bond: bond.name,
            down: down.map(({ name }) => name).join(', '),
            members: bond.members.length,
          },
          evidence: [
            `${bondFile(bond)}: ${down.map(({ name, status }) => `${name} ${status}`).join(', ')}; ${bond.members.length - down.length} of ${bond.members.length} up`,
          ],
          remedy: {
            text: 'Look at cable, module and switch port of the member that is down: nodectl nic IFACE -n NODE.',
            risk: 'connection',
          },
          explains: [
            'nic.bond-failures',
            'nic.lacp-aggregators',
            ...(none ? ['nic.no-default-route', 'nic.lacp-no-partner'] : []),
          ],
        },
      ];
    }),
});

const oneMember = check({
  id: 'nic.bond-one-member',
  area: 'nic',
  title: 'Bonds with one member or none',
  about:
    'A bond of one protects from nothing. The second port was never added, or was lost when an interface changed its name.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities },
  evaluate: ({ bonds, identities }) =>
    bonds.flatMap((bond): FindingDraft[] =>
      // Of an excerpt that ends above its members, the aggregator tells that there are some.
      bond.partial ||
      bond.members.length > 1 ||
      (bond.members.length === 0 && (bond.aggregatorPorts ?? 0) > 0)
        ? []
        : [
            {
              severity: bond.members.length === 0 ? 'warning' : 'info',
              title: bond.members.length === 0 ? 'A bond has no members' : 'A bond has one member only',
              subject: bondSubject(bond, identities),
              evidence: [
                `${bond.name} (${bond.modeText}): ${bond.members.map(({ name }) => name).join(', ') || 'no members'}`,
              ],
              remedy: { text: 'Add the second port, or see whether its name changed.', risk: 'connection' },
            },
          ],
    ),
});

const speeds = check({
  id: 'nic.bond-speeds-differ',
  area: 'nic',
  title: 'Bonds whose members differ in speed or duplex',
  about:
    'LACP aggregates ports of the same speed only; other modes send as much to the slow member as to the fast one.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities },
  links: [BONDING],
  evaluate: ({ bonds, identities }) =>
    bonds.flatMap((bond): FindingDraft[] => {
      const up = bond.members.filter((member) => isUp(member) && member.speedMbps !== undefined);
      const found = new Set(
        up.map(({ speedMbps, duplex }) => `${speedText(speedMbps ?? 0)} ${duplex ?? ''}`.trim()),
      );
      if (found.size < 2) return [];
      return [
        {
          severity: bond.mode === 'active-backup' ? 'info' : 'warning',
          title: 'Members of a bond differ in speed or duplex',
          subject: bondSubject(bond, identities),
          parameters: { speeds: [...found].join(', ') },
          evidence: [
            `${bond.name}: ${up.map(({ name, speedMbps, duplex }) => `${name} ${speedText(speedMbps ?? 0)} ${duplex ?? ''}`).join(', ')}`,
          ],
          remedy: { text: 'Set all members and their switch ports to the same speed.', risk: 'connection' },
          explains: ['nic.lacp-aggregators'],
        },
      ];
    }),
});

const oneSwitch = check({
  id: 'nic.bond-one-switch',
  area: 'nic',
  title: 'Bonds of which all members go to one switch',
  about:
    'Two cables to one switch protect from a broken cable, not from a broken switch or its upgrade. Told by LLDP; a pair of switches that shows as one is not told apart.',
  needs: { bonds: nicBonds, neighbours: nicNeighbours },
  wants: { identities: nicIdentities },
  evaluate: ({ bonds, neighbours, identities }) =>
    bonds.flatMap((bond): FindingDraft[] => {
      const found = bond.members.map(({ name }) => switchOf(neighbours, name));
      const known = found.filter((one) => one !== undefined);
      if (bond.members.length < 2 || known.length < bond.members.length) return [];
      if (new Set(known.map((one) => one.chassisId ?? neighbourName(one))).size > 1) return [];
      return [
        {
          severity: 'info',
          certainty: 'likely',
          title: 'All members of a bond go to one switch',
          subject: bondSubject(bond, identities),
          parameters: { switch: neighbourName(known[0] as Neighbour) ?? '' },
          evidence: [bond.members.map(({ name }) => switchText(neighbours, name)).join('; ')],
          remedy: {
            text: 'Where the switch is meant to be redundant, cable one member to another switch.',
            risk: 'connection',
          },
        },
      ];
    }),
});

const unwatched = check({
  id: 'nic.bond-unwatched',
  area: 'nic',
  title: 'Bonds that do not watch their links',
  about:
    'With a polling interval of 0 and no ARP monitoring a bond never notices that a member lost its link, and keeps sending into it.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities },
  links: [BONDING],
  evaluate: ({ bonds, identities }) =>
    (bonds.every(({ pollingMs }) => pollingMs === undefined)
      ? new Skipped('how the bond watches its links was not captured')
      : undefined) ??
    bonds.flatMap((bond): FindingDraft[] =>
      bond.pollingMs !== 0 || (bond.arpIntervalMs ?? 0) > 0
        ? []
        : [
            {
              severity: 'warning',
              title: 'A bond does not watch its links',
              subject: bondSubject(bond, identities),
              evidence: [`${bondFile(bond)}: MII Polling Interval (ms): 0, no ARP monitoring`],
              remedy: { text: 'Set miimon=100 in the bond’s configuration.', risk: 'connection' },
            },
          ],
    ),
});

const failures = check({
  id: 'nic.bond-failures',
  area: 'nic',
  title: 'Bonds whose members failed often',
  about:
    'The bond counts how often each member lost its link since it was added. One that failed much more often than the others has a bad cable or port.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities },
  thresholds: {
    least: countOf(10, 'chosen: maintenance of switches makes a few a year'),
    many: countOf(1_000, 'chosen: one each day makes that in three years, which few bonds are kept'),
  },
  evaluate: ({ bonds, identities }, { least, many }) =>
    bonds.flatMap((bond) =>
      bond.members.flatMap((member): FindingDraft[] => {
        const count = member.linkFailures ?? 0;
        if (count < least) return [];
        return [
          {
            severity: count >= many ? 'warning' : 'info',
            title: 'A member of a bond failed often',
            subject: nicSubject(member.name, identities),
            parameters: { bond: bond.name, failures: count },
            evidence: [
              `${bondFile(bond)}: ${bond.members.map((one) => `${one.name} ${one.linkFailures ?? 0}`).join(', ')} link failures`,
            ],
            count,
            remedy: { text: 'See nic.link-flaps; replace its cable or optic.', risk: 'connection' },
          },
        ];
      }),
    ),
});

/** Checks of this file. */
export const NIC_BOND_CHECKS: readonly Check[] = [
  memberDown,
  oneMember,
  speeds,
  oneSwitch,
  unwatched,
  failures,
];
