/** What was recognised in the kernel's log, counted over restarts of the agent, reboots and clocks that are set. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Unavailable } from '../host/unavailable.ts';
import { EVENTS_FILE, type EventSource, EventStore, type LoggedEvent, readEvents } from './events.ts';
import { History } from './history.ts';
import { nowOf } from './moment.ts';
import { ClockMachine } from './testing/machine.ts';
import type { Now } from './timeline.ts';

const MINUTE = 60_000;
let folder: string;
let machine: ClockMachine;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-events-'));
  machine = new ClockMachine();
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = () => nowOf(machine) as Required<Now>;
const event = (id: string, device: string | undefined, uptime: number, times = 1): LoggedEvent => ({
  ...{ signature: { id }, device, uptime, times },
});

test('events are counted by signature and device, with first and last', async () => {
  const store = new EventStore(folder);
  machine.sinceBoot = 100_000;
  store.add(
    [event('link-down', 'eth0', 10), event('link-down', 'eth1', 20), event('link-down', 'eth0', 30.5, 3)],
    now(),
  );
  store.add([event('oops', undefined, 40)], now());
  await store.save();
  const wall = machine.wall;
  assert.deepEqual(readEvents(folder, now()), [
    {
      signature: 'link-down',
      device: 'eth1',
      count: 1,
      countThisBoot: 1,
      firstMs: wall - 80_000,
      lastMs: wall - 80_000,
    },
    {
      signature: 'link-down',
      device: 'eth0',
      count: 4,
      countThisBoot: 4,
      firstMs: wall - 90_000,
      lastMs: wall - 69_500,
    },
    {
      signature: 'oops',
      device: '',
      count: 1,
      countThisBoot: 1,
      firstMs: wall - 60_000,
      lastMs: wall - 60_000,
    },
  ]);
});

test('an agent that starts again and reads the buffer anew counts nothing twice; a reboot begins a new buffer', async () => {
  const buffer = [event('x', 'sda', 10), event('x', 'sda', 20)];
  const first = new EventStore(folder);
  first.add(buffer, now());
  await first.save();
  const second = new EventStore(folder);
  second.add([...buffer, event('x', 'sda', 25)], now());
  await second.save();
  assert.deepEqual(
    readEvents(folder, now()).map(({ count, countThisBoot }) => [count, countThisBoot]),
    [[3, 3]],
  );
  const before = readEvents(folder, now())[0];
  machine.pass(MINUTE);
  machine.reboot(machine.wall + MINUTE);
  const third = new EventStore(folder);
  assert.equal(readEvents(folder, now())[0]?.countThisBoot, 0);
  third.add([event('x', 'sda', 5)], now());
  await third.save();
  const [after] = readEvents(folder, now());
  assert.deepEqual([after?.count, after?.countThisBoot, after?.firstMs], [4, 1, before?.firstMs]);
});

test('what was seen before the clock was set has the time of now, and none once its boot is over', async () => {
  machine = new ClockMachine(30_000);
  const store = new EventStore(folder);
  store.add([event('x', 'sda', 50)], now());
  await store.save();
  machine.pass(MINUTE);
  machine.wall = Date.UTC(2026, 5, 1);
  assert.equal(readEvents(folder, now())[0]?.firstMs, machine.wall - (machine.sinceBoot - 50_000));
  machine.reboot(Date.UTC(2026, 5, 2));
  assert.equal(readEvents(folder, now())[0]?.firstMs, undefined);
});

test('what does not say when it was logged is not counted, and what is kept is bounded', async () => {
  const store = new EventStore(folder);
  store.add([{ signature: { id: 'x' }, device: undefined, uptime: undefined, times: 1 }], now());
  await store.save();
  store.add(
    Array.from({ length: 3_000 }, (_, at) => event('y', `d${at}`, at + 1)),
    now(),
  );
  await store.save();
  const all = readEvents(folder, now());
  assert.deepEqual([all.length, all[0]?.device, all.at(-1)?.device], [1_000, 'd2000', 'd2999']);
});

test('a file that is broken is begun anew and told; one whose entries are broken loses these', () => {
  writeFileSync(join(folder, EVENTS_FILE), '{"version":1,');
  assert.match(new EventStore(folder).problem, /events\.json cannot be read .* begun anew/);
  writeFileSync(join(folder, EVENTS_FILE), '{"version":7}');
  assert.match(new EventStore(folder).problem, /another form/);
  const stamp = { boot: 'a', sinceBoot: 1, wall: 1e13 };
  const good = { signature: 's', device: '', count: 1, boot: 1, first: stamp, last: stamp };
  const entries = [null, 7, {}, { ...good, count: 'x' }, { ...good, first: {} }, good];
  writeFileSync(join(folder, EVENTS_FILE), JSON.stringify({ version: 1, boot: 'a', until: 1, entries }));
  assert.deepEqual(
    readEvents(folder, now()).map(({ signature }) => signature),
    ['s'],
  );
});

test('the history counts them on its tick; a log that fails is opened again', async () => {
  let opened = 0;
  let fails = false;
  const waiting: LoggedEvent[] = [];
  const source = (): EventSource => ({
    next: async () => {
      if (fails) throw new Unavailable('failed', '/dev/kmsg could not be read');
      return waiting.splice(0);
    },
    close: () => undefined,
  });
  const one = new History({
    ...{ folder, machine, everyMs: MINUTE, samplers: async () => [] },
    limits: { maxBytes: 20 << 20, keepMs: 1e9 },
    events: async () => {
      opened++;
      return source();
    },
  });
  waiting.push(event('x', 'sda', 10));
  await one.tick();
  assert.equal(one.view.events()[0]?.count, 1);
  const written = readFileSync(join(folder, EVENTS_FILE), 'utf8');
  machine.pass(MINUTE);
  await one.tick();
  assert.equal(readFileSync(join(folder, EVENTS_FILE), 'utf8'), written);
  fails = true;
  machine.pass(MINUTE);
  await one.tick();
  assert.match(one.warnings.join(), /the kernel's log \(\/dev\/kmsg could not be read\)/);
  fails = false;
  waiting.push(event('x', 'sda', 70));
  machine.pass(MINUTE);
  await one.tick();
  await one.stop();
  assert.deepEqual([opened, one.view.events()[0]?.count, one.warnings], [2, 2, []]);
});
