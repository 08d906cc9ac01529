/** ClockService: what was not told is not set, and times come from the machine's own clock. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import type { ExchangeTimeResponse } from '../../../proto/gen/types/nodectl/v1/ExchangeTimeResponse.ts';
import type { GetClockResponse } from '../../../proto/gen/types/nodectl/v1/GetClockResponse.ts';
import { ANYONE, type CallContext } from '../../../proto/serve/handlers.ts';
import type { Machine } from '../../host/machine.ts';
import { clockParts } from '../../sim/clock-parts.ts';
import { MemoryMachine } from '../../sim/memory-machine.ts';
import { DiagnosticsDomain } from '../domain.ts';
import { clockService } from './service.ts';

const silent = () => undefined;
const call: CallContext = {
  ...{ method: '', identity: ANYONE, peer: '', deadline: undefined },
  signal: new AbortController().signal,
  log: { debug: silent, info: silent, warn: silent, error: silent },
};
const request = {} as never;
const of = (machine: Machine) => clockService(new DiagnosticsDomain({ node: 'web-1', machine }));
const clockOf = async (machine: Machine) => (await of(machine).GetClock(request, call)) as GetClockResponse;
const server = clockParts({ name: 'web-1', rack: 'a', index: 3, faults: ['clock'] });

test('the facts of a clock', async () => {
  const clock = await clockOf(new MemoryMachine(server));
  assert.equal(clock.node, 'web-1');
  assert.equal(clock.state?.sync, 'CLOCK_SYNC_SYNCHRONISED');
  assert.equal(clock.state?.offsetSeconds, 0.31);
  assert.equal(clock.state?.stratum, 3);
  assert.equal(clock.sources?.length, 3);
  assert.equal(clock.kernel?.synchronised, true);
  assert.equal(clock.configuration?.makestep, '1 3');
  assert.deepEqual(clock.problems, []);
});

test('a machine that tells nothing has nothing set, and says what could not be read', async () => {
  const clock = await clockOf(new MemoryMachine({ files: new Map([['proc/version', 'Linux\n']]) }));
  assert.equal(clock.state, undefined);
  assert.equal(clock.kernel, undefined);
  assert.deepEqual(clock.sources, []);
  assert.ok((clock.problems?.length ?? 0) > 0);
});

test('the time is the machine’s own, and a captured machine has none', async () => {
  const ahead = new MemoryMachine({ files: new Map(), clockAheadMs: 5_000 });
  const before = Date.now();
  const answer = (await of(ahead).ExchangeTime(request, call)) as ExchangeTimeResponse;
  const { receiveUsec = 0, transmitUsec = 0 } = answer;
  const receiveMs = Number(receiveUsec) / 1_000 - 5_000;
  assert.ok(receiveMs > before - 1_000 && receiveMs < Date.now() + 1_000);
  assert.ok(Number(transmitUsec) >= Number(receiveUsec));
  const captured: Machine = Object.assign(new MemoryMachine({ files: new Map() }), { live: false });
  await assert.rejects(
    async () => of(captured).ExchangeTime(request, call),
    (error) => Failure.from(error).reason === 'UNKNOWN_METHOD',
  );
});
