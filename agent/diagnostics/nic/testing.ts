/** For tests of NICs: machines of a few made-up interfaces, healthy in everything that is not said. */

import type { Parts } from '../testing.ts';

/** A made-up interface with a device. What is left out is healthy. */
export interface FakeNic {
  readonly driver?: string;
  readonly speed?: number;
  readonly duplex?: 'full' | 'half';
  readonly up?: boolean;
  readonly carrier?: boolean;
  readonly changes?: number;
  readonly mtu?: number;
  readonly queueLength?: number;
  readonly master?: string;
  readonly address?: string;
  readonly nameAssignment?: number;
  readonly statistics?: Readonly<Record<string, number>>;
  /** Files of the PCI function, over the usual ones. */
  readonly pci?: Readonly<Record<string, string | number>>;
  /** Outputs of ethtool by option, the plain form under ""; undefined has it refuse. */
  readonly ethtool?: Readonly<Record<string, string | undefined>>;
}

const REFUSAL = 'netlink error: Operation not supported\n';

/** `ethtool IFACE` of a copper port of 1 Gbit/s. */
export const COPPER = `Settings for IFACE:
\tSupported ports: [ TP ]
\tSupported link modes:   10baseT/Half 10baseT/Full
\t                        100baseT/Half 100baseT/Full
\t                        1000baseT/Full
\tSupports auto-negotiation: Yes
\tAdvertised link modes:  10baseT/Half 10baseT/Full
\t                        100baseT/Half 100baseT/Full
\t                        1000baseT/Full
\tAdvertised auto-negotiation: Yes
\tSpeed: 1000Mb/s
\tDuplex: Full
\tAuto-negotiation: on
\tPort: Twisted Pair
\tLink detected: yes
`;

/** `ethtool IFACE` of an optical port of 25 Gbit/s. */
export const FIBRE = `Settings for IFACE:
\tSupported ports: [ FIBRE ]
\tSupported link modes:   10000baseSR/Full
\t                        25000baseSR/Full
\tSupports auto-negotiation: Yes
\tAdvertised link modes:  25000baseSR/Full
\tSpeed: 25000Mb/s
\tDuplex: Full
\tAuto-negotiation: off
\tPort: FIBRE
\tLink detected: yes
`;

const FEATURES =
  'Features for IFACE:\nrx-checksumming: on\ntx-checksumming: on\n\ttx-checksum-ip-generic: on\nscatter-gather: on\ntcp-segmentation-offload: on\n' +
  '\ttx-tcp-segmentation: on\ngeneric-receive-offload: on\nlarge-receive-offload: off [fixed]\nreceive-hashing: on\n';

const halves = (maximum: string, current: string) =>
  `Parameters for IFACE:\nPre-set maximums:\n${maximum}Current hardware settings:\n${current}`;

const ETHTOOL: Readonly<Record<string, string>> = {
  '': FIBRE,
  '-S': 'NIC statistics:\n     rx_packets: 1\n',
  '-g': halves('RX:\t\t4096\nTX:\t\t4096\n', 'RX:\t\t4096\nTX:\t\t4096\n'),
  '-l': halves('Combined:\t8\n', 'Combined:\t8\n'),
  '-k': FEATURES,
  '-a': 'Pause parameters for IFACE:\nAutonegotiate:\toff\nRX:\t\ton\nTX:\t\ton\n',
  '--show-fec': 'FEC parameters for IFACE:\nConfigured FEC encodings: RS\nActive FEC encoding: RS\n',
  '--show-eee': 'EEE settings for IFACE:\n\tEEE status: not supported\n',
};

const OPTIONS = [...Object.keys(ETHTOOL), '-m', '-c', '-T', '-x', '--show-priv-flags'];

function put(
  parts: { files: Record<string, string> },
  folder: string,
  values: Readonly<Record<string, string | number>>,
): void {
  for (const [name, value] of Object.entries(values)) parts.files[`${folder}/${name}`] = `${value}\n`;
}

/** A machine of these interfaces, and further files, links and outputs over theirs. */
export function nicMachine(nics: Readonly<Record<string, FakeNic>>, more: Parts = {}): Parts {
  const parts = {
    files: {} as Record<string, string>,
    links: {} as Record<string, string>,
    tools: {} as Record<string, string>,
  };
  parts.files['proc/net/dev'] = 'Inter-|\n face |\n';
  for (const [at, [name, nic]] of Object.entries(nics).entries()) {
    const { driver = 'ixgbe', speed = 25_000, duplex = 'full', up = true, carrier = true } = nic;
    const slot = `sys/devices/pci0000:00/0000:00:0${at + 1}.0/0000:0${at + 1}:00.0`;
    const folder = `${slot}/net/${name}`;
    parts.links[`sys/class/net/${name}`] = `../../${folder.slice(4)}`;
    parts.links[`${folder}/device`] = `../../../0000:0${at + 1}:00.0`;
    parts.links[`${slot}/driver`] = `../../../../bus/pci/drivers/${driver}`;
    if (nic.master) parts.links[`${folder}/master`] = `../../../../../virtual/net/${nic.master}`;
    put(parts, slot, {
      ...{
        vendor: '0x8086',
        device: '0x158b',
        subsystem_vendor: '0x8086',
        subsystem_device: '0x0002',
        numa_node: 0,
      },
      ...{
        current_link_speed: '8.0 GT/s PCIe',
        max_link_speed: '8.0 GT/s PCIe',
        current_link_width: 8,
        max_link_width: 8,
      },
      ...nic.pci,
    });
    put(parts, folder, {
      ...{
        ifindex: at + 2,
        type: 1,
        flags: up ? '0x1003' : '0x1002',
        operstate: carrier ? 'up' : 'down',
        mtu: nic.mtu ?? 1_500,
      },
      ...{ address: nic.address ?? `02:00:5e:00:00:0${at + 1}`, carrier_changes: nic.changes ?? 2 },
      ...{ tx_queue_len: nic.queueLength ?? 1_000, name_assign_type: nic.nameAssignment ?? 4 },
      ...(up ? { carrier: carrier ? 1 : 0, ...(carrier ? { speed, duplex } : {}) } : {}),
    });
    put(parts, `${folder}/statistics`, {
      rx_packets: 1_000_000,
      tx_packets: 1_000_000,
      rx_bytes: 1e9,
      tx_bytes: 1e9,
      ...nic.statistics,
    });
    parts.tools[`ethtool -i ${name}`] =
      `driver: ${driver}\nversion: 6.1.0\nfirmware-version: 8.15\nbus-info: 0000:0${at + 1}:00.0\n`;
    for (const option of OPTIONS) {
      const own = nic.ethtool && option in nic.ethtool ? nic.ethtool[option] : ETHTOOL[option];
      parts.tools[`ethtool ${option} ${name}`.replace('  ', ' ')] = (own ?? REFUSAL).replaceAll(
        'IFACE',
        name,
      );
    }
  }
  return {
    files: { ...parts.files, ...more.files },
    links: { ...parts.links, ...more.links },
    tools: { ...parts.tools, ...more.tools },
  };
}

/** `ethtool -S` with these counters. */
export function counters(values: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  const rows = Object.entries({ rx_packets: 1, ...values }).map(([name, value]) => `     ${name}: ${value}`);
  return { '-S': `NIC statistics:\n${rows.join('\n')}\n` };
}

/** A file of /proc/net/bonding: the heading's lines, and each member's. */
export function bonding(
  mode: string,
  heading: readonly string[],
  members: Readonly<Record<string, readonly string[]>>,
): string {
  return [
    'Ethernet Channel Bonding Driver: v6.1.0',
    '',
    `Bonding Mode: ${mode}`,
    ...heading,
    ...Object.entries(members).flatMap(([name, rows]) => ['', `Slave Interface: ${name}`, ...rows]),
    '',
  ].join('\n');
}
