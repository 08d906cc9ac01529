import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeReport } from '../testing.ts';
import { FLEET_CHECKS, fleetFindings } from './fleet-checks.ts';
import { foldFleet } from './fold.ts';
import type { NodeReport } from './model.ts';

function fleet(traits: readonly Record<string, string | undefined>[]): NodeReport[] {
  return traits.map((values, at) =>
    madeReport({
      node: `web-${at + 1}`,
      labels: {},
      traits: Object.entries(values).flatMap(([name, value]) =>
        value === undefined ? [] : [{ name, value }],
      ),
    }),
  );
}

/** The troubles of a fleet: id, severity and nodes. */
function found(reports: readonly NodeReport[]): [id: string, severity: string, nodes: string][] {
  return foldFleet(reports).troubles.map(({ id, severity, nodes }) => [id, severity, nodes.join()]);
}

test('firmware that few nodes have is a warning, and one that many have is worth knowing', () => {
  const firmware = (versions: string[]) =>
    fleet(
      versions.map((version) => ({ 'nic.pci': '15b3:101d', 'nic.firmware': `mlx5_core ${version} (MT_1)` })),
    );
  assert.deepEqual(found(firmware(['2', '2', '1', '2', '2'])), [
    ['fleet.mixed-firmware', 'warning', 'web-3'],
  ]);
  assert.deepEqual(found(firmware(['2', '1', '1', '2'])), [['fleet.mixed-firmware', 'info', 'web-2,web-3']]);
  assert.deepEqual(found(firmware(['2', '2', '2'])), []);
});

test('firmware is compared among nodes with the same devices only', () => {
  const nic = (pci: string, firmware: string) => ({ 'nic.pci': pci, 'nic.firmware': firmware });
  assert.deepEqual(
    found(fleet([nic('8086:1', 'ice 4.1'), nic('8086:2', 'ice 3.2'), nic('', 'ice 3.0')])),
    [],
  );
  const disk = (firmware: string) => ({ 'disk.model': 'PM9A3', 'disk.firmware': firmware });
  const [trouble] = foldFleet(fleet([disk('A'), disk('B'), disk('A')])).troubles;
  assert.deepEqual([trouble?.kind, trouble?.hardware, trouble?.nodes], ['disk', 'PM9A3', ['web-2']]);
  assert.deepEqual(trouble?.members[0]?.finding.subject?.attributes, { firmware: 'B' });
});

test('a lost memory module shows beside five of the same model', () => {
  const memory = (totals: number[], model = 'R650') =>
    totals.map((total) => ({ model, memory: `${total} GiB` }));
  const reports = fleet([...memory([256, 255, 192, 256, 256]), ...memory([64, 32], 'Other')]);
  assert.deepEqual(found(reports), [['fleet.memory-below-peers', 'warning', 'web-3']]);
  assert.deepEqual(found(fleet(memory([256, 192, 256]))), []);
});

test('a machine-id that several nodes have', () => {
  const ids = fleet(['a', 'b', 'a', undefined].map((id) => ({ 'machine-id': id })));
  assert.deepEqual(found(ids), [['fleet.duplicate-machine-id', 'warning', 'web-1,web-3']]);
});

test('kernels and operating systems that differ are worth knowing', () => {
  const reports = fleet(
    ['6.1', '6.1', '6.12'].map((kernel) => ({ kernel, os: kernel === '6.1' ? 'Debian 12' : 'Debian 13' })),
  );
  assert.deepEqual(found(reports), [
    ['fleet.mixed-kernels', 'info', 'web-3'],
    ['fleet.mixed-releases', 'info', 'web-3'],
  ]);
});

test('one node alone has nothing to be held against', () => {
  assert.deepEqual(found(fleet([{ kernel: '6.1', 'machine-id': 'a' }])), []);
});

test('only the checks that are wanted are made', () => {
  const reports = fleet([{ kernel: '6.1' }, { kernel: '6.12' }]);
  const results = fleetFindings(reports, ({ area }) => area === 'clock');
  assert.deepEqual(
    [...results.values()].flatMap(({ checks }) => checks),
    [],
  );
});

test('ids are unique and well formed', () => {
  const ids = FLEET_CHECKS.map(({ id }) => id);
  assert.deepEqual([...new Set(ids)], ids);
  for (const id of ids) assert.match(id, /^fleet\.[a-z]+(-[a-z]+)*$/);
});
