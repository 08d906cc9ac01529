/** The smaller reports, in both forms. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseActivity } from './activity.ts';
import { parseAuthdata } from './authdata.ts';
import { parseClients } from './clients.ts';
import { ChronyParseError, ChronyReplyError } from './errors.ts';
import { parseManualList } from './manual-list.ts';
import { parseRtcdata } from './rtcdata.ts';
import { parseSelectdata } from './selectdata.ts';
import { parseServerstats } from './serverstats.ts';
import { parseSmoothing } from './smoothing.ts';
import { parseSourceName } from './source-name.ts';

test('activity', () => {
  const expected = { online: 8, offline: 1, burstOnline: 2, burstOffline: 0, unresolved: 3 };
  assert.deepEqual(parseActivity('8,1,2,0,3\n'), expected);
  const text = `200 OK
8 sources online
1 sources offline
2 sources doing burst (return to online)
0 sources doing burst (return to offline)
3 sources with unknown address
`;
  assert.deepEqual(parseActivity(text.replace(/\n/g, '\r\n').replace(/^/gm, '\t')), expected);
  assert.throws(() => parseActivity(''), ChronyParseError);
  assert.throws(() => parseActivity('8 sources'), ChronyParseError);
  assert.throws(() => parseActivity('506 Cannot talk to daemon'), ChronyReplyError);
});

test('authdata', () => {
  const text = `Name/IP address             Mode KeyID Type KLen Last Atmp  NAK Cook CLen
=========================================================================
nts1.example                 NTS     4   30  128  33h    2    1    3   68
10.0.0.2                      SK    77   13  128    -    0    0    0    0
10.0.0.3                       -     0    0    0    -    0    0    0    0
`;
  const nts = {
    name: 'nts1.example',
    mode: 'nts',
    keyId: 4,
    keyType: 30,
    algorithm: 'AEAD-AES-128-GCM-SIV',
    keyLength: 128,
    keysAgo: 33 * 3_600,
    attempts: 2,
    refused: true,
    cookies: 3,
    cookieLength: 68,
  };
  const [first, second, third, ...none] = parseAuthdata(text);
  assert.deepEqual(first, nts);
  assert.deepEqual([second?.mode, second?.algorithm, second?.keysAgo], ['symmetric', 'AES128', undefined]);
  assert.deepEqual([third?.name, third?.mode], ['10.0.0.3', 'none']);
  assert.deepEqual(none, []);
  assert.deepEqual(parseAuthdata('nts1.example,NTS,4,30,128,118800,2,1,3,68\n'), [nts]);
  assert.equal(parseAuthdata('10.0.0.3,-,0,0,0,4294967295,0,0,0,0')[0]?.keysAgo, undefined);
  assert.throws(() => parseAuthdata('10.0.0.3,-,0'), ChronyParseError);
  assert.throws(() => parseAuthdata('501 Not authorised\n'), ChronyReplyError);
});

test('selectdata', () => {
  const text = `S Name/IP Address        Auth COpts EOpts Last Score     Interval  Leap
=======================================================================
D ntp1.example              Y ----- --TR-    4   1.0   -61ms   +62ms  N
* ntp2.example              N -P--- -P---    0   1.0 -6846us +7305us  N
x 10.0.0.3                  N N---- N----  12m   0.5    +1.2s   +1.4s  +
M GPS                       N ----- -----    -   1.0     +0ns     +0ns  ?
`;
  const rows = parseSelectdata(text);
  assert.deepEqual(
    rows.map(({ state, name, authenticated, leap }) => [state, name, authenticated, leap]),
    [
      ['too-distant-to-combine', 'ntp1.example', true, 'normal'],
      ['best', 'ntp2.example', false, 'normal'],
      ['falseticker', '10.0.0.3', false, 'insert'],
      ['missing-samples', 'GPS', false, 'unknown'],
    ],
  );
  assert.deepEqual(rows[0]?.effectiveOptions, ['trust', 'require']);
  assert.deepEqual([rows[1]?.low, rows[1]?.high], [-6846e-6, 7305e-6]);
  assert.deepEqual([rows[2]?.lastSampleAgo, rows[2]?.score], [720, 0.5]);
  assert.equal(rows[3]?.lastSampleAgo, undefined);
  const csv = 'S,10.0.0.4,N,-,-,-,-,-,-,-,-,-,-,4294967295,1.0,0.000000000,0.000000000,Not synchronised\n';
  assert.deepEqual(
    parseSelectdata(csv).map(({ state, leap, configuredOptions }) => [state, leap, configuredOptions]),
    [['stale', 'unsynchronised', []]],
  );
  assert.equal(parseSelectdata(csv.replace('S', '§'))[0]?.state, 'unknown');
  assert.throws(() => parseSelectdata('S,10.0.0.4,N'), ChronyParseError);
});

test('serverstats by version', () => {
  const first = { ntpReceived: 1598, ntpDropped: 8, commandReceived: 2, commandDropped: 0, logDropped: 1 };
  const v3 = parseServerstats('1598,8,2,0,1\n');
  assert.deepEqual({ ...v3, ...first }, v3);
  assert.equal(v3.ntsKeAccepted, undefined);
  const v40 = parseServerstats('1598,8,2,0,1,5,6,7\n');
  assert.deepEqual(
    [v40.ntsKeAccepted, v40.ntsKeDropped, v40.authenticated, v40.interleaved],
    [5, 6, 7, undefined],
  );
  const v42 = parseServerstats('1598,8,2,0,1,5,6,7,9,10,11\n');
  assert.deepEqual(
    [v42.interleaved, v42.timestampsHeld, v42.timestampSpan, v42.daemonRx],
    [9, 10, 11, undefined],
  );
  const v44 = '1598,8,2,0,1,5,6,7,9,10,11,12,13,14,15,16,17\n';
  assert.equal(parseServerstats(v44).hardwareTx, 17);
  for (const version of ['4.4', 'chronyc (chrony) version 4.5 (+READLINE)'])
    assert.equal(parseServerstats(v44, { version }).authenticated, undefined);
  for (const version of ['4.6', '4.3', '14.5', '3.4.5'])
    assert.equal(parseServerstats(v44, { version }).authenticated, 7);
  const text = `NTP packets received       : 1598
NTP packets dropped        : 8
Command packets received   : 2
Command packets dropped    : 0
Client log records dropped : 1
NTS-KE connections accepted: 5
NTS-KE connections dropped : 6
Authenticated NTP packets  : 7
Interleaved NTP packets    : 9
NTP timestamps held        : 10
NTP timestamp span         : 11
`;
  assert.deepEqual(parseServerstats(text), v42);
  assert.throws(() => parseServerstats(''), ChronyParseError);
  assert.throws(() => parseServerstats('1,2,3'), ChronyParseError);
});

test('rtcdata and smoothing', () => {
  const rtc = parseRtcdata('1769004000.000000000,10,5,1860,-1.632736,-107.623\n');
  assert.deepEqual(rtc, {
    ...{ referenceTime: 1_769_004_000, samples: 10, runs: 5, span: 1860 },
    ...{ offset: -1.632736, frequency: -107.623 },
  });
  const text = `RTC ref time (UTC) : Wed Jan 21 14:00:00 2026
Number of samples  : 10
Number of runs     : 5
Sample span period :  31m
RTC is fast by     :    -1.632736 seconds
RTC gains time at  :  -107.623 ppm
`;
  assert.deepEqual(parseRtcdata(text), rtc);
  assert.throws(
    () => parseRtcdata('513 RTC driver not running\n'),
    (error) => error instanceof ChronyReplyError && error.reply === 'no-rtc',
  );

  const smoothing = parseSmoothing('Yes,,1.000268817,-0.142859,-0.010000,17.8,19988.4\n');
  assert.deepEqual(smoothing, {
    ...{ active: true, leapOnly: false, offset: 1.000268817, frequency: -0.142859 },
    ...{ wander: -0.01, lastUpdateAgo: 17.8, remaining: 19988.4 },
  });
  const sheet = `Active         : Yes 
Offset         : +1.000268817 seconds
Frequency      : -0.142859 ppm
Wander         : -0.010000 ppm per second
Last update    : 17.8 seconds ago
Remaining time : 19988.4 seconds
`;
  assert.deepEqual(parseSmoothing(sheet), smoothing);
  assert.equal(parseSmoothing(sheet.replace('Yes ', 'No (leap second only)')).leapOnly, true);
  assert.throws(() => parseSmoothing('505 Facility not enabled in daemon'), ChronyReplyError);
});

test('clients', () => {
  const text = `Hostname                      NTP   Drop Int IntL Last     Cmd   Drop Int  Last
===============================================================================
localhost                       2      0   2   -   135       1      0   -   141
web-1.example                  12     99   6   4    23       0      0   -     -
`;
  const [first, second, ...none] = parseClients(text);
  assert.deepEqual(first, {
    ...{ name: 'localhost', ntpPackets: 2, ntpDropped: 0, ntpInterval: 2, ntpLimitedInterval: undefined },
    ...{ ntpAgo: 135, otherPackets: 1, otherDropped: 0, otherInterval: undefined, otherAgo: 141 },
  });
  assert.deepEqual([second?.ntpDropped, second?.ntpLimitedInterval, second?.otherAgo], [99, 4, undefined]);
  assert.deepEqual(none, []);
  assert.deepEqual(parseClients('localhost,2,0,2,127,135,1,0,127,141\n'), [first]);
  assert.throws(() => parseClients('519 Client logging is not active in the daemon'), ChronyReplyError);
});

test('manual list and source name', () => {
  const text = `210 n_samples = 1
#    Date     Time(UTC)    Slewed   Original   Residual
=======================================================
 0 2026-01-21 14:00:00       0.04       0.06      -0.01
`;
  const expected = {
    ...{ index: 0, time: 1_769_004_000 },
    ...{ slewedOffset: 0.04, originalOffset: 0.06, residual: -0.01 },
  };
  assert.deepEqual(parseManualList(text), [expected]);
  assert.deepEqual(parseManualList('0,2026-01-21 14:00:00,0.04,0.06,-0.01\n'), [expected]);
  assert.deepEqual(parseManualList(''), []);
  assert.throws(() => parseManualList('0,yesterday,0,0,0'), ChronyParseError);

  assert.equal(parseSourceName('ntp1.example\r\n'), 'ntp1.example');
  assert.throws(() => parseSourceName(''), ChronyParseError);
  assert.throws(
    () => parseSourceName('503 No such source\n'),
    (error) => error instanceof ChronyReplyError && error.code === 503,
  );
});
