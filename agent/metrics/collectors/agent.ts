/** The agent itself. */

import { VERSION } from '../../../proto/version.ts';
import { counter, type Family, gauge, info } from '../family.ts';

/** What the agent knows of itself. */
export interface AgentState {
  /** When its certificate ends, ms since the epoch. */
  readonly certificateNotAfter: number;
  /** What `nodectl get nodes` warns of. */
  readonly warnings: number;
  /** Calls and streams that are open. */
  readonly openCalls: number;
  /** When the newest row of the history was written, ms since the epoch; undefined where there is none. */
  readonly historyAt: number | undefined;
}

/** Its metrics. */
export function agentFamilies(node: string, state: AgentState): Family[] {
  const { user, system } = process.cpuUsage();
  return [
    info('nodectl_agent', 'The agent: its version, and the node’s name in its certificate.', [
      { version: VERSION, node },
    ]),
    // Names of their own that every Prometheus client library has for the process that is scraped.
    counter('process_cpu_seconds', 'Processor time of the agent.', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Memory of the agent.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'When the agent started.', performance.timeOrigin / 1_000),
    gauge(
      'nodectl_agent_certificate_not_after_timestamp_seconds',
      'When the node’s certificate ends.',
      state.certificateNotAfter / 1_000,
    ),
    gauge('nodectl_agent_warnings', 'What the agent warns of.', state.warnings),
    gauge('nodectl_agent_open_calls', 'Calls and streams that are open.', state.openCalls),
    gauge(
      'nodectl_history_last_sample_timestamp_seconds',
      'When the history got its newest samples.',
      state.historyAt === undefined ? undefined : state.historyAt / 1_000,
    ),
  ];
}
