/** Checks of bonds with LACP: whether somebody answers, and whether all members end up in the same aggregator. */

import { type Check, check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { bondFile, bondSubject, isUp, switchText } from './bond-subject.ts';
import { type Bond, isNobody, nicBonds } from './bonding.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicNeighbours } from './lldp/fact.ts';

const BONDING = 'https://docs.kernel.org/networking/bonding.html';

/**
 * By what nobody answers; undefined where somebody does. Without CAP_NET_ADMIN the kernel tells no partner, which is no silence; that no
 * aggregator is in use, or took a member, it tells everybody.
 */
function silence(bond: Bond): string | undefined {
  const { partnerAddress, noAggregator } = bond;
  if (partnerAddress !== undefined && !isNobody(partnerAddress)) return undefined;
  if (noAggregator) return `bond ${bond.name} has no active aggregator`;
  if (partnerAddress !== undefined) return `Partner Mac Address ${partnerAddress}`;
  const up = bond.members.filter(isUp);
  if (up.length === 0) return undefined;
  if (up.every(({ aggregator }) => aggregator === 'none')) return 'no aggregator took any of its members';
  return up.every((one) => one.partnerAddress !== undefined && isNobody(one.partnerAddress))
    ? `the partner of each member is ${up[0]?.partnerAddress}`
    : undefined;
}

/** Why nothing of LACP can be judged; undefined where one of the bonds uses it. */
function noLacp(bonds: readonly Bond[]): NotApplicable | undefined {
  return bonds.some(({ mode }) => mode === '802.3ad')
    ? undefined
    : new NotApplicable('no bond is known to use LACP');
}

const lacpPartner = check({
  id: 'nic.lacp-no-partner',
  area: 'nic',
  title: 'LACP without an answer',
  about:
    'The partner’s address is all zeros, or no aggregator is in use: nobody on the other side speaks LACP. The ports of the switch are in no port channel, or ' +
    'in one that is on without LACP. One port at most carries traffic.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities },
  links: [BONDING],
  evaluate: ({ bonds, identities }) =>
    noLacp(bonds) ??
    bonds.flatMap((bond): FindingDraft[] => {
      const why = silence(bond);
      // Of a bond whose members were cut off, none is known to be down.
      const works = bond.members.length === 0 ? bond.status === 'up' : bond.members.some(isUp);
      return bond.mode !== '802.3ad' || !works || why === undefined
        ? []
        : [
            {
              severity: 'critical',
              title: 'The switch does not speak LACP with a bond',
              subject: bondSubject(bond, identities),
              evidence: [`${bondFile(bond)}: ${why}`],
              remedy: {
                text: 'Put the switch’s ports into a port channel with LACP (mode active).',
                risk: 'connection',
              },
              explains: ['nic.lacp-aggregators'],
            },
          ];
    }),
});

const aggregators = check({
  id: 'nic.lacp-aggregators',
  area: 'nic',
  title: 'LACP members in different aggregators',
  about:
    'Only one aggregator carries traffic. Members in another one are up and idle: they go to another switch that is no pair with ' +
    'the first, to another port channel, or differ in speed.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities, neighbours: nicNeighbours },
  links: [BONDING],
  evaluate: ({ bonds, identities, neighbours }) =>
    noLacp(bonds) ??
    bonds.flatMap((bond): FindingDraft[] => {
      const up = bond.members.filter((member) => isUp(member) && member.aggregator !== undefined);
      // Where one member alone is up, what is in use tells that it is not.
      const active = up.length === 1 && bond.aggregator !== undefined ? [bond.aggregator] : [];
      const found = new Set([...up.map(({ aggregator }) => aggregator), ...active]);
      if (bond.mode !== '802.3ad' || found.size < 2) return [];
      const switches = up.map(({ name }) => switchText(neighbours, name));
      return [
        {
          severity: 'warning',
          title:
            up.length === 1
              ? 'The only member of an LACP bond that is up is outside the aggregator in use'
              : 'Members of an LACP bond are in different aggregators',
          subject: bondSubject(bond, identities),
          parameters: { aggregators: found.size },
          evidence: [
            `${bond.name} uses aggregator ${bond.aggregator ?? 'unknown'}: ${up.map(({ name, aggregator }) => `${name} in ${aggregator}`).join(', ')}`,
            ...(switches.some((one) => one !== '') ? [switches.filter((one) => one !== '').join('; ')] : []),
          ],
          remedy: {
            text: 'Put all members into the same port channel; across two switches they must be a pair (MLAG, vPC, stack).',
            risk: 'connection',
          },
          explains: ['nic.lacp-churn'],
        },
      ];
    }),
});

const churn = check({
  id: 'nic.lacp-churn',
  area: 'nic',
  title: 'LACP that cannot agree',
  about:
    'A member is "churned" when this side or the other has not come in sync within 60 s. Its port waits and carries nothing, ' +
    'although its link is up.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities },
  links: [BONDING],
  evaluate: ({ bonds, identities }) =>
    noLacp(bonds) ??
    bonds.flatMap((bond) =>
      // Where nobody answers, nic.lacp-no-partner tells of it.
      bond.mode !== '802.3ad' || silence(bond) !== undefined
        ? []
        : bond.members.filter(isUp).flatMap((member): FindingDraft[] => {
            const churned = [member.actorChurn, member.partnerChurn].includes('churned');
            const SYNC = 8;
            const unsynced =
              member.partnerState !== undefined &&
              !(member.partnerState & SYNC) &&
              !isNobody(member.partnerAddress);
            if (!churned && !unsynced) return [];
            return [
              {
                severity: 'warning',
                title: 'LACP does not agree on a member of a bond',
                subject: nicSubject(member.name, identities),
                parameters: {
                  bond: bond.name,
                  actor: member.actorChurn ?? 'unknown',
                  partner: member.partnerChurn ?? 'unknown',
                },
                evidence: [
                  `${bond.name}: ${member.name} actor ${member.actorChurn ?? '?'}, partner ${member.partnerChurn ?? '?'}` +
                    (member.partnerState === undefined
                      ? ''
                      : `, partner’s port state ${member.partnerState}`),
                ],
                remedy: {
                  text: 'See that the switch’s port is in the same port channel as the others and that its LACP is active.',
                  risk: 'connection',
                },
              },
            ];
          }),
    ),
});

const minLinks = check({
  id: 'nic.bond-min-links',
  area: 'nic',
  title: 'LACP bonds with fewer ports than they ask for',
  about:
    'min_links says with how few ports a bond is still up. With fewer it takes its carrier away, so that routes go another way.',
  needs: { bonds: nicBonds },
  wants: { identities: nicIdentities },
  evaluate: ({ bonds, identities }) =>
    noLacp(bonds) ??
    bonds.flatMap((bond): FindingDraft[] => {
      const { minLinks: least = 0, aggregatorPorts } = bond;
      if (bond.mode !== '802.3ad' || aggregatorPorts === undefined || least === 0 || aggregatorPorts >= least)
        return [];
      return [
        {
          severity: 'critical',
          title: 'A bond has fewer working ports than it asks for',
          subject: bondSubject(bond, identities),
          parameters: { ports: aggregatorPorts, minLinks: least },
          evidence: [`${bondFile(bond)}: Number of ports ${aggregatorPorts}, Min links ${least}`],
          remedy: { text: 'Bring the members back that are down.', risk: 'connection' },
        },
      ];
    }),
});

/** Checks of this file. */
export const NIC_LACP_CHECKS: readonly Check[] = [lacpPartner, aggregators, churn, minLinks];
