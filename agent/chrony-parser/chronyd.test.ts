/** Every report of a real chronyd, in each state that a clock can be in. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Chronyd, freeUdpPort, noChronyd } from '../../test/support/chronyd.ts';
import { ChronyReplyError } from './errors.ts';
import {
  parseActivity,
  parseAuthdata,
  parseClients,
  parseManualList,
  parseNtpdata,
  parseRtcdata,
  parseSelectdata,
  parseServerstats,
  parseSmoothing,
  parseSourceName,
  parseSources,
  parseSourcestats,
  parseTracking,
  splitReports,
} from './mod.ts';

const skip = noChronyd() ?? false;
const POLL = 'minpoll -2 maxpoll -2 iburst';
const daemons: Chronyd[] = [];

/** Starts a client of servers; it is ended with the tests. */
async function client(...configuration: string[]): Promise<Chronyd> {
  const daemon = await Chronyd.start(['port 0', ...configuration]);
  daemons.push(daemon);
  return daemon;
}

/** Starts a server and gives the line that makes it a source. */
async function server(address = '127.0.0.1', more: string[] = []): Promise<string> {
  const { daemon, port } = await Chronyd.server(address, more);
  daemons.push(daemon);
  return `server ${address} port ${port} ${POLL}`;
}

const code = (expected: number) => (error: unknown) =>
  error instanceof ChronyReplyError && error.code === expected;

/** A report in both forms. */
async function both<T>(daemon: Chronyd, name: string, parse: (text: string) => T): Promise<[T, T]> {
  const csv = await daemon.chronyc(['-c', ...name.split(' ')]);
  const text = await daemon.chronyc(['-n', ...name.split(' ')]);
  return [parse(csv.stdout), parse(text.stdout)];
}

before(() => {
  if (skip) process.stderr.write(`${skip}\n`);
});
after(() => Promise.all(daemons.map((daemon) => daemon.stop())));

test('synchronised, with an offset that is known', { skip }, async () => {
  const daemon = await client(`${await server()} offset 0.25`);
  const tracking = await daemon.report(
    ['-c', 'tracking'],
    parseTracking,
    ({ state, offset = 0 }) => state === 'synchronised' && offset < -0.2,
  );
  assert.equal(tracking.referenceName, '127.0.0.1');
  assert.equal(tracking.referenceId, '7F000001');
  assert.equal(tracking.stratum, 4);
  assert.equal(tracking.leap, 'normal');
  // The source is told to be a quarter of a second late, so the clock is behind.
  assert.ok(Math.abs((tracking.offset ?? 0) + 0.25) < 0.1);

  for (const [source] of await both(daemon, 'sources', parseSources)) {
    assert.equal(source?.mode, 'server');
    assert.equal(source.state, 'best');
    assert.equal(source.name, '127.0.0.1');
    assert.equal(source.stratum, 3);
    assert.equal(source.poll, -2);
    assert.ok((source.reach & 1) === 1 && source.reach <= 255);
    assert.ok(source.error !== undefined && source.error < 0.1);
  }
  for (const [stats] of await both(daemon, 'sourcestats', parseSourcestats))
    assert.equal(stats?.name, '127.0.0.1');
  for (const [data] of await both(daemon, 'selectdata', parseSelectdata)) assert.equal(data?.state, 'best');
  for (const [data] of await both(daemon, 'authdata', parseAuthdata)) assert.equal(data?.mode, 'none');
  for (const [data] of await both(daemon, 'ntpdata', parseNtpdata)) {
    assert.equal(data?.remoteAddress, '127.0.0.1');
    assert.equal(data.mode, 'server');
    assert.ok(data.sent >= data.valid && data.valid > 0);
    assert.deepEqual(data.failedTests, []);
  }
  for (const activity of await both(daemon, 'activity', parseActivity))
    assert.equal(activity.online + activity.burstOnline, 1);
  const [byFields, byLines] = await both(daemon, 'tracking', parseTracking);
  assert.equal(byLines.referenceId, byFields.referenceId);
  assert.ok(Math.abs((byLines.offset ?? 0) - (byFields.offset ?? 1)) < 0.01);
});

test('several reports of one run', { skip }, async () => {
  const daemon = await client(await server());
  const names = ['tracking', 'sources', 'sourcestats', 'activity', 'rtcdata'] as const;
  const { stdout } = await daemon.chronyc(['-c', '-m', ...names]);
  const { reports, failed } = splitReports(stdout, names);
  assert.deepEqual([...reports.keys()], names.slice(0, 4));
  assert.equal(parseSources(reports.get('sources') ?? '').length, 1);
  assert.equal(failed?.name, 'rtcdata');
  assert.equal(failed.error.code, 513);
});

test('a server of its own time, and those who ask it', { skip }, async () => {
  const source = await server('127.0.0.1', ['smoothtime 400 0.01', 'manual']);
  const daemon = daemons.at(-1);
  assert.ok(daemon);
  await (await client(source)).report(
    ['-c', 'tracking'],
    parseTracking,
    ({ state }) => state === 'synchronised',
  );
  for (const tracking of await both(daemon, 'tracking', parseTracking)) {
    assert.equal(tracking.state, 'local');
    assert.equal(tracking.leap, 'normal');
  }
  for (const stats of await both(daemon, 'serverstats', parseServerstats)) assert.ok(stats.ntpReceived > 0);
  for (const [client] of await both(daemon, 'clients', parseClients)) {
    assert.equal(client?.name, '127.0.0.1');
    assert.ok(client.ntpPackets > 0);
    assert.equal(client.otherAgo, undefined);
  }
  for (const smoothing of await both(daemon, 'smoothing', parseSmoothing))
    assert.equal(smoothing.leapOnly, false);
  assert.deepEqual(await both(daemon, 'sources', parseSources), [[], []]);
  assert.deepEqual(await both(daemon, 'manual list', parseManualList), [[], []]);
});

test('never synchronised, without sources and with one that does not answer', { skip }, async () => {
  for (const daemon of [await client(), await client(`server 127.0.0.1 port ${await freeUdpPort()} ${POLL}`)])
    for (const tracking of await both(daemon, 'tracking', parseTracking)) {
      assert.equal(tracking.state, 'unsynchronised');
      assert.equal(tracking.offset, undefined);
      assert.equal(tracking.leap, 'unsynchronised');
    }
  const daemon = daemons.at(-1);
  assert.ok(daemon);
  for (const [source] of await both(daemon, 'sources', parseSources)) {
    assert.equal(source?.state, 'unusable');
    assert.equal(source.reach, 0);
    assert.equal(source.lastSampleAgo, undefined);
    assert.equal(source.offset, undefined);
  }
  assert.throws(() => parseServerstats('501 Not authorised'), code(501));
  const name = await daemon.chronyc(['-c', 'sourcename', '127.0.0.1']);
  assert.equal(parseSourceName(name.stdout), '127.0.0.1');
});

test('a falseticker among three sources', { skip }, async () => {
  const daemon = await client(
    await server('127.0.0.1'),
    await server('127.0.0.2'),
    `${await server('127.0.0.3')} offset 5`,
  );
  const sources = await daemon.report(
    ['-c', 'sources'],
    parseSources,
    (all) =>
      all.filter(({ state }) => state === 'best' || state === 'combined').length === 2 &&
      all.some(({ state }) => state === 'falseticker'),
  );
  const bad = sources.find(({ state }) => state === 'falseticker');
  assert.equal(bad?.name, '127.0.0.3');
  assert.ok(Math.abs(bad.offset ?? 0) > 1);
  for (const data of await both(daemon, 'selectdata', parseSelectdata))
    assert.equal(data.find(({ name }) => name === '127.0.0.3')?.state, 'falseticker');
});

test('what chronyd does not do is told by its code', { skip }, async () => {
  const daemon = await client();
  for (const [name, parse, expected] of [
    ['rtcdata', parseRtcdata, 513],
    ['smoothing', parseSmoothing, 505],
    ['sourcename 127.0.0.9', parseSourceName, 503],
  ] as const) {
    const { code: status, stdout } = await daemon.chronyc(['-c', ...name.split(' ')]);
    assert.equal(status, 1);
    assert.throws(() => parse(stdout), code(expected));
  }
  const { stdout } = await daemon.chronyc([
    ...['-h', '127.0.0.1', '-p', String(await freeUdpPort())],
    ...['-c', 'tracking'],
  ]);
  assert.throws(() => parseTracking(stdout), code(506));
});
