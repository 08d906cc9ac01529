/** Links as systemd-networkd tells of them on a captured machine: `networkctl` and `networkctl status` (systemd 219 to 258). */

import { Unavailable } from '../../host/unavailable.ts';
import { type Check, check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { notSaved } from '../required.ts';

/** A link. What is not told is empty. */
interface NetworkdLink {
  readonly name: string;
  readonly type: string;
  /** "routable", "degraded-carrier", "no-carrier". */
  readonly state: string;
  /** "configured", "configuring", "failed", "unmanaged". */
  readonly setup: string;
  readonly master: string;
}

const MAX_ROWS = 20_000;
const ROW = /^\s*(?:[●○×*] )?\d{1,9} ([\w.@:-]{1,32})\s+([a-z-]{2,20})\s+([a-z-]{3,20})\s+([a-z-]{3,20})\s*$/;

function parse(text: string): NetworkdLink[] {
  const links: { -readonly [K in keyof NetworkdLink]: NetworkdLink[K] }[] = [];
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 300);
    const [, listed, type = '', state = '', setup = ''] = ROW.exec(row) ?? [];
    if (listed !== undefined) links.push({ name: listed, type, state, setup, master: '' });
    const name = /^\s*[●○×*] \d{1,9}: ([\w.@:-]{1,32})\s*$/.exec(row)?.[1];
    if (name !== undefined) links.push({ name, type: '', state: '', setup: '', master: '' });
    const one = links.at(-1);
    const [, key, value = ''] = /^\s+(Type|State|Master): (\S.{0,80}?)\s*$/.exec(row) ?? [];
    if (!one || key === undefined) continue;
    if (key === 'Type') one.type = value;
    else if (key === 'Master') one.master = value;
    else [, one.state = '', one.setup = ''] = /^([\w-]+)(?: \(([\w-]+)\))?/.exec(value) ?? [];
  }
  return links;
}

const networkd = fact({
  id: 'nic.networkd',
  reads: ['networkctl, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly NetworkdLink[] => {
    if (machine.live) throw new Unavailable('absent', 'networkctl is read of captured machines only');
    const outputs = machine.saved?.('networkctl') ?? [];
    const links = outputs.flatMap(({ words, text }) => (words.includes('lldp') ? [] : parse(text)));
    if (links.length === 0) throw notSaved(machine, ['networkctl']);
    return links;
  },
});

const link = check({
  id: 'nic.networkd-link',
  area: 'nic',
  title: 'Links that systemd-networkd tells a trouble of',
  about:
    'A bond whose state is degraded-carrier has a member without a link; a link whose setup failed has not what its .network file says. ' +
    'That a link has no carrier, or is degraded since it has no address, is none: a free port, or one of a bridge.',
  needs: { links: networkd },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/networkctl.html'],
  evaluate: ({ links }) => {
    const bonds = links.filter(({ type }) => /^(?:bond|team)$/.test(type));
    const lame = bonds.flatMap(({ name, state }): FindingDraft[] => {
      const without = links.filter((one) => one.master === name && /^(?:no-carrier|off)$/.test(one.state));
      if (state !== 'degraded-carrier' && state !== 'no-carrier' && without.length === 0) return [];
      return [
        {
          severity: 'warning',
          title: 'A bond has members without a link',
          subject: { kind: 'nic', name },
          evidence: [
            `${name} is ${state || 'of no told state'}${without.length > 0 ? `: ${without.map((one) => `${one.name} ${one.state}`).join(', ')}` : ''}`,
          ],
          remedy: {
            text: 'See the cables and ports of its members: cat /proc/net/bonding/BOND, ethtool MEMBER.',
            risk: 'none',
          },
        },
      ];
    });
    const failed = links
      .filter(({ setup }) => setup === 'failed')
      .map(
        ({ name, state }): FindingDraft => ({
          severity: 'warning',
          title: 'systemd-networkd could not configure a link',
          subject: { kind: 'nic', name },
          evidence: [`${name} is ${state || 'of no told state'} (failed)`],
          remedy: { text: 'journalctl -u systemd-networkd says why.', risk: 'none' },
        }),
      );
    const once = new Map([...lame, ...failed].map((one) => [`${one.title} ${one.subject?.name}`, one]));
    return [...once.values()];
  },
});

/** Checks of this file. */
export const NIC_NETWORKD_CHECKS: readonly Check[] = [link];
