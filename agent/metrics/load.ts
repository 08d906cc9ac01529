/** The metrics of a node, loaded when somebody first asks: most nodes are watched by something else, or by nobody. */

import type { DiagnosticsParts } from '../diagnostics/domain.ts';
import type { AgentState } from './collectors/agent.ts';
import type { Metrics } from './metrics.ts';

/** Gives the metrics of a node, always the same. */
export type LoadMetrics = () => Promise<Metrics>;

/** @param agent what the agent knows of itself; none on a captured machine */
export function metricsLoader(parts: DiagnosticsParts, agent?: () => AgentState): LoadMetrics {
  let loading: Promise<Metrics> | undefined;
  const load = async () => {
    const [{ Metrics: MetricsClass }, { COLLECTORS }, { DiagnosticsDomain }] = await Promise.all([
      import('./metrics.ts'),
      import('./collectors.ts'),
      import('../diagnostics/domain.ts'),
    ]);
    const domain = new DiagnosticsDomain(parts);
    return new MetricsClass({
      ...{ node: parts.node, machine: parts.machine, collectors: COLLECTORS },
      diagnose: (signal) => domain.diagnose({ areas: [], ids: [] }, signal),
      ...(agent ? { agent } : {}),
    });
  };
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
