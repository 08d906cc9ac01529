/** Checks of links, devices and modules. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastOf, reportOf } from '../testing.ts';
import { NIC_CHECKS } from './checks.ts';
import { COPPER, type FakeNic, FIBRE, nicMachine } from './testing.ts';
import { HOUR, run } from './testing-checks.ts';

test('links: down where somebody uses it, with the driver’s reason; flapping; slow; half duplex; without negotiation', async () => {
  const reason = FIBRE.replace('Link detected: yes', 'Link detected: no (No cable)');
  assert.deepEqual(await run({ eth0: { carrier: false, ethtool: { '': reason } } }), []);
  const route =
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\neth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n';
  const used = { files: { 'proc/net/snmp': 'Ip: Forwarding\nIp: 2\n', 'proc/net/route': route } };
  const { findings } = await reportOf(
    NIC_CHECKS,
    nicMachine({ eth0: { carrier: false, ethtool: { '': reason } } }, used),
  );
  assert.deepEqual(
    [findings[0]?.id, findings[0]?.severity, findings[0]?.parameters.reason],
    ['nic.link-down', 'critical', 'No cable'],
  );
  assert.match(findings[0]?.remedy.text ?? '', /Plug a cable/);
  assert.deepEqual(await run({ eth0: { changes: 400 } }), ['warning nic.link-flaps eth0']);
  const quiet = pastOf({
    'nic/eth0/carrier_changes': [
      [HOUR, 400],
      [1, 400],
    ],
  });
  assert.deepEqual(await run({ eth0: { changes: 400 } }, {}, quiet), []);
  const busy = pastOf({
    'nic/eth0/carrier_changes': [
      [HOUR, 2],
      [1, 90],
    ],
  });
  assert.deepEqual(await run({ eth0: { changes: 92 } }, {}, busy), ['critical nic.link-flaps eth0']);
  const partner = COPPER.replace(
    'Speed: 1000',
    'Link partner advertised link modes:  100baseT/Full 1000baseT/Full\n\tLink partner advertised auto-negotiation: Yes\n\tSpeed: 100',
  );
  assert.deepEqual(await run({ eth0: { speed: 100, ethtool: { '': partner } } }), [
    'warning nic.speed-low eth0',
  ]);
  const slowSwitch = partner.replace('100baseT/Full 1000baseT/Full\n\tLink', '100baseT/Full\n\tLink');
  assert.deepEqual(await run({ eth0: { speed: 100, ethtool: { '': slowSwitch } } }), [
    'info nic.speed-low eth0',
  ]);
  const slowBoth = slowSwitch.replaceAll('1000baseT/Full', '').replaceAll('1000baseT/Half', '');
  assert.deepEqual(await run({ eth0: { speed: 100, ethtool: { '': slowBoth } } }), []);
  assert.deepEqual(
    await run({
      eth0: {
        speed: 100,
        duplex: 'half',
        ethtool: { '': COPPER.replace('1000Mb/s', '100Mb/s').replace('Duplex: Full', 'Duplex: Half') },
      },
    }),
    ['warning nic.half-duplex eth0', 'warning nic.speed-low eth0'],
  );
  assert.deepEqual(
    await run({
      eth0: {
        speed: 1_000,
        ethtool: { '': COPPER.replace('Auto-negotiation: on', 'Auto-negotiation: off') },
      },
    }),
    ['warning nic.autonegotiation-off eth0'],
  );
});

test('the device: PCI Express, driver, firmware package, what nobody drives', async () => {
  assert.deepEqual(await run({ eth0: { pci: { current_link_width: 1 } } }), [
    'critical nic.pcie-degraded eth0',
  ]);
  assert.deepEqual(await run({ eth0: { pci: { current_link_width: 4 } } }), [
    'warning nic.pcie-degraded eth0',
  ]);
  const port = {
    files: {
      'sys/devices/pci0000:00/0000:00:01.0/max_link_speed': '8.0 GT/s PCIe\n',
      'sys/devices/pci0000:00/0000:00:01.0/max_link_width': '4\n',
    },
  };
  assert.deepEqual(await run({ eth0: { pci: { current_link_width: 4 } } }, port), [
    'info nic.pcie-degraded eth0',
  ]);
  assert.deepEqual(
    await run({ eth0: { pci: { current_link_speed: 'Unknown', current_link_width: 0 } } }),
    [],
  );
  const tainted = {
    links: { 'sys/bus/pci/drivers/ixgbe/module': '../../../../module/ixgbe' },
    files: { 'sys/module/ixgbe/taint': 'OE\n', 'sys/module/ixgbe/version': '5.19.6\n' },
  };
  assert.deepEqual(await run({ eth0: {} }, tainted), ['info nic.driver-out-of-tree eth0']);
  const safe = {
    '-l': 'P:\nPre-set maximums:\nCombined:\t1\nCurrent hardware settings:\nCombined:\t1\n',
    '-k': 'Features for eth0:\nrx-checksumming: off [fixed]\ntcp-segmentation-offload: off [fixed]\nreceive-hashing: off [fixed]\ngeneric-receive-offload: on\n',
  };
  assert.deepEqual(await run({ eth0: { driver: 'ice', ethtool: safe } }), ['warning nic.ice-safe-mode eth0']);
  const unbound = {
    'sys/bus/pci/devices/0000:05:00.0/class': '0x020000\n',
    'sys/bus/pci/devices/0000:05:00.0/vendor': '0x8086\n',
    'sys/bus/pci/devices/0000:05:00.0/device': '0x1592\n',
    'sys/bus/pci/devices/0000:06:00.0/class': '0x010802\n',
  };
  assert.deepEqual(await run({ eth0: {} }, { files: unbound }), ['warning nic.driver-missing 0000:05:00.0']);
});

test('modules against their own bounds', async () => {
  const rows = (changes: Record<string, string>) =>
    Object.entries({
      Identifier: '0x03 (SFP)',
      'Vendor name': 'OEM',
      'Vendor PN': 'SFP-10G-SR',
      'Optical diagnostics support': 'Yes',
      'Laser bias current': '6.000 mA',
      'Laser output power': '0.5000 mW / -3.01 dBm',
      'Receiver signal average optical power': '0.4000 mW / -3.98 dBm',
      'Module temperature': '40.00 degrees C / 104.00 degrees F',
      'Module voltage': '3.3000 V',
      'Laser bias current high alarm threshold': '15.000 mA',
      'Laser bias current low alarm threshold': '2.000 mA',
      'Laser output power high alarm threshold': '1.5849 mW / 2.00 dBm',
      'Laser output power low alarm threshold': '0.1122 mW / -9.50 dBm',
      'Module temperature high alarm threshold': '80.00 degrees C / 176.00 degrees F',
      'Module temperature high warning threshold': '70.00 degrees C / 158.00 degrees F',
      'Module temperature low alarm threshold': '-10.00 degrees C / 14.00 degrees F',
      'Module temperature low warning threshold': '0.00 degrees C / 32.00 degrees F',
      'Module voltage high alarm threshold': '3.6300 V',
      'Module voltage low alarm threshold': '2.9700 V',
      'Laser rx power high alarm threshold': '1.5849 mW / 2.00 dBm',
      'Laser rx power low alarm threshold': '0.0389 mW / -14.10 dBm',
      ...changes,
    })
      .map(([name, value]) => `\t${name} : ${value}`)
      .join('\n');
  const of = (changes: Record<string, string>, more: FakeNic = {}) =>
    run({ eth0: { ...more, ethtool: { '-m': rows(changes) } } });
  assert.deepEqual(await of({}), []);
  assert.deepEqual(await of({ 'Module temperature': '72.00 degrees C / 161.60 degrees F' }), [
    'warning nic.module-temperature eth0',
  ]);
  assert.deepEqual(await of({ 'Module temperature': '85.00 degrees C / 185.00 degrees F' }), [
    'critical nic.module-temperature eth0',
  ]);
  const dark = { 'Receiver signal average optical power': '0.0001 mW / -40.00 dBm' };
  assert.deepEqual(await of(dark), ['critical nic.module-rx-power eth0']);
  assert.deepEqual(await of(dark, { carrier: false }), []);
  assert.deepEqual(await of({ 'Laser output power': '0.0500 mW / -13.01 dBm' }), [
    'critical nic.module-tx-power eth0',
  ]);
  assert.deepEqual(await of({ 'Laser bias current': '18.000 mA' }), ['critical nic.module-bias eth0']);
  assert.deepEqual(await of({ 'Module voltage': '2.8000 V' }), ['critical nic.module-voltage eth0']);
  // A flag that was raised long ago, and bounds that are none.
  assert.deepEqual(await of({ 'Laser bias current low alarm': 'On' }), []);
  assert.deepEqual(
    await of({
      'Module temperature': '85.00 degrees C / 185.00 degrees F',
      'Module temperature high alarm threshold': '-20.00 degrees C / 0 degrees F',
    }),
    [],
  );
  assert.deepEqual(
    await of({ 'Module State': '0x05 (ModuleFault)', 'Module Fault Cause': '0x01 (TEC runaway)' }),
    ['critical nic.module-fault eth0'],
  );
  assert.deepEqual(await of({ 'Tx fault': '[ Yes, No, No, No ]' }), ['warning nic.module-fault eth0']);
  const lanes = Object.fromEntries(
    [0.5, 0.5, 0.1, 0.5].map((power, at) => [
      `Rcvr signal avg optical power(Channel ${at + 1})`,
      `${power} mW / 0 dBm`,
    ]),
  );
  assert.deepEqual(await of({ ...lanes, 'Receiver signal average optical power': '' }), [
    'info nic.module-lane-weak eth0',
  ]);
});
