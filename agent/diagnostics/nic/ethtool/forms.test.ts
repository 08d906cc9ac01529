/** The short forms of ethtool: driver, rings, channels, offloads, pause, coalescing, time stamping, FEC, EEE and more. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../../host/unavailable.ts';
import { parseCoalesce } from './coalesce.ts';
import { parseDriver } from './driver.ts';
import { parseEee } from './eee.ts';
import { parseFeatures } from './features.ts';
import { parseFec } from './fec.ts';
import { parsePause } from './pause.ts';
import { parsePrivateFlags } from './private-flags.ts';
import { parseChannels, parseRings, receiveQueues } from './rings.ts';
import { parseSettings } from './settings.ts';
import { parseModulePower, parsePermanentAddress, parseReceiveSpread } from './small-forms.ts';
import { parseStatistics } from './statistics.ts';
import { parseTimestamping } from './timestamping.ts';

const absent = (error: unknown) => error instanceof Unavailable && error.kind === 'absent';

test('-i: firmware as each driver words it, and nothing for what is empty or N/A', () => {
  const of = (firmware: string, bus = '0000:3b:00.0') =>
    parseDriver(
      `driver: x\nversion: 6.1.0\nfirmware-version: ${firmware}\nexpansion-rom-version: \nbus-info: ${bus}\n` +
        'supports-statistics: yes\nsupports-test: no\nsupports-priv-flags: no\n',
    );
  for (const firmware of [
    '16.28.2006 (MT_0000000080)',
    '8.15 0x8000a4ae 20.0.17',
    '220.0.57.0/pkg 22.00.07.60',
    '5719-v1.46 NCSI v1.5.33.0',
    'rtl8168h-2_0.0.2 02/26/15',
    '4.40 0x8001c7d4 1.3534.0',
    'mfw 8.55.1.0 storm 8.37.7.0 [MBI 15.15.12]',
  ])
    assert.equal(of(firmware).firmware, firmware);
  assert.equal(of('N/A').firmware, undefined);
  assert.deepEqual(of('', ''), { driver: 'x', version: '6.1.0', statistics: true, privateFlags: false });
  assert.throws(() => parseDriver('Cannot get driver information: Operation not supported\n'), absent);
});

test('-g and -l: n/a is nothing, JSON is the same', () => {
  const rings = parseRings(`Ring parameters for eth0:
Pre-set maximums:
RX:\t\t8192
RX Mini:\tn/a
RX Jumbo:\tn/a
TX:\t\t8192
TX push buff len:\tn/a
Current hardware settings:
RX:\t\t1024
RX Mini:\tn/a
RX Jumbo:\tn/a
TX:\t\t512
RX Buf Len:\t\t2048
CQE Size:\t\tn/a
TX Push:\toff
TCP data split:\toff
`);
  assert.deepEqual(rings, {
    maximum: { rx: 8192, tx: 8192 },
    current: { rx: 1024, tx: 512 },
    tcpDataSplit: 'off',
    rxBufferBytes: 2048,
  });
  assert.deepEqual(parseRings('[{"ifname":"eth0","rx-max":8192,"tx-max":4096,"rx":1024,"tx":512}]'), {
    maximum: { rx: 8192, tx: 4096 },
    current: { rx: 1024, tx: 512 },
  });
  const channels = parseChannels(
    'Channel parameters for eth0:\nPre-set maximums:\nRX:\t\tn/a\nTX:\t\tn/a\nOther:\t\t1\nCombined:\t63\n' +
      'Current hardware settings:\nRX:\t\t2\nTX:\t\t0\nOther:\t\t1\nCombined:\t8\n',
  );
  assert.deepEqual(channels.current, { rx: 2, tx: 0, other: 1, combined: 8 });
  assert.equal(receiveQueues(channels.current), 10);
  assert.throws(
    () =>
      parseChannels(
        'Cannot get device channel parameters\n: Operation not supported\nChannel parameters for lo:\n',
      ),
    absent,
  );
});

test('-k: fixed, asked for in vain, and JSON', () => {
  const features = parseFeatures(
    'Features for eth0:\nrx-checksumming: on\ntx-checksumming: off\n\ttx-checksum-ipv4: off [fixed]\n' +
      'large-receive-offload: off [requested on]\nrx-vlan-filter: on [fixed]\n',
  );
  assert.deepEqual(Object.fromEntries(features), {
    'rx-checksumming': { on: true, fixed: false },
    'tx-checksumming': { on: false, fixed: false },
    'tx-checksum-ipv4': { on: false, fixed: true },
    'large-receive-offload': { on: false, fixed: false, requested: true },
    'rx-vlan-filter': { on: true, fixed: true },
  });
  const json = parseFeatures(
    '[{"ifname":"eth0","rx-checksumming":{"active":true,"fixed":false,"requested":true},"tx-checksumming":{"active":true,"fixed":null,"requested":null},"rx-all":{"active":false,"fixed":true,"requested":false},"lro":{"active":false,"fixed":false,"requested":true}}]',
  );
  assert.deepEqual(json.get('rx-all'), { on: false, fixed: true });
  assert.deepEqual(json.get('lro'), { on: false, fixed: false, requested: true });
  assert.equal(json.size, 4);
});

test('-a: negotiated, statistics, and a blank before the colon', () => {
  assert.deepEqual(
    parsePause(
      'Pause parameters for eth0:\nAutonegotiate : on\nRX:\t\toff\nTX:\t\ton\nRX negotiated: on\nTX negotiated: off\nStatistics:\n  tx_pause_frames: 7\n  rx_pause_frames: 9\n',
    ),
    {
      autonegotiate: true,
      rx: false,
      tx: true,
      rxNegotiated: true,
      txNegotiated: false,
      rxFrames: 9,
      txFrames: 7,
    },
  );
  assert.deepEqual(
    parsePause(
      '[ {"ifname":"eth0","autonegotiate":false,"rx":true,"tx":true,"negotiated":{"rx":false,"tx":true},"statistics":{"tx_pause_frames":1}} ]',
    ),
    { autonegotiate: false, rx: true, tx: true, rxNegotiated: false, txNegotiated: true, txFrames: 1 },
  );
  assert.throws(
    () =>
      parsePause('Cannot get device pause settings: Operation not supported\nPause parameters for usb0:\n'),
    absent,
  );
});

test('-c: adaptive or not available, both spellings', () => {
  const found = parseCoalesce(
    'Coalesce parameters for eth0:\nAdaptive RX: on  TX: n/a\nstats-block-usecs: n/a\nrx-usecs: 8\nrx-frame-low: 3\nCQE mode RX: n/a  TX: n/a\n',
  );
  assert.deepEqual(
    [found.adaptiveRx, found.adaptiveTx, ...found.values],
    [true, undefined, ['rx-usecs', 8], ['rx-frames-low', 3]],
  );
  assert.equal(parseCoalesce('[{"ifname":"a","adaptive-rx":true,"rx-usecs":50}]').values.get('rx-usecs'), 50);
});

test('-T: the names of the kernel beside ethtool’s, or not; the clock under both of its headings', () => {
  const old = parseTimestamping(
    'Time stamping parameters for eno1:\nCapabilities:\n\thardware-transmit     (SOF_TIMESTAMPING_TX_HARDWARE)\n\tsoftware-system-clock (SOF_TIMESTAMPING_SOFTWARE)\n' +
      'PTP Hardware Clock: 0\nHardware Transmit Timestamp Modes:\n\toff                   (HWTSTAMP_TX_OFF)\n\ton                    (HWTSTAMP_TX_ON)\nHardware Receive Filter Modes:\n\tnone                  (HWTSTAMP_FILTER_NONE)\n\tall                   (HWTSTAMP_FILTER_ALL)\n',
  );
  assert.deepEqual(old, {
    capabilities: ['hardware-transmit', 'software-system-clock'],
    clock: 0,
    transmitModes: ['off', 'on'],
    receiveFilters: ['none', 'all'],
  });
  const later = parseTimestamping(
    'Time stamping parameters for a:\nCapabilities:\n\thardware-transmit\nHardware timestamp provider index: 2\nHardware timestamp provider qualifier: Precise (IEEE 1588 quality)\nHardware Transmit Timestamp Modes: none\nHardware Receive Filter Modes: none\n',
  );
  assert.deepEqual([later.clock, later.transmitModes], [2, []]);
  assert.equal(
    parseTimestamping(
      'Time stamping parameters for lo:\nCapabilities:\n\tsoftware-receive\nPTP Hardware Clock: none\n',
    ).clock,
    undefined,
  );
});

test('--show-fec: set, in force, counted', () => {
  assert.deepEqual(
    parseFec(
      'FEC parameters for eth0:\nConfigured FEC encodings: Auto\nActive FEC encoding: RS\nStatistics:\n  corrected_blocks: 256\n    Lane 0: 255\n  uncorrectable_blocks: 145\n',
    ),
    { configured: ['Auto'], active: ['RS'], correctedBlocks: 256, uncorrectableBlocks: 145 },
  );
  assert.deepEqual(
    parseFec(
      '[{"ifname":"a","config":["Auto","RS"],"active":["RS"],"statistics":{"corrected_blocks":{"total":3,"lanes":[1,2]}}}]',
    ),
    {
      configured: ['Auto', 'RS'],
      active: ['RS'],
      correctedBlocks: 3,
    },
  );
  assert.deepEqual(
    parseFec('FEC parameters for a:\nSupported/Configured FEC encodings: None\nActive FEC encoding: None\n')
      .active,
    ['None'],
  );
});

test('--show-eee, --show-priv-flags, -P, -x and --show-module', () => {
  const eee = (status: string) =>
    parseEee(`EEE settings for eth0:\n\tEEE status: ${status}\n\tTx LPI: 17 (us)\n`);
  assert.deepEqual(eee('enabled - active'), { supported: true, enabled: true, active: true });
  assert.deepEqual(eee('enabled - inactive').active, false);
  assert.deepEqual(eee('not supported').supported, false);
  assert.deepEqual(
    [
      ...parsePrivateFlags(
        'Private flags for eth0:\nlegacy-rx               : off\nlink-down-on-close: on\n',
      ),
    ],
    [
      ['legacy-rx', false],
      ['link-down-on-close', true],
    ],
  );
  assert.equal(parsePermanentAddress('Permanent address: 02:00:5E:00:00:01\n'), '02:00:5e:00:00:01');
  assert.equal(parsePermanentAddress('Permanent address: not set\n'), undefined);
  assert.equal(parsePermanentAddress('Permanent address: 00:00:00:00:00:00\n'), undefined);
  assert.deepEqual(
    parseReceiveSpread(
      'RX flow hash indirection table for eth0 with 4 RX ring(s):\n    0:      0     1     2     3     0\n    8:      1     1\nRSS hash key:\n6d:5a\nRSS hash function:\n    toeplitz: on\n    xor: off\n',
    ),
    { rings: 4, used: [0, 1, 2, 3], hash: 'toeplitz' },
  );
  assert.deepEqual(
    parseModulePower('Module parameters for eth0:\npower-mode-policy auto\npower-mode: low\n'),
    { mode: 'low' },
  );
  assert.throws(() => parseModulePower('Module parameters for lo:\n'), { kind: 'absent' });
  assert.throws(() => parseModulePower('Module parameters for lo:\nbroken\n'), { kind: 'nonsense' });
});

test('outputs that were pasted into a report: a prompt before them, indentation lost or won', () => {
  const settings =
    'Settings for eth0:\n\tSupported link modes:   1000baseT/Full\n\t                        10000baseT/Full\n\tSpeed: 10000Mb/s\n';
  const stamps =
    'Time stamping parameters for eth0:\nCapabilities:\n\thardware-transmit\n\tsoftware-receive\nPTP Hardware Clock: 2\nHardware Transmit Timestamp Modes:\n\toff\n\ton\nHardware Receive Filter Modes:\n\tnone\n\tall\n';
  const driver = 'driver: bnxt_en\nversion: 6.1\n';
  const counters = 'NIC statistics:\n     [0]: rx_errors: 3\n';
  const pasted: ((text: string) => string)[] = [
    (text) => `[root@host ~]# ethtool eth0\n${text}[root@host ~]# \n`,
    (text) => text.replace(/^\s+/gm, ''),
    (text) => text.replace(/^/gm, '    '),
    (text) => text.replaceAll('\t', '        ').replaceAll('\n', '\r\n'),
  ];
  for (const paste of pasted) {
    assert.deepEqual(parseSettings(paste(settings)), parseSettings(settings));
    assert.deepEqual(parseTimestamping(paste(stamps)), parseTimestamping(stamps));
    assert.deepEqual(parseDriver(paste(driver)), parseDriver(driver));
    assert.deepEqual(parseStatistics(paste(counters)), parseStatistics(counters));
  }
  assert.deepEqual(parseSettings(settings).supported.modes, ['1000baseT/Full', '10000baseT/Full']);
  assert.deepEqual(parseTimestamping(stamps).clock, 2);
});

test('a note that somebody wrote behind a value is not part of it', () => {
  const text =
    'Pre-set maximums:\nRX:\t511    // the most there is\nCurrent hardware settings:\nRX:\t200  <- now\nTX:\t511\n';
  assert.deepEqual(parseRings(`Ring parameters for eth0:\n${text}`), {
    maximum: { rx: 511 },
    current: { rx: 200, tx: 511 },
  });
  assert.equal(parseCoalesce('rx-usecs: 20      # microseconds\n').values.get('rx-usecs'), 20);
});

test('an output that was quoted in a mail, or in comments', () => {
  for (const mark of ['> ', '>> ', '# '])
    assert.deepEqual(
      parseEee('EEE settings for eth0:\n\tEEE status: enabled - active\n'.replace(/^(?=.)/gm, mark)),
      { supported: true, enabled: true, active: true },
    );
});
