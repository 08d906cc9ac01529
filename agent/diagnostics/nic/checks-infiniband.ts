/** Checks of InfiniBand ports, as infiniband-diags tells of them. */

import { type Check, check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { infiniband } from './infiniband.ts';

const DIAGS = 'https://github.com/linux-rdma/rdma-core/tree/master/infiniband-diags';

const state = check({
  id: 'nic.infiniband-port',
  area: 'nic',
  title: 'InfiniBand ports that are down or have no subnet manager',
  about:
    'A port that polls has no partner: no cable, a dead one, or the other side is off. One whose link is up and that stays Initializing or Armed ' +
    'waits for a subnet manager. Where as many ports of the machine are down as are in use, as of adapters with two, nobody may use them.',
  needs: { found: infiniband },
  links: [DIAGS],
  evaluate: ({ found: { ports } }) => {
    const own = ports.filter(({ layer }) => layer === '' || /^infiniband$/i.test(layer));
    const active = own.filter(({ state: word }) => /^active$/i.test(word)).length;
    const down = own.filter(({ state: word }) => /^down$/i.test(word)).length;
    const spare = active > 0 && down >= active;
    return own.flatMap(({ name, state: word, physical }): FindingDraft[] => {
      const waits = /^(?:init|armed)/i.test(word);
      if (!waits && !/^down$/i.test(word)) return [];
      const disabled = /^disabled$/i.test(physical);
      return [
        {
          severity: waits || !(spare || disabled) ? 'warning' : 'info',
          title: waits
            ? 'An InfiniBand port waits for a subnet manager'
            : disabled
              ? 'An InfiniBand port is switched off'
              : 'An InfiniBand port has no link',
          subject: { kind: 'nic', name },
          evidence: [`${name}: State ${word}, Physical state ${physical || 'not told'}`],
          remedy: waits
            ? { text: 'Start opensm on one machine or the switch’s subnet manager.', risk: 'none' }
            : {
                text: 'See the cable and the port of the switch (ibportstate); where it is not used, switch it off.',
                risk: 'none',
              },
        },
      ];
    });
  },
});

/** Counters of errors, and what each of them says. */
const ERRORS: readonly (readonly [name: string, threshold: 'line' | 'others', what: string])[] = [
  ['SymbolErrorCounter', 'line', 'symbols that came broken'],
  ['LinkErrorRecoveryCounter', 'line', 'times that the link had to be trained again'],
  ['LinkDownedCounter', 'line', 'times that the link went down'],
  ['PortRcvErrors', 'line', 'packets that came broken'],
  ['LocalLinkIntegrityErrors', 'line', 'errors of the local link'],
  ['ExcessiveBufferOverrunErrors', 'line', 'overruns of buffers'],
  ['PortRcvRemotePhysicalErrors', 'others', 'packets that another link had marked as bad'],
  ['PortXmitDiscards', 'others', 'packets that were thrown away for congestion'],
];

const errors = check({
  id: 'nic.infiniband-errors',
  area: 'nic',
  title: 'Errors that InfiniBand ports counted',
  about:
    'Counters of perfquery since they were last cleared, by the thresholds that ibqueryerrors has: a sound cable counts next to none.',
  needs: { found: infiniband },
  thresholds: {
    line: {
      value: 10,
      unit: '',
      source: 'infiniband-diags error_thresholds (SymbolErrorCounter, LinkErrorRecoveryCounter: 10)',
    },
    others: { value: 100, unit: '', source: 'infiniband-diags error_thresholds (VL15Dropped: 100)' },
  },
  links: [DIAGS],
  evaluate: ({ found: { counters } }, bounds) =>
    counters.flatMap(({ name, counters: values }): FindingDraft[] => {
      const bad = ERRORS.filter(([counter, kind]) => (values.get(counter) ?? 0) >= bounds[kind]);
      if (bad.length === 0) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'An InfiniBand port has counted errors',
          subject: { kind: 'nic', name },
          parameters: Object.fromEntries(bad.map(([counter]) => [counter, values.get(counter) ?? 0])),
          evidence: [
            bad.map(([counter, , what]) => `${counter} ${values.get(counter)} (${what})`).join(', '),
          ],
          remedy: {
            text: 'Reseat, then replace the cable; clear the counters (perfquery -R) and see whether they grow.',
            risk: 'connection',
          },
        },
      ];
    }),
});

/** Checks of this file. */
export const NIC_INFINIBAND_CHECKS: readonly Check[] = [state, errors];
