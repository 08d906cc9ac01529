/** A server whose only real method is UpgradeService/TransferImage, for tests of streams that go both ways. */

import { type ServiceHandlers, service } from '../../proto/serve/handlers.ts';
import type { TestPki } from './pki.ts';
import { startServer, type TestServer } from './serve.ts';

/** The handler of TransferImage. */
export type TransferHandler = ServiceHandlers<'nodectl.v1.UpgradeService'>['TransferImage'];

/** Starts it; `handler` is asked for the handler of each call. */
export function startTransferServer(pki: TestPki, handler: () => TransferHandler): Promise<TestServer> {
  const unused = async () => ({});
  return startServer(pki, 'node-1', {
    services: [
      service('nodectl.v1.UpgradeService', {
        ...{ PlanUpgrade: unused, StartUpgrade: unused, RebootUpgrade: unused, ConfirmUpgrade: unused },
        ...{ AbortUpgrade: unused, RollbackUpgrade: unused, GetUpgrade: unused, ListUpgrades: unused },
        ListSlots: unused,
        WatchUpgrade: async function* () {},
        TransferImage: (requests, call) => handler()(requests, call),
      }),
    ],
  });
}
