/** `chronyc ntpdata` in both forms: 33 fields until 4.2, 34 until 4.5, 38 since. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChronyParseError, ChronyReplyError } from './errors.ts';
import { parseNtpdata } from './ntpdata.ts';

const FIELDS_33 =
  '198.51.100.7,C6336407,123,10.0.0.9,0A000009,Normal,4,Server,2,10,1024,-25,0.000000030,0.001100,0.000900,0A141E28,,1769004000.500000000,0.000250000,0.008000000,0.000000100,0.000031000,-0.02,111,111,1110,No,Yes,Kernel,Hardware,120,118,117';

const SHEET = `
Remote address  : 198.51.100.7 (C6336407)
Remote port     : 123
Local address   : 10.0.0.9 (0A000009)
Leap status     : Normal
Version         : 4
Mode            : Server
Stratum         : 2
Poll interval   : 10 (1024 seconds)
Precision       : -25 (0.000000030 seconds)
Root delay      : 0.001100 seconds
Root dispersion : 0.000900 seconds
Reference ID    : 0A141E28 ()
Reference time  : Wed Jan 21 14:00:00 2026
Offset          : +0.000250000 seconds
Peer delay      : 0.008000000 seconds
Peer dispersion : 0.000000100 seconds
Response time   : 0.000031000 seconds
Jitter asymmetry: -0.02
NTP tests       : 111 111 1110
Interleaved     : No
Authenticated   : Yes
TX timestamping : Kernel
RX timestamping : Hardware
Total TX        : 120
Total RX        : 118
Total valid RX  : 117
`;

test('fields by version, and the same of the form for people', () => {
  const expected = {
    remoteAddress: '198.51.100.7',
    remoteId: 'C6336407',
    remotePort: 123,
    localAddress: '10.0.0.9',
    localId: '0A000009',
    leap: 'normal',
    version: 4,
    mode: 'server',
    stratum: 2,
    poll: 10,
    precision: -25,
    rootDelay: 0.0011,
    rootDispersion: 0.0009,
    referenceId: '0A141E28',
    referenceName: '',
    referenceTime: 1_769_004_000.5,
    offset: -0.00025,
    peerDelay: 0.008,
    peerDispersion: 1e-7,
    responseTime: 0.000031,
    jitterAsymmetry: -0.02,
    failedTests: ['loop'],
    interleaved: false,
    authenticated: true,
    txTimestamps: 'kernel',
    rxTimestamps: 'hardware',
    sent: 120,
    received: 118,
    valid: 117,
    good: undefined,
    kernelSent: undefined,
    kernelReceived: undefined,
    hardwareSent: undefined,
    hardwareReceived: undefined,
  };
  assert.deepEqual(parseNtpdata(FIELDS_33), [expected]);
  assert.deepEqual(parseNtpdata(`${FIELDS_33},116`), [{ ...expected, good: 116 }]);
  const newest = { good: 116, kernelSent: 100, kernelReceived: 101, hardwareSent: 20, hardwareReceived: 17 };
  assert.deepEqual(parseNtpdata(`${FIELDS_33},116,100,101,20,17`), [{ ...expected, ...newest }]);
  assert.deepEqual(parseNtpdata(SHEET), [{ ...expected, referenceTime: 1_769_004_000 }]);
  const more = `Total good RX   : 116
Total kernel TX : 100
Total kernel RX : 101
Total HW TX     : 20
Total HW RX     : 17
`;
  assert.deepEqual(parseNtpdata(SHEET + more), [{ ...expected, referenceTime: 1_769_004_000, ...newest }]);
});

test('several sources, one of which has not answered', () => {
  const silent = SHEET.replace('198.51.100.7 (C6336407)', '2001:db8::7 (4D2A61F3)')
    .replace('111 111 1110', '000 000 0000')
    .replace('Server', 'Invalid')
    .replace('Wed Jan 21 14:00:00 2026', 'Thu Jan 01 00:00:00 1970');
  const quoted = parseNtpdata(SHEET.replace(/^/gm, '> '));
  assert.equal(quoted[0]?.remoteAddress, '198.51.100.7');
  const [first, second] = parseNtpdata(`chronyc ntpdata:\n${SHEET}${silent}`.replace(/\n/g, '\r\n'));
  assert.equal(first?.remoteAddress, '198.51.100.7');
  assert.equal(second?.remoteAddress, '2001:db8::7');
  assert.equal(second.remoteId, '4D2A61F3');
  assert.equal(second.mode, 'unknown');
  assert.equal(second.referenceTime, undefined);
  assert.deepEqual(second.failedTests, []);
});

test('no NTP sources are none, errors are errors', () => {
  assert.deepEqual(parseNtpdata(''), []);
  assert.throws(
    () => parseNtpdata('501 Not authorised\n'),
    (error) => error instanceof ChronyReplyError && error.reply === 'not-authorised',
  );
  for (const text of [
    'hello',
    '1,2,3',
    FIELDS_33.replace('111,111,1110', '111,111,111'),
    SHEET.replace(/^Offset.*$/m, ''),
    SHEET.replace('0.008000000', 'soon'),
  ])
    assert.throws(() => parseNtpdata(text), ChronyParseError);
});
