/** The standard health service (grpc.health.v1): whether the server takes calls, for each service that it has. */

import { Failure } from '../failure.ts';
import { type CallContext, type Service, service } from './handlers.ts';

/** What the health service asks of its server. */
export interface Serving {
  readonly draining: boolean;
  /** Full names of the services. */
  readonly services: readonly string[];
}

/** The health service of a server. The server is asked for lazily: it is made after its services. */
export function healthService(server: () => Serving): Service {
  const status = (name: string): 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN' => {
    const { draining, services } = server();
    if (name !== '' && !services.includes(name)) return 'SERVICE_UNKNOWN';
    return draining ? 'NOT_SERVING' : 'SERVING';
  };
  return service('grpc.health.v1.Health', {
    Check: async ({ service: name }) => {
      const found = status(name);
      if (found === 'SERVICE_UNKNOWN')
        throw new Failure('UNKNOWN_SERVICE', `"${name.slice(0, 200)}" is not served here`);
      return { status: found };
    },
    // A drain ends every stream with DRAINING, which says more than a last NOT_SERVING could.
    Watch: async function* ({ service: name }, call) {
      yield { status: status(name) };
      await ended(call);
    },
  });
}

function ended({ signal }: CallContext): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
