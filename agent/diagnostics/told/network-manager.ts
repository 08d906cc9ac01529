/** Devices as NetworkManager tells of them on a captured machine: `nmcli device` (0.9 to 1.50). */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** A row of `nmcli device`. */
interface Device {
  readonly name: string;
  readonly type: string;
  /** "connected", "connecting (getting IP configuration)", "unavailable" (of an Ethernet port: it has no carrier). */
  readonly state: string;
  readonly row: string;
}

/** Types and states of src/libnmc-base/nm-client-utils.c. */
const ROW =
  /^\s*([\w.@:-]{1,32})\s+(ethernet|802-3-ethernet|bond|team|vlan|bridge|infiniband|wifi|loopback|tun|dummy|veth|macvlan|vxlan|ip-tunnel|wireguard|ovs-\w{1,10})\s+(connected(?: \([a-z -]{3,20}\))?|connecting \([A-Za-z ,-]{3,40}\)|disconnected|unavailable|unmanaged|deactivating|connection failed)(?:\s|$)/;
const HEAD = /^DEVICE\s+TYPE\s+STATE\b/;

function parse(text: string): readonly Device[] | undefined {
  const rows = rowsOf(text);
  const found = rows.flatMap((row): Device[] => {
    const [, name = '', type = '', state = ''] = ROW.exec(row) ?? [];
    return name === '' ? [] : [{ name, type, state, row: row.trim().replace(/\s{2,}/g, '  ') }];
  });
  return found.length > 0 || rows.some((row) => HEAD.test(row)) ? found : undefined;
}

const devices = fact({
  id: 'nic.network-manager',
  reads: ['nmcli device, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => readEach(machine, ['nmcli'], parse, 'it tells of no state of a device'),
});

/** The check of devices that NetworkManager did not bring up. */
export const NETWORK_MANAGER_CHECK = check({
  id: 'nic.network-manager',
  area: 'nic',
  title: 'Devices that NetworkManager did not bring up',
  about:
    'A connection that failed, or that still waits for its address (DHCP does not answer). That a port is unavailable, which for Ethernet means ' +
    'without a carrier, is told as an info where no port of the machine is connected: others are free.',
  needs: { devices },
  links: ['https://networkmanager.dev/docs/api/latest/nmcli.html'],
  evaluate: ({ devices: all }): FindingDraft[] => {
    const each = all.flat();
    const wired = each.filter(({ type }) => /ethernet|^(?:bond|team|infiniband)$/.test(type));
    const none = !wired.some(({ state }) => state.startsWith('connected'));
    return [...new Map(each.map((one) => [one.name, one])).values()].flatMap((one): FindingDraft[] => {
      const failed = one.state === 'connection failed';
      const waits = one.state.startsWith('connecting');
      const dead = one.state === 'unavailable' && none && wired.includes(one);
      if (!failed && !waits && !dead) return [];
      return [
        {
          severity: dead ? 'info' : 'warning',
          title: dead
            ? 'No wired port is connected, and this one has no carrier'
            : failed
              ? 'NetworkManager could not bring up a connection'
              : 'NetworkManager waits for a connection to come up',
          subject: { kind: 'nic', name: one.name },
          evidence: [one.row.slice(0, 200)],
          remedy: {
            text: 'See journalctl -u NetworkManager: whether a DHCP server answers, the VLAN is right, and the cable has a link.',
            risk: 'none',
          },
        },
      ];
    });
  },
});
