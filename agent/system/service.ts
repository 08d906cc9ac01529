/** SystemService: what the node is. Everything comes from memory or from small files of the kernel. */

import { type Service, service } from '../../proto/serve/handlers.ts';
import { commit, VERSION } from '../../proto/version.ts';
import type { SystemReader } from '../host/system.ts';

/** What the agent knows of itself, asked for on each call. */
export interface AgentState {
  readonly labels: Readonly<Record<string, string>>;
  /** When the node's certificate ends, in milliseconds since the epoch. */
  readonly certificateNotAfter: number;
  readonly capabilities: readonly string[];
  readonly warnings: readonly string[];
  /** The release that runs: a digest, "baked", or empty. */
  readonly running: { readonly release: string; readonly onTrial: boolean };
}

/** The system service of a node. */
export function systemService(node: string, reader: SystemReader, state: () => AgentState): Service {
  const runtime = `node ${process.versions.node}`;
  return service('nodectl.v1.SystemService', {
    GetVersion: async () => {
      const { kernel, machine } = reader.facts();
      const { release, onTrial } = state().running;
      return {
        ...{ node, version: VERSION, commit: commit(), runtime, kernel, machine },
        ...{ release, releaseOnTrial: onTrial },
      };
    },

    GetNode: async () => {
      const { labels, certificateNotAfter, capabilities, warnings } = state();
      return {
        ...reader.facts(),
        node,
        hostname: reader.hostname(),
        uptimeSeconds: reader.uptimeSeconds(),
        labels: { ...labels },
        agentVersion: VERSION,
        nowUsec: Date.now() * 1_000,
        certificateNotAfter: Math.floor(certificateNotAfter / 1_000),
        capabilities: [...capabilities],
        warnings: [...warnings],
      };
    },
  });
}
