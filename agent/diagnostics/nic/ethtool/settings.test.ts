/** The plain form of ethtool, as several versions and drivers print it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../../host/unavailable.ts';
import { modeSpeed, parseSettings } from './settings.ts';

test('a copper port: modes in several columns, a partner, and a message level that goes on in the next line', () => {
  const link = parseSettings(`Settings for eno1:
\tSupported ports: [ TP MII ]
\tSupported link modes:   10baseT/Half 10baseT/Full
\t                        100baseT/Half 100baseT/Full
\t                        1000baseT/Full
\tSupported pause frame use: Symmetric Receive-only
\tSupports auto-negotiation: Yes
\tSupported FEC modes: Not reported
\tAdvertised link modes:  10baseT/Half 10baseT/Full
\t                        1000baseT/Full
\tAdvertised pause frame use: No
\tAdvertised auto-negotiation: Yes
\tAdvertised FEC modes: Not reported
\tLink partner advertised link modes:  100baseT/Half 100baseT/Full
\tLink partner advertised pause frame use: Symmetric
\tLink partner advertised auto-negotiation: Yes
\tLink partner advertised FEC modes: Not reported
\tSpeed: 100Mb/s
\tDuplex: Half
\tAuto-negotiation: on
\tmaster-slave cfg: preferred slave
\tmaster-slave status: slave
\tPort: Twisted Pair
\tPHYAD: 1
\tTransceiver: internal
\tMDI-X: off (auto)
\tSupports Wake-on: pumbg
\tWake-on: g
        Current message level: 0x00000007 (7)
                               drv probe link
\tLink detected: yes
`);
  assert.deepEqual(link.ports, ['TP', 'MII']);
  assert.deepEqual(link.supported, {
    modes: ['10baseT/Half', '10baseT/Full', '100baseT/Half', '100baseT/Full', '1000baseT/Full'],
    fec: [],
    pause: 'Symmetric Receive-only',
    autonegotiation: true,
  });
  assert.deepEqual(link.partner?.modes, ['100baseT/Half', '100baseT/Full']);
  const { speedMbps, duplex, autonegotiation, port, mdix, masterSlave, masterSlaveConfig, wakeOn } = link;
  assert.deepEqual(
    { speedMbps, duplex, autonegotiation, port, mdix, masterSlave, masterSlaveConfig, wakeOn },
    {
      ...{ speedMbps: 100, duplex: 'half', autonegotiation: true, port: 'Twisted Pair', mdix: 'off (auto)' },
      ...{ masterSlave: 'slave', masterSlaveConfig: 'preferred slave', wakeOn: 'g' },
    },
  );
  assert.equal(link.link, true);
});

test('a link that is down says why; what is unknown is left out', () => {
  const link = parseSettings(`Settings for ens1f0np0:
\tSupported ports: [ Backplane ]
\tSupported link modes:   25000baseCR/Full
\t                        100000baseSR4/Full
\tSupported FEC modes: None\t RS\t BASER
\tAdvertised link modes:  Not reported
\tSpeed: Unknown!
\tLanes: 4
\tDuplex: Unknown! (255)
\tAuto-negotiation: on
\tPort: Direct Attach Copper
\tLink detected: no (Autoneg, No partner detected)
\tSQI: 5/7
\tLink Down Events: 3
`);
  assert.deepEqual(link, {
    ports: ['Backplane'],
    supported: { modes: ['25000baseCR/Full', '100000baseSR4/Full'], fec: ['None', 'RS', 'BASER'] },
    advertised: { modes: [], fec: [] },
    lanes: 4,
    autonegotiation: true,
    port: 'Direct Attach Copper',
    signalQuality: { value: 5, of: 7 },
    linkDownEvents: 3,
    link: false,
    linkReason: 'Autoneg, No partner detected',
  });
});

test('virtual interfaces say little, old versions say "Unknown! (65535)", and messages stand in between', () => {
  assert.deepEqual(parseSettings('Settings for tun0:\r\n\tLink detected: yes\r\n').link, true);
  const link = parseSettings(
    'Cannot get wake-on-lan settings: Operation not permitted\nSettings for eth0:\n' +
      '\tSpeed: Unknown! (65535)\n\tDuplex: Full\n\tPort: Other\n\tAuto-negotiation: off\n\tLink detected: no\n',
  );
  assert.equal(link.speedMbps, undefined);
  assert.equal(link.duplex, 'full');
  assert.equal(link.linkReason, undefined);
});

test('a second interface in the same output is another one', () => {
  const link = parseSettings('Settings for a:\n\tSpeed: 10000Mb/s\nSettings for b:\n\tDuplex: Half\n');
  assert.deepEqual([link.speedMbps, link.duplex], [10_000, undefined]);
});

test('speeds of modes', () => {
  assert.deepEqual(['25000baseCR/Full', '10baseT1L/Full', 'Autoneg'].map(modeSpeed), [25_000, 10, undefined]);
});

test('refusals are told apart', () => {
  const kindOf = (text: string) => {
    try {
      parseSettings(text);
    } catch (error) {
      return error instanceof Unavailable ? error.kind : 'thrown';
    }
    return 'read';
  };
  assert.equal(kindOf('Settings for vnet0:\nNo data available\n'), 'absent');
  assert.equal(kindOf('netlink error: No such device\n'), 'absent');
  assert.equal(kindOf('Cannot get device settings: Operation not permitted\n'), 'denied');
  assert.equal(
    kindOf('ethtool: bad command line argument(s)\nFor more information run ethtool -h\n'),
    'missing-tool',
  );
  assert.equal(kindOf('Cannot get device settings: Connection timed out\n'), 'timeout');
  for (const text of [
    'bash: ethtool: command not found\n',
    'sh: 1: ethtool: not found\n',
    'bash: /sbin/ethtool: No such file or directory\n',
  ]) {
    assert.equal(kindOf(text), 'missing-tool');
    assert.throws(() => parseSettings(text), /there was no ethtool/);
  }
  assert.equal(kindOf('<html>\n<body>\n'), 'nonsense');
  assert.equal(kindOf(''), 'absent');
});
