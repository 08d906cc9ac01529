/** Facts, checks and samples of real chronyd processes: synchronised and off, unsynchronised, unreachable, a falseticker. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Chronyd, freeUdpPort, noChronyd } from '../../../test/support/chronyd.ts';
import { parseSources, parseTracking, type Source } from '../../chrony-parser/mod.ts';
import { LiveMachine } from '../../host/live-machine.ts';
import type { ToolLimits, ToolOutput } from '../../host/machine.ts';
import { FactStore } from '../fact-store.ts';
import { found, reportOf } from '../testing.ts';
import { CLOCK_CHECKS } from './checks.ts';
import { CLOCK_SAMPLER } from './samples.ts';
import { clockTraits } from './traits.ts';

const skip = noChronyd() ?? false;
const POLL = 'minpoll -2 maxpoll -2 iburst';
const daemons: Chronyd[] = [];
after(() => Promise.all(daemons.map((daemon) => daemon.stop())));

/** This machine, whose chronyc talks to a chronyd of the test's. */
class Machine extends LiveMachine {
  readonly #socket: string;

  constructor({ socket }: Chronyd) {
    super();
    this.#socket = socket;
  }

  /** Debian's own configuration is of another chronyd. */
  override text(path: string): string | undefined {
    return path.endsWith('chrony.conf') ? undefined : super.text(path);
  }

  override run(program: string, args: readonly string[], limits?: ToolLimits): Promise<ToolOutput> {
    return super.run(program, program === 'chronyc' ? ['-h', this.#socket, ...args] : args, limits);
  }
}

/** Whether one source is followed and the others could be. */
function settledSources(sources: readonly Source[]): boolean {
  return sources.some(({ state }) => state === 'best') && !sources.some(({ state }) => state === 'unusable');
}

async function client(...configuration: string[]): Promise<Chronyd> {
  const daemon = await Chronyd.start(['port 0', ...configuration]);
  daemons.push(daemon);
  return daemon;
}

async function server(address: string): Promise<string> {
  const { daemon, port } = await Chronyd.server(address);
  daemons.push(daemon);
  return `server ${address} port ${port} ${POLL}`;
}

/** What this machine may have of its own, beside the chronyd of the test. */
const CHRONYD_ONLY = CLOCK_CHECKS.filter(
  ({ needs }) => 'state' in needs || 'reports' in needs || 'found' in needs,
).filter(({ id }) => !/^clock\.(max-error|rtcsync|makestep|steps-always|frequency|ptp-.*)$/.test(id));

const of = (daemon: Chronyd) => found(CHRONYD_ONLY, new Machine(daemon));

test('synchronised, and off by a quarter of a second', { skip }, async () => {
  const daemon = await client(
    ...[await server('127.0.0.1'), await server('127.0.0.2'), await server('127.0.0.3')].map(
      (line) => `${line} offset 0.25`,
    ),
  );
  await daemon.report(
    ['-c', 'tracking'],
    parseTracking,
    // On a busy machine the first measurements are far off; chronyd finds the true one among the next.
    ({ state, offset = 0 }) => state === 'synchronised' && Math.abs(offset + 0.25) < 0.05,
  );
  await daemon.report(['-c', 'sources'], parseSources, settledSources);
  const report = await reportOf(CHRONYD_ONLY, new Machine(daemon));
  assert.deepEqual(
    report.problems.filter(({ what }) => what.includes('chron')),
    [],
  );
  const finding = report.findings.find(({ id }) => id === 'clock.offset');
  assert.equal(finding?.severity, 'warning');
  assert.ok(Math.abs(Number(finding.parameters.offsetSeconds) + 0.25) < 0.1);
  assert.match(String(finding.subject.attributes?.daemon), /^chrony \d/);
  assert.match(String(finding.subject.attributes?.source), /^127\.0\.0\.[123]$/);

  const samples = await CLOCK_SAMPLER.read(new Machine(daemon), new AbortController().signal);
  const values = new Map(samples.map(({ series, value }) => [series, value]));
  assert.ok((values.get('clock//offset_seconds') ?? 0) < -0.1);
  assert.equal(values.get('clock//synchronised'), 1);
  assert.equal(values.get('clock//stratum'), 4);
  assert.ok((values.get('clock//boot_time_seconds') ?? 0) > 1e9);

  const traits = await clockTraits(
    new FactStore(new Machine(daemon), new AbortController().signal).reading(),
  );
  assert.ok(traits.some(({ name, value }) => name === 'clock.source' && value.startsWith('127.0.0.')));
});

test('synchronised and right: nothing is found', { skip }, async () => {
  const daemon = await client(
    ...[await server('127.0.0.1'), await server('127.0.0.2'), await server('127.0.0.3')],
  );
  await daemon.report(['-c', 'sources'], parseSources, settledSources);
  assert.deepEqual(await of(daemon), []);
});

test('without a source', { skip }, async () => {
  assert.deepEqual(
    (await of(await client())).filter((one) => !one.startsWith('info')),
    ['warning clock.no-source', ...(await settled('clock.not-synchronised'))],
  );
});

test('with a source that does not answer', { skip }, async () => {
  const daemon = await client(`server 127.0.0.1 port ${await freeUdpPort()} ${POLL}`);
  assert.deepEqual(
    (await of(daemon)).filter((one) => !one.startsWith('info')),
    ['warning clock.no-reachable-source', ...(await settled('clock.not-synchronised'))],
  );
});

/** In the first minutes after boot a clock that is not synchronised is worth an info alone. */
async function settled(id: string): Promise<string[]> {
  const uptime = Number(new LiveMachine().text('proc/uptime')?.split(' ', 1)[0]);
  return uptime > 600 ? [`warning ${id}`] : [];
}

test('with a falseticker among three', { skip }, async () => {
  const daemon = await client(
    ...[await server('127.0.0.1'), await server('127.0.0.2'), `${await server('127.0.0.3')} offset 5`],
  );
  await daemon.report(
    ['-c', 'sources'],
    parseSources,
    (all) =>
      all.filter(({ state }) => state === 'best' || state === 'combined').length === 2 &&
      all.some(({ state }) => state === 'falseticker'),
  );
  // Until there was a majority, the clock may have followed the wrong one. A busy machine is late in what it reads.
  const others = (await of(daemon)).filter(
    (one) => !/clock\.(unsteady|offset|skew)$|system\.reader-hung/.test(one),
  );
  assert.deepEqual(others, ['warning clock.falseticker 127.0.0.3']);
});

test('its own reference', { skip }, async () => {
  await server('127.0.0.9');
  const daemon = daemons.at(-1);
  assert.ok(daemon);
  assert.deepEqual(await of(daemon), ['info clock.local-reference']);
});
