/** The metrics of a real agent: by a call, and on the port for Prometheus. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AgentFleet } from '../../test/support/agent-fleet.ts';
import { parseOpenMetrics } from './testing/parse.ts';

let fleet: AgentFleet;

before(async () => {
  fleet = await AgentFleet.start();
});
after(() => fleet.stop());

test('an agent tells its metrics by a call, and over HTTPS where its configuration says so', async () => {
  const config = join(fleet.pki.folder, 'metrics.yaml');
  writeFileSync(config, 'metrics: { listen: "127.0.0.1:0" }\n');
  const { agent, address } = await fleet.enrolled('web-1', ['--config', config]);
  const channel = await fleet.open(address, 'web-1');
  const { text, contentType } = await channel.unary('nodectl.v1.MetricsService/GetMetrics', {});
  channel.close();
  assert.match(contentType, /^application\/openmetrics-text/);
  const families = parseOpenMetrics(text);
  const value = (name: string) => families.get(name)?.samples[0]?.value ?? Number.NaN;
  assert.ok(value('nodectl_agent_certificate_not_after_timestamp_seconds') > Date.now() / 1_000);
  assert.ok(value('nodectl_agent_open_calls') >= 1);
  assert.ok(value('nodectl_checks_run_timestamp_seconds') > 0);
  assert.equal(families.get('nodectl_agent')?.samples[0]?.labels.node, 'web-1');

  const { metrics } = await agent.line('serving');
  const [host, port] = String(metrics).split(':');
  const scraped = await new Promise<string>((resolve, reject) => {
    const call = request({
      ...{ host, port, path: '/metrics', servername: 'web-1', ca: fleet.pki.trust, agent: false },
      ...{ key: fleet.admin.key, cert: fleet.admin.chain },
      headers: { accept: 'application/openmetrics-text' },
    });
    call.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve(body));
    });
    call.on('error', reject).end();
  });
  assert.equal(parseOpenMetrics(scraped).get('nodectl_metrics_requests')?.samples[0]?.value, 2);
  assert.equal(await agent.stop(), 0);
});

test('a token that is none is told at the start', async () => {
  const config = join(fleet.pki.folder, 'broken.yaml');
  writeFileSync(config, `metrics: { listen: "127.0.0.1:0", tokenFile: ${join(fleet.pki.folder, 'none')} }\n`);
  const { agent } = await fleet.enrolled('web-2');
  await agent.stop();
  const again = fleet.run('web-2', ['--config', config, '--listen', '127.0.0.1:0']);
  await assert.rejects(again.line('serving'), /is no token for metrics.*\[BAD_CONFIG\]/);
});
