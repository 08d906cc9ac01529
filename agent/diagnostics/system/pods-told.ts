/**
 * Pods and containers as `kubectl get pods`, `kubectl describe pod` and `docker ps` (podman ps) printed them on captured machines. One pod
 * that does not start may be its own fault; it is told all the same, since somebody saved it for a reason.
 */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { nothing } from '../required.ts';

const MAX_ROWS = 50_000;
/** Tens of pods of one cluster are told as one trouble each up to here. */
const MAX_TOLD = 20;

/** What other readers make of kubectl's outputs. */
const OTHERS =
  /^\s*NAME\s+STATUS\b|^Conditions:|^\s*LAST SEEN|^NAMESPACE\s+LAST SEEN|CPU\(cores\)|\bkind"?:|\bnode\/|^\s*Type\s+Status\s+LastHeartbeat|^Taints:|^NAME\s.*\bTAINTS\b|^\s*(?:Type|Warning|Normal)\s+\w{3,60}\s/m;

interface Sick {
  readonly name: string;
  readonly kind: 'pod' | 'container' | 'volume';
  /** "CrashLoopBackOff, started 212 times". */
  readonly why: string;
  readonly memory: boolean;
  /** It ended with an error, and nothing starts it again. */
  readonly ended?: boolean;
}

/** States of pods that are a trouble (kubectl's column STATUS): of starting, of running, of being placed. */
const BAD =
  /^(?:Init:)?(?:CrashLoopBackOff|Error|OOMKilled|ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|CreateContainer(?:Config)?Error|RunContainerError|Evicted|NodeLost|Unknown|ContainerStatusUnknown|Pending|Failed|Terminating|Deadline\w{1,20}|UnexpectedAdmissionError|NodeAffinity|OutOf\w{1,20}|ContainerCannotRun|StartError|PostStartHookError)$/;

/** The table of kubectl get pods, with or without namespaces and with whatever behind it. */
function fromPods(text: string): { sick: Sick[]; all: number } {
  let columns: readonly string[] = [];
  let all = 0;
  const sick: Sick[] = [];
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 1_000);
    const words = row.trim().split(/\s+/);
    if (/^\s*(?:NAMESPACE\s+)?NAME\s+READY\s+STATUS\s+RESTARTS\b/.test(row)) {
      columns = words;
      continue;
    }
    const [, ready, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(words[columns.indexOf('READY')] ?? '') ?? [];
    if (columns.length === 0 || ready === undefined) continue;
    all++;
    const cell = (name: string) => words[columns.indexOf(name)] ?? '';
    const [status, restarts] = [cell('STATUS'), Number(cell('RESTARTS')) || 0];
    const name = columns.includes('NAMESPACE') ? `${cell('NAMESPACE')}/${cell('NAME')}` : cell('NAME');
    const times = restarts > 0 ? `, started ${restarts} times again` : '';
    const idle = status === 'Running' && Number(ready) < Number(of);
    if (BAD.test(status) || idle)
      sick.push({
        ...{ name, kind: 'pod', memory: status === 'OOMKilled' },
        why: `${idle ? `${ready} of ${of} containers are ready` : status}${times}`,
      });
  }
  return { sick, all };
}

/** kubectl describe pod: states and reasons of its containers. */
function fromDescribe(text: string): { sick: Sick[]; all: number } {
  const sick: Sick[] = [];
  let all = 0;
  for (const part of text.split(/^(?=Name:\s)/m).slice(0, 1_000)) {
    const name = /^Name:\s+(\S{1,253})/.exec(part)?.[1];
    if (name === undefined || !/^(?:Containers|Init Containers):/m.test(part)) continue;
    all++;
    const reasons = [...part.matchAll(/^\s+Reason:\s+(\w{2,40})/gm)].map(([, reason = '']) => reason);
    const runs = /^Status:\s+(?:Running|Succeeded)\s*$/m.test(part);
    // Of one that runs and is ready now, why it ended before is over, unless memory was the reason: that comes again.
    const ready = runs && /^ {2}Ready\s+True\s*$/m.test(part);
    const bad = [...new Set(reasons.filter((reason) => (ready ? reason === 'OOMKilled' : BAD.test(reason))))];
    // Its events stay for an hour: one that runs has found its node since.
    const placed = runs
      ? undefined
      : /^\s+Warning\s+FailedScheduling\b.*$/m.exec(part)?.[0].trim().replace(/\s+/g, ' ');
    const restarts = Number(/^\s+Restart Count:\s+(\d{1,9})/m.exec(part)?.[1] ?? 0);
    const times = restarts > 0 ? `, started ${restarts} times again` : '';
    if (bad.length > 0 || placed !== undefined)
      sick.push({
        ...{ name, kind: 'pod', memory: bad.includes('OOMKilled') },
        why: `${bad.length > 0 ? bad.join(', ') : (placed ?? '').slice(0, 200)}${times}`,
      });
  }
  return { sick, all };
}

/**
 * The tables of kubectl get pvc and get pv. A claim that waits may wait for its first pod, as its class asks for; one that has lost its
 * volume, and a volume that could not be taken back, need somebody.
 */
function fromVolumes(text: string): { sick: Sick[]; all: number } {
  let columns: readonly string[] = [];
  let all = 0;
  const sick: Sick[] = [];
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 1_000);
    if (/^\s*(?:NAMESPACE\s+)?NAME\s+(?:STATUS\s+VOLUME|CAPACITY\s+ACCESS)\b/.test(row)) {
      columns = row
        .trim()
        .replaceAll('ACCESS MODES', 'MODES')
        .replaceAll('RECLAIM POLICY', 'POLICY')
        .split(/\s+/);
      continue;
    }
    const words = row.trim().split(/\s+/);
    const cell = (name: string) => words[columns.indexOf(name)] ?? '';
    const status = columns.length === 0 ? '' : cell('STATUS');
    if (!/^(?:Bound|Pending|Lost|Available|Released|Failed|Terminating)$/.test(status)) continue;
    all++;
    const name = columns.includes('NAMESPACE') ? `${cell('NAMESPACE')}/${cell('NAME')}` : cell('NAME');
    if (/^(?:Pending|Lost|Failed)$/.test(status))
      sick.push({ name, kind: 'volume', why: status, memory: false, ended: status === 'Pending' });
  }
  return { sick, all };
}

/**
 * The table of docker ps and podman ps. One that is not well, or starts again and again, is a trouble; one that ended with an error may
 * have been ended by somebody (137: it was killed).
 */
function fromDocker(text: string): { sick: Sick[]; all: number } {
  let all = 0;
  let names = -1;
  const sick: Sick[] = [];
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 1_000);
    if (/^\s*CONTAINER ID\s+IMAGE\s/.test(row)) {
      all++;
      names = row.indexOf('NAMES');
      continue;
    }
    const status =
      /\s{2,}(Restarting \(\d{1,3}\).{0,30}?|Dead|Up .{1,40}\((?:unhealthy|Paused)\)|Up .{1,40}\bunhealthy|Exited \((?!0\)|143\))\d{1,3}\).{0,30}?)(?:\s{2,}|$)/.exec(
        row,
      )?.[1];
    if (all === 0 || status === undefined) continue;
    // The word nearest to the column: signs of more than one byte move it.
    const name =
      [...row.matchAll(/\S+/g)].toSorted(
        (one, other) => Math.abs(one.index - names) - Math.abs(other.index - names),
      )[0]?.[0] ?? '';
    sick.push({
      name,
      kind: 'container',
      why: status.trim(),
      memory: false,
      ended: status.startsWith('Exited'),
    });
  }
  return { sick, all };
}

const sickPods = fact({
  id: 'system.pods-told',
  reads: ['kubectl get pods, pvc and pv, kubectl describe pod and docker ps, on a captured machine'],
  limitMs: 2_000,
  read: ({ machine }): readonly Sick[] => {
    const found: Sick[] = [];
    let understood = 0;
    const cases = [
      [
        ['kubectl', 'oc'],
        [fromPods, fromDescribe, fromVolumes],
      ],
      [['docker ps', 'docker container', 'podman ps'], [fromDocker]],
    ] as const;
    for (const [programs, parsers] of cases)
      for (const output of programs.flatMap((program) => machine.saved?.(program) ?? [])) {
        const told = parsers.map((parse) => parse(output.text)).find(({ all }) => all > 0);
        if (told) {
          understood++;
          found.push(...told.sick);
        } else if (!OTHERS.test(output.text))
          machine.notUsed?.(output, 'it tells of no pod, node or container that is read');
      }
    if (understood === 0) throw nothing(machine, 'a list of pods or containers');
    return [...new Map(found.map((one) => [one.name, one])).values()];
  },
});

/** The check of pods and containers that do not run as they should. */
export const PODS_CHECK = check({
  id: 'system.pod-sick',
  area: 'system',
  title: 'Pods and containers that do not run',
  about:
    'What kubectl get pods (pvc, pv), kubectl describe pod and docker ps say on a captured machine: containers that end again and again, that were ' +
    'killed for memory, whose image is not there, or for which there is no node.',
  needs: { sickPods },
  links: ['https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/'],
  evaluate: ({ sickPods: all }) =>
    all.slice(0, MAX_TOLD).map(
      ({ name, kind, why, memory, ended = false }): FindingDraft => ({
        severity: ended ? 'info' : 'warning',
        title: memory
          ? 'A container was killed, as it is when it takes more memory than it may'
          : kind === 'volume'
            ? ended
              ? 'A claim waits for its volume'
              : 'A volume of Kubernetes is lost, or could not be taken back'
            : ended
              ? 'A container ended with an error'
              : `A ${kind} does not run as it should`,
        subject: { kind, name },
        evidence: [`${name}: ${why}`],
        remedy: {
          text: 'kubectl describe pod and kubectl logs --previous (docker inspect, docker logs) tell why it ended.',
          risk: 'none',
        },
      }),
    ),
});
