/** What the collectors tell of a simulated server whose numbers are known, and how often they ask it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToolOutput } from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';
import { CLOCK_OFFSET_SECONDS } from '../sim/clock-parts.ts';
import { MemoryMachine } from '../sim/memory-machine.ts';
import { simulatedMachine } from '../sim/server.ts';
import { COLLECTORS } from './collectors.ts';
import { Metrics } from './metrics.ts';
import { type ParsedFamily, parseOpenMetrics } from './testing/parse.ts';

const NOTHING = { findings: [], checks: [], problems: [], traits: [] };

function metricsOf(machine: MemoryMachine): Metrics {
  return new Metrics({ node: 'web-1', machine, collectors: COLLECTORS, diagnose: async () => NOTHING });
}

async function families(machine: MemoryMachine): Promise<Map<string, ParsedFamily>> {
  return parseOpenMetrics(await metricsOf(machine).text('openmetrics', true));
}

const server = { name: 'web-1', rack: 'a', index: 1, faults: ['clock', 'nic', 'kernel'] as const };

test('a simulated server with troubles shows them', async () => {
  const all = await families(simulatedMachine(server));
  const value = (name: string, labels: Record<string, string> = {}) =>
    all
      .get(name)
      ?.samples.find((one) => Object.entries(labels).every(([key, text]) => one.labels[key] === text))?.value;
  // A clock that is ahead is, by chrony's sign, not slow.
  assert.equal(value('chrony_tracking_system_time_seconds'), -CLOCK_OFFSET_SECONDS);
  assert.equal(value('chrony_up'), 1);
  assert.equal(value('chrony_sources_reachability_ratio', { source_address: '192.0.2.11' }), 1);
  assert.equal(value('nodectl_kernel_taint'), 512);
  assert.equal(all.get('node_uname')?.samples[0]?.labels.nodename, 'web-1');
  const errors = all.get('node_network_receive_errs')?.samples ?? [];
  assert.ok(
    errors.some((one) => one.value > 0),
    'no interface has errors',
  );
  const crc = all
    .get('nodectl_nic_events')
    ?.samples.filter((one) => one.labels.quantity === 'crc' && one.value > 0);
  assert.ok((crc?.length ?? 0) > 0, 'no driver counts checksum errors');
  assert.equal(all.get('node_network_speed_bytes')?.samples[0]?.value, 25_000 * 125_000);
});

test('a machine that has next to nothing has next to no metrics, and what failed is told', async () => {
  class Sick extends MemoryMachine {
    override text(path: string): string | undefined {
      if (path === 'proc/meminfo') throw new Unavailable('denied', 'no');
      return super.text(path);
    }

    override async run(program: string, args: readonly string[]): Promise<ToolOutput> {
      if (program === 'chronyc') throw new Unavailable('timeout', 'chronyc does not answer');
      return super.run(program, args);
    }
  }
  const all = await families(
    new Sick({ files: new Map([['proc/stat', 'cpu0 1 2 3 4 5 6 7 8\nbtime 1700000000\n']]) }),
  );
  const success = Object.fromEntries(
    (all.get('nodectl_collector_success')?.samples ?? []).map((one) => [one.labels.collector, one.value]),
  );
  assert.equal(success.memory, 0);
  assert.equal(success.kernel, 1);
  assert.equal(success.conntrack, 1);
  assert.equal(all.get('node_boot_time_seconds')?.samples[0]?.value, 1_700_000_000);
  assert.equal(all.get('node_cpu_seconds')?.samples.length, 8);
  assert.ok(!all.has('node_memory_MemTotal_bytes'));
});

test('however many ask, the machine is read once, and programs are not run again at once', async () => {
  let reads = 0;
  let runs = 0;
  class Counted extends MemoryMachine {
    override text(path: string): string | undefined {
      if (path === 'proc/stat') reads++;
      return super.text(path);
    }

    override async run(program: string, args: readonly string[]): Promise<ToolOutput> {
      runs++;
      return super.run(program, args);
    }
  }
  const machine = new Counted({ files: new Map([['proc/stat', 'btime 1700000000\n']]) });
  const metrics = metricsOf(machine);
  await Promise.all(Array.from({ length: 20 }, () => metrics.text('prometheus', false)));
  assert.equal(reads, 1);
  const before = runs;
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await metrics.text('prometheus', false);
  assert.deepEqual([reads, runs], [2, before]);
});

test('findings come with a run of the checks, which those who scrape do not wait for', async () => {
  const gate = Promise.withResolvers<void>();
  let runs = 0;
  const metrics = new Metrics({
    ...{ node: 'web-1', machine: new MemoryMachine({ files: new Map() }), collectors: [] },
    diagnose: async () => {
      runs++;
      await gate.promise;
      const finding = {
        ...{
          id: 'nic.errors',
          check: 'nic.errors',
          severity: 'warning' as const,
          certainty: 'certain' as const,
        },
        ...{
          subject: { kind: 'nic', name: 'eth0' },
          title: 'x',
          parameters: {},
          evidence: [],
          links: [],
          explains: [],
        },
        remedy: { text: 'x', risk: 'none' as const },
      };
      return { ...NOTHING, findings: [finding, finding] };
    },
  });
  assert.doesNotMatch(await metrics.text('openmetrics', false), /nodectl_findings/);
  const waiting = metrics.text('openmetrics', true);
  gate.resolve();
  const text = await waiting;
  assert.match(text, /^nodectl_findings\{severity="warning"\} 2$/m);
  assert.match(text, /^nodectl_finding\{id="nic\.errors",kind="nic",severity="warning",subject="eth0"\} 2$/m);
  assert.equal(runs, 1);
});

test('sensors of chips of one kind are told apart', async () => {
  const chip = (name: string, at: number, millidegrees: number) =>
    [
      [`sys/class/hwmon/hwmon${at}/name`, `${name}\n`],
      [`sys/class/hwmon/hwmon${at}/temp1_input`, `${millidegrees}\n`],
      [`sys/class/hwmon/hwmon${at}/temp1_label`, 'Composite\n'],
      [`sys/class/hwmon/hwmon${at}/temp1_crit`, '85000\n'],
    ] as const;
  const files = new Map([...chip('nvme', 0, 41_000), ...chip('nvme', 1, 52_500)]);
  const all = await families(new MemoryMachine({ files }));
  assert.deepEqual(
    all
      .get('node_hwmon_temp_celsius')
      ?.samples.map(({ labels, value }) => [labels.chip, labels.sensor, value]),
    [
      ['nvme', 'Composite', 41],
      ['nvme', 'Composite #2', 52.5],
    ],
  );
  assert.equal(all.get('node_hwmon_temp_crit_celsius')?.samples.length, 2);
});

test('while a gathering hangs no other is begun beside it, however long that takes', async (t) => {
  const gate = Promise.withResolvers<void>();
  let asked = 0;
  let now = 1_000;
  t.mock.method(performance, 'now', () => now);
  const hanging = {
    ...{ id: 'x', freshMs: 0 },
    collect: async () => {
      asked++;
      await gate.promise;
      return [];
    },
  };
  const metrics = new Metrics({
    ...{ node: 'web-1', machine: new MemoryMachine({ files: new Map() }), collectors: [hanging] },
    diagnose: async () => NOTHING,
  });
  const texts: Promise<string>[] = [];
  for (let at = 0; at < 5; at++) {
    texts.push(metrics.text('prometheus', false));
    now += 5_000;
  }
  assert.equal(asked, 1);
  gate.resolve();
  await Promise.all(texts);
  now += 5_000;
  await metrics.text('prometheus', false);
  assert.equal(asked, 2);
});
