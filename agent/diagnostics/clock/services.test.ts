/** What systemd-timesyncd and ntpd say. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../host/unavailable.ts';
import { troubles } from '../saved-testing.ts';
import { parsePeers, parseVariables } from './ntpd.ts';
import { ofPeers } from './sources.ts';
import { ofNtpd, ofTimesyncd } from './state.ts';
import { parseShowTimesync, parseTimesyncStatus, timeSpan } from './timesyncd.ts';

test('time spans of systemd', () => {
  assert.equal(timeSpan('34min 8s'), 34 * 60 + 8);
  assert.equal(timeSpan('-1.234ms'), -0.001234);
  assert.equal(timeSpan('+854us'), 0.000854);
  assert.equal(timeSpan('1d 2h'), 26 * 3_600);
  assert.equal(timeSpan('0'), 0);
  assert.equal(timeSpan('n/a'), undefined);
  assert.equal(timeSpan(''), undefined);
});

test('timedatectl timesync-status: the sign is turned round', () => {
  const status = parseTimesyncStatus(`       Server: 192.0.2.56 (ntp.example.net)
Poll interval: 34min 8s (min: 32s; max 34min 8s)
         Leap: normal
      Version: 4
      Stratum: 2
    Reference: C0000201
    Precision: 1us (-25)
Root distance: 854us (max: 5s)
       Offset: -1.234ms
        Delay: 20.5ms
       Jitter: 1.1ms
 Packet count: 5
    Frequency: +12.345ppm
`);
  assert.deepEqual(status, {
    server: 'ntp.example.net',
    packets: 5,
    leap: 'normal',
    stratum: 2,
    rootDistance: 0.000854,
    offset: 0.001234,
    delay: 0.0205,
    jitter: 0.0011,
    frequency: -12.345,
    pollInterval: 2_048,
  });
  const state = ofTimesyncd(status, true);
  assert.deepEqual(
    [state.sync, state.source, state.errorBound],
    ['synchronised', 'ntp.example.net', 0.002088],
  );
  assert.equal(ofTimesyncd(status, false).sync, 'unsynchronised');
});

test('timedatectl timesync-status without an answer', () => {
  const status = parseTimesyncStatus(
    '       Server: 192.0.2.56 (ntp.example.net)\nPoll interval: 0 (min: 32s; max 34min 8s)\n Packet count: 0\n',
  );
  const state = ofTimesyncd(status, undefined);
  assert.deepEqual([state.sync, state.source, state.offset], ['unsynchronised', '', undefined]);
  assert.equal(parseTimesyncStatus('Server: n/a (n/a)\nPacket count: 0\n').server, '');
  assert.throws(() => parseTimesyncStatus('Failed to query server'), Unavailable);
});

test('timedatectl show-timesync has no offset', () => {
  const state = parseShowTimesync(`LinkNTPServers=
SystemNTPServers=
FallbackNTPServers=ntp.ubuntu.com
ServerName=ntp.ubuntu.com
ServerAddress=185.125.190.57
RootDistanceMaxUSec=5s
PollIntervalMinUSec=32s
PollIntervalMaxUSec=34min 8s
PollIntervalUSec=8min 32s
NTPMessage={ Leap=0, Version=4, Mode=4, Stratum=2, Precision=-25, RootDelay=1.052ms, RootDispersion=244us, Reference=C944586A, OriginateTimestamp=Wed 2026-02-04 01:08:51 UTC, ReceiveTimestamp=Wed 2026-02-04 01:08:51 UTC, TransmitTimestamp=Wed 2026-02-04 01:08:51 UTC, DestinationTimestamp=Wed 2026-02-04 01:08:51 UTC, Ignored=no, PacketCount=7, Jitter=1.9ms }
Frequency=-655360
`);
  assert.equal(state.server, 'ntp.ubuntu.com');
  assert.equal(state.packets, 7);
  assert.equal(state.rootDistance, 0.00077);
  assert.equal(state.frequency, 10);
  assert.equal(state.offset, undefined);
  assert.throws(() => parseShowTimesync('nothing=of the kind'), Unavailable);
});

const VARIABLES = `associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,
version="ntpd 4.2.8p15@1.3728-o Wed Feb 16 17:13:02 UTC 2022 (1)",
processor="x86_64", system="Linux/5.15.0", leap=00, stratum=3,
precision=-24, rootdelay=12.345, rootdisp=40.902, refid=192.0.2.1,
reftime=ec9dc60d.3aafe7be  Sat, Oct 18 2025  3:53:49.229,
clock=ec9dc61b.54821fad  Sat, Oct 18 2025  3:54:03.330, peer=23273, tc=10,
mintc=3, offset=-0.075166, frequency=-10.953, sys_jitter=0.113289,
clk_jitter=0.328, clk_wander=0.005
`;

const PEERS = `     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
 0.debian.pool.n .POOL.          16 p    -   64    0    0.000   +0.000   0.000
*192.0.2.1       .GPS.            1 u  916 1024  377   12.162    0.780   0.716
+ntp2.example.ne 198.51.100.9     2 u   35   64  377    0.412   -1.310   0.101
xntp3.example.ne 198.51.100.9     2 u   2h   64   17    0.412 -998.123   0.101
 198.51.100.44   .INIT.          16 u    -   64    0    0.000    0.000   0.000
 a-very-long-name-of-a-server.example.net
                 198.51.100.9     2 u   12   64  377    0.412   -1.310   0.101
 LOCAL(0)        .LOCL.          10 l   12   64  377    0.000    0.000   0.000
`;

test('ntpq: the sign is turned round, milliseconds become seconds', () => {
  const variables = parseVariables(VARIABLES);
  assert.equal(variables.synchronised, true);
  assert.equal(variables.offset, 0.000075166);
  assert.equal(variables.frequency, 10.953);
  assert.equal(variables.rootDispersion, 0.040902);
  assert.equal(variables.reference, '192.0.2.1');
  const state = ofNtpd({ ...variables, peers: parsePeers(PEERS) });
  assert.deepEqual([state.sync, state.source, state.stratum], ['synchronised', '192.0.2.1', 3]);
  assert.ok(Math.abs((state.errorBound ?? 0) - (0.000075166 + 0.040902 + 0.0061725)) < 1e-9);
});

test('ntpq: not synchronised, and synchronised to itself', () => {
  const alarm = parseVariables(
    VARIABLES.replace('0615 leap_none, sync_ntp', 'c018 leap_alarm, sync_unspec').replace(
      'leap=00, stratum=3',
      'leap=11, stratum=16',
    ),
  );
  const state = ofNtpd({ ...alarm, peers: undefined });
  assert.deepEqual([state.sync, state.offset, state.stratum], ['unsynchronised', undefined, undefined]);
  const local = ofNtpd({ ...parseVariables(VARIABLES.replace('192.0.2.1', 'LOCAL(0)')), peers: undefined });
  assert.equal(local.sync, 'local');
  assert.throws(() => parseVariables('ntpq: read: Connection refused'), Unavailable);
});

test('ntpq -p: states, ages, rows of two lines, tables that were indented', () => {
  for (const text of [PEERS, PEERS.replace(/^/gm, '    ')]) {
    const { sources } = ofPeers(parsePeers(text));
    assert.deepEqual(
      sources.map(({ name, state, reach, ago }) => [name, state, reach, ago]),
      [
        ['192.0.2.1', 'best', 255, 916],
        ['ntp2.example.ne', 'combined', 255, 35],
        ['ntp3.example.ne', 'falseticker', 15, 7_200],
        ['198.51.100.44', 'unusable', 0, undefined],
        ['a-very-long-name-of-a-server.example.net', 'unusable', 255, 12],
      ],
    );
    assert.equal(sources[2]?.offset, 0.998123);
  }
  assert.throws(() => parsePeers('No association ID returned'), Unavailable);
});

test('a source of ntpd without a reference, and a table without its rule', () => {
  const [one, two] = parsePeers(
    `     remote           refid      st t when poll reach   delay   offset  jitter
*192.0.2.1       .GPS.            1 u   12   64  377    0.512   -4.120   0.210
 192.0.2.2                        2 u  673 1024  377  143.047  274.726 449445.
`,
  );
  assert.equal(one?.offset, 0.00412);
  assert.deepEqual([two?.name, two?.reference, two?.stratum, two?.reach], ['192.0.2.2', '', 2, 0o377]);
});

test('ntpq -p of which a page dropped what was blank before the names', () => {
  const head = 'remote refid st t when poll reach delay offset jitter\n==========================\n';
  const row = (name: string, offset: string) =>
    `${name} 192.0.2.251 4 u 482 1024 377 0.815 ${offset} 0.345\n`;
  const bare = parsePeers(`${head}${row('192.0.2.133', '-10.010')}${row('one.example.net', '1.5')}`);
  assert.deepEqual(
    bare.map(({ name, state, offset }) => [name, state, offset]),
    [
      ['192.0.2.133', 'unknown', 0.01001],
      ['one.example.net', 'unknown', -0.0015],
    ],
  );
  // One mark that is left says that the others had none.
  assert.deepEqual(
    parsePeers(`${head}${row('*192.0.2.1', '0.1')}${row('192.0.2.133', '-10.010')}`).map(
      ({ name, state }) => [name, state],
    ),
    [
      ['192.0.2.1', 'best'],
      ['192.0.2.133', 'unusable'],
    ],
  );
});

test('chronyc sourcestats alone', async () => {
  const table = (offset: string) =>
    `$ chronyc sourcestats -v\nName/IP Address            NP  NR  Span  Frequency  Freq Skew  Offset  Std Dev\n==========================\n` +
    `192.0.2.1                  16  12   58m     -0.006      0.014   +370us    14us\n` +
    `192.0.2.2                  16   9  327m     -0.184      0.144  ${offset}   799us\n` +
    `192.0.2.3                   6   5   86m     +0.014      0.214  ${offset}    94us\n`;
  assert.deepEqual(await troubles(table('-1618us')), []);
  assert.deepEqual(await troubles(table('+250ms')), ['warning clock.estimated-offset']);
});
