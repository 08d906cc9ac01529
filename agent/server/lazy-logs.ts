/** The logs of a node and their shipping, loaded when somebody asks for them: most agents are idle most of the time. */

import type { Service } from '../../proto/serve/handlers.ts';
import { lazyService } from '../../proto/serve/lazy.ts';
import type { LogsDomain } from '../logs/types.ts';
import type { AgentSettings } from '../settings/settings.ts';
import type { Shipping, ShippingWanted } from '../shipping/shipping.ts';

/** The logs of the node, loaded when somebody asks for them or they are shipped. */
export function logsOf(node: string, config: AgentSettings['logs']): () => Promise<LogsDomain> {
  let loading: Promise<LogsDomain> | undefined;
  return () => {
    loading ??= import('../logs/domain.ts').then(({ createLogs }) => createLogs({ node, ...config }));
    return loading;
  };
}

/** The logs service. */
export function logsServiceOf(logs: () => Promise<LogsDomain>): Service {
  return lazyService('nodectl.v1.LogsService', async () => {
    const [domain, { logsService }] = await Promise.all([logs(), import('../logs/service.ts')]);
    return logsService(domain);
  });
}

/** What ships logs where the config document says so; loaded when it first does. */
export class LazyShipping {
  readonly #open: () => Promise<Shipping>;
  #shipping: Shipping | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(open: () => Promise<Shipping>) {
    this.#open = open;
  }

  get warnings(): string[] {
    return this.#shipping?.warnings ?? [];
  }

  set(wanted: ShippingWanted): void {
    if (!this.#shipping && Object.keys(wanted).length === 0) return;
    this.#last = this.#last.then(async () => {
      this.#shipping ??= await this.#open();
      await this.#shipping.set(wanted);
    });
  }

  async stop(): Promise<void> {
    await this.#last;
    await this.#shipping?.stop();
  }
}
