import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import { displayWidth } from '../../output/width.ts';
import { foldFleet } from '../fold/fold.ts';
import type { Distinction } from '../fold/model.ts';
import { itemJson } from '../json.ts';
import { type MadeNode, madeFinding, madeNodes, madeReport } from '../testing.ts';
import { faultyFleet } from '../testing-faults.ts';
import { composePage, type PageOptions } from './page.ts';
import { distinctionText, nodesText, parameterText, quantity, subjectText } from './words.ts';

const plain: PageOptions['style'] = (_, text) => text;
const on = (width: number): PageOptions => ({ width, height: 20, verbose: false, style: plain });

const failures = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    node: `db-${at}`,
    failure: new Failure('CONNECTION_REFUSED', `reason ${'abcdefgh'[at % 8]} why nothing listens`, {
      hint: 'look',
    }),
  }));

/** As many distinct troubles as told, each on some of the nodes. */
function troubledNodes(nodes: number, troubles: number) {
  return madeNodes(nodes, 3).map((node, at) =>
    madeReport(
      node,
      Array.from({ length: troubles }, (_, index) => index)
        .filter((index) => (at + index) % 3 === 0)
        .map((index) =>
          madeFinding({
            id: `area.trouble-${index}`,
            severity: index % 5 === 0 ? 'SEVERITY_CRITICAL' : 'SEVERITY_WARNING',
            evidence: ['what was read of the machine, which may be a long line of a log '.repeat(3)],
          }),
        ),
      Array.from({ length: 9 }, (_, index) => ({
        ...{ id: `skipped.check-${index}`, status: 'CHECK_STATUS_SKIPPED' as const },
        reason: `reason ${index} for which it could not be made`,
      })),
    ),
  );
}

test('a terminal gets at most 20 lines, none wider than it, however much is wrong', () => {
  for (const width of [40, 80, 100, 160, 250])
    for (const [nodes, troubles, failed] of [
      [1, 1, 0],
      [3, 40, 0],
      [12, 7, 2],
      [50, 3, 9],
      [200, 100, 50],
    ] as const) {
      const fleet = foldFleet(troubledNodes(nodes, troubles));
      const parts = { fleet, failures: failures(failed), asked: nodes + failed };
      const page = composePage(parts, on(width));
      const lines = [...page.lines, ...page.failures.map((line) => `error: ${line}`)];
      assert.ok(lines.length <= 20, `${lines.length} lines at ${width} with ${troubles} troubles`);
      for (const line of lines) assert.ok(displayWidth(line) <= width, line);
      // What is left out is said.
      const shown = page.lines.filter((line) => /^(CRIT|WARN)/.test(line)).length;
      const left = fleet.troubles.filter(({ severity }) => severity !== 'info').length - shown;
      const told =
        page.lines.find((line) => line.startsWith('Not shown'))?.matchAll(/(\d+) (critical|warning)s?/g) ??
        [];
      assert.equal(
        [...told].reduce((sum, [, count]) => sum + Number(count), 0),
        left,
      );
    }
});

test('troubles of the same nodes stand below each other, and say so instead of the list once more', () => {
  const sick = ['web-1', 'web-4', 'web-7', 'db-12', 'edge-3'];
  const others = ['web-2', 'web-9', 'db-1', 'db-5', 'edge-8'];
  const have = (node: string, ...ids: string[]) =>
    madeReport(
      { node, labels: {}, traits: [] },
      ids.map((id) =>
        madeFinding({ id, severity: id === 'a.worst' ? 'SEVERITY_CRITICAL' : 'SEVERITY_WARNING' }),
      ),
    );
  const fleet = foldFleet([
    ...sick.map((node) => have(node, 'a.worst', 'c.same')),
    ...others.map((node) => have(node, 'b.other')),
  ]);
  const parts = { fleet, failures: [], asked: 10 };
  const heads = (options: PageOptions) =>
    composePage(parts, options).lines.filter((line) => /^(CRIT|WARN)/.test(line));
  assert.deepEqual(
    heads(on(120)).map((line) => line.replace(/ {2,}/g, '  ')),
    [
      'CRIT  db-12,edge-3,web-[1,4,7]  The trouble a.worst',
      'WARN  the same 5 nodes  The trouble c.same',
      'WARN  db-[1,5],edge-8,web-[2,9]  The trouble b.other',
    ],
  );
  // Whoever reads a pipe line by line finds the nodes in each.
  assert.ok(heads({ ...on(120), width: undefined, height: undefined }).every((line) => /edge-/.test(line)));
});

test('a headline is whole before anything is said about a trouble', () => {
  const [node] = madeNodes(1, 3);
  assert.ok(node);
  const title = 'The link of an interface goes down again and again';
  const subject = { kind: 'nic', name: 'eth0', hardware: 'mlx5_core 15b3:1017', attributes: {} };
  const finding = (index: number) =>
    madeFinding({
      ...{ id: `area.trouble-${index}`, title: `${title} ${index}`, subject },
      evidence: ['what was read of the machine, which may be a long line of a log '.repeat(3)],
    });
  const lines = (troubles: number, width: number) => {
    const findings = Array.from({ length: troubles }, (_, index) => finding(index));
    const fleet = foldFleet([madeReport(node, findings)]);
    return composePage({ fleet, failures: [], asked: 1 }, on(width)).lines;
  };
  for (const troubles of [1, 5, 8]) {
    const shown = lines(troubles, 80);
    assert.ok(shown.length <= 20);
    const text = shown.join('\n').replace(/\n {7,}/g, ' ');
    for (let index = 0; index < troubles; index++)
      assert.ok(text.includes(`${title} ${index} (eth0, mlx5_core 15b3:1017)`), text);
  }
  const options = { ...on(80), verbose: true };
  const fleet = foldFleet([madeReport(node, [finding(1)])]);
  const verbose = (width: number | undefined) =>
    composePage({ fleet, failures: [], asked: 1 }, { ...options, width }).lines;
  assert.deepEqual(verbose(80).slice(0, 2), [
    'WARN  The link of an interface goes down again and again 1 (eth0, mlx5_core',
    '      15b3:1017)',
  ]);
  assert.equal(verbose(undefined)[0], `WARN  ${title} 1 (eth0, mlx5_core 15b3:1017)`);
  // Where there is room for the line of each alone, each has its line.
  const crowded = lines(17, 80);
  assert.equal(crowded.filter((line) => line.startsWith('WARN')).length, 17);
});

test('whoever has room for it gets everything: a pipe, and --verbose', () => {
  const fleet = foldFleet(faultyFleet(200, 1));
  const parts = { fleet, failures: failures(30), asked: 230 };
  const pipe = composePage(parts, { width: undefined, height: undefined, verbose: false, style: plain });
  assert.equal(pipe.failures.length, 8);
  assert.ok(pipe.lines.every((line) => !line.includes('…') || line.includes(',…')));
  const verbose = composePage(parts, { ...on(80), verbose: true }).lines;
  for (const { title } of fleet.troubles)
    assert.ok(
      verbose.some((line) => line.includes(title.slice(0, 40))),
      title,
    );
});

test('what nodes send does not act on the terminal', () => {
  const hostile = 'x\x1b[2J\x07\n\u202eevil';
  const node: MadeNode = { node: 'web-1', labels: {}, traits: [] };
  const finding = madeFinding({
    id: `a.${hostile}`,
    title: hostile,
    subject: { kind: hostile, name: hostile, hardware: hostile, attributes: { [hostile]: hostile } },
    evidence: [hostile],
    parameters: { [hostile]: hostile },
    remedy: { text: hostile, risk: 'REMEDY_RISK_NONE' },
    links: [hostile],
    explains: ['b*'],
  });
  const other = madeFinding({ id: 'bcd', title: hostile });
  const skipped = { id: hostile, status: 'CHECK_STATUS_SKIPPED' as const, reason: hostile };
  const fleet = foldFleet([madeReport(node, [finding, other], [skipped])]);
  const failed = [{ node: 'db-1', failure: new Failure('INTERNAL', hostile, { hint: hostile }) }];
  for (const verbose of [false, true]) {
    const page = composePage({ fleet, failures: failed, asked: 2 }, { ...on(80), verbose });
    const text = [...page.lines, ...page.failures].join('\n');
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f\u202e]/);
    assert.ok(text.includes('evil'));
  }
});

test('what a trouble causes is told with its subjects, and whole where all is asked for', () => {
  const node: MadeNode = { node: 'web-1', labels: {}, traits: [] };
  const unit = (name: string) => ({ kind: 'unit', name, hardware: name, attributes: {} });
  const full = madeFinding({ id: 'disk.full', title: 'A file system is full', explains: ['units'] });
  const failed = ['a', 'b', 'c', 'd'].map((name) =>
    madeFinding({
      ...{ id: 'units', title: 'A unit failed', subject: unit(`${name}.service`) },
      evidence: [`${name}: exit 28`],
    }),
  );
  const fleet = foldFleet([madeReport(node, [full, ...failed])]);
  const shown = { fleet, failures: [], asked: 1 };
  const page = composePage(shown, { ...on(160), verbose: false }).lines.join('\n');
  assert.match(page, /with it: A unit failed \(a\.service, b\.service, c\.service, 1 more\)/);
  const whole = composePage(shown, { ...on(160), verbose: true }).lines.join('\n');
  assert.match(
    whole,
    /A unit failed \(a\.service, .*\n +- a: exit 28\n +- b: exit 28\n +- c: exit 28\n +- and 1 more/,
  );
  const [trouble] = fleet.troubles;
  assert.ok(trouble);
  const { explains } = itemJson({ type: 'trouble', trouble }) as { explains: { findings: unknown[] }[] };
  assert.equal(explains[0]?.findings.length, 4);
});

const distinction = (more: Partial<Distinction>): Distinction => ({
  ...{ traits: [{ name: 'kernel', value: '6.1.63' }], same: [], counterExamples: [], exceptions: [] },
  ...{ sick: { having: 12, of: 12 }, healthy: { having: 0, of: 188 }, difference: 1, p: 0.001 },
  ...more,
});

test('what distinguishes the sick is a sentence', () => {
  const cases: [Partial<Distinction>, string][] = [
    [{}, 'all 12 run kernel 6.1.63; none of the 188 healthy ones does'],
    [
      {
        traits: [{ name: 'nic.firmware', value: 'ice 4.2' }],
        sick: { having: 11, of: 12 },
        exceptions: ['web-3'],
      },
      '11 of the 12 have NIC firmware ice 4.2 (not web-3); none of the 188 healthy ones does',
    ],
    [
      { healthy: { having: 1, of: 188 }, counterExamples: ['web-7'] },
      'all 12 run kernel 6.1.63; so does web-7, which is free of it',
    ],
    [
      { healthy: { having: 2, of: 188 }, counterExamples: ['db-1', 'web-7'] },
      'all 12 run kernel 6.1.63; so do db-1,web-7, which are free of it',
    ],
    [
      {
        traits: [
          { name: 'kernel', value: '6.1' },
          { name: 'nic.driver', value: 'r8169' },
        ],
        healthy: { having: 0, of: 1 },
      },
      'all 12 run kernel 6.1 together with NIC driver r8169; the healthy one does not',
    ],
    [
      { traits: [{ name: 'label.rack', value: 'a' }], same: [{ name: 'os', value: 'Debian 12' }] },
      'all 12 have the label rack=a (the same nodes: Debian 12); none of the 188 healthy ones does',
    ],
  ];
  for (const [more, text] of cases) assert.equal(distinctionText(distinction(more)), text);
});

test('values have their units', () => {
  assert.equal(parameterText('offsetSeconds', '0.31044'), 'offset 0.31 s');
  assert.equal(parameterText('errorsPerHour', '12345.6'), 'errors 12,346/h');
  assert.equal(parameterText('freeBytes', '3221225472'), 'free 3 GiB');
  assert.equal(parameterText('task', 'jbd2/dm-0'), 'task jbd2/dm-0');
  assert.equal(quantity(2 ** 64, ''), '18,446,744,073,709,552,000');
  assert.equal(quantity(0.0000012, ' s'), '1.20e-6 s');
  assert.equal(quantity(0, ' %'), '0 %');
});

test('nodes are cut with their number', () => {
  const nodes = Array.from({ length: 41 }, (_, at) => `web-${at * 2 + 1}`);
  assert.equal(nodesText(nodes, 99, 24), 'web-[1,3,5,7,9],… (41)');
  assert.equal(nodesText(nodes, 41, 24), 'all 41 nodes');
  assert.equal(nodesText(['a-rather-long-name-of-a-node', 'b'], 9, 12), '2 nodes');
  assert.equal(nodesText(['a-rather-long-name-of-a-node'], 9, 12), 'a-rather-lo…');
});

test('what a trouble is with is named once, and one alone by its name', () => {
  const shown = (title: string, subjects: readonly { name: string; hardware: string }[]) => {
    const [node] = madeNodes(1, 3);
    assert.ok(node);
    const findings = subjects.map(({ name, hardware }) =>
      madeFinding({ id: 'area.trouble', title, subject: { kind: 'sensor', name, hardware, attributes: {} } }),
    );
    const { troubles } = foldFleet([madeReport(node, findings, [])]);
    assert.ok(troubles[0]);
    return subjectText(troubles[0]);
  };
  const one = 'ip-192-168-145-119.ec2.internal';
  assert.equal(shown('A node is not ready', [{ name: one, hardware: '' }]), one);
  assert.equal(shown('It has logged: fans too slow', [{ name: 'fans too slow', hardware: '' }]), '');
  const cores = [2, 4].map((at) => ({ name: `coretemp Core ${at}`, hardware: 'coretemp' }));
  assert.equal(shown('Too hot', cores), 'coretemp Core [2,4]');
  assert.equal(shown('Too slow', [{ name: 'eth0', hardware: 'mlx5_core' }]), 'eth0, mlx5_core');
});
