/** What lldpd, lldpad and networkd print of neighbours, in each of their shapes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../../host/unavailable.ts';
import { parseLldpdJson } from './lldpd-json.ts';
import { parseLldpdKeyValue, parseLldpdText } from './lldpd-text.ts';
import { json0OfXml } from './lldpd-xml.ts';
import { neighbourName, switchOf } from './neighbour.ts';
import { parseLldptool, parseNetworkd } from './others.ts';

const EXPECTED = {
  interface: 'eth0',
  protocol: 'LLDP',
  system: 'sw-a1',
  chassisId: '00:1c:73:00:00:01',
  description: 'Arista Networks EOS version 4.30.4M',
  managementAddresses: ['192.0.2.1', '2001:db8::1'],
  capabilities: ['Bridge'],
  port: 'Ethernet7',
  portDescription: 'server 7',
  maxFrame: 9236,
  medium: '10GBaseLR',
  autonegotiation: false,
  vlans: [
    { id: 100, name: 'prod', untagged: true },
    { id: 200, untagged: false },
  ],
};

const port = {
  id: { type: 'ifname', value: 'Ethernet7' },
  descr: 'server 7',
  ttl: '120',
  mfs: '9236',
  'auto-negotiation': { supported: false, enabled: false, current: '10GBaseLR' },
};
const inner = {
  id: { type: 'mac', value: '00:1c:73:00:00:01' },
  descr: 'Arista Networks EOS version 4.30.4M',
  'mgmt-ip': ['192.0.2.1', '2001:db8::1'],
  capability: [
    { type: 'Bridge', enabled: true },
    { type: 'Router', enabled: false },
  ],
};
const vlan = [
  { 'vlan-id': '100', pvid: true, value: 'prod' },
  { 'vlan-id': '200', pvid: false },
];

test('json: names as keys; one interface alone, several, two neighbours on one', () => {
  const entry = { via: 'LLDP', rid: '1', age: '1 day, 00:00:01', chassis: { 'sw-a1': inner }, port, vlan };
  const alone = JSON.stringify({ lldp: { interface: { eth0: entry } } });
  assert.deepEqual(parseLldpdJson(alone), [EXPECTED]);
  const several = JSON.stringify({
    lldp: { interface: [{ eth0: entry }, { eth1: entry }, { eth0: entry }] },
  });
  assert.deepEqual(
    parseLldpdJson(several).map((one) => one.interface),
    ['eth0', 'eth1', 'eth0'],
  );
  const unnamed = { lldp: { interface: { eth0: { via: 'LLDP', chassis: inner, port, vlan: vlan[1] } } } };
  const [one] = parseLldpdJson(JSON.stringify(unnamed));
  assert.deepEqual(
    [one?.system, one && neighbourName(one), one?.vlans.length],
    [undefined, '00:1c:73:00:00:01', 1],
  );
});

test('json0: a list and an object around everything', () => {
  const text = JSON.stringify({
    lldp: [
      {
        interface: [
          {
            ...{ name: 'eth0', via: 'LLDP', rid: '1', age: '0 day, 00:01:02' },
            chassis: [
              {
                id: [{ type: 'mac', value: '00:1c:73:00:00:01' }],
                name: [{ value: 'sw-a1' }],
                descr: [{ value: 'Arista Networks EOS version 4.30.4M' }],
                'mgmt-ip': [{ value: '192.0.2.1' }, { value: '2001:db8::1' }],
                capability: [{ type: 'Bridge', enabled: true }],
              },
            ],
            port: [
              {
                id: [{ type: 'ifname', value: 'Ethernet7' }],
                descr: [{ value: 'server 7' }],
                mfs: [{ value: '9236' }],
                'auto-negotiation': [{ supported: false, enabled: false, current: [{ value: '10GBaseLR' }] }],
              },
            ],
            vlan: [
              { 'vlan-id': '100', pvid: true, value: 'prod' },
              { 'vlan-id': '200', pvid: false },
            ],
          },
        ],
      },
    ],
  });
  assert.deepEqual(parseLldpdJson(text), [EXPECTED]);
});

test('XML, with entities and what has no text', () => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<lldp label="LLDP neighbors">
 <interface label="Interface" name="eth0" via="LLDP" rid="1" age="0 day, 00:01:02">
  <chassis label="Chassis">
   <id label="ChassisID" type="mac">00:1c:73:00:00:01</id>
   <name label="SysName">sw-a1</name>
   <descr label="SysDescr">Maker OS &lt;9.3&gt; &amp; more &#xe9;</descr>
   <capability label="Capability" type="Bridge" enabled="on"/>
   <capability label="Capability" type="Router" enabled="off"/>
  </chassis>
  <port label="Port"><id label="PortID" type="ifname">Ethernet1/7</id><mfs label="MFS">9216</mfs></port>
  <vlan label="VLAN" vlan-id="100" pvid="yes">prod</vlan>
 </interface>
</lldp>`;
  const [one, ...more] = parseLldpdJson(json0OfXml(text));
  assert.deepEqual(
    [one?.interface, one?.protocol, one?.system, one?.description, one?.port, one?.maxFrame],
    ['eth0', 'LLDP', 'sw-a1', 'Maker OS <9.3> & more é', 'Ethernet1/7', 9216],
  );
  assert.deepEqual(
    [one?.capabilities, one?.vlans],
    [['Bridge'], [{ id: 100, name: 'prod', untagged: true }]],
  );
  assert.deepEqual(more, []);
  for (const broken of ['<lldp><interface></lldp>', '<html></html>', '<lldp>', '</lldp>', ''])
    assert.throws(() => json0OfXml(broken), Unavailable);
});

test('nobody speaks; it is not JSON; it is another JSON', () => {
  assert.deepEqual(parseLldpdJson('{"lldp": {}}'), []);
  assert.deepEqual(parseLldpdJson('{"lldp": [ {} ]}'), []);
  for (const text of ['{"lldp":', '[]', '{"interfaces": []}'])
    assert.throws(
      () => parseLldpdJson(text),
      (error) => error instanceof Unavailable && error.kind === 'nonsense',
    );
});

test('text for people, with a description of several lines', () => {
  const text = `-------------------------------------------------------------------------------
LLDP neighbors:
-------------------------------------------------------------------------------
Interface:    eth0, via: LLDP, RID: 1, Time: 0 day, 00:01:02
  Chassis:
    ChassisID:    mac 00:1c:73:00:00:01
    SysName:      sw-a1
    SysDescr:     Cisco Nexus Operating System (NX-OS) Software 9.3(8)
                  Copyright (c) 2002-2021, Cisco Systems, Inc.
    MgmtIP:       192.0.2.1
    Capability:   Bridge, on
    Capability:   Router, off
  Port:
    PortID:       ifname Ethernet1/7
    PortDescr:    server 7
    TTL:          120
    MFS:          9216
    PMD autoneg:  supported: yes, enabled: yes
      MAU oper type: 1000BaseTFD - Four-pair Category 5 UTP, full duplex mode
  VLAN:         100, pvid: yes prod
  VLAN:         200, pvid: no
-------------------------------------------------------------------------------
Interface:    eth1, via: CDPv2, RID: 2, Time: 0 day, 00:01:02
  Chassis:
    ChassisID:    local sw-b1
`;
  const [one, two] = parseLldpdText(text);
  assert.equal(
    one?.description,
    'Cisco Nexus Operating System (NX-OS) Software 9.3(8) Copyright (c) 2002-2021, Cisco Systems, Inc.',
  );
  assert.deepEqual([one?.port, one?.maxFrame, one?.autonegotiation], ['Ethernet1/7', 9216, true]);
  assert.deepEqual(one?.vlans, EXPECTED.vlans);
  assert.deepEqual(one?.capabilities, ['Bridge']);
  assert.deepEqual([two?.interface, two?.protocol, two?.chassisId], ['eth1', 'CDPv2', 'sw-b1']);
});

test('key=value, also of interfaces with a dot', () => {
  const text = [
    'via=LLDP',
    'chassis.mac=00:1c:73:00:00:01',
    'chassis.name=sw-a1',
    'chassis.mgmt-ip=192.0.2.1',
    'chassis.Bridge.enabled=on',
    'port.ifname=Ethernet7',
    'port.descr=a=b',
    'vlan.vlan-id=100',
    'vlan.pvid=yes',
  ]
    .map((row) => `lldp.eth0.5.${row}`)
    .join('\n');
  const [one] = parseLldpdKeyValue(text);
  assert.deepEqual(
    [one?.interface, one?.system, one?.port, one?.portDescription],
    ['eth0.5', 'sw-a1', 'Ethernet7', 'a=b'],
  );
  assert.deepEqual(one?.vlans, [{ id: 100, untagged: true }]);
  assert.deepEqual(one?.capabilities, ['Bridge']);
});

test('lldptool and networkctl', () => {
  const one = parseLldptool(
    'eth0',
    'Chassis ID TLV\n\tMAC: 00:1c:73:00:00:01\nPort ID TLV\n\tIfname: Ethernet1/7\nTime to Live TLV\n\t120\nSystem Name TLV\n\tsw-a1\nSystem Capabilities TLV\n\tSystem capabilities:  Bridge, Router\n\tEnabled capabilities: Bridge\nPort VLAN ID TLV\n\tPVID: 100\nManagement Address TLV\n\tIPv4: 192.0.2.1\n\tIfindex: 5\nEnd of LLDPDU TLV\n',
  );
  assert.deepEqual(one, {
    ...{
      interface: 'eth0',
      protocol: 'LLDP',
      chassisId: '00:1c:73:00:00:01',
      port: 'Ethernet1/7',
      system: 'sw-a1',
    },
    ...{ managementAddresses: ['192.0.2.1'], capabilities: ['Bridge'], vlans: [{ id: 100, untagged: true }] },
  });
  assert.equal(parseLldptool('eth0', ''), undefined);
  const [two] = parseNetworkd(
    '{"Neighbors":[{"InterfaceIndex":2,"InterfaceName":"eth0","Neighbors":[{"ChassisID":"00:1c:73:00:00:01","PortID":"Ethernet7","SystemName":"sw-a1","EnabledCapabilities":20}]}]}',
  );
  assert.deepEqual([two?.system, two?.port, two?.capabilities], ['sw-a1', 'Ethernet7', ['Bridge', 'Router']]);
});

test('of several neighbours the switch is the bridge; words from the network lose their control characters', () => {
  const text = JSON.stringify({
    lldp: {
      interface: [
        { eth0: { via: 'LLDP', chassis: { phone: { id: { type: 'mac', value: '1' } } }, port } },
        { eth0: { via: 'CDPv2', chassis: { 'evil\u001b[2Jname': inner }, port } },
      ],
    },
  });
  assert.equal(switchOf(parseLldpdJson(text), 'eth0')?.system, 'evil [2Jname');
  assert.equal(switchOf([], 'eth0'), undefined);
});
