import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MadeNode, madeFinding, madeReport } from '../testing.ts';
import { foldFleet } from './fold.ts';
import type { Finding, FoldedFleet, NodeReport } from './model.ts';

const nic = (name: string, hardware = '', attributes: Record<string, string> = {}) => ({
  ...{ kind: 'nic', name, hardware, attributes },
});
const node = (
  at: number,
  traits: Record<string, string> = {},
  labels: Record<string, string> = {},
): MadeNode => ({
  ...{ node: `web-${at}`, labels },
  traits: Object.entries(traits).map(([name, value]) => ({ name, value })),
});
const one = (...findings: Finding[]): FoldedFleet => foldFleet([madeReport(node(1), findings)]);
const told = ({ troubles }: FoldedFleet) => troubles.map(({ id }) => id);

test('a cause silences what it explains on the same node', () => {
  const fleet = one(
    madeFinding({ id: 'nic.firmware', explains: ['nic.resets', 'kernel.nic-*'] }),
    madeFinding({ id: 'nic.resets', explains: ['nic.flaps'] }),
    madeFinding({ id: 'nic.flaps' }),
    madeFinding({ id: 'kernel.nic-watchdog' }),
    madeFinding({ id: 'kernel.oops' }),
  );
  assert.deepEqual(told(fleet), ['kernel.oops', 'nic.firmware']);
  const explained = fleet.troubles[1]?.explained.map(({ id }) => id).sort();
  assert.deepEqual(explained, ['kernel.nic-watchdog', 'nic.flaps', 'nic.resets']);
});

test('trouble with one interface explains none with another one', () => {
  const fleet = one(
    madeFinding({
      id: 'nic.no-link',
      subject: nic('eth0'),
      explains: ['nic.errors', 'clock.unsynchronised'],
    }),
    madeFinding({ id: 'nic.errors', subject: nic('eth0') }),
    madeFinding({ id: 'nic.errors', subject: nic('eth1') }),
    madeFinding({ id: 'clock.unsynchronised', subject: { ...nic('system'), kind: 'clock' } }),
  );
  assert.deepEqual(told(fleet), ['nic.errors', 'nic.no-link']);
  assert.equal(fleet.troubles[0]?.members[0]?.finding.subject?.name, 'eth1');
});

test('trouble with one disk explains none of a file system on another one', () => {
  const disk = (name: string) => ({ ...nic(name), kind: 'disk' });
  const files = (name: string, source?: string) => ({
    ...nic(name, '', source === undefined ? {} : { source }),
    kind: 'filesystem',
  });
  const fleet = one(
    madeFinding({ id: 'disk.spare-low', subject: disk('nvme0'), explains: ['kernel-log.ext4-*'] }),
    madeFinding({ id: 'kernel-log.ext4-error', subject: files('sda2') }),
    madeFinding({ id: 'kernel-log.ext4-note', subject: files('/srv', '/dev/sdb') }),
    madeFinding({ id: 'kernel-log.ext4-warning', subject: files('nvme0n1p4') }),
    madeFinding({ id: 'kernel-log.ext4-corrupt', subject: files('/', '/dev/nvme0n1p2') }),
    madeFinding({ id: 'kernel-log.ext4-readonly', subject: files('dm-3') }),
    madeFinding({ id: 'kernel-log.ext4-journal', subject: files('/home', '/dev/mapper/vg-home') }),
  );
  assert.deepEqual(told(fleet), ['disk.spare-low', 'kernel-log.ext4-error', 'kernel-log.ext4-note']);
});

test('a cause on one node explains nothing on another one', () => {
  const fleet = foldFleet([
    madeReport(node(1), [madeFinding({ id: 'a', explains: ['b'] })]),
    madeReport(node(2), [madeFinding({ id: 'b' })]),
  ]);
  assert.deepEqual(told(fleet), ['a', 'b']);
});

test('of findings that explain each other one is told', () => {
  assert.deepEqual(
    told(one(madeFinding({ id: 'a', explains: ['b'] }), madeFinding({ id: 'b', explains: ['a', 'b'] }))),
    ['a'],
  );
});

test('a mild cause does not hide how severe its effect is', () => {
  const fleet = one(
    madeFinding({ id: 'a', severity: 'SEVERITY_INFO', explains: ['b'] }),
    madeFinding({ id: 'b', severity: 'SEVERITY_CRITICAL' }),
  );
  assert.deepEqual(
    fleet.troubles.map(({ id, severity }) => [id, severity]),
    [['a', 'critical']],
  );
});

test('findings fold by id, severity, kind, hardware and title; the worst first, then the most', () => {
  const findings = (at: number) => [
    madeFinding({ id: 'nic.errors', subject: nic(`eth${at}`, at < 3 ? 'ice' : 'igb') }),
    madeFinding({ id: 'disk.smart', severity: at === 4 ? 'SEVERITY_CRITICAL' : 'SEVERITY_INFO' }),
  ];
  const fleet = foldFleet([10, 4, 3, 2, 1].map((at) => madeReport(node(at), findings(at))));
  assert.deepEqual(
    fleet.troubles.map(({ id, severity, hardware, nodes }) => [id, severity, hardware, nodes.join()]),
    [
      ['disk.smart', 'critical', '', 'web-4'],
      ['nic.errors', 'warning', 'igb', 'web-3,web-4,web-10'],
      ['nic.errors', 'warning', 'ice', 'web-1,web-2'],
      ['disk.smart', 'info', '', 'web-1,web-2,web-3,web-10'],
    ],
  );
  assert.deepEqual(fleet.troubled, ['web-1', 'web-2', 'web-3', 'web-4', 'web-10']);
});

/** Twenty nodes: the first six have a driver; those in `sick` have the trouble; the check was skipped on those in `skipped`. */
function twenty(
  sick: readonly number[],
  skipped: readonly number[] = [],
  more: Partial<Finding> = {},
): NodeReport[] {
  return Array.from({ length: 20 }, (_, index) => {
    const at = index + 1;
    const made = node(
      at,
      { 'nic.driver': at <= 6 ? 'bad' : 'good', kernel: '6.1.0', bios: `${at}` },
      { rack: at <= 10 ? 'a' : 'b' },
    );
    const status = skipped.includes(at) ? 'CHECK_STATUS_SKIPPED' : 'CHECK_STATUS_OK';
    return madeReport(made, sick.includes(at) ? [madeFinding({ id: 'nic.hangs', ...more })] : [], [
      { id: 'nic.hangs', status, reason: skipped.includes(at) ? 'ethtool is not installed' : '' },
    ]);
  });
}

test('what the sick have and the healthy do not is named, with counter-examples and exceptions', () => {
  const [trouble] = foldFleet(twenty([1, 2, 3, 4, 5, 12])).troubles;
  const [first, ...others] = trouble?.attribution.distinctions ?? [];
  assert.deepEqual(first?.traits, [{ name: 'nic.driver', value: 'bad' }]);
  assert.deepEqual(
    [first.sick, first.healthy],
    [
      { having: 5, of: 6 },
      { having: 1, of: 14 },
    ],
  );
  assert.deepEqual([first.counterExamples, first.exceptions], [['web-6'], ['web-12']]);
  assert.ok(first.p < 0.05 && first.difference > 0.7);
  assert.deepEqual(others, []);
});

test('a node whose check could not run is neither sick nor healthy', () => {
  const fleet = foldFleet(twenty([1, 2, 3, 4, 5], [6, 20]));
  const [first] = fleet.troubles[0]?.attribution.distinctions ?? [];
  assert.deepEqual([first?.sick.of, first?.healthy], [5, { having: 0, of: 13 }]);
  assert.deepEqual(fleet.notRun, [
    { reason: 'ethtool is not installed', checks: ['nic.hangs'], nodes: ['web-6', 'web-20'] },
  ]);
  assert.equal(fleet.healthy.length, 13);
});

test('a node that has the same trouble in another form is not healthy', () => {
  const reports = twenty([1, 2, 3, 4, 5]);
  const other = madeReport(node(6, { 'nic.driver': 'bad' }), [
    madeFinding({ id: 'nic.hangs', title: 'Otherwise' }),
  ]);
  const fleet = foldFleet(reports.map((report, at) => (at === 5 ? other : report)));
  const trouble = fleet.troubles.find(({ nodes }) => nodes.length === 5);
  assert.deepEqual(trouble?.attribution.distinctions[0]?.healthy, { having: 0, of: 14 });
});

test('a sick node counts by the subject that is sick, not by its other devices', () => {
  // All nodes have an interface with either firmware; the findings are about those with the old one, on other switches.
  const reports = twenty([1, 2, 3, 4, 5]).map((report, at) => ({
    ...report,
    answer: {
      ...report.answer,
      traits: [
        { name: 'nic.firmware', value: 'ice 1.0' },
        { name: 'nic.firmware', value: 'ice 2.0' },
        { name: 'nic.switch', value: at < 7 ? 'tor-a' : 'tor-b' },
        { name: 'nic.switch', value: 'tor-c' },
      ],
      findings: report.answer.findings.map((finding) => ({
        ...finding,
        subject: nic('eth0', '', { firmware: 'ice 1.0', switch: 'tor-a' }),
      })),
    },
  }));
  const [first] = foldFleet(reports).troubles[0]?.attribution.distinctions ?? [];
  assert.deepEqual(first?.traits, [{ name: 'nic.switch', value: 'tor-a' }]);
  assert.deepEqual(first.counterExamples, ['web-6', 'web-7']);
});

test('an attribute that nodes do not tell as a trait sets nobody apart', () => {
  const reports = twenty([1, 8, 15, 16, 17], [], { subject: nic('eth0', '', { daemon: 'chrony' }) });
  assert.deepEqual(foldFleet(reports).troubles[0]?.attribution.distinctions, []);
});

test('nothing is named on fewer than twelve nodes, and that is said', () => {
  const { attribution } = foldFleet(twenty([1, 2, 3, 4, 5, 6]).slice(0, 11)).troubles[0] ?? {};
  assert.deepEqual([attribution?.distinctions, attribution?.tooFew], [[], true]);
  // Where all are sick there is nothing to tell apart, however many there are.
  const all = foldFleet(twenty(Array.from({ length: 20 }, (_, at) => at + 1)).slice(0, 11));
  assert.equal(all.troubles[0]?.attribution.tooFew, false);
});

test('nothing is named where chance explains it', () => {
  assert.deepEqual(foldFleet(twenty([1, 8, 15])).troubles[0]?.attribution.distinctions, []);
});

test('a rack that most of the sick share is named where it is no proof', () => {
  // Seven of eight are in rack a, with three healthy ones.
  const reports = twenty([1, 4, 5, 6, 7, 8, 9, 15]).map((report, at) => ({
    ...report,
    answer: { ...report.answer, traits: [{ name: 'model', value: `m${at % 7}` }] },
  }));
  const { attribution } = foldFleet(reports).troubles[0] ?? {};
  const place = attribution?.place ?? attribution?.distinctions[0];
  assert.deepEqual(place?.traits, [{ name: 'label.rack', value: 'a' }]);
  assert.deepEqual(
    [place.sick, place.healthy],
    [
      { having: 7, of: 8 },
      { having: 3, of: 12 },
    ],
  );
});

test('the node that stands out among the sick is named with the parameter', () => {
  const reports = [3, 4, 5, 4, 3, 400].map((errors, at) =>
    madeReport(node(at + 1), [
      madeFinding({ id: 'nic.errors', parameters: { errorsPerHour: String(errors), name: 'x' } }),
    ]),
  );
  assert.deepEqual(foldFleet(reports).troubles[0]?.outliers, [
    { node: 'web-6', parameter: 'errorsPerHour', value: 400, median: 4 },
  ]);
  assert.deepEqual(foldFleet(reports.slice(2)).troubles[0]?.outliers, []);
});

test('the same answers give the same result in whatever order they come', () => {
  const reports = twenty([1, 2, 3, 4, 5, 12], [7]);
  assert.deepEqual(foldFleet([...reports].reverse()), foldFleet(reports));
});

test('a check that a node’s agent does not know is not made there', () => {
  const old = madeReport(node(2), [], ['a']);
  const fleet = foldFleet([madeReport(node(1), [], ['a', 'b']), old]);
  assert.deepEqual(fleet.notRun, [
    { reason: 'the agent there (0.1.0) does not know them', checks: ['b'], nodes: ['web-2'] },
  ]);
  assert.deepEqual(fleet.healthy, ['web-1']);
});

test('no answers fold to nothing', () => {
  const { troubles, notRun, answered, healthy, checks } = foldFleet([]);
  assert.deepEqual([troubles, notRun, answered, healthy, checks], [[], [], [], [], 0]);
});

test('a firmware that sets a trouble apart is not told again as one that differs', () => {
  const reports = twenty([1, 2, 3, 4, 5, 6], [], {
    subject: nic('eth0', 'ice', { firmware: 'ice 1.0' }),
  }).map((report, at) => ({
    ...report,
    answer: {
      ...report.answer,
      traits: [
        { name: 'nic.pci', value: '8086:1592' },
        { name: 'nic.firmware', value: at < 6 ? 'ice 1.0' : 'ice 2.0' },
      ],
    },
  }));
  const fleet = foldFleet(reports);
  assert.deepEqual(told(fleet), ['nic.hangs']);
  assert.deepEqual(
    fleet.troubles[0]?.explained.map(({ id }) => id),
    ['fleet.mixed-firmware'],
  );
  // With trouble of another kind of thing it is a matter of its own, and where it is on other nodes too.
  const clocks = reports.map((report) => ({
    ...report,
    answer: {
      ...report.answer,
      findings: report.answer.findings.map((one) => ({ ...one, subject: { ...nic(''), kind: 'clock' } })),
    },
  }));
  assert.deepEqual(told(foldFleet(clocks)), ['fleet.mixed-firmware', 'nic.hangs']);
  const healthy = reports.map((report, at) =>
    at === 0
      ? madeReport(node(1, { 'nic.pci': '8086:1592', 'nic.firmware': 'ice 1.0' }), [], ['nic.hangs'])
      : report,
  );
  assert.deepEqual(told(foldFleet(healthy)), ['fleet.mixed-firmware', 'nic.hangs']);
});
