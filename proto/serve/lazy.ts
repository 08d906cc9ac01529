/** A service whose code is loaded with the first call, so that a node that nobody asks idles in less memory. */

import { contractMethod, serviceMethods } from '../contract.ts';
import type { AnyHandler, CallContext, Service, ServiceHandlers, ServiceName } from './handlers.ts';

/** A service by its name and by how its handlers are loaded. Loading that fails is tried again with the next call. */
export function lazyService<S extends ServiceName>(
  name: S,
  load: () => Promise<ServiceHandlers<NoInfer<S>>>,
): Service {
  let loading: Promise<Record<string, AnyHandler['run']>> | undefined;
  const handlers = () => {
    loading ??= (load() as Promise<Record<string, AnyHandler['run']>>).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  type Run = (request: object, call: CallContext) => unknown;
  const run = async (method: string) => (await handlers())[method] as unknown as Run;
  const entries = serviceMethods(name).map((method) => {
    const handler = contractMethod(`${name}/${method}`).responseStream
      ? async function* (request: object, call: CallContext) {
          yield* (await run(method))(request, call) as AsyncIterable<object>;
        }
      : async (request: object, call: CallContext) => (await run(method))(request, call) as Promise<object>;
    return [method, handler] as const;
  });
  return { name, handlers: Object.fromEntries(entries) as Service['handlers'] };
}
