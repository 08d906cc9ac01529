/** The services about the state of a machine. Their code is loaded when somebody asks. */

import type { Service } from '../../proto/serve/handlers.ts';
import { lazyService } from '../../proto/serve/lazy.ts';
import { metricsLoader } from '../metrics/load.ts';
import type { DiagnosticsDomain, DiagnosticsParts } from './domain.ts';

/** All services of this room, for one node. */
export function diagnosticsServices(parts: DiagnosticsParts): Service[] {
  let loading: Promise<DiagnosticsDomain> | undefined;
  const domain = () => {
    loading ??= import('./domain.ts').then(({ DiagnosticsDomain }) => new DiagnosticsDomain(parts));
    return loading;
  };
  const metrics = parts.metrics ?? metricsLoader(parts);
  return [
    lazyService('nodectl.v1.DiagnosticsService', async () => {
      const { diagnosticsService } = await import('./service.ts');
      return diagnosticsService(await domain());
    }),
    lazyService('nodectl.v1.KernelService', async () => {
      const { kernelService } = await import('./kernel/service.ts');
      return kernelService(await domain());
    }),
    lazyService('nodectl.v1.ClockService', async () => {
      const { clockService } = await import('./clock/service.ts');
      return clockService(await domain());
    }),
    lazyService('nodectl.v1.NicService', async () => {
      const { nicService } = await import('./nic/service.ts');
      return nicService(await domain());
    }),
    lazyService('nodectl.v1.HistoryService', async () => {
      const { historyService } = await import('../history/service.ts');
      return historyService(parts.node, parts.ring);
    }),
    lazyService('nodectl.v1.BundleService', async () => {
      const { bundleService } = await import('../bundle/service.ts');
      return bundleService(parts);
    }),
    lazyService('nodectl.v1.MetricsService', async () => {
      const { metricsService } = await import('../metrics/service.ts');
      return metricsService(parts.node, await metrics());
    }),
  ];
}
