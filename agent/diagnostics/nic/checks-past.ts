/** Errors of the past: counters that are high and no longer grow. They are no trouble of today, but nodectl nic shows them, so they are told. */

import { type Check, check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { past } from '../past.ts';
import { inTime } from '../quantities.ts';
import { countOf, percentOf } from './counter-check.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import type { LinkCounter } from './statistics.ts';

const HOUR_MS = 3_600_000;
/** The least that "none lately" is taken from, as for rates. */
const LEAST_MS = 240_000;

/** Counters that have a past (samples.ts), with what they are among. What was dropped is no error, and usual. */
const COUNTERS: readonly (readonly [counter: LinkCounter, of: 'rx_packets' | 'tx_packets'])[] = [
  ['rx_errors', 'rx_packets'],
  ['rx_crc_errors', 'rx_packets'],
  ['tx_errors', 'tx_packets'],
];

/** Checks of this file. */
export const NIC_PAST_CHECKS: readonly Check[] = [
  check({
    id: 'nic.errors-past',
    area: 'nic',
    title: 'Errors of the past',
    about:
      'Counters of errors count since the interface appeared. What no longer grows was mended, or came with a link that went up and ' +
      'down; it is told so that the numbers of nodectl nic are understood. Only where the agent’s history shows that they do not grow.',
    needs: { interfaces: nicInterfaces, history: past },
    wants: { identities: nicIdentities },
    thresholds: {
      info: percentOf(0.0001, 'as for errors that grow (nic.crc-errors)'),
      least: countOf(10, 'chosen: a cable that is plugged in may break a few frames'),
    },
    links: ['https://docs.kernel.org/networking/statistics.html'],
    evaluate: ({ interfaces, history, identities }, { info = 0, least = 1 }) => {
      let judged = false;
      const found = interfaces.flatMap((one): FindingDraft[] => {
        if (one.kind !== 'physical') return [];
        const told: string[] = [];
        let [count, lastMs] = [0, 0];
        for (const [counter, of] of COUNTERS) {
          const series = `nic/${one.name}/${counter}`;
          const hour = history.growth(series, HOUR_MS);
          if (!hour || hour.overMs < LEAST_MS) continue;
          judged = true;
          const value = one.statistics[counter] ?? 0;
          const packets = one.statistics[of] ?? 0;
          if (hour.delta > 0 || value < least || (100 * value) / Math.max(packets, value) < info) continue;
          const last = history.lastGrowth(series);
          const when = last === undefined ? 'before the history' : new Date(last).toISOString().slice(0, 16);
          told.push(`${one.name}: ${counter} ${value}, none in ${inTime(hour.overMs)}; last grew ${when}`);
          count += value;
          lastMs = Math.max(lastMs, last ?? 0);
        }
        if (told.length === 0) return [];
        return [
          {
            severity: 'info',
            title: 'There were errors in the past; there are none now',
            subject: nicSubject(one.name, identities),
            parameters: { count },
            evidence: told,
            count,
            ...(lastMs > 0 ? { lastMs } : {}),
            remedy: {
              text: 'Nothing has to be done; nodectl history shows when they grew. If they come again, see the checks of errors.',
              risk: 'none',
            },
          },
        ];
      });
      return judged ? found : new NotApplicable('there is no history of the counters of interfaces yet');
    },
  }),
];
