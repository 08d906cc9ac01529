/** Checks of what etcdctl and kubectl told of the cluster that a captured machine belongs to. */

import { check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { clusterEvents } from './cluster-events.ts';
import { clusterNodes } from './cluster-nodes.ts';
import { etcdTold } from './etcd-told.ts';

const unhealthy = check({
  id: 'system.etcd-unhealthy',
  area: 'system',
  title: 'etcd endpoints that do not answer, or not in time',
  about:
    'What was saved of etcdctl (endpoint health, endpoint status, cluster-health): an endpoint that could not commit a proposal, that was not ' +
    'reached, or that took longer than a second. Without most of its members the cluster takes no writes.',
  needs: { told: etcdTold },
  thresholds: {
    slowMs: { value: 1_000, unit: 'ms', source: 'etcd-mixin etcdHighFsyncDurations (critical at 1 s)' },
  },
  links: ['https://etcd.io/docs/v3.5/op-guide/monitoring/'],
  evaluate: ({ told: { endpoints } }, { slowMs }) => {
    if (endpoints.every(({ healthy, tookMs, leader }) => (healthy ?? tookMs ?? leader) === undefined))
      return new Skipped('whether the endpoints are healthy was not saved');
    return endpoints.flatMap(({ name, healthy, why, tookMs = 0 }): FindingDraft[] => {
      if (healthy !== false && tookMs < slowMs) return [];
      return [
        {
          severity: healthy === false ? 'critical' : 'warning',
          title: healthy === false ? 'An etcd endpoint is unhealthy' : 'An etcd endpoint is slow',
          subject: { kind: 'service', name: `etcd ${name}` },
          parameters: tookMs > 0 ? { tookMs: Number(figures(tookMs)) } : {},
          evidence: [
            healthy === false ? `${name}: ${why}` : `${name}: a proposal took ${figures(tookMs)} ms`,
          ],
          remedy: {
            text: 'See whether the member runs, and its disk, its network, its certificates and its clock.',
            risk: 'none',
          },
        },
      ];
    });
  },
});

const alarm = check({
  id: 'system.etcd-alarm',
  area: 'system',
  title: 'Alarms of etcd',
  about:
    'NOSPACE: the database reached its quota, and no writes are taken. CORRUPT: the members do not hold the same data.',
  needs: { told: etcdTold },
  links: ['https://etcd.io/docs/v3.5/op-guide/maintenance/#space-quota'],
  evaluate: ({ told: { alarms } }) =>
    alarms.map(
      (name): FindingDraft => ({
        severity: 'critical',
        title:
          name === 'NOSPACE'
            ? 'etcd takes no writes for want of space'
            : 'etcd’s members do not hold the same data',
        subject: { kind: 'service', name: 'etcd' },
        evidence: [`etcdctl tells the alarm ${name}`],
        remedy:
          name === 'NOSPACE'
            ? { text: 'Compact and defragment, then etcdctl alarm disarm.', risk: 'none' }
            : {
                text: 'Replace the member whose data differs; keep a snapshot of each before.',
                risk: 'data',
              },
      }),
    ),
});

const unstarted = check({
  id: 'system.etcd-member-unstarted',
  area: 'system',
  title: 'Members of etcd that were added and never started',
  about:
    'What was saved of etcdctl member list. Such a member counts for the majority all the same: the cluster stands fewer failures.',
  needs: { told: etcdTold },
  links: ['https://etcd.io/docs/v3.5/op-guide/runtime-configuration/'],
  evaluate: ({ told: { unstarted: ids } }) => {
    if (ids === undefined) return new NotApplicable('no list of members was saved');
    return ids.map(
      (id): FindingDraft => ({
        severity: 'warning',
        title: 'A member of etcd was added and never started',
        subject: { kind: 'service', name: `etcd ${id}` },
        evidence: [`${id} is unstarted`],
        remedy: {
          text: 'Start it with --initial-cluster-state=existing, or take it out: etcdctl member remove.',
          risk: 'none',
        },
      }),
    );
  },
});

const leaderless = check({
  id: 'system.etcd-leader-missing',
  area: 'system',
  title: 'etcd clusters of which no member, or more than one, is the leader',
  about: 'What was saved of etcdctl endpoint status, where it has three or more endpoints.',
  needs: { told: etcdTold },
  evaluate: ({ told: { endpoints } }) => {
    const known = endpoints.filter(({ leader }) => leader !== undefined);
    const leaders = known.filter(({ leader }) => leader === true);
    if (known.length === 0) return new Skipped('which member leads was not saved');
    if (known.length < 3 || leaders.length === 1) return [];
    return [
      {
        severity: 'critical',
        title:
          leaders.length === 0
            ? 'No etcd member is the leader'
            : 'Several etcd members say they are the leader',
        subject: { kind: 'service', name: 'etcd' },
        evidence: [`${leaders.length} of ${known.length} endpoints say that they are the leader`],
        remedy: {
          text: 'Look at the network between the members, their disks and their clocks.',
          risk: 'none',
        },
      },
    ];
  },
});

const GB = 1e9;

const database = check({
  id: 'system.etcd-database-large',
  area: 'system',
  title: 'etcd members whose database is larger than etcd is made for',
  about:
    'What was saved of etcdctl endpoint status. The quota is 2 GB unless it was set, and etcd warns at its start of one above 8 GB: at the ' +
    'quota no writes are taken. A member whose database is many times that of the others was not defragmented.',
  needs: { told: etcdTold },
  thresholds: {
    warnGigabytes: { value: 8, unit: 'GB', source: 'etcd’s suggested maximum of --quota-backend-bytes' },
    times: { value: 4, unit: '', source: 'chosen: members hold the same keys' },
  },
  links: ['https://etcd.io/docs/v3.5/dev-guide/limit/#storage-size-limit'],
  evaluate: ({ told: { endpoints } }, { warnGigabytes, times }) => {
    const sized = endpoints.flatMap(({ name, dbBytes }) =>
      dbBytes === undefined ? [] : [{ name, dbBytes }],
    );
    if (sized.length === 0) return new Skipped('the sizes of the databases were not saved');
    const least = Math.min(...sized.map(({ dbBytes }) => dbBytes));
    return (
      sized
        // Half of the default quota: small ones may differ as they like.
        .filter(({ dbBytes }) => dbBytes >= warnGigabytes * GB || (dbBytes >= GB && dbBytes >= times * least))
        .map(
          ({ name, dbBytes }): FindingDraft => ({
            severity: 'warning',
            title: 'The database of an etcd member is very large',
            subject: { kind: 'service', name: `etcd ${name}` },
            parameters: { databaseBytes: dbBytes },
            evidence: [
              `${name}: ${figures(dbBytes / GB)} GB` +
                (dbBytes >= times * least ? `, while another has ${figures(least / GB)} GB` : ''),
            ],
            remedy: { text: 'Compact and defragment, one member after the other.', risk: 'none' },
          }),
        )
    );
  },
});

const nodeNotReady = check({
  id: 'system.kubernetes-node',
  area: 'system',
  title: 'Nodes of Kubernetes that are not ready or under pressure',
  about:
    'What was saved of kubectl get nodes and kubectl describe node: nodes that are not Ready, conditions of pressure, and those of the ' +
    'node problem detector.',
  needs: { nodes: clusterNodes },
  links: ['https://kubernetes.io/docs/reference/node/node-status/#condition'],
  evaluate: ({ nodes }) => {
    if (nodes.every(({ ready, conditions }) => ready === undefined && conditions.length === 0))
      return new Skipped('whether the nodes are ready was not saved');
    return nodes.flatMap(({ name, ready, why, conditions }): FindingDraft[] => [
      ...(ready === false
        ? [
            {
              severity: 'critical' as const,
              title: 'A node of Kubernetes is not ready',
              subject: { kind: 'kubernetes-node', name },
              evidence: [`${name}: ${why}`],
              remedy: {
                text: 'Look at its kubelet, its container runtime and its network plugin.',
                risk: 'none' as const,
              },
            },
          ]
        : []),
      // One of which nothing is heard any more has no condition that is true.
      ...conditions.map(
        ({ type, message }): FindingDraft => ({
          severity: 'warning',
          title: `A node of Kubernetes has the condition ${type}`,
          subject: { kind: 'kubernetes-node', name },
          evidence: [`${name}: ${type}${message === '' ? '' : `: ${message}`}`],
          remedy: {
            text: /Pressure$|^OutOf/.test(type)
              ? 'See what of it is short: pods are evicted, and no new ones come.'
              : 'See what of it is not as it should be: no new pods come.',
            risk: 'none',
          },
        }),
      ),
    ]);
  },
});

const nodeEvents = check({
  id: 'system.kubernetes-events',
  area: 'system',
  title: 'Warnings of Kubernetes about its nodes',
  about:
    'What was saved of kubectl get events: warnings about nodes that the kubelet and the node controller raised, by reason. Those about pods ' +
    'are the pods’ own.',
  needs: { told: clusterEvents },
  wants: { nodes: clusterNodes },
  links: ['https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/'],
  evaluate: ({ told: { events, told: seen }, nodes }) => {
    if (!seen) return new NotApplicable('no events of nodes were saved');
    // What a node says of itself now counts more than what it was.
    const isWell = (name: string) => nodes?.some((one) => one.name === name && one.ready === true) ?? false;
    const own = events.filter(({ node, reason }) => !(reason.startsWith('Node') && isWell(node)));
    return own.slice(0, 50).map(
      ({ node, reason, message }): FindingDraft => ({
        // One that is meant looks the same.
        severity: reason === 'Rebooted' ? 'info' : 'warning',
        title:
          reason === 'Rebooted' ? 'A node of Kubernetes restarted' : `Kubernetes warns of a node: ${reason}`,
        subject: { kind: 'kubernetes-node', name: node },
        evidence: [`${node}: ${reason}${message === '' ? '' : `: ${message}`}`],
        remedy: { text: 'Look at that node: nodectl diag -n NODE, and its kubelet’s log.', risk: 'none' },
      }),
    );
  },
});

const nodeUse = check({
  id: 'system.kubernetes-use',
  area: 'system',
  title: 'Nodes of Kubernetes that are nearly used up',
  about: 'What was saved of kubectl top nodes, by the bounds of a machine’s own memory and processors.',
  needs: { told: clusterEvents },
  thresholds: {
    memoryPercent: {
      value: 95,
      unit: '%',
      source: 'chosen: the kubelet evicts from memory.available<100Mi on',
    },
    cpuPercent: { value: 95, unit: '%', source: 'netdata 10min_cpu_usage (85 to 95 %)' },
  },
  evaluate: ({ told: { use } }, { memoryPercent, cpuPercent }) => {
    if (use.length === 0) return new NotApplicable('no output of kubectl top nodes was saved');
    return use
      .filter(({ cpu, memory }) => cpu >= cpuPercent || memory >= memoryPercent)
      .map(
        ({ node, cpu, memory }): FindingDraft => ({
          severity: memory >= memoryPercent ? 'warning' : 'info',
          title:
            memory >= memoryPercent
              ? 'A node of Kubernetes has no memory to spare'
              : 'A node of Kubernetes has no processor time to spare',
          subject: { kind: 'kubernetes-node', name: node },
          parameters: { cpuPercent: cpu, memoryPercent: memory },
          evidence: [
            `kubectl top nodes: ${node} uses ${cpu} % of its processors and ${memory} % of its memory`,
          ],
          remedy: { text: 'Set requests and limits of its pods, or move some of them.', risk: 'restart' },
        }),
      );
  },
});

/** Checks of what was told of a cluster. */
export const SYSTEM_CLUSTER_CHECKS = [
  ...[unhealthy, alarm, unstarted, leaderless, database, nodeNotReady],
  ...[nodeEvents, nodeUse],
] as const;
