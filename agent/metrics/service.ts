/** MetricsService of the contract: translates, nothing else. */

import type { ServiceHandlers } from '../../proto/serve/handlers.ts';
import { CONTENT_TYPES } from './exposition.ts';
import type { Metrics } from './metrics.ts';

/** The handlers of the service. */
export function metricsService(node: string, metrics: Metrics): ServiceHandlers<'nodectl.v1.MetricsService'> {
  return {
    GetMetrics: async ({ format }) => {
      const wanted = format === 'METRICS_FORMAT_PROMETHEUS' ? 'prometheus' : 'openmetrics';
      return { node, text: await metrics.text(wanted, true), contentType: CONTENT_TYPES[wanted] };
    },
  };
}
