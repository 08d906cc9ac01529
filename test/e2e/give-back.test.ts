/** An agent that has given back the pages of its program does everything that it did before. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AgentFleet } from '../support/agent-fleet.ts';
import { makeBuild } from '../support/agent-release.ts';

/** What the agent logs when it has given pages back. */
const GIVEN = 'pages of the program were given back';
const DAY_MS = 86_400_000;

let fleet: AgentFleet;

before(async () => {
  fleet = await AgentFleet.start();
});
after(() => fleet.stop());

test('after it has given pages back it answers, streams logs, diagnoses, renews its certificate, and ends in good order', async () => {
  const build = join(fleet.pki.folder, 'build');
  makeBuild(build, { version: '1.0.0' });
  const launcher = join(build, 'nodectl-agent');
  const log = join(fleet.pki.folder, 'app.log');
  writeFileSync(log, Array.from({ length: 20_000 }, (_, at) => `line ${at}\n`).join(''));
  const { agent, address } = await fleet.enrolled(
    'web-1',
    ['--log-level', 'debug', '--log-file', `app=${log}`],
    { launcher },
  );
  const given = await agent.line(GIVEN);
  assert.ok(Number(given.mappings) > 0, JSON.stringify(given));
  assert.ok(Number(given.leftBytes) < Number(given.residentBytes), JSON.stringify(given));

  const channel = await fleet.open(address, 'web-1');
  for (let calls = 0; calls < 100; calls++)
    assert.equal((await channel.unary('nodectl.v1.SystemService/GetNode', {})).node, 'web-1');
  let lines = 0;
  for await (const { batch } of channel.serverStream('nodectl.v1.LogsService/ReadLogs', {
    source: 'file/app',
  }))
    lines += batch?.count ?? 0;
  assert.equal(lines, 20_000);
  const diagnosed = await channel.unary('nodectl.v1.DiagnosticsService/Diagnose', {});
  assert.ok(diagnosed.checks.length > 100);
  channel.close();

  // A certificate that is past two thirds of its life is renewed at once.
  const late = await fleet.pki.node('web-1', DAY_MS, Date.now() - 0.9 * DAY_MS);
  writeFileSync(join(fleet.pki.folder, 'web-1', 'node.pem'), late.key + late.chain);
  let notAfter = 0;
  while (notAfter < Date.now() + DAY_MS)
    notAfter = (await fleet.node(address, 'web-1')).certificateNotAfter * 1_000;
  assert.equal(await agent.stop(), 0);
  for (const { msg, level } of agent.lines) assert.ok(level !== undefined, `no line of its log: ${msg}`);
});
