/** Pluggable modules: SFP, QSFP28 and CMIS as text, and the JSON of two eras. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../../host/unavailable.ts';
import { dbm, parseModule } from './module.ts';

const row = (name: string, value: string) => `\t${name.padEnd(41)} : ${value}`;
const text = (...rows: [string, string][]) => `${rows.map(([name, value]) => row(name, value)).join('\n')}\n`;

test('an SFP with measurements, a raised alarm and its bounds', () => {
  const module = parseModule(
    text(
      ['Identifier', '0x03 (SFP)'],
      ['Extended identifier', '0x04 (GBIC/SFP defined by 2-wire interface ID)'],
      ['Connector', '0x07 (LC)'],
      ['Transceiver codes', '0x10 0x00 0x00 0x01 0x00 0x00 0x00 0x00'],
      ['Transceiver type', '10G Ethernet: 10G Base-SR'],
      ['Transceiver type', 'Ethernet: 1000BASE-SX'],
      ['Laser wavelength', '850nm'],
      ['Vendor name', 'FINISAR CORP.'],
      ['Vendor OUI', '00:90:65'],
      ['Vendor PN', 'FTLX8571D3BCV-IT'],
      ['Vendor rev', 'A'],
      ['Vendor SN', 'MY70001'],
      ['Date code', '180910'],
      ['Optical diagnostics support', 'Yes'],
      ['Laser bias current', '7.826 mA'],
      ['Laser output power', '0.5914 mW / -2.28 dBm'],
      ['Receiver signal average optical power', '0.0000 mW / -inf dBm'],
      ['Module temperature', '-1.50 degrees C / 29.30 degrees F'],
      ['Module voltage', '3.3043 V'],
      ['Alarm/warning flags implemented', 'Yes'],
      ['Laser bias current high alarm', 'Off'],
      ['Laser rx power low alarm', 'On'],
      ['Laser rx power low warning', 'On'],
      ['Module temperature high alarm threshold', '78.00 degrees C / 172.40 degrees F'],
      ['Laser rx power low alarm threshold', '0.0100 mW / -20.00 dBm'],
      ['Laser rx power high alarm threshold', '1.0000 mW / 0.00 dBm'],
    ),
  );
  assert.deepEqual(module, {
    ...{ identifier: 'SFP', connector: 'LC', vendor: 'FINISAR CORP.', partNumber: 'FTLX8571D3BCV-IT' },
    ...{ revision: 'A', serial: 'MY70001', dateCode: '180910', wavelength: '850nm' },
    types: ['10G Ethernet: 10G Base-SR', 'Ethernet: 1000BASE-SX'],
    temperatureCelsius: -1.5,
    volts: 3.3043,
    lanes: [{ lane: 1, biasMilliampere: 7.826, txMilliwatt: 0.5914, rxMilliwatt: 0 }],
    limits: { temperature: { highAlarm: 78 }, rxPower: { lowAlarm: 0.01, highAlarm: 1 } },
    alarms: [
      { quantity: 'rxPower', level: 'lowAlarm' },
      { quantity: 'rxPower', level: 'lowWarning' },
    ],
    quiet: [{ quantity: 'bias', level: 'highAlarm' }],
    laneFaults: [],
    diagnostics: true,
  });
});

test('a QSFP28 with four lanes, in the spelling of old and new versions', () => {
  const module = parseModule(
    text(
      ['Identifier', '0x11 (QSFP28)'],
      ['Vendor name', 'Mellanox'],
      ['Laser tx bias current (Channel 1)', '6.750 mA'],
      ['Transmit avg optical power (Channel 1)', '0.7790 mW / -1.08 dBm'],
      ['Rcvr signal avg optical power(Channel 1)', '0.6200 mW / -2.08 dBm'],
      ['Receiver signal OMA(Channel 2)', '0.5000 mW / -3.01 dBm'],
      ['Laser bias current low alarm    (Chan 2)', 'On'],
      ['Laser tx power high warning (Channel 3)', 'On'],
      ['Laser rx power low warning (Channel 4)', 'Off'],
      ['Rx loss of signal', '[ No, Yes, No, Yes ]'],
      ['Tx fault', 'None'],
      ['Tx loss of lock', 'All'],
    ),
  );
  assert.deepEqual(module.lanes, [
    { lane: 1, biasMilliampere: 6.75, txMilliwatt: 0.779, rxMilliwatt: 0.62 },
    { lane: 2, rxMilliwatt: 0.5 },
  ]);
  assert.deepEqual(module.alarms, [
    { quantity: 'bias', level: 'lowAlarm', lane: 2 },
    { quantity: 'txPower', level: 'highWarning', lane: 3 },
  ]);
  assert.deepEqual(module.laneFaults, [
    { what: 'Rx loss of signal', lanes: [2, 4] },
    { what: 'Tx loss of lock', lanes: [0] },
  ]);
});

test('a CMIS module tells its state, what its fault is, and its firmware', () => {
  const module = parseModule(
    text(
      ['Identifier', '0x18 (QSFP-DD Double Density 8X Pluggable Transceiver (INF-8628))'],
      ['Power class', '6'],
      ['Max power', '12.00W'],
      ['Vendor name', 'INNOLIGHT'],
      ['Module State', '0x05 (ModuleFault)'],
      ['Module Fault Cause', '0x01 (TEC runaway)'],
      ['Laser tx bias current (Channel 8)', '46.000 mA'],
      ['Active firmware version', '2.6'],
    ),
  );
  const { identifier, maxPower, state, fault, firmware, lanes } = module;
  assert.deepEqual(
    { identifier, maxPower, state, fault, firmware, lanes },
    {
      identifier: 'QSFP-DD Double Density 8X Pluggable Transceiver (INF-8628)',
      ...{ maxPower: '12.00W', state: 'ModuleFault', fault: 'TEC runaway', firmware: '2.6' },
      lanes: [{ lane: 8, biasMilliampere: 46 }],
    },
  );
  const fine = text(
    ['Identifier', '0x18 (QSFP-DD)'],
    ['Module Fault Cause', '0x00 (No fault detected / not supported)'],
  );
  assert.equal(parseModule(fine).fault, undefined);
});

test('JSON, where the first versions give a value and its bounds the same key', () => {
  const first = parseModule(`[ {
    "identifier": 3, "identifier_description": "SFP", "connector": 7, "connector_description": "LC",
    "transceiver_type": ["10G Ethernet: 10G Base-SR"], "vendor_name": "OEM", "vendor_oui": [ 0, 27, 33 ], "vendor_sn": "X1",
    "laser_bias_current": 15.604, "laser_output_power": 0.5, "rx_power": { "value": 0.25, "type": "Receiver signal average optical power" },
    "module_temperature": 45.5, "module_voltage": 3.3, "laser_bias_current_high_alarm": true,
    "laser_bias_current": { "high_alarm_threshold": 80, "low_alarm_threshold": 2 },
    "laser_rx_power": { "low_warning_threshold": 0.1 }, "module_temperature": { "high_alarm_threshold": 90 } } ]`);
  assert.deepEqual(first.lanes, [{ lane: 1, biasMilliampere: 15.604, txMilliwatt: 0.5, rxMilliwatt: 0.25 }]);
  assert.deepEqual([first.identifier, first.connector, first.temperatureCelsius], ['SFP', 'LC', 45.5]);
  assert.deepEqual(first.limits, {
    bias: { highAlarm: 80, lowAlarm: 2 },
    rxPower: { lowWarning: 0.1 },
    temperature: { highAlarm: 90 },
  });
  assert.deepEqual(first.alarms, [{ quantity: 'bias', level: 'highAlarm' }]);
  const later = parseModule(`[ { "identifier": 17, "identifier_description": "QSFP28", "vendor_name": "OEM",
    "module_temperature_measurement": 30, "laser_tx_bias_current": [ 6.5, 6.6 ], "transmit_avg_optical_power": [ 1, 0.9 ],
    "rx_power": { "values": [ 0.5, 0.4 ], "type": "Receiver signal OMA" }, "laser_rx_power_low_alarm": [ false, true ],
    "rx_loss_of_signal": [ false, true ], "active_firmware_version": { "major": 2, "minor": 6 } } ]`);
  assert.deepEqual(later.lanes, [
    { lane: 1, biasMilliampere: 6.5, txMilliwatt: 1, rxMilliwatt: 0.5 },
    { lane: 2, biasMilliampere: 6.6, txMilliwatt: 0.9, rxMilliwatt: 0.4 },
  ]);
  assert.deepEqual(later.alarms, [{ quantity: 'rxPower', level: 'lowAlarm', lane: 2 }]);
  assert.deepEqual(later.laneFaults, [{ what: 'Rx loss of signal', lanes: [2] }]);
  assert.deepEqual([later.temperatureCelsius, later.firmware], [30, '2.6']);
});

test('no module, and power as dBm', () => {
  assert.throws(
    () => parseModule('Cannot get module EEPROM information: Operation not supported\n'),
    (error) => error instanceof Unavailable && error.kind === 'absent',
  );
  assert.deepEqual([dbm(1), dbm(0.5), dbm(0)], [0, -3.01, undefined]);
});

test('a module that does not answer is no module with all alarms on', () => {
  const text =
    'Identifier : 0xff (reserved or unknown)\nOptical diagnostics support : Yes\nLaser bias current : 130.046 mA\nLaser bias current high alarm : On\n';
  assert.throws(() => parseModule(text), { kind: 'failed' });
});
