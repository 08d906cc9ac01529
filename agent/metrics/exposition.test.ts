/** The text formats: types, units, escapes, each family once, and what Prometheus' own tools say of them. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { DiagnosticsDomain } from '../diagnostics/domain.ts';
import { LiveMachine } from '../host/live-machine.ts';
import { COLLECTORS } from './collectors.ts';
import { exposition } from './exposition.ts';
import { counter, gauge, info, unknown } from './family.ts';
import { Metrics } from './metrics.ts';
import { type ParsedFamily, parseOpenMetrics } from './testing/parse.ts';

const strange = 'a "quoted" \\ back\nline \ud800 é';

test('both formats of the same families', () => {
  const families = [
    gauge('b_seconds', 'Help with \\ and "quotes".', 1.5),
    counter('a', 'A counter.', [[{ device: strange }, 3]]),
    info('c', 'What it is.', [{ version: '1', name: 'x' }]),
    unknown('d', 'Untyped.', Number.NaN),
    gauge('e', 'Nothing.', undefined),
  ];
  assert.equal(
    exposition(families, 'openmetrics'),
    [
      '# TYPE a counter',
      '# HELP a A counter.',
      'a_total{device="a \\"quoted\\" \\\\ back\\nline \ufffd é"} 3',
      '# TYPE b_seconds gauge',
      '# UNIT b_seconds seconds',
      '# HELP b_seconds Help with \\\\ and \\"quotes\\".',
      'b_seconds 1.5',
      '# TYPE c info',
      '# HELP c What it is.',
      'c_info{name="x",version="1"} 1',
      '# TYPE d unknown',
      '# HELP d Untyped.',
      'd NaN',
      '# EOF',
      '',
    ].join('\n'),
  );
  assert.match(
    exposition(families, 'prometheus'),
    /^# HELP a_total A counter\.\n# TYPE a_total counter\na_total\{.*\} 3\n[\s\S]*# HELP c_info What it is\.\n# TYPE c_info gauge\n[\s\S]*# TYPE d untyped\nd NaN\n$/,
  );
});

test('a family that two collectors have is one, with each sample once', () => {
  const text = exposition(
    [
      gauge('a', 'A.', [[{ x: '1' }, 1]]),
      gauge('a', 'A.', [
        [{ x: '1' }, 2],
        [{ x: '2' }, 3],
      ]),
    ],
    'openmetrics',
  );
  assert.equal(text, '# TYPE a gauge\n# HELP a A.\na{x="1"} 1\na{x="2"} 3\n# EOF\n');
});

const machine = new LiveMachine();
const domain = new DiagnosticsDomain({ node: 'web-1', machine });
const metrics = new Metrics({
  ...{ node: 'web-1', machine, collectors: COLLECTORS },
  diagnose: (signal) => domain.diagnose({ areas: [], ids: [] }, signal),
  agent: () => ({ certificateNotAfter: 2e12, warnings: 0, openCalls: 1, historyAt: undefined }),
});

test('everything that is told of this machine is valid OpenMetrics', async () => {
  const families = parseOpenMetrics(await metrics.text('openmetrics', true));
  assert.ok(families.size > 60, `${families.size} families`);
  const value = (name: string) => families.get(name)?.samples[0]?.value;
  assert.equal(families.get('node_load1')?.type, 'gauge');
  assert.equal(families.get('node_cpu_seconds')?.unit, 'seconds');
  assert.ok((value('node_boot_time_seconds') ?? 0) > 1e9);
  assert.ok((value('node_memory_MemTotal_bytes') ?? 0) > 1e6);
  const failed = (families.get('nodectl_collector_success') as ParsedFamily).samples.filter(
    (one) => one.value !== 1,
  );
  assert.deepEqual(
    failed.map(({ labels }) => labels.collector),
    [],
  );
  assert.equal(families.get('nodectl_findings')?.samples.length, 3);
});

/** What node_exporter's own names break, and so ours: /proc's names of fields are in them. */
const ACCEPTED =
  /^node_(memory|netstat|sockstat)_\S+ metric names should be written in 'snake_case' not 'camelCase'$/;

test('promtool has nothing to say of them but what it says of node_exporter’s names', async (t) => {
  const text = await metrics.text('prometheus', true);
  const { error, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  if (error) return t.skip(`promtool (Debian package prometheus) cannot be run: ${error.message}`);
  const said = `${stdout}${stderr}`.split('\n').filter((one) => one.trim() !== '' && !ACCEPTED.test(one));
  assert.deepEqual(said, []);
});

test('a promtool that finds faults says so', (t) => {
  const bad = 'x_ms{a="1"} 1\nx_ms{a="1"} 2\n';
  const { error, status } = spawnSync('promtool', ['check', 'metrics'], { input: bad, encoding: 'utf8' });
  if (error) return t.skip(`promtool (Debian package prometheus) cannot be run: ${error.message}`);
  assert.notEqual(status, 0);
});
