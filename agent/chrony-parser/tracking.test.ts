/** `chronyc tracking` in both forms, in every state, of every era. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChronyParseError, ChronyReplyError } from './errors.ts';
import { errorBound, parseTracking } from './tracking.ts';

const CSV =
  '0A0B0C0D,10.11.12.13,3,1769004123.250000000,-0.000012500,0.000007000,0.000031000,-21.500,-0.002,0.090,0.012000000,0.003000000,1036.5,Normal';

const SHEET = `Reference ID    : 0A0B0C0D (ntp1.dc1.corp.example)
Stratum         : 3
Ref time (UTC)  : Wed Jan 21 14:02:03 2026
System time     : 0.000012500 seconds fast of NTP time
Last offset     : +0.000007000 seconds
RMS offset      : 0.000031000 seconds
Frequency       : 21.500 ppm slow
Residual freq   : -0.002 ppm
Skew            : 0.090 ppm
Root delay      : 0.012000000 seconds
Root dispersion : 0.003000000 seconds
Update interval : 1036.5 seconds
Leap status     : Normal
`;

test('both forms give the same values, with one sign for offsets', () => {
  const expected = {
    state: 'synchronised',
    referenceId: '0A0B0C0D',
    referenceName: '10.11.12.13',
    stratum: 3,
    referenceTime: 1_769_004_123.25,
    offset: 0.0000125,
    lastOffset: 0.000007,
    rmsOffset: 0.000031,
    frequency: -21.5,
    residualFrequency: -0.002,
    skew: 0.09,
    rootDelay: 0.012,
    rootDispersion: 0.003,
    updateInterval: 1036.5,
    leap: 'normal',
  };
  assert.deepEqual(parseTracking(`${CSV}\n`), expected);
  const sheet = { ...expected, referenceName: 'ntp1.dc1.corp.example', referenceTime: 1_769_004_123 };
  assert.deepEqual(parseTracking(SHEET), sheet);
  assert.equal(errorBound(parseTracking(SHEET)), 0.0000125 + 0.003 + 0.006);
});

test('white space, line ends, prompts and notes around it do not matter', () => {
  const plain = parseTracking(SHEET);
  const indented = SHEET.replace(/^/gm, '    ').replace(/\n/g, '\r\n');
  assert.deepEqual(parseTracking(indented), plain);
  assert.deepEqual(parseTracking(SHEET.replace(/ +/g, ' ').replace(/\n/g, '  \n\n')), plain);
  assert.deepEqual(
    parseTracking(`[root@db-1 ~]# chronyc tracking\n${SHEET}[root@db-1 ~]# chronyc sources\n`),
    plain,
  );
  assert.deepEqual(parseTracking(SHEET.replace(/^/gm, '# ')), plain);
  assert.deepEqual(parseTracking(`\uFEFF${SHEET}`.replace('Normal', 'Normal   <== good')), plain);
  assert.deepEqual(parseTracking(`  ${CSV}\r\n.\r\n`), parseTracking(CSV));
});

test('a clock that is not synchronised has no offset, whatever is printed', () => {
  const csv =
    '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,-1.250,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised';
  for (const text of [
    csv,
    `Reference ID    : 00000000 ()
Stratum         : 0
Ref time (UTC)  : Thu Jan 01 00:00:00 1970
System time     : 0.000000000 seconds fast of NTP time
Last offset     : +0.000000000 seconds
RMS offset      : 0.000000000 seconds
Frequency       : 1.250 ppm slow
Residual freq   : +0.000 ppm
Skew            : 0.000 ppm
Root delay      : 1.000000000 seconds
Root dispersion : 1.000000000 seconds
Update interval : 0.0 seconds
Leap status     : Not synchronised`,
  ]) {
    const tracking = parseTracking(text);
    assert.equal(tracking.state, 'unsynchronised');
    assert.equal(tracking.offset, undefined);
    assert.equal(tracking.referenceTime, undefined);
    assert.equal(tracking.referenceName, '');
    assert.equal(tracking.frequency, -1.25);
    assert.equal(errorBound(tracking), undefined);
  }
});

test('a clock that is its own reference is local, although its leap status is normal', () => {
  const local = parseTracking(
    '7F7F0101,,10,1769004123.1,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,0.000000000,0.000000000,0.0,Normal',
  );
  assert.equal(local.state, 'local');
  assert.equal(local.offset, 0);
  assert.equal(errorBound(local), undefined);
  // chrony 1.x wrote the reference like an address.
  assert.equal(
    parseTracking(SHEET.replace('0A0B0C0D (ntp1.dc1.corp.example)', '127.127.1.1 ()')).state,
    'local',
  );
});

test('chrony 1.24 prints fewer lines', () => {
  const old = SHEET.split('\n')
    .filter((line) => !/^(Last offset|RMS|Update|Leap)/.test(line))
    .join('\n')
    .replace('0A0B0C0D', '10.11.12.13');
  const tracking = parseTracking(old);
  assert.equal(tracking.referenceId, '0A0B0C0D');
  assert.equal(tracking.lastOffset, undefined);
  assert.equal(tracking.leap, 'unknown');
  assert.equal(tracking.state, 'synchronised');
});

test('reference clocks, IPv6 sources and leap seconds', () => {
  assert.equal(parseTracking(CSV.replace('0A0B0C0D,10.11.12.13', '47505300,GPS')).referenceName, 'GPS');
  const six = SHEET.replace('(ntp1.dc1.corp.example)', '(2001:db8::7b:1)');
  assert.equal(parseTracking(six).referenceName, '2001:db8::7b:1');
  assert.equal(parseTracking(CSV.replace('Normal', 'Insert second')).leap, 'insert');
  assert.equal(parseTracking(SHEET.replace('Normal', 'Delete second')).leap, 'delete');
  assert.equal(parseTracking(CSV.replace('Normal', 'Invalid')).leap, 'unknown');
});

test('errors of chronyc, and what is no such report', () => {
  assert.throws(
    () => parseTracking('506 Cannot talk to daemon\n'),
    (error) => error instanceof ChronyReplyError && error.code === 506 && error.reply === 'no-daemon',
  );
  for (const text of [
    '',
    '\n\n',
    'hello',
    '1,2,3',
    CSV.replace('0.090', 'much'),
    CSV.replace('0A0B0C0D', 'ZZ'),
    SHEET.replace('21.500 ppm slow', '21.500 ppm'),
    SHEET.replace('Wed Jan 21', 'Wed Foo 21'),
  ])
    assert.throws(() => parseTracking(text), ChronyParseError);
});

test('a report of which some lines were kept', () => {
  const kept =
    'Reference ID    : 0A0B0C0D\nStratum         : 3\nSystem time     : 0.5 seconds slow of NTP time\nLeap status     : Normal\n';
  const { state, offset, stratum, skew, rootDelay } = parseTracking(kept);
  assert.deepEqual(
    { state, offset, stratum, skew, rootDelay },
    {
      ...{ state: 'synchronised', offset: -0.5, stratum: 3, skew: undefined, rootDelay: undefined },
    },
  );
  assert.equal(errorBound(parseTracking(kept)), undefined);
  assert.equal(parseTracking('Leap status     : Not synchronised\n').state, 'unsynchronised');
});
