/** How the agent keeps watch of its node: the history that it samples, and the port for Prometheus. */

import { join } from 'node:path';
import type { Denylist } from '../../pki/denylist.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { History, HistoryOptions } from '../history/history.ts';
import type { Machine } from '../host/machine.ts';
import type { LoadMetrics } from '../metrics/load.ts';
import type { MetricsServer } from '../metrics/server.ts';
import type { AgentSettings, MetricsSettings } from '../settings/settings.ts';
import { listenOn, listenPlace, placeName } from './listen.ts';
import type { NodeCertificate } from './node-certificate.ts';

/**
 * The history, where it is not switched off. What is sampled is loaded with the first tick.
 * @param apart whether the kernel’s log is looked through by a process of its own; see followKernelLog()
 */
export async function openHistory(
  config: AgentSettings,
  machine: Machine,
  { apart, settle }: { apart: boolean; settle: HistoryOptions['settle'] & {} },
): Promise<History | undefined> {
  const { enabled, everySeconds, days, maxBytes } = config.history;
  if (!enabled) return undefined;
  const { History: HistoryClass } = await import('../history/history.ts');
  return new HistoryClass({
    ...{ machine, folder: join(config.state, 'history'), everyMs: everySeconds * 1_000, settle },
    events: async () =>
      (await import('../diagnostics/signatures/log-worker.ts')).followKernelLog(machine, apart),
    samplers: async () => (await import('../history/samplers.ts')).SAMPLERS,
    limits: { maxBytes, keepMs: days * 86_400_000 },
  });
}

/** The port for Prometheus, and where it is. Throws BAD_CONFIG. */
export async function startExporter(
  settings: MetricsSettings,
  metrics: LoadMetrics,
  own: { certificate: NodeCertificate; denylist: Denylist; log: Log },
): Promise<{ address: string; server: MetricsServer }> {
  const { MetricsServer: ServerClass } = await import('../metrics/server.ts');
  const { certificate, denylist, log } = own;
  const { listen, ...rest } = settings;
  const place = listenPlace(listen);
  const server = new ServerClass({
    material: { key: certificate.pair.key, chain: certificate.pair.chain, trust: certificate.trust },
    denied: (caller) => denylist.reasonFor(caller),
    text: async (format) => (await metrics()).text(format, false),
    ...{ ...rest, log },
  });
  return { address: placeName(place, await listenOn(server, place)), server };
}
