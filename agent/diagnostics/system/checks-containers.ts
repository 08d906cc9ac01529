/** Checks of what crictl told of containers and their runtime. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { containersTold } from './containers-told.ts';

/** Younger than an hour, in crictl's words. */
const YOUNG = /^(?:Less than a second|\d+ seconds?|About a minute|\d+ minutes?) ago$/;
const MAX_TOLD = 5;

const restarts = check({
  id: 'system.container-restarts',
  area: 'system',
  title: 'Containers that are started again and again',
  about:
    'What was saved of crictl ps: a container that was started many times, and last within the hour. One that was started often long ago ' +
    'has found its peace.',
  needs: { told: containersTold },
  thresholds: {
    attempts: {
      value: 5,
      unit: '',
      source:
        'Kubernetes: after five restarts the wait between two has grown to its longest, five minutes (CrashLoopBackOff)',
    },
  },
  links: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy'],
  evaluate: ({ told: { containers } }, { attempts }) =>
    containers
      .filter((one) => one.attempts >= attempts && YOUNG.test(one.created))
      .toSorted((a, b) => b.attempts - a.attempts)
      .slice(0, MAX_TOLD)
      .map(
        ({ name, pod, state, attempts: count, created }): FindingDraft => ({
          severity: 'warning',
          title: 'A container is started again and again',
          subject: { kind: 'container', name: pod === '' ? name : `${pod}/${name}` },
          parameters: { attempts: count },
          evidence: [`${name}: ${state}, started ${count + 1} times, last ${created}`],
          remedy: {
            text: `crictl logs tells why it ended; kubectl describe pod ${pod || 'POD'}.`,
            risk: 'none',
          },
        }),
      ),
});

const runtime = check({
  id: 'system.runtime-not-ready',
  area: 'system',
  title: 'A container runtime that says it is not ready',
  about:
    'What was saved of crictl info. Without RuntimeReady no container starts; without NetworkReady none but those of the host’s network, ' +
    'and the node stays NotReady.',
  needs: { told: containersTold },
  links: ['https://kubernetes.io/docs/tasks/debug/debug-cluster/crictl/'],
  evaluate: ({ told: { conditions } }) =>
    conditions
      .filter(({ ready }) => !ready)
      .map(
        ({ type, why }): FindingDraft => ({
          severity: 'critical',
          title:
            type === 'NetworkReady'
              ? 'The container runtime has no network plugin that is ready'
              : 'The container runtime is not ready',
          subject: { kind: 'service', name: 'container runtime' },
          evidence: [`${type} is false${why === '' ? '' : `: ${why}`}`],
          remedy: {
            text:
              type === 'NetworkReady'
                ? 'Install the network plugin, or see why it wrote nothing into /etc/cni/net.d.'
                : 'Look at the log of containerd or CRI-O.',
            risk: 'none',
          },
          explains: ['system.kubernetes-node'],
        }),
      ),
});

/** Checks of containers. */
export const SYSTEM_CONTAINER_CHECKS = [restarts, runtime] as const;
