/** Checks of InfiniBand ports, as infiniband-diags tells of them. */

import { type Check, check, NotApplicable } from '../check.ts';
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
    if (ports.length === 0) return new NotApplicable('states of ports were not saved');
    const own = ports.filter(({ layer }) => layer === '' || /^infiniband$/i.test(layer));
    const active = own.filter(({ state: word }) => /^active$/i.test(word)).length;
    const down = own.filter(({ state: word }) => /^down$/i.test(word)).length;
    const spare = active > 0 && down >= active;
    // Of one on Ethernet the interface tells more: that it has no link is worth knowing, as its NIC may not be in use.
    const ethernet = ports.filter((one) => !own.includes(one) && /^down$/i.test(one.state));
    const others = ethernet.map(
      ({ name, state: word, physical }): FindingDraft => ({
        severity: 'info',
        title: 'An RDMA port on Ethernet has no link',
        subject: { kind: 'nic', name },
        evidence: [`${name}: State ${word}, Physical state ${physical || 'not told'}`],
        remedy: {
          text: 'Where it is to be used, see the link of its interface: ethtool IFACE.',
          risk: 'none',
        },
      }),
    );
    const infinibandPorts = own.flatMap(({ name, state: word, physical }): FindingDraft[] => {
      const waits = /^(?:init|armed)/i.test(word);
      if (!waits && !/^down$/i.test(word)) return [];
      const disabled = /^disabled$/i.test(physical);
      // Nobody plugs in what is not used: a subnet manager that does not know of it, or a second port of one socket.
      const up = /^link_?up$/i.test(physical);
      return [
        {
          severity: waits || up || !(spare || disabled) ? 'warning' : 'info',
          title: waits
            ? 'An InfiniBand port waits for a subnet manager'
            : up
              ? 'An InfiniBand port stays down although its link is up'
              : disabled
                ? 'An InfiniBand port is switched off'
                : 'An InfiniBand port has no link',
          subject: { kind: 'nic', name },
          evidence: [`${name}: State ${word}, Physical state ${physical || 'not told'}`],
          remedy:
            waits || up
              ? { text: 'Start opensm on one machine or the switch’s subnet manager.', risk: 'none' }
              : {
                  text: 'See the cable and the port of the switch (ibportstate); where it is not used, switch it off.',
                  risk: 'none',
                },
        },
      ];
    });
    const slow = own.flatMap(({ name, slower }): FindingDraft[] =>
      slower === undefined
        ? []
        : [
            {
              severity: 'warning',
              title: 'An InfiniBand link runs slower than both sides can',
              subject: { kind: 'nic', name },
              evidence: [`${name}: ${slower}`],
              remedy: {
                text: 'Reseat, then replace the cable; compare the speeds that both sides allow (ibportstate).',
                risk: 'connection',
              },
            },
          ],
    );
    return [...infinibandPorts, ...slow, ...others];
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
    counters.length === 0
      ? new NotApplicable('counters of ports were not saved')
      : counters.flatMap(({ name, counters: values }): FindingDraft[] => {
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

/** What adapters count of packets that were lost or refused, and what each says (Documentation/infiniband of MLNX_OFED, "Counters"). */
const LOSSES: readonly (readonly [name: string, what: string])[] = [
  ['local_ack_timeout_err', 'requests without an answer in time'],
  ['packet_seq_err', 'answers out of sequence'],
  ['out_of_sequence', 'requests that came out of sequence'],
  ['implied_nak_seq_err', 'answers that show that some were lost'],
  ['rnr_nak_retry_err', 'retries because the other side had no buffer'],
  ['out_of_buffer', 'packets that found no buffer of the program'],
  ['rx_icrc_encapsulated', 'RoCE packets with a wrong checksum'],
  ['req_transport_retries_exceeded', 'connections given up after all retries'],
  ['tx_roce_errors', 'RoCE packets that could not be sent'],
  ['rx_roce_errors', 'RoCE packets that came broken'],
  ['seq_err_naks_rcvd', 'answers out of sequence'],
  ['to_retransmits', 'packets sent again after a time-out'],
];

const losses = check({
  id: 'nic.rdma-losses',
  area: 'nic',
  title: 'RDMA packets that were lost',
  about:
    'Counters of the adapter since its driver was loaded. RDMA over Ethernet expects a network that loses next to nothing: a lost packet sends all ' +
    'behind it again, and a connection whose retries are used up is given up.',
  needs: { found: infiniband },
  thresholds: {
    info: {
      value: 100,
      unit: '',
      source: 'infiniband-diags error_thresholds (100, for what is no error of the line)',
    },
    warn: {
      value: 10_000,
      unit: '',
      source: 'chosen: a hundred times that, since no time is told over which they came',
    },
    givenUp: { value: 1, unit: '', source: 'chosen: a connection that was given up is lost to its program' },
  },
  links: [DIAGS],
  evaluate: ({ found: { hardware } }, { info, warn, givenUp }) => {
    if (hardware.length === 0) return new NotApplicable('counters of rdma statistic were not saved');
    return hardware.flatMap(({ name, counters }): FindingDraft[] => {
      const count = (counter: string) => counters.get(counter) ?? 0;
      const bad = LOSSES.filter(
        ([counter]) => count(counter) >= (counter === 'req_transport_retries_exceeded' ? givenUp : info),
      ).toSorted(([a], [b]) => count(b) - count(a));
      if (bad.length === 0) return [];
      const much =
        count('req_transport_retries_exceeded') >= givenUp || bad.some(([counter]) => count(counter) >= warn);
      return [
        {
          severity: much ? 'warning' : 'info',
          certainty: 'likely',
          title: 'RDMA packets were lost and sent again',
          subject: { kind: 'nic', name },
          parameters: Object.fromEntries(bad.map(([counter]) => [counter, count(counter)])),
          evidence: [
            `${name}: ${bad
              .slice(0, 4)
              .map(([counter, what]) => `${counter} ${count(counter)} (${what})`)
              .join(', ')}`,
          ],
          remedy: {
            text: 'See whether pause frames or ECN are on along the whole way (mlnx_qos, dcb), and drops of the switch’s ports; look at nic.pause-storm and nic.ring-overflow.',
            risk: 'none',
          },
        },
      ];
    });
  },
});

/** Checks of this file. */
export const NIC_INFINIBAND_CHECKS: readonly Check[] = [state, errors, losses];
