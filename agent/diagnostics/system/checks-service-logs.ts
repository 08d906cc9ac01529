/** Checks of what etcd, the kubelet and mcelog wrote into their logs on a captured machine. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures, inTime } from '../quantities.ts';
import { machineCheckRecords } from './machine-check-records.ts';
import { etcdLog, kubeletLog, type Slowness } from './service-logs.ts';

function inWords(what: string, { count, worstMs, expected }: Slowness): string {
  return `${what} took too long ${count === 1 ? 'once' : `${count} times`}, up to ${figures(worstMs)} ms${expected === '' ? '' : ` (expected ${expected})`}`;
}

const etcdSlow = check({
  id: 'system.etcd-log-slow',
  area: 'system',
  title: 'etcd that tells in its log that it is slow',
  about:
    'etcd logs writes of its log to the disk that took more than a second (slow fdatasync), and requests that took longer than it expects. ' +
    'Requests a little over are common under load; those of a second and more are felt by the whole cluster.',
  needs: { log: etcdLog },
  thresholds: {
    slowMs: { value: 1_000, unit: 'ms', source: 'etcd-mixin etcdHighFsyncDurations (critical at 1 s)' },
    fewRequests: { value: 3, unit: '', source: 'one or two come with any compaction or start' },
  },
  links: ['https://etcd.io/docs/v3.5/faq/#what-does-the-etcd-warning-apply-entries-took-too-long-mean'],
  evaluate: ({ log: { sync, apply } }, { slowMs, fewRequests }) => {
    const slow = [
      ...(sync && sync.worstMs >= slowMs ? [inWords('writing the log to the disk', sync)] : []),
      ...(apply && apply.worstMs >= slowMs ? [inWords('requests', apply)] : []),
    ];
    if (slow.length === 0) {
      if (!apply || apply.count < fewRequests) return [];
      return [
        {
          severity: 'info',
          title: 'etcd takes longer for requests than it expects',
          subject: { kind: 'service', name: 'etcd' },
          evidence: [inWords('requests', apply)],
          remedy: { text: 'See its disk and the load, where its users feel it.', risk: 'none' },
        },
      ];
    }
    return [
      {
        severity: 'warning',
        title: sync ? 'etcd’s disk is too slow for it' : 'etcd takes seconds for a request',
        subject: { kind: 'service', name: 'etcd' },
        evidence: slow,
        remedy: {
          text: 'Give etcd a fast disk of its own, and see what else writes to it and takes the processors.',
          risk: 'none',
        },
      },
    ];
  },
});

const pleg = check({
  id: 'system.kubelet-pleg',
  area: 'system',
  title: 'Kubelets that hear nothing of their containers',
  about:
    'The kubelet asks its container runtime for all containers again and again (the pod lifecycle event generator, PLEG). Where that takes ' +
    'longer than three minutes it says that PLEG is not healthy, starts and stops no pods, and the node becomes NotReady.',
  needs: { log: kubeletLog },
  links: ['https://kubernetes.io/docs/reference/node/node-status/#condition'],
  evaluate: ({ log: { pleg: found } }) => {
    if (!found) return [];
    return [
      {
        severity: 'warning',
        title: 'The kubelet hears nothing of its containers (PLEG is not healthy)',
        subject: { kind: 'service', name: 'kubelet' },
        count: found.count,
        evidence: [
          `its log says so ${found.count === 1 ? 'once' : `${found.count} times`}; the runtime did not answer for up to ${inTime(found.worstMs)}`,
        ],
        remedy: {
          text: 'Look at the container runtime (crictl ps, its log), at the load and at the disk of the node; restart the runtime.',
          risk: 'restart',
        },
      },
    ];
  },
});

const machineCheck = check({
  id: 'system.machine-check-record',
  area: 'system',
  title: 'Machine checks in the log of mcelog',
  about:
    'Errors of the processor, its caches and buses, as mcelog wrote them down. An uncorrected one cost data or brought the machine down; ' +
    'those of memory are told of its modules.',
  needs: { records: machineCheckRecords },
  thresholds: {
    warnCorrected: {
      value: 24,
      unit: '',
      source: 'as of memory: Sun’s and Oracle’s service manuals, more than 24 of one part in 24 h',
    },
  },
  links: ['https://www.kernel.org/doc/html/latest/admin-guide/RAS/main.html'],
  evaluate: ({ records }, { warnCorrected }) =>
    [...Map.groupBy(records, ({ where }) => where)].map(([where, all]): FindingDraft => {
      const bad = all.filter(({ uncorrected }) => uncorrected);
      const [one = all[0]] = bad;
      return {
        severity: bad.length > 0 ? 'critical' : all.length > warnCorrected ? 'warning' : 'info',
        title:
          bad.length > 0
            ? 'The processor reported an error that could not be corrected'
            : 'The processor corrected errors of its own',
        subject: { kind: 'cpu', name: where },
        parameters: { uncorrected: bad.length, corrected: all.length - bad.length },
        count: all.length,
        evidence: [
          [one?.what ?? '', one?.corrupt ? 'the processor’s context is corrupt' : '']
            .filter(Boolean)
            .join('; ') || `${all.length} records of mcelog`,
        ],
        remedy: {
          text: 'Update the firmware and microcode; where it comes again, replace the processor.',
          risk: 'reboot',
        },
        explains: ['kernel-log.mce*'],
      };
    }),
});

const kubeletTroubles = check({
  id: 'system.kubelet-log-trouble',
  area: 'system',
  title: 'What keeps a kubelet from its work, by its log',
  about:
    'Lines of a kubelet’s log on a captured machine: no network for containers, pods that are evicted, a runtime that does not answer, ' +
    'certificates that are not valid. A few of them belong to a start.',
  needs: { log: kubeletLog },
  links: ['https://kubernetes.io/docs/tasks/debug/debug-cluster/'],
  evaluate: ({ log: { troubles } }) =>
    troubles.map(
      ({ words, severity, count, newest }): FindingDraft => ({
        severity,
        certainty: 'likely',
        title: `The kubelet says in its log: ${words}`,
        subject: { kind: 'service', name: 'kubelet' },
        count,
        evidence: [newest.slice(0, 240)],
        remedy: {
          text: 'Look at what it names: the network plugin’s pods, the disk, the runtime (crictl info), the certificates (kubeadm certs check-expiration).',
          risk: 'none',
        },
      }),
    ),
});

const kubeletWaits = check({
  id: 'system.kubelet-waits',
  area: 'system',
  title: 'Kubelets that leave pods alone for long',
  about:
    'While a kubelet waits for its container runtime it says that it skips the synchronisation of pods: none is started or stopped. A start ' +
    'has seconds of it.',
  needs: { log: kubeletLog },
  thresholds: {
    warnMs: { value: 120_000, unit: 'ms', source: 'a start of a loaded node; PLEG’s own threshold is 3 min' },
  },
  evaluate: ({ log: { waitedMs = 0, pleg: found } }, { warnMs }) => {
    // PLEG says the same, and why.
    if (found || waitedMs < warnMs) return [];
    return [
      {
        severity: 'warning',
        title: 'The kubelet starts and stops no pods',
        subject: { kind: 'service', name: 'kubelet' },
        evidence: [`it skips the synchronisation of pods for ${inTime(waitedMs)}`],
        remedy: {
          text: 'Look at the container runtime (crictl info, its log) and restart it, then the kubelet.',
          risk: 'restart',
        },
      },
    ];
  },
});

/** Checks of logs of services. */
export const SYSTEM_SERVICE_LOG_CHECKS = [
  etcdSlow,
  pleg,
  kubeletWaits,
  kubeletTroubles,
  machineCheck,
] as const;
