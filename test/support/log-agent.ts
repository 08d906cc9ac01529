/**
 * A process that serves LogsService over mutual TLS, put together from the agent's own parts: what tests of log streams kill
 * and start again. Options come as JSON in the first argument; "PORT\n" on stdout says that it listens.
 */

import { createLogs, type LogsOptions } from '../../agent/logs/domain.ts';
import { logsService } from '../../agent/logs/service.ts';
import { service } from '../../proto/serve/handlers.ts';
import { SILENT } from '../../proto/serve/log.ts';
import { Server } from '../../proto/serve/server.ts';

/** What the process is told. */
export interface LogAgentOptions {
  /** Key, chain and roots in PEM. */
  material: { key: string; chain: string; trust: string };
  logs: LogsOptions;
}

if (process.argv[1] === import.meta.filename) {
  const { material, logs } = JSON.parse(process.argv[2] ?? '') as LogAgentOptions;
  const server = new Server({
    material,
    self: logs.node,
    log: SILENT,
    services: [service('nodectl.v1.LogsService', logsService(createLogs(logs)))],
  });
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  process.stdout.write(`${port}\n`);
  process.once('SIGTERM', () => {
    process.stdin.unref();
    void server.drain();
  });
  // The parent's end of stdin closes when the parent is gone, however it went.
  process.stdin.resume().once('end', () => process.kill(process.pid, 'SIGKILL'));
}
