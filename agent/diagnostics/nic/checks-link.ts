/** Checks of links: whether they are up, stay up, and run as fast as both sides can. */

import { type Check, check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { past } from '../past.ts';
import { inTime } from '../quantities.ts';
import { nicBonds } from './bonding.ts';
import { countOf } from './counter-check.ts';
import { quantitiesOf } from './counters/counters.ts';
import { type LinkSettings, modeSpeed } from './ethtool/settings.ts';
import { nicCounters, nicDrivers, nicSettings } from './ethtool-facts.ts';
import { type Identity, nicIdentities, nicSubject, speedText } from './identity.ts';
import { type Interface, nicInterfaces } from './interfaces.ts';
import { askedFor, useOf } from './link-use.ts';
import { nicSpeeds } from './speeds.ts';
import { nicStack } from './stack.ts';
import { nicVlans } from './vlans.ts';

const HOUR_MS = 3_600_000;
const NO_DEVICE = new NotApplicable('this machine has no network device');
const ETHTOOL_STATES = 'https://docs.kernel.org/networking/ethtool-netlink.html#linkstate-get';

/** What to do about a link that is down, by the words of the driver's reason. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/no cable/i, 'Plug a cable or module in, or reseat it.'],
  [/unsupported cable|eeprom/i, 'Use a module that the NIC supports: its maker lists them.'],
  [/power budget/i, 'The module wants more power than the port gives: use another one.'],
  [/overheat/i, 'The module is too hot: see to the machine’s air flow.'],
  [/autoneg|no partner|training|hcd/i, 'Compare speed, autonegotiation and FEC with the switch’s port.'],
  [/bad signal|cable issue|physical errors|alos/i, 'Clean or replace cable and optics.'],
  [/fec/i, 'Set the same FEC on both sides: ethtool --show-fec IFACE.'],
  [/module/i, 'Reset the module: unplug it, or ethtool --set-module IFACE power-mode-policy high.'],
];

/** What to do about a link that is down, where the driver tells a reason that says it. */
function adviceOf(reason: string | undefined): string | undefined {
  return reason && REASONS.find(([pattern]) => pattern.test(reason))?.[1];
}

function noLink(
  one: Interface,
  reason: string | undefined,
  identities: ReadonlyMap<string, Identity> | undefined,
): FindingDraft {
  return {
    // One that is switched on is meant to be used; ethtool alone does not tell whether it is.
    severity: one.up && one.carrier === false ? 'warning' : 'info',
    certainty: 'likely',
    title: 'An interface has no link',
    subject: nicSubject(one.name, identities),
    parameters: { ...(reason ? { reason } : {}) },
    evidence: [
      `${one.name} has no carrier${reason ? `: ${reason}` : ''}`,
      'it is the only one that the capture tells of; whether it is in use is not told',
    ],
    remedy: {
      text:
        adviceOf(reason) ??
        'Look at cable, module and the switch’s port, and switch it on: ip link set IFACE up.',
      risk: 'connection',
    },
  };
}

const down = check({
  id: 'nic.link-down',
  area: 'nic',
  title: 'An interface that is in use has no link',
  about:
    'The interface is switched on and used (it has addresses or routes, or is part of a bond, bridge or VLAN), but sees no ' +
    'carrier. Interfaces that nobody uses are not reported: an empty socket is no trouble.',
  needs: { interfaces: nicInterfaces },
  wants: {
    settings: nicSettings,
    identities: nicIdentities,
    stack: nicStack,
    vlans: nicVlans,
    bonds: nicBonds,
    past,
  },
  links: [ETHTOOL_STATES],
  evaluate: ({ interfaces, settings, identities, stack, vlans, bonds, past: history }) => {
    const physical = interfaces.filter(({ kind }) => kind === 'physical');
    // A bond of which /proc/net/bonding tells is judged by its members.
    const alone = interfaces.filter(
      ({ name, kind }) => /^(?:bond|team)$/.test(kind) && !bonds?.some((bond) => bond.name === name),
    );
    const devices = [...physical, ...alone];
    if (devices.length === 0) return NO_DEVICE;
    // A bond switches its members on, and never lets go of one that has no link: of them ethtool's word is enough.
    const unlinked = new Set(
      bonds
        ?.flatMap(({ members }) => members)
        .filter(({ name }) => settings?.get(name)?.link === false)
        .map(({ name }) => name),
    );
    const on = devices.filter(({ up }) => up);
    if (on.length > 0 && unlinked.size === 0 && on.every(({ carrier }) => carrier === undefined))
      return new Skipped('whether it has a link is not known');
    const asked = askedFor(interfaces, (name) => settings?.get(name)?.link);
    if (asked && !unlinked.has(asked.name))
      return [noLink(asked, settings?.get(asked.name)?.linkReason, identities)];
    return devices.flatMap((one): FindingDraft[] => {
      const byTool = one.carrier === undefined && unlinked.has(one.name);
      if (!byTool && (!one.up || one.carrier !== false)) return [];
      const use = alone.includes(one)
        ? `it is a ${one.kind}: none of its members has a link`
        : useOf(one, { stack, vlans, bonds });
      if (use === undefined) return [];
      const reason = settings?.get(one.name)?.linkReason;
      const lastMs = history?.lastGrowth(`nic/${one.name}/carrier_changes`);
      // A member of a bond leaves the others to carry on.
      const redundant = bonds?.some(
        ({ members, status }) => status === 'up' && members.some(({ name }) => name === one.name),
      );
      return [
        {
          severity: redundant ? 'warning' : 'critical',
          title: 'An interface that is in use has no link',
          subject: nicSubject(one.name, identities),
          parameters: { ...(reason ? { reason } : {}) },
          evidence: [
            `${one.name} ${byTool ? 'has no link, as ethtool sees it' : 'is on and has no carrier'}${reason ? `: ${reason}` : ''}`,
            use,
            ...(one.carrierChanges === undefined
              ? []
              : [`the carrier came or went ${one.carrierChanges} times since the interface appeared`]),
          ],
          ...(lastMs === undefined ? {} : { lastMs }),
          remedy: {
            text:
              adviceOf(reason) ??
              'Look at cable, module and the switch’s port; switch the interface off where it is not meant to be used.',
            risk: 'connection',
          },
          explains: [
            'nic.bond-member-down',
            'nic.bond-one-member',
            'nic.no-default-route',
            'nic.transmit-drops',
          ],
        },
      ];
    });
  },
});

const flaps = check({
  id: 'nic.link-flaps',
  area: 'nic',
  title: 'A link that comes and goes',
  about:
    'carrier_changes counts how often the carrier came or went. A link that flaps loses packets each time, and a bond or routing ' +
    'protocol above it changes over each time. Judged by the last hour where the agent’s history has it, else by the ' +
    'changes since the interface appeared.',
  needs: { interfaces: nicInterfaces },
  wants: {
    identities: nicIdentities,
    past,
    bonds: nicBonds,
    counters: nicCounters,
    drivers: nicDrivers,
    settings: nicSettings,
  },
  thresholds: {
    perHour: countOf(
      4,
      'node-mixin NodeNetworkInterfaceFlapping (kube-prometheus): more than two changes in 2 min; two flaps an hour',
    ),
    criticalPerHour: countOf(60, 'chosen: one a minute'),
    ever: countOf(50, 'chosen, where there is no history: coming up after a boot makes two to six'),
  },
  evaluate: (
    { interfaces, identities, past: history, bonds, counters, drivers, settings },
    { perHour, criticalPerHour, ever },
  ) => {
    const devices = interfaces.filter(({ kind, up }) => kind === 'physical' && up);
    if (devices.length === 0) return NO_DEVICE;
    const told = devices.some(
      ({ name, carrierChanges }) =>
        carrierChanges !== undefined || counters?.has(name) || settings?.has(name),
    );
    if (!told && !bonds?.length) return new Skipped('how often the link went down is not known');
    return devices.flatMap((one): FindingDraft[] => {
      const hour = history?.growth(`nic/${one.name}/carrier_changes`, HOUR_MS);
      const failures =
        bonds?.flatMap(({ members }) => members).find(({ name }) => name === one.name)?.linkFailures ?? 0;
      // Drivers count how often the link went down; it came up again as often.
      const own = counters?.get(one.name);
      const driver = drivers?.get(one.name)?.driver ?? one.device?.driver;
      const counted = own && quantitiesOf(driver, own);
      const downs = counted?.get('linkDown');
      // The kernel's own count is of what lasted; a driver has an interrupt for less.
      const changes = one.carrierChanges === undefined ? counted?.get('linkChange') : undefined;
      const down = Math.max(downs?.value ?? 0, settings?.get(one.name)?.linkDownEvents ?? 0);
      const total = Math.max(one.carrierChanges ?? 0, 2 * failures, 2 * down, changes?.value ?? 0);
      const counter = [...(downs?.counters ?? []), ...(changes?.counters ?? [])][0];
      const recent = hour && hour.overMs >= 240_000 ? hour : undefined;
      const count = recent?.delta ?? total;
      if (count < (recent ? perHour : ever)) return [];
      const lastMs = history?.lastGrowth(`nic/${one.name}/carrier_changes`);
      return [
        {
          severity: recent && count >= criticalPerHour ? 'critical' : 'warning',
          certainty: recent ? 'certain' : 'likely',
          title: 'The link comes and goes',
          subject: nicSubject(one.name, identities),
          parameters: { changes: count },
          evidence: [
            recent
              ? `${one.name}: ${count} changes of the carrier in ${inTime(recent.overMs)}`
              : `${one.name}: ${total} changes of the carrier since the interface appeared${counter && !one.carrierChanges ? ` (${counter.name} ${counter.value})` : ''}`,
            ...(failures > 0 ? [`its bond counted ${failures} link failures`] : []),
          ],
          count,
          ...(lastMs === undefined ? {} : { lastMs }),
          remedy: {
            text: 'Replace cable or optic, then try another port; compare the times with the switch’s log: nodectl dmesg -g "Link is".',
            risk: 'connection',
          },
          explains: [
            'nic.crc-errors',
            'nic.symbol-errors',
            'nic.lacp-churn',
            'nic.bond-failures',
            'nic.carrier-errors',
            'log.nic-link*',
          ],
        },
      ];
    });
  },
});

/** The fastest of modes, in Mbit/s. */
function fastest(modes: readonly string[]): number {
  return Math.max(0, ...modes.map((mode) => modeSpeed(mode) ?? 0));
}

/** Whether nothing is told of what a port can do: an output of which somebody kept the lines below. "Not reported" is told. */
function isCut({ ports, supported, advertised }: LinkSettings): boolean {
  return (
    ports.length + supported.modes.length + advertised.modes.length === 0 &&
    (supported.pause ?? supported.autonegotiation) === undefined
  );
}

/** What is told of a link whose other side offers so little that nothing on this side can help. */
function offersLittle(subject: ReturnType<typeof nicSubject>, own: number, partner: number): FindingDraft {
  return {
    severity: 'info',
    title: 'The other side of a link offers a tenth of what the NIC can, or less',
    subject,
    parameters: { speedMbps: partner, possibleMbps: own },
    evidence: [
      `${subject.name} can ${speedText(own)}bit/s, and the other side told ${speedText(partner)}bit/s`,
    ],
    remedy: {
      text: 'See how the port of the switch is set; where it is set to more, replace the cable (all four pairs must be sound).',
      risk: 'connection',
    },
  };
}

const slow = check({
  id: 'nic.speed-low',
  area: 'nic',
  title: 'A link that runs slower than both sides can',
  about:
    'Where the other side tells what it can do, a link below the fastest mode that both have was negotiated down, most often for ' +
    'a damaged cable: 1 Gbit/s needs all four pairs, 100 Mbit/s two. Where it does not tell, 100 Mbit/s or less on a port for 1 ' +
    'Gbit/s and more is taken for the same; so it is, less surely, where a saved text does not tell what the port can do. A side that ' +
    'offers 100 Mbit/s at most to a port for more is told: some take back what a cable did not carry.',
  needs: { settings: nicSettings, interfaces: nicInterfaces },
  wants: { speeds: nicSpeeds, identities: nicIdentities },
  evaluate: ({ settings, interfaces, speeds, identities }) => {
    if (settings.size === 0) return NO_DEVICE;
    return interfaces.flatMap(({ name, carrier, kind }): FindingDraft[] => {
      const link = settings.get(name);
      const subject = nicSubject(name, identities);
      const speed = speeds?.get(name)?.speedMbps ?? link?.speedMbps;
      if (!link || speed === undefined || carrier === false || link.link === false) return [];
      // Half duplex has a finding of its own, which explains more.
      const cut = kind === 'physical' && speed <= 100 && link.duplex !== 'half' && isCut(link);
      // What a port offers it can.
      const own = cut ? 1_000 : fastest([...link.supported.modes, ...link.advertised.modes]);
      const partner = link.partner ? fastest(link.partner.modes) : 0;
      const common = partner > 0 ? Math.min(own, partner) : own >= 1_000 && speed <= 100 ? own : 0;
      if (common <= speed)
        return partner > 0 && own >= 1_000 && partner <= 100 ? [offersLittle(subject, own, partner)] : [];
      const limited = fastest(link.advertised.modes);
      const byUs = limited > 0 && limited < common;
      return [
        {
          // A limit that somebody set may be meant, a tenth of what both can hardly is.
          severity: byUs && speed * 10 > Math.min(common, 1_000) ? 'info' : 'warning',
          certainty: partner > 0 ? 'certain' : cut ? 'possible' : 'likely',
          title: byUs
            ? 'The link was limited to less than both sides can'
            : 'The link runs slower than both sides can',
          subject,
          parameters: { speedMbps: speed, ...(cut ? {} : { possibleMbps: common }) },
          evidence: [
            `${name} runs at ${speedText(speed)}bit/s and ${cut ? 'what it can was not saved; ports of today can 1 Gbit/s at least' : `can ${speedText(own)}bit/s`}`,
            ...(partner > 0 ? [`the other side told ${speedText(partner)}bit/s`] : []),
            ...(byUs ? [`this side offers ${speedText(limited)}bit/s at most`] : []),
          ],
          remedy: byUs
            ? { text: `Offer all modes: ethtool -s ${name} advertise, or autoneg on.`, risk: 'connection' }
            : {
                text: 'Replace the cable (all four pairs must be sound), then try another port of the switch.',
                risk: 'connection',
              },
          explains: ['nic.transmit-drops', 'nic.queue-drops', 'nic.bond-speeds-differ'],
        },
      ];
    });
  },
});

const half = check({
  id: 'nic.half-duplex',
  area: 'nic',
  title: 'A link that runs half duplex',
  about:
    'Half duplex means that only one side may send at a time. No switch of the last decades wants that: it is what is left when ' +
    'one side has autonegotiation off and the other falls back.',
  needs: { interfaces: nicInterfaces },
  wants: { settings: nicSettings, speeds: nicSpeeds, identities: nicIdentities },
  links: ['https://docs.kernel.org/networking/phy.html'],
  evaluate: ({ interfaces, settings, speeds, identities }) => {
    const devices = interfaces.filter(({ kind }) => kind === 'physical');
    if (devices.length === 0) return NO_DEVICE;
    if (!devices.some(({ name }) => settings?.has(name) || speeds?.get(name)?.duplex))
      return new Skipped('the mode of its link is not known');
    return devices.flatMap(({ name, carrier }): FindingDraft[] => {
      const link = settings?.get(name);
      const duplex = speeds?.get(name)?.duplex ?? link?.duplex;
      const known = speeds?.get(name)?.speedMbps ?? link?.speedMbps;
      if (duplex !== 'half' || carrier === false || link?.link === false || known === undefined) return [];
      return [
        {
          severity: 'warning',
          title: 'The link runs half duplex',
          subject: nicSubject(name, identities),
          parameters: { speedMbps: known },
          evidence: [
            `${name}: ${speedText(known)}bit/s, half duplex${link?.autonegotiation === undefined ? '' : `, autonegotiation ${link.autonegotiation ? 'on' : 'off'}`}`,
          ],
          remedy: {
            text: `Switch autonegotiation on, on both sides: ethtool -s ${name} autoneg on, and the port of the switch.`,
            risk: 'connection',
          },
          explains: [
            'nic.collisions',
            'nic.late-collisions',
            'nic.transmit-errors',
            'nic.crc-errors',
            'nic.alignment-errors',
            'nic.speed-low',
          ],
        },
      ];
    });
  },
});

const negotiation = check({
  id: 'nic.autonegotiation-off',
  area: 'nic',
  title: 'A copper link without autonegotiation',
  about:
    'Autonegotiation agrees on speed, duplex and flow control, and 1000BASE-T and faster copper cannot do without (IEEE 802.3 ' +
    'clause 40.5.1). Where it is off on one side alone, the other falls back to half duplex. Fibre and direct-attached cables do well without.',
  needs: { settings: nicSettings, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  evaluate: ({ settings, interfaces, identities }) => {
    if (settings.size === 0) return NO_DEVICE;
    return interfaces.flatMap(({ name, carrier }): FindingDraft[] => {
      const link = settings.get(name);
      const copper = link?.port === 'Twisted Pair' || link?.port === 'MII';
      if (
        !link ||
        !copper ||
        link.autonegotiation !== false ||
        link.supported.autonegotiation !== true ||
        carrier === false
      )
        return [];
      const partnerTells = link.partner?.autonegotiation === true;
      return [
        {
          severity: partnerTells || (link.speedMbps ?? 0) >= 1_000 ? 'warning' : 'info',
          title: 'Autonegotiation is off on a copper link',
          subject: nicSubject(name, identities),
          parameters: { ...(link.speedMbps === undefined ? {} : { speedMbps: link.speedMbps }) },
          evidence: [
            `${name}: autonegotiation off, ${link.speedMbps === undefined ? 'speed unknown' : `${speedText(link.speedMbps)}bit/s`}, ${link.duplex ?? 'unknown'} duplex`,
          ],
          remedy: {
            text: `ethtool -s ${name} autoneg on, and the same on the switch’s port.`,
            risk: 'connection',
          },
          explains: ['nic.half-duplex', 'nic.late-collisions', 'nic.alignment-errors'],
        },
      ];
    });
  },
});

/** Checks of this file. */
export const NIC_LINK_CHECKS: readonly Check[] = [down, flaps, slow, half, negotiation];
