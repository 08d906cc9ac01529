/** Checks of what the tool nvme told of drives: paths over a network, and the error log. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { nvmeErrors } from './nvme-errors.ts';
import { nvmePaths } from './nvme-paths.ts';

const pathDown = check({
  id: 'disk.nvme-path-down',
  area: 'disk',
  title: 'Paths to NVMe drives over a network that are down',
  about:
    'The kernel tries to connect again for as long as ctrl_loss_tmo says, and gives the path up then. With another path that is live ' +
    'the drive works on, without a spare.',
  needs: { subsystems: nvmePaths },
  links: ['https://docs.kernel.org/admin-guide/nvme-multipath.html'],
  evaluate: ({ subsystems }) =>
    subsystems.flatMap(({ name, paths }): FindingDraft[] => {
      const down = paths.filter(({ transport, state }) => transport !== 'pcie' && state !== 'live');
      const live = paths.filter(({ state }) => state === 'live').length;
      if (down.length === 0) return [];
      return [
        {
          severity: live > 0 ? 'warning' : 'critical',
          title: live > 0 ? 'A path to an NVMe subsystem is down' : 'No path to an NVMe subsystem is live',
          subject: { kind: 'disk', name },
          parameters: { down: down.length, live },
          evidence: down
            .slice(0, 3)
            .map(
              ({ controller, transport, address, state }) =>
                `${controller || 'a controller'} (${transport} ${address}): ${state || 'state not told'}`,
            ),
          remedy: {
            text: 'Look at the network towards that address (ping, nodectl diag nic) and at the target.',
            risk: 'none',
          },
        },
      ];
    }),
});

const errorLog = check({
  id: 'disk.nvme-error-log',
  area: 'disk',
  title: 'Errors of the medium in the log of an NVMe drive',
  about:
    'The drive keeps its last errors. Reads that it could not correct and writes that failed are told; commands that it does not know, ' +
    'which tools and firmware ask by the hundred, are not.',
  needs: { drives: nvmeErrors },
  links: ['https://nvmexpress.org/specification/nvm-express-base-specification/'],
  evaluate: ({ drives }) =>
    drives
      .filter(({ entries }) => entries > 0)
      .map(
        ({ name, entries, newest }): FindingDraft => ({
          severity: 'warning',
          title: 'An NVMe drive logged errors of its medium',
          subject: { kind: 'disk', name },
          parameters: { entries },
          evidence: [`${name}: ${entries} of the entries; the newest: ${newest}`],
          remedy: { text: 'Save what is on it, and look at its health: smartctl -a.', risk: 'none' },
        }),
      ),
});

/** Checks of what nvme told. */
export const DISK_NVME_CHECKS = [pathDown, errorLog] as const;
