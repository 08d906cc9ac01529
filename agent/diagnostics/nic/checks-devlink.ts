/** What drivers of network cards tell of their own health. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { nicHealthReporters } from './devlink.ts';

const health = check({
  id: 'nic.devlink-health',
  area: 'nic',
  title: 'A network card whose driver reports an error that it did not get over',
  about:
    'A driver counts errors of firmware and queues by reporter, and how often it recovered. The state "error" means that the last one is ' +
    'still there: recovery failed, is switched off, or there is none. Errors that were recovered from are told as an info.',
  needs: { reporters: nicHealthReporters },
  links: [
    'https://docs.kernel.org/networking/devlink/devlink-health.html',
    'https://man7.org/linux/man-pages/man8/devlink-health.8.html',
  ],
  evaluate: ({ reporters }) =>
    reporters.flatMap(({ device, name, state, errors, recovered }): FindingDraft[] => {
      const broken = state === 'error';
      if (!broken && errors === 0) return [];
      return [
        {
          severity: broken ? 'warning' : 'info',
          title: broken ? 'A network card is in a state of error' : 'A network card recovered from errors',
          subject: { kind: 'nic', name: `${device} ${name}` },
          evidence: [`devlink health, reporter ${name}: state ${state} error ${errors} recover ${recovered}`],
          remedy: {
            text: `See devlink health diagnose ${device} reporter ${name} and the kernel’s log; bring firmware and driver up to date.`,
            risk: 'none',
          },
        },
      ];
    }),
});

/** Checks of what devlink tells. */
export const NIC_DEVLINK_CHECKS = [health] as const;
