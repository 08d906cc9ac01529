/** Outputs that are broken in every way: a parser gives a value or says why not, and ends. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../../host/unavailable.ts';
import { parseCoalesce } from './coalesce.ts';
import { parseDriver } from './driver.ts';
import { parseEee } from './eee.ts';
import { parseFeatures } from './features.ts';
import { parseFec } from './fec.ts';
import { parseModule } from './module.ts';
import { parsePause } from './pause.ts';
import { parsePrivateFlags } from './private-flags.ts';
import { parseChannels, parseRings } from './rings.ts';
import { parseSettings } from './settings.ts';
import { parseModulePower, parsePermanentAddress, parseReceiveSpread } from './small-forms.ts';
import { parseStatistics } from './statistics.ts';
import { parseTimestamping } from './timestamping.ts';

const PARSERS = [
  ...[parseCoalesce, parseDriver, parseEee, parseFeatures, parseFec, parseModule, parsePause],
  ...[parsePrivateFlags, parseChannels, parseRings, parseSettings, parseModulePower, parsePermanentAddress],
  ...[parseReceiveSpread, parseStatistics, parseTimestamping],
];

const SEEDS = [
  'Settings for eth0:\n\tSupported link modes:   10baseT/Half 10baseT/Full\n\t                        1000baseT/Full\n\tSpeed: 1000Mb/s\n\tLink detected: no (No cable)\n',
  'NIC statistics:\n     rx_crc_errors: 17\n     [0]: rx_ucast_packets: 276347403\n     port.rx_bytes: 18446744073709551615\n',
  '\tIdentifier                                : 0x11 (QSFP28)\n\tLaser tx bias current (Channel 1) : 6.750 mA\n\tLaser rx power low alarm (Channel 2) : On\n\tRx loss of signal : [ Yes, No ]\n',
  '[ {"identifier":3,"identifier_description":"SFP","rx_power":{"values":[1,0.5]},"laser_bias_current":1,"laser_bias_current":{"high_alarm_threshold":80}} ]',
  'Ring parameters for eth0:\nPre-set maximums:\nRX:\t\t8192\nCurrent hardware settings:\nRX:\t\t1024\n',
  'Features for eth0:\nrx-checksumming: on\n\ttx-checksum-ipv4: off [fixed]\n',
  'FEC parameters for eth0:\nConfigured FEC encodings: Auto\nActive FEC encoding: RS\nStatistics:\n  corrected_blocks: 256\n',
];
const PIECES = [
  '\n',
  '\r\n',
  '\0',
  ':',
  ' ',
  '\t',
  '(',
  '[',
  '{',
  '"',
  '-',
  '9'.repeat(400),
  '\ufffd',
  '💥',
  'On',
  'null',
  '__proto__: 1\n',
  '] }',
];

/** A generator that gives the same numbers in each run. */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

test('8,000 outputs with pieces put in, taken out and repeated, through every parser', () => {
  const random = randoms(20_260_731);
  let refused = 0;
  let read = 0;
  for (let round = 0; round < 8_000; round++) {
    let text = SEEDS[random(SEEDS.length)] ?? '';
    for (let change = random(6) + 1; change > 0; change--) {
      const at = random(text.length + 1);
      const until = at + random(20);
      const middle =
        random(3) === 0 ? text.slice(at, until).repeat(random(4)) : (PIECES[random(PIECES.length)] ?? '');
      text = text.slice(0, at) + middle + text.slice(random(2) === 0 ? at : until);
    }
    const parse = PARSERS[round % PARSERS.length];
    try {
      assert.ok(parse !== undefined);
      parse(text);
      read++;
    } catch (error) {
      if (!(error instanceof Unavailable))
        throw new Error(`${parse?.name} threw on ${JSON.stringify(text)}`, { cause: error });
      refused++;
    }
  }
  assert.ok(read > 500 && refused > 500, `${read} read, ${refused} refused`);
});

test('outputs that are long in one direction', () => {
  for (const text of [
    'a'.repeat(1 << 20),
    ':'.repeat(1 << 20),
    ' '.repeat(1 << 20),
    'x:1\n'.repeat(1 << 18),
    '('.repeat(1 << 20),
    '[ '.repeat(1 << 12),
  ])
    for (const parse of PARSERS)
      try {
        parse(text);
      } catch (error) {
        assert.ok(error instanceof Unavailable, `${parse.name}: ${error}`);
      }
});
