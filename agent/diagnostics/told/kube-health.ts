/** What parts of Kubernetes answer of their health: /healthz, /readyz and /livez with ?verbose, and `kubectl get componentstatuses`. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** A part that is not well. */
interface Sick {
  readonly name: string;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly evidence: string;
}

/** "[-]etcd failed: reason withheld". What runs behind a start ("poststarthook/…") fails while it starts. */
function ofVerbose(row: string): Sick[] {
  const name = /^\[-\]([\w/.-]{1,80}) failed\b/.exec(row)?.[1];
  if (name === undefined) return [];
  const severity = /etcd/.test(name) ? 'critical' : /^poststarthook\//.test(name) ? 'info' : 'warning';
  return [{ name, severity, evidence: row }];
}

/**
 * "scheduler  Unhealthy  Get "http://127.0.0.1:10251/healthz": … connection refused". At those ports the scheduler and the controller manager
 * listen no more where kubeadm set them up (--port=0), which makes them look so for ever.
 */
function ofComponent(row: string): Sick[] {
  const [, name = '', why = ''] =
    /^(scheduler|controller-manager|etcd-\d{1,3})\s+(?:<unknown>\s+)?Unhealthy\s+(\S.{0,300})$/.exec(row) ??
    [];
  if (name === '') return [];
  const silent = /:1025[12]\/healthz.{0,80}connection refused/.test(why);
  return [
    {
      name,
      severity: name.startsWith('etcd') ? 'critical' : silent ? 'info' : 'warning',
      evidence: `${name}: ${why.trim().slice(0, 200)}`,
    },
  ];
}

function parseHealth(text: string): Sick[] | undefined {
  const rows = rowsOf(text).map((row) => row.trim());
  const known = rows.some((row) =>
    /^(?:\[\+\]\S+ ok$|(?:healthz|readyz|livez) check (?:passed|failed)|(?:scheduler|controller-manager|etcd-\d+)\s+(?:<unknown>\s+)?Healthy)/.test(
      row,
    ),
  );
  const sick = rows.flatMap((row) => [...ofVerbose(row), ...ofComponent(row)]);
  return sick.length > 0 || known ? sick : undefined;
}

const health = fact({
  id: 'system.kube-health',
  reads: ['/healthz?verbose, /readyz, /livez and kubectl get componentstatuses, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => readEach(machine, ['kube-health'], parseHealth, 'it tells of no part').flat(),
});

/** The check of what they answer. */
export const KUBE_HEALTH_CHECK = check({
  id: 'system.kube-health',
  area: 'system',
  title: 'Parts of Kubernetes that say that they are not well',
  about:
    'Of a captured machine: what the API server or a kubelet answers at /healthz, /readyz and /livez part by part, and kubectl get ' +
    'componentstatuses.',
  needs: { health },
  links: ['https://kubernetes.io/docs/reference/using-api/health-checks/'],
  evaluate: ({ health: sick }) =>
    sick.map(
      ({ name, severity, evidence }): FindingDraft => ({
        severity,
        title: 'A part of Kubernetes says that it is not well',
        subject: { kind: 'service', name },
        evidence: [evidence],
        remedy: {
          text: 'See its log, and for etcd its members, its disk and its certificates.',
          risk: 'none',
        },
      }),
    ),
});
