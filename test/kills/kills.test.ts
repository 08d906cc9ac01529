/** Some kills of a real agent in the middle of upgrades; `npm run test:kills` does as many as one likes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runKills } from './kills.ts';
import { reportLine } from './tally.ts';

test('a killed agent goes on with an upgrade, and at most 4 MiB are sent again', async (t) => {
  // A node with each loader.
  const report = await runKills({ count: 12, seed: 1, jobs: 1, each: 4 });
  t.diagnostic(reportLine(report));
  assert.equal(report.kills, 12);
  assert.ok(report.mostResent <= 4 << 20, `${report.mostResent} bytes were sent again`);
});
