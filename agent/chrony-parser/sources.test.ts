/** `chronyc sources` and `chronyc sourcestats` in both forms. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChronyParseError, ChronyReplyError } from './errors.ts';
import { parseSources } from './sources.ts';
import { parseSourcestats } from './sourcestats.ts';

const VERBOSE = `210 Number of sources = 9

  .-- Source mode  '^' = server, '=' = peer, '#' = local clock.
 / .- Source state '*' = current best, '+' = combined, '-' = not combined,
| /             'x' = may be in error, '~' = too variable, '?' = unusable.
||                                                 .- xxxx [ yyyy ] +/- zzzz
||      Reachability register (octal) -.           |  xxxx = adjusted offset,
||      Log2(Polling interval) --.      |          |  yyyy = measured offset,
||                                \\     |          |  zzzz = estimated error.
||                                 |    |           \\
MS Name/IP address         Stratum Poll Reach LastRx Last sample               
===============================================================================
#* GPS                           0   4   377    11   -479ns[ -621ns] +/-  134ns
#+ PPS0                          0   4   377     9    +12ns[  +12us] +/-   50ns
^- ntp1.dc1.corp.example         2   6   377    23   -923us[ -924us] +/-   43ms
^+ 2001:db8:1234:5678:9abc:def0:1234:5678  1   6   377    21  -2629us[-2619us] +/-   86ms
^x 203-0-113-200.static.isp>     2  10   177   12m  +1000ms[+1000ms] +/-  10.2s
^~ 203.0.113.7                   3  -2    17   10y  -10.1s[ -10.1s] +/-  102s
=? peer.example                  0   7     0     -     +0ns[   +0ns] +/-    0ns
^? 203.0.113.8                   3   6     3     3d   +12h[  +12h] +/-   45us
^? 203.0.113.9                   0   6     0   345h     +0ns[   +0ns] +/-    0ns
`;

test('the table for people: every mode, state, unit and age', () => {
  const sources = parseSources(VERBOSE);
  assert.deepEqual(
    sources.map(({ mode, state, name }) => [mode, state, name]),
    [
      ['refclock', 'best', 'GPS'],
      ['refclock', 'combined', 'PPS0'],
      ['server', 'selectable', 'ntp1.dc1.corp.example'],
      ['server', 'combined', '2001:db8:1234:5678:9abc:def0:1234:5678'],
      ['server', 'falseticker', '203-0-113-200.static.isp>'],
      ['server', 'jittery', '203.0.113.7'],
      ['peer', 'unusable', 'peer.example'],
      ['server', 'unusable', '203.0.113.8'],
      ['server', 'unusable', '203.0.113.9'],
    ],
  );
  assert.deepEqual(
    sources.map(({ offset, measuredOffset, error }) => [offset, measuredOffset, error]),
    [
      [-479e-9, -621e-9, 134e-9],
      [12e-9, 12e-6, 50e-9],
      [-923e-6, -924e-6, 43e-3],
      [-2629e-6, -2619e-6, 86e-3],
      [1, 1, 10.2],
      [-10.1, -10.1, 102],
      [undefined, undefined, undefined],
      [12 * 3_600, 12 * 3_600, 45e-6],
      [0, 0, 0],
    ],
  );
  assert.deepEqual(
    sources.map(({ stratum, poll, reach, lastSampleAgo }) => [stratum, poll, reach, lastSampleAgo]),
    [
      [0, 4, 255, 11],
      [0, 4, 255, 9],
      [2, 6, 255, 23],
      [1, 6, 255, 21],
      [2, 10, 0o177, 720],
      [3, -2, 0o17, 10 * 365 * 86_400],
      [0, 7, 0, undefined],
      [3, 6, 3, 3 * 86_400],
      [0, 6, 0, 345 * 3_600],
    ],
  );
});

test('white space, line ends, prompts and a header that was cut off do not matter', () => {
  const plain = parseSources(VERBOSE);
  assert.deepEqual(parseSources(VERBOSE.replace(/^/gm, '   ').replace(/\n/g, ' \r\n')), plain);
  assert.deepEqual(parseSources(`# chronyc sources -v\n${VERBOSE}# chronyc tracking\n`), plain);
  assert.deepEqual(parseSources(VERBOSE.replace(/ +/g, ' ').replace(/\[ /g, '[')), plain);
  const rows = VERBOSE.split('\n').slice(12);
  assert.deepEqual(parseSources(rows.join('\n')), plain);
  // chrony after 4.8 makes room for long names with -w.
  assert.deepEqual(parseSources(VERBOSE.replace(/^(.. \S+)/gm, '$1              ')), plain);
});

test('comma-separated: reach is octal, what never happened is undefined', () => {
  const [best, never, unknown] = parseSources(
    '^,*,198.51.100.7,2,10,377,512,-0.000421000,-0.000433000,0.021000000\r\n' +
      '=,?,2001:db8::1,0,6,0,4294967295,0.000000000,0.000000000,0.000000000\r\n' +
      '#, ,PPS,0,4,17,3,0.000000012,0.000000012,0.000000050\r\n',
  );
  assert.deepEqual(best, {
    mode: 'server',
    state: 'best',
    name: '198.51.100.7',
    stratum: 2,
    poll: 10,
    reach: 255,
    lastSampleAgo: 512,
    offset: -0.000421,
    measuredOffset: -0.000433,
    error: 0.021,
  });
  assert.equal(never?.mode, 'peer');
  assert.equal(never.lastSampleAgo, undefined);
  assert.equal(never.offset, undefined);
  assert.equal(unknown?.state, 'unknown');
  assert.equal(unknown.reach, 15);
});

test('no sources are none, errors are errors', () => {
  assert.deepEqual(parseSources(''), []);
  assert.deepEqual(parseSources(VERBOSE.split('\n').slice(0, 12).join('\n')), []);
  assert.throws(() => parseSources('506 Cannot talk to daemon\n'), ChronyReplyError);
  for (const text of [
    'bash: chronyc: command not found',
    '^,*,198.51.100.7,2,10,377,512\n',
    '^,*,198.51.100.7,2,10,399,512,-0.000421000,-0.000433000,0.021000000\n',
    `${VERBOSE}^* 10.0.0.1   2  10   377   512\n`,
    `${VERBOSE}^* 10.0.0.1   2  10   377   512   +1parsec[ +1us] +/- 1us\n`,
  ])
    assert.throws(() => parseSources(text), ChronyParseError);
});

test('the statistics of sources in both forms', () => {
  const [one, clock, six] = parseSourcestats(`210 Number of sources = 3
                             .- Number of sample points in measurement set.
                            /    .- Number of residual runs with same sign.
Name/IP Address            NP  NR  Span  Frequency  Freq Skew  Offset  Std Dev
==============================================================================
ntp1.dc1.corp.example      11   5   46m     -0.001      0.045     +1us    25us
GPS                         4   3     6   +400.250   2000.000  -1600ns  1234ns
2001:db8:1234:5678:9abc:def0:1234:5678   0   0     -     +0.000   2000.000     +0ns  4000ms
`);
  assert.deepEqual(one, {
    name: 'ntp1.dc1.corp.example',
    samples: 11,
    runs: 5,
    span: 46 * 60,
    frequency: -0.001,
    skew: 0.045,
    offset: 0.000001,
    standardDeviation: 0.000025,
  });
  assert.equal(clock?.frequency, 400.25);
  assert.equal(clock.offset, -0.0000016);
  assert.equal(six?.name, '2001:db8:1234:5678:9abc:def0:1234:5678');
  assert.equal(six.span, undefined);
  assert.equal(six.standardDeviation, 4);

  assert.deepEqual(parseSourcestats('198.51.100.7,9,5,2064,-0.003,0.061,0.000040000,0.000110000\n'), [
    {
      name: '198.51.100.7',
      samples: 9,
      runs: 5,
      span: 2064,
      frequency: -0.003,
      skew: 0.061,
      offset: 0.00004,
      standardDeviation: 0.00011,
    },
  ]);
  assert.deepEqual(parseSourcestats(''), []);
  assert.throws(() => parseSourcestats('198.51.100.7,9,5\n'), ChronyParseError);
  assert.throws(() => parseSourcestats('nothing of the kind'), ChronyParseError);
});

test('a table that was quoted in a mail, or in comments', () => {
  for (const mark of ['> ', '# ']) {
    const [one, ...more] = parseSources(
      `MS Name/IP address         Stratum Poll Reach LastRx Last sample
===============================================================================
^* 192.0.2.1                     2   4   377    15   -123us[ -156us] +/- 1234us
`.replaceAll(/^(?=.)/gm, mark),
    );
    assert.equal(more.length, 0);
    assert.equal(one?.state, 'best');
  }
});
