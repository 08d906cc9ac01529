/** Some kills of a real agent in the middle of upgrades; `npm run test:kills` does as many as one likes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runKills } from './kills.ts';

const COUNT = Number(process.env.NODECTL_KILLS ?? 12);

test('a killed agent goes on with an upgrade, and at most 4 MiB are sent again', async (t) => {
  const report = await runKills(COUNT);
  t.diagnostic(JSON.stringify(report));
  assert.equal(report.kills, COUNT);
  assert.ok(report.armed > 0);
  assert.ok(report.mostResent <= 4 << 20, `${report.mostResent} bytes were sent again`);
});
