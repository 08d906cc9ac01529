/** The network of a simulated server: two ports of a ConnectX-5 in an LACP bond, each to a switch of its own. */

import type { MachineParts } from './memory-machine.ts';
import { nicOutputs } from './nic-outputs.ts';
import type { SimulatedServer } from './server.ts';

const FIRMWARE = '16.35.4030 (MT_0000000080)';
const OLD_FIRMWARE = '16.28.2006 (MT_0000000080)';
const PORTS = ['eth0', 'eth1'] as const;
/** CRC errors of a planted fault among the packets that were received. */
const CRC_ERRORS = 918_233;
const PACKETS = 48_112_903;
const BYTES = 31_208_113_872;
/** The same for each minute that the machine has run since it was made: what does not grow is no trouble of today. */
const CRC_ERRORS_A_MINUTE = 916;
const PACKETS_A_MINUTE = 48_000;
const BYTES_A_MINUTE = 31_000_000;

function mac(index: number, port: number): string {
  const node = (index + 1).toString(16).padStart(4, '0');
  return `02:00:5e:${node.slice(0, 2)}:${node.slice(2)}:0${port}`;
}

/** Text that does not stay the same, or does. */
type Text = string | (() => string);

/** Files and outputs. */
export function nicParts(server: SimulatedServer): MachineParts {
  const files = new Map<string, Text>();
  const links = new Map<string, string>();
  const tools = new Map<string, Text>();
  const sick = server.faults.includes('nic');
  const madeAt = Date.now();
  // By whole minutes, so that what is read together agrees.
  const minutes = () => Math.floor((Date.now() - madeAt) / 60_000);
  const none = () => 0;
  const broken = sick ? () => CRC_ERRORS + minutes() * CRC_ERRORS_A_MINUTE : none;
  const put = (path: string, value: string | number) => files.set(path, `${value}\n`);
  for (const [port, name] of PORTS.entries()) {
    const errors = port === 0 ? broken : none;
    const slot = `sys/devices/pci0000:3a/0000:3b:00.${port}`;
    const net = `${slot}/net/${name}`;
    links.set(`sys/class/net/${name}`, `../../${net.slice(4)}`);
    links.set(`${net}/device`, `../../../0000:3b:00.${port}`);
    links.set(`${net}/master`, '../../../../virtual/net/bond0');
    links.set(`${slot}/driver`, '../../../bus/pci/drivers/mlx5_core');
    for (const [file, value] of Object.entries({
      vendor: '0x15b3',
      device: '0x1017',
      subsystem_vendor: '0x15b3',
      subsystem_device: '0x0020',
      class: '0x020000',
      numa_node: 0,
      current_link_speed: '8.0 GT/s PCIe',
      max_link_speed: '8.0 GT/s PCIe',
      current_link_width: 8,
      max_link_width: 8,
    }))
      put(`${slot}/${file}`, value);
    interfaceFiles(files, net, {
      address: mac(server.index, 0),
      ifindex: 2 + port,
      speed: 25_000,
      errors,
      minutes,
    });
    ethtoolOutputs(tools, name, { port, firmware: sick ? OLD_FIRMWARE : FIRMWARE, errors, minutes });
  }
  const bond = 'sys/devices/virtual/net/bond0';
  links.set('sys/class/net/bond0', `../../${bond.slice(4)}`);
  interfaceFiles(files, bond, {
    address: mac(server.index, 0),
    ifindex: 4,
    speed: 50_000,
    errors: none,
    minutes,
  });
  files.set('proc/net/bonding/bond0', bonding(server.index));
  put(`${bond}/bonding/slaves`, PORTS.join(' '));
  put(`${bond}/bonding/mode`, '802.3ad 4');
  tools.set('ethtool -i bond0', 'driver: bonding\nversion: 6.1.0\nfirmware-version: 2\nbus-info: \n');
  const lo = 'sys/devices/virtual/net/lo';
  links.set('sys/class/net/lo', `../../${lo.slice(4)}`);
  interfaceFiles(files, lo, {
    address: '00:00:00:00:00:00',
    ifindex: 1,
    speed: undefined,
    errors: none,
    minutes,
  });
  put(`${lo}/type`, 772);
  put(`${lo}/operstate`, 'unknown');
  put(`${lo}/mtu`, 65_536);
  files.set('proc/net/dev', () => netDev(broken(), minutes()));
  tools.set('lldpcli -f json show neighbors details', lldp(server.rack));
  const more = nicOutputs(PORTS, String(2_000_000 + server.index));
  return {
    files: new Map([...more.files, ...files]),
    links,
    tools: new Map([...(more.tools ?? []), ...tools]),
  };
}

function interfaceFiles(
  files: Map<string, Text>,
  net: string,
  {
    address,
    ifindex,
    speed,
    errors,
    minutes,
  }: {
    address: string;
    ifindex: number;
    speed: number | undefined;
    errors: () => number;
    minutes: () => number;
  },
): void {
  const values: Record<string, string | number> = {
    ...{ address, ifindex, mtu: 1_500, type: 1, operstate: 'up', carrier: 1, carrier_changes: 2 },
    ...{ flags: '0x1003', tx_queue_len: 1_000, dev_id: '0x0', addr_assign_type: 0 },
    ...(speed === undefined ? {} : { speed, duplex: 'full' }),
    uevent: `INTERFACE=${net.slice(net.lastIndexOf('/') + 1)}`,
  };
  for (const [file, value] of Object.entries(values)) files.set(`${net}/${file}`, `${value}\n`);
  const statistics: Record<string, number | (() => number)> = {
    rx_packets: () => PACKETS + minutes() * PACKETS_A_MINUTE,
    rx_bytes: () => BYTES + minutes() * BYTES_A_MINUTE,
    ...{ tx_packets: 39_203_118, tx_bytes: 18_334_027_911 },
    ...{
      rx_errors: errors,
      rx_crc_errors: errors,
      tx_errors: 0,
      rx_dropped: 0,
      tx_dropped: 0,
      multicast: 4_120,
    },
    ...{ collisions: 0, rx_fifo_errors: 0, rx_frame_errors: 0, rx_length_errors: 0, rx_missed_errors: 0 },
    ...{ rx_over_errors: 0, rx_compressed: 0, rx_nohandler: 0, tx_aborted_errors: 0, tx_carrier_errors: 0 },
    ...{ tx_compressed: 0, tx_fifo_errors: 0, tx_heartbeat_errors: 0, tx_window_errors: 0 },
  };
  for (const [file, value] of Object.entries(statistics))
    files.set(`${net}/statistics/${file}`, typeof value === 'number' ? `${value}\n` : () => `${value()}\n`);
}

function ethtoolOutputs(
  tools: Map<string, Text>,
  name: string,
  {
    port,
    firmware,
    errors,
    minutes,
  }: { port: number; firmware: string; errors: () => number; minutes: () => number },
): void {
  tools.set(
    `ethtool -i ${name}`,
    [
      'driver: mlx5_core',
      'version: 6.1.0-56-amd64',
      `firmware-version: ${firmware}`,
      'expansion-rom-version: ',
      `bus-info: 0000:3b:00.${port}`,
      'supports-statistics: yes',
      'supports-test: yes',
      'supports-eeprom-access: no',
      'supports-register-dump: no',
      'supports-priv-flags: yes',
      '',
    ].join('\n'),
  );
  tools.set(
    `ethtool ${name}`,
    [
      `Settings for ${name}:`,
      '\tSupported ports: [ FIBRE ]',
      '\tSupported link modes:   1000baseKX/Full',
      '\t                        10000baseKR/Full',
      '\t                        25000baseCR/Full',
      '\tSupported pause frame use: Symmetric',
      '\tSupports auto-negotiation: Yes',
      '\tSupported FEC modes: None\t RS\t BASER',
      '\tAdvertised link modes:  1000baseKX/Full',
      '\t                        10000baseKR/Full',
      '\t                        25000baseCR/Full',
      '\tAdvertised pause frame use: Symmetric',
      '\tAdvertised auto-negotiation: Yes',
      '\tAdvertised FEC modes: RS',
      '\tSpeed: 25000Mb/s',
      '\tDuplex: Full',
      '\tAuto-negotiation: on',
      '\tPort: Direct Attach Copper',
      '\tPHYAD: 0',
      '\tTransceiver: internal',
      '\tSupports Wake-on: d',
      '\tWake-on: d',
      '\tLink detected: yes',
      '',
    ].join('\n'),
  );
  tools.set(`ethtool -S ${name}`, () => {
    const counters = {
      rx_packets: PACKETS + minutes() * PACKETS_A_MINUTE,
      rx_crc_errors_phy: errors(),
      ...{ rx_symbol_err_phy: 0, rx_out_of_buffer: 0, tx_discards_phy: 0, link_down_events_phy: 1 },
    };
    const rows = Object.entries(counters).map(([key, value]) => `     ${key}: ${value}`);
    return `NIC statistics:\n${rows.join('\n')}\n`;
  });
  const rings = 'RX:\t\t1024\nRX Mini:\tn/a\nRX Jumbo:\tn/a\nTX:\t\t1024\n';
  tools.set(
    `ethtool -g ${name}`,
    `Ring parameters for ${name}:\nPre-set maximums:\n${rings.replaceAll('1024', '8192')}Current hardware settings:\n${rings}\n`,
  );
  tools.set(
    `ethtool -a ${name}`,
    `Pause parameters for ${name}:\nAutonegotiate:\toff\nRX:\t\ton\nTX:\t\ton\n\n`,
  );
  tools.set(
    `ethtool -l ${name}`,
    `Channel parameters for ${name}:\nPre-set maximums:\nRX:\t\tn/a\nTX:\t\tn/a\nOther:\t\tn/a\nCombined:\t32\n` +
      'Current hardware settings:\nRX:\t\tn/a\nTX:\t\tn/a\nOther:\t\tn/a\nCombined:\t32\n\n',
  );
}

function bonding(index: number): string {
  const slaves = PORTS.map((name, port) =>
    [
      '',
      `Slave Interface: ${name}`,
      'MII Status: up',
      'Speed: 25000 Mbps',
      'Duplex: full',
      'Link Failure Count: 0',
      `Permanent HW addr: ${mac(index, port)}`,
      'Slave queue ID: 0',
      'Aggregator ID: 1',
      'Actor Churn State: none',
      'Partner Churn State: none',
      'Actor Churned Count: 0',
      'Partner Churned Count: 0',
    ].join('\n'),
  );
  return [
    'Ethernet Channel Bonding Driver: v6.1.0-56-amd64',
    '',
    'Bonding Mode: IEEE 802.3ad Dynamic link aggregation',
    'Transmit Hash Policy: layer3+4 (1)',
    'MII Status: up',
    'MII Polling Interval (ms): 100',
    'Up Delay (ms): 0',
    'Down Delay (ms): 0',
    'Peer Notification Delay (ms): 0',
    '',
    '802.3ad info',
    'LACP active: on',
    'LACP rate: slow',
    'Min links: 0',
    'Aggregator selection policy (ad_select): stable',
    'System priority: 65535',
    `System MAC address: ${mac(index, 0)}`,
    'Active Aggregator Info:',
    '\tAggregator ID: 1',
    '\tNumber of ports: 2',
    '\tActor Key: 21',
    '\tPartner Key: 1012',
    '\tPartner Mac Address: 02:00:5e:ff:00:01',
    ...slaves,
    '',
  ].join('\n');
}

function netDev(errors: number, minutes: number): string {
  const [bytes, packets] = [BYTES + minutes * BYTES_A_MINUTE, PACKETS + minutes * PACKETS_A_MINUTE];
  const row = (name: string, broken: number) =>
    `${name.padStart(6)}: ${bytes} ${packets} ${broken} 0 0 ${broken} 0 4120 18334027911 39203118 0 0 0 0 0 0`;
  return [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    row('lo', 0),
    row('eth0', errors),
    row('eth1', 0),
    row('bond0', 0),
    '',
  ].join('\n');
}

/** Neighbours as lldpcli prints them in JSON: each port goes to a switch of its own. */
function lldp(rack: string): string {
  const entries = PORTS.map((name, port) => {
    const system = `sw-${rack}${port + 1}`;
    const chassis = {
      [system]: {
        id: { type: 'mac', value: `02:00:5e:fe:00:0${port}` },
        descr: 'Arista Networks EOS version 4.30.4M running on an Arista Networks DCS-7050SX3-48YC8',
        'mgmt-ip': `192.0.2.${20 + port}`,
        capability: [{ type: 'Bridge', enabled: true }],
      },
    };
    const cable = { id: { type: 'ifname', value: 'Ethernet7' }, descr: 'servers', ttl: '120' };
    return { [name]: { via: 'LLDP', rid: '1', age: '12 days, 03:14:15', chassis, port: cable } };
  });
  return `${JSON.stringify({ lldp: { interface: entries } }, null, 2)}\n`;
}
