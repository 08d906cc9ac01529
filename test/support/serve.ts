/** A server with small services for tests of the serving side, and channels to it. */

import type { Channel } from '../../proto/call/channel.ts';
import { openChannel } from '../../proto/call/open.ts';
import type { AuditEntry, AuditSink } from '../../proto/serve/audit.ts';
import { service } from '../../proto/serve/handlers.ts';
import { healthService } from '../../proto/serve/health.ts';
import type { Log } from '../../proto/serve/log.ts';
import { reflectionServices } from '../../proto/serve/reflection.ts';
import { type ServeOptions, Server } from '../../proto/serve/server.ts';
import type { TestCredential, TestPki } from './pki.ts';

/** One line that a server logged. */
export interface Line {
  level: string;
  message: string;
  [field: string]: unknown;
}

/** Keeps log lines. */
export function memoryLog(): Log & { lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ ...fields, level, message });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Keeps audit records. */
function memoryAudit(): AuditSink & { entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    ready: () => undefined,
    append: async (entry) => ({ sequence: entries.push(entry), chain: 'c'.repeat(64) }),
  };
}

/** What a handler of the test's services does; replaced by tests. */
export interface Behaviour {
  version: (signal: AbortSignal) => Promise<object>;
  read: (signal: AbortSignal) => AsyncIterable<object>;
  deny: () => Promise<object>;
}

/** A running server and what tests look at. */
export interface TestServer {
  server: Server;
  address: string;
  log: ReturnType<typeof memoryLog>;
  audit: ReturnType<typeof memoryAudit>;
  behaviour: Behaviour;
  open(credential: TestCredential, name?: string): Promise<Channel>;
}

/** Starts a server named `node` on a port of its own. */
export async function startServer(
  pki: TestPki,
  node: string,
  extra: Partial<ServeOptions> = {},
): Promise<TestServer> {
  const [log, audit] = [memoryLog(), memoryAudit()];
  const behaviour: Behaviour = {
    version: async () => ({ node }),
    read: async function* () {
      yield { start: { source: 'test', node } };
    },
    deny: async () => ({ node }),
  };
  const { key, chain } = await pki.node(node);
  const server: Server = new Server({
    material: { key, chain, trust: pki.trust },
    self: node,
    log,
    audit,
    services: [
      service('nodectl.v1.SystemService', {
        GetVersion: async (_request, { signal }) => behaviour.version(signal),
        GetNode: async () => {
          throw new TypeError('a secret inner text');
        },
      }),
      service('nodectl.v1.AccessService', {
        WhoAmI: async (_request, { identity }) => ({ name: identity.name }),
        ListDenied: async () => ({}),
        Deny: async () => behaviour.deny(),
        Allow: async () => ({}),
        ChangeTrust: async () => ({}),
        ReadAudit: async function* () {},
      }),
      service('nodectl.v1.LogsService', {
        ListSources: async () => ({}),
        ReadLogs: (_request, { signal }) => behaviour.read(signal),
      }),
      healthService(() => server),
      ...reflectionServices(() => server.services),
    ],
    ...extra,
  });
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  const address = `127.0.0.1:${port}`;
  return {
    ...{ server, address, log, audit, behaviour },
    open: (credential, name = node) =>
      openChannel({ address, expect: { kind: 'node', name }, trust: pki.trust, credential }),
  };
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1_000) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
