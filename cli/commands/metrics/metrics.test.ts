/** `nodectl metrics`: one node's text as it is, and never those of two in one. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FakeFleet } from '../../testing/fleet.ts';
import { runCli } from '../../testing/run.ts';

const asked: unknown[] = [];
const answers = {
  GetMetrics: (request: Record<string, unknown>) => {
    asked.push(request);
    return { node: 'web-1', text: '# TYPE a gauge\na 1\n# EOF\n', contentType: '' };
  },
};
const fleet = new FakeFleet({ 'web-1': { answers }, 'web-2': { answers } });
after(() => fleet.remove());

const run = (...args: string[]) => runCli(['metrics', ...args], { env: fleet.env, open: fleet.connect });

test('the text of one node', async () => {
  const { stdout, status } = await run('-n', 'web-1');
  assert.deepEqual([stdout, status], ['# TYPE a gauge\na 1\n# EOF\n', 0]);
  await run('-n', 'web-1', '--format', 'prometheus');
  assert.deepEqual(asked, [
    { format: 'METRICS_FORMAT_OPENMETRICS' },
    { format: 'METRICS_FORMAT_PROMETHEUS' },
  ]);
});

test('two nodes are refused before any is asked', async () => {
  asked.length = 0;
  const { stderr, status } = await run('--all');
  assert.equal(status, 2);
  assert.match(stderr, /metrics are of one node, and these are 2/);
  assert.deepEqual(asked, []);
});
