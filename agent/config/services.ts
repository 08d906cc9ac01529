/** The config service of an agent. Its code is loaded when somebody asks, or at the start where something is to be ended. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from '../../proto/serve/handlers.ts';
import { lazyService } from '../../proto/serve/lazy.ts';
import type { ConfigDomain, ConfigParts } from './domain.ts';

/** The service, and what ends it. */
export interface ConfigRoom {
  readonly service: Service;
  /** Stops what it waits for. */
  close(): void;
}

/** Files that say that an apply was cut off, a trial runs, or a document waits for this boot. */
const OPEN = ['apply.json', 'staged.json'];

/** Opens the config of a node: what a crash left is ended before the agent serves. */
export async function configRoom(parts: ConfigParts): Promise<ConfigRoom> {
  let loading: Promise<ConfigDomain> | undefined;
  const domain = () => {
    loading ??= import('./domain.ts').then(({ ConfigDomain }) => ConfigDomain.open(parts));
    return loading;
  };
  if (OPEN.some((name) => existsSync(join(parts.folder, name)))) await domain();
  return {
    service: lazyService('nodectl.v1.ConfigService', async () => {
      const [{ configService }, { DriftWatch }] = await Promise.all([
        import('./service.ts'),
        import('./drift.ts'),
      ]);
      const opened = await domain();
      return configService(opened, new DriftWatch(opened, () => parts.host.machine.now()));
    }),
    close: () => void loading?.then((opened) => opened.close()),
  };
}
